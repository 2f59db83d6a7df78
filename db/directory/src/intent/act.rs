//! What somebody wants with a message, as the examples in `config/examples/acts` are labelled.

/// What a message wants, in the order of [`LABELS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// A service, a place, an activity.
    Search,
    /// To know how all this works, and who answers.
    Help,
    /// No more messages.
    Stop,
    /// To thank, to praise, to say goodbye.
    Thanks,
    /// A person.
    Human,
    /// To say that an entry is wrong.
    Report,
    /// To give, to lend, to help.
    Offer,
    /// A hand, a loan or a gift of a neighbour.
    Request,
    /// Another language.
    Language,
    /// Something of what was listed.
    Again,
}

/// The labels of examples.
pub(crate) const LABELS: [&str; 10] = ["search", "help", "stop", "thanks", "human", "report", "offer", "request", "language", "again"];

impl Act {
    /// All of them, in the order of their labels.
    pub(crate) const ALL: [Self; LABELS.len()] =
        [Self::Search, Self::Help, Self::Stop, Self::Thanks, Self::Human, Self::Report, Self::Offer, Self::Request, Self::Language, Self::Again];

    /// The label of its examples.
    pub(crate) fn label(self) -> &'static str {
        LABELS.get(self as usize).copied().unwrap_or_default()
    }
}
