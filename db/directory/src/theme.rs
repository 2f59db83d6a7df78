//! The 20 themes, the 12 doors that open them, and who a service is for.

use serde::Deserialize;

use crate::closed::closed_list;
use crate::language::Localized;

closed_list! {
    /// What a record is about; a record has one to three themes, the first is the main one.
    Theme {
        /// Meals, parcels, social groceries.
        Food = "food",
        /// A bed for tonight, day centres.
        Shelter = "shelter",
        /// Finding and keeping a home.
        Housing = "housing",
        /// Showers, laundry, toilets.
        Wash = "wash",
        /// Clothes, furniture, tools, repairs.
        Goods = "goods",
        /// Doctors, dentists, chemists, vaccination.
        Health = "health",
        /// Someone to talk to, addictions, grief.
        Mind = "mind",
        /// Identity, residence, forms.
        Papers = "papers",
        /// Legal aid, justice, discrimination.
        Rights = "rights",
        /// Debts, bills, energy.
        Money = "money",
        /// Finding work, working conditions.
        Work = "work",
        /// Courses, languages, school, libraries.
        Learn = "learn",
        /// Computers, phones, online forms.
        Digital = "digital",
        /// Children and parents.
        Family = "family",
        /// Older people, disability, home help.
        Care = "care",
        /// Violence and danger.
        Safety = "safety",
        /// Getting around.
        Mobility = "mobility",
        /// Going out, meeting people.
        Social = "social",
        /// Gardens, compost, neighbourhood nature.
        Green = "green",
        /// Taking part, giving one's opinion.
        Civic = "civic",
    }
}

impl Theme {
    /// Themes of which nothing may stay with the sender: neutral titles, no trace of who asked.
    pub fn is_sensitive(self) -> bool {
        matches!(self, Self::Safety | Self::Mind)
    }
}

closed_list! {
    /// Whom a record addresses; none listed means everybody.
    Audience {
        /// Women.
        Women = "women",
        /// Men.
        Men = "men",
        /// Young people.
        Youth = "youth",
        /// Families with children.
        Families = "families",
        /// Older people.
        Seniors = "seniors",
        /// People who had to leave their country.
        Exiles = "exiles",
        /// People without a home.
        Homeless = "homeless",
        /// People with a disability.
        Disability = "disability",
        /// LGBTQ+ people.
        Lgbtq = "lgbtq",
        /// People who leave prison.
        ExPrisoners = "ex-prisoners",
        /// Students.
        Students = "students",
        /// People who live on minimum benefits.
        LowIncome = "low-income",
    }
}

impl Audience {
    /// True where whoever says this of themselves cannot be of the other.
    pub fn rules_out(self, other: Self) -> bool {
        use Audience::{Men, Seniors, Students, Women, Youth};
        let pair = |one, two| (self == one && other == two) || (self == two && other == one);
        pair(Men, Women) || pair(Youth, Seniors) || pair(Students, Seniors)
    }
}

/// One tile, phone digit or SMS digit: opens one to three themes.
#[derive(Debug, Clone, Deserialize)]
pub struct Door {
    /// Short identifier (`eat`).
    pub id: String,
    /// Page 1 or 2.
    pub page: u8,
    /// Key 1 to 6 on that page, the same on every channel.
    pub key: u8,
    /// The themes behind the door, the main one first.
    pub themes: Vec<Theme>,
    /// At most 18 characters in each language.
    pub label: Localized,
}
