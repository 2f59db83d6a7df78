//! How people reach us.

/// A channel. Its name stands in the database beside every turn, and never changes.
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
    /// Every channel.
    pub const ALL: [Self; 5] = [Self::Sms, Self::Voice, Self::Telegram, Self::Ask, Self::Talk];

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
