//! Who decides when schools are closed: a community in Belgium, a zone in France.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::closed::closed_list;
use crate::country::Country;

closed_list! {
    /// Where all schools have the same holidays.
    SchoolZone {
        /// The French Community of Belgium, Brussels with it.
        BelgianFrench = "be-french",
        /// The Flemish Community of Belgium.
        BelgianFlemish = "be-flemish",
        /// The German-speaking Community of Belgium.
        BelgianGerman = "be-german",
        /// Zone A of France.
        FrenchA = "fr-a",
        /// Zone B of France.
        FrenchB = "fr-b",
        /// Zone C of France.
        FrenchC = "fr-c",
    }
}

impl SchoolZone {
    /// Whose school holidays count at a postal code. `None` in Corsica and overseas, and for what is no postal code of
    /// that country.
    pub fn of(country: Country, postal_code: &str) -> Option<Self> {
        let code = postal_code.trim();
        let number: u32 = code.parse().ok()?;
        match (country, code.len()) {
            (Country::Be, 4) => Self::belgian(number),
            (Country::Fr, 5) => Self::french(number / 1000),
            _ => None,
        }
    }

    /// By the language area. Both communities have schools in Brussels; most pupils there are the French Community's.
    fn belgian(code: u32) -> Option<Self> {
        match code {
            4700..=4799 => Some(Self::BelgianGerman),
            1000..=1499 | 4000..=7999 => Some(Self::BelgianFrench),
            1500..=3999 | 8000..=9999 => Some(Self::BelgianFlemish),
            _ => None,
        }
    }

    /// By the academy of a department.
    fn french(department: u32) -> Option<Self> {
        match department {
            // Besançon, Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon, Poitiers.
            25 | 39 | 70 | 90 | 24 | 33 | 40 | 47 | 64 | 3 | 15 | 43 | 63 | 21 | 58 | 71 | 89 | 7 | 26 | 38 | 73 | 74 | 19 | 23 | 87 | 1 | 42 | 69 | 16
            | 17 | 79 | 86 => Some(Self::FrenchA),
            // Aix-Marseille, Amiens, Lille, Nancy-Metz, Nantes, Nice, Normandy, Orléans-Tours, Reims, Rennes, Strasbourg.
            4 | 5 | 13 | 84 | 2 | 60 | 80 | 59 | 62 | 54 | 55 | 57 | 88 | 44 | 49 | 53 | 72 | 85 | 6 | 83 | 14 | 27 | 50 | 61 | 76 | 18 | 28 | 36 | 37 | 41
            | 45 | 8 | 10 | 51 | 52 | 22 | 29 | 35 | 56 | 67 | 68 => Some(Self::FrenchB),
            // Créteil, Montpellier, Paris, Toulouse, Versailles.
            77 | 93 | 94 | 11 | 30 | 34 | 48 | 66 | 75 | 9 | 12 | 31 | 32 | 46 | 65 | 81 | 82 | 78 | 91 | 92 | 95 => Some(Self::FrenchC),
            _ => None,
        }
    }
}

/// What is known of a zone's school holidays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SchoolCalendar {
    pub(crate) zone: SchoolZone,
    /// The first day about which it is known whether schools are closed.
    pub(crate) from: NaiveDate,
    /// The last such day.
    pub(crate) until: NaiveDate,
    /// First and last day of each time that schools are closed, the earliest first.
    pub(crate) spans: Vec<(NaiveDate, NaiveDate)>,
}
