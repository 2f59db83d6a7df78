//! What is said of what was just done, in the place of a title.

/// A remark on what was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// Somebody will look whether a record is wrong.
    DoubtNoted,
    /// What was not found is counted.
    LackNoted,
    /// Somebody was called who is near.
    PersonCalled,
    /// The number typed is not one of a subscriber.
    NumberNotWhole,
    /// Somebody will call back.
    CallNoted,
    /// The call could not be noted.
    CallFailed,
    /// Too many calls were asked for here lately.
    CallsEnough,
    /// Too many slips were printed here lately.
    SlipsEnough,
    /// No more entries go on a ticket.
    TicketFull,
    /// The directory could not be asked.
    Trouble,
}

impl Remark {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::DoubtNoted,
        Self::LackNoted,
        Self::PersonCalled,
        Self::NumberNotWhole,
        Self::CallNoted,
        Self::CallFailed,
        Self::CallsEnough,
        Self::SlipsEnough,
        Self::TicketFull,
        Self::Trouble,
    ];

    /// Its sentence in `config/phrases/kiosk`.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::DoubtNoted => "wrong-noted",
            Self::LackNoted => "lack-noted",
            Self::PersonCalled => "person-called",
            Self::NumberNotWhole => "number-not-whole",
            Self::CallNoted => "call-noted",
            Self::CallFailed => "call-failed",
            Self::CallsEnough => "call-enough",
            Self::SlipsEnough => "print-enough",
            Self::TicketFull => "full-ticket",
            Self::Trouble => "trouble",
        }
    }
}

#[cfg(test)]
mod tests {
    use printer::slip_language::SlipLanguage;

    use super::*;
    use crate::phrases::KioskPhrases;

    #[test]
    fn every_remark_has_a_sentence() {
        let phrases = KioskPhrases::shipped().unwrap();
        for remark in Remark::ALL {
            let said = phrases.with(SlipLanguage::Fr, remark.phrase(), &[("number", "5")]);
            assert_ne!(said, remark.phrase());
        }
    }
}
