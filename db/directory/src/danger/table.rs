//! What `config/danger` says, ready to be compared with a message. The program's build makes it.

use serde::{Deserialize, Serialize};

use crate::closed::closed_list;
use crate::language::Language;

closed_list! {
    /// What somebody is in danger of: where a message says several, the first.
    DangerKind {
        /// Fire and smoke.
        Fire = "fire",
        /// A smell of gas, carbon monoxide.
        Gas = "gas",
        /// Somebody swallowed, injected or breathed what may kill.
        Poisoning = "poisoning",
        /// An illness or injury that does not wait.
        Medical = "medical",
        /// A child is beaten, abused or left alone.
        ChildAbuse = "child_abuse",
        /// Rape and other sexual violence.
        SexualViolence = "sexual_violence",
        /// Work or prostitution that one is forced to, papers that are kept.
        Trafficking = "trafficking",
        /// A marriage that one is forced to.
        ForcedMarriage = "forced_marriage",
        /// Somebody wants to die.
        Suicide = "suicide",
        /// Violence by who lives with them, or did.
        ViolenceHome = "violence_home",
        /// Somebody follows, watches, waits.
        Stalking = "stalking",
        /// A child that ran away or is missing.
        Runaway = "runaway",
        /// Outside in the cold, with nowhere to go.
        Cold = "cold",
        /// Violence by others, and danger of which nothing more is said.
        Violence = "violence",
    }
}

/// Words, lists of them, and how they stand together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Table {
    /// Folded words; one that ends with `*` is the beginning of words, `#` any number, `#young` the age of a child.
    pub(crate) words: Vec<String>,
    /// Lists of runs of words.
    pub(crate) lists: Vec<Vec<Vec<u16>>>,
    /// How danger is said, the kinds in their order.
    pub(crate) danger: Vec<Pattern>,
    /// How what only sounds like it is said.
    pub(crate) ordinary: Vec<Pattern>,
    /// How somebody says that they must not be called.
    pub(crate) silence: Vec<Pattern>,
    /// Words that may stand anywhere in a pattern.
    pub(crate) small: Vec<u16>,
    /// Words that are written short or together, and what they stand for.
    pub(crate) spelled: Vec<(String, Vec<String>)>,
    /// Words that stand for nothing but themselves.
    pub(crate) kept: Vec<String>,
}

/// Parts that all stand in a message, near to each other; none of which is refused does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pattern {
    /// What it says; nothing for what is no danger.
    pub(crate) kind: Option<DangerKind>,
    pub(crate) language: Language,
    /// Danger whatever else is asked for.
    pub(crate) is_sure: bool,
    pub(crate) parts: Vec<Part>,
}

/// Lists one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The pattern is none where this stands in the message.
    pub(crate) is_refused: bool,
    /// The lists, each with whether other words may stand before it.
    pub(crate) steps: Vec<(u16, bool)>,
}
