//! How people reach us.

/// A channel on which turns are taken; what kiosks count is kept under [`db::journal::KIOSK`]. Its name stands in the database beside every turn, and never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Text messages.
    Sms,
    /// Calls.
    Voice,
    /// Chats of Telegram.
    Telegram,
    /// One question on the command line.
    Ask,
    /// A conversation on the command line.
    Talk,
}

impl Channel {
    /// Its name in the database, in counters and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Telegram => "telegram",
            Self::Ask => "ask",
            Self::Talk => "talk",
        }
    }
}
