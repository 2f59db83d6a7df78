//! What the writing task asks of an entry, whatever its case.

use chrono::{DateTime, Utc};
use directory::answer::Note;
use directory::session::Session;

use super::{
    CallBackRequest, CarrierMessage, ConversationMemory, CountedOutcome, DeskText, JournalEntry, KeptTurn,
    LeftToPerson, MissedCall,
};
use super::{SenderHash, SideRequest};
use crate::budget::{Budget, Charge};
use crate::outbox::Delivery;
use crate::person::Person;

impl From<KeptTurn> for JournalEntry {
    fn from(turn: KeptTurn) -> Self {
        Self::Turn(Box::new(turn))
    }
}

impl From<LeftToPerson> for JournalEntry {
    fn from(left: LeftToPerson) -> Self {
        Self::LeftToPerson(left)
    }
}

impl From<MissedCall> for JournalEntry {
    fn from(call: MissedCall) -> Self {
        Self::MissedCall(call)
    }
}

impl From<DeskText> for JournalEntry {
    fn from(text: DeskText) -> Self {
        Self::DeskText(Box::new(text))
    }
}

impl JournalEntry {
    pub(crate) fn message(&self) -> &CarrierMessage {
        match self {
            Self::Turn(turn) => &turn.message,
            Self::LeftToPerson(left) => &left.message,
            Self::MissedCall(call) => &call.message,
            Self::DeskText(text) => &text.message,
            Self::Ignored { message, .. } | Self::Forgotten { message, .. } | Self::KioskRequest { message, .. } => {
                message
            }
        }
    }

    /// What the carrier is given; empty where nothing is.
    pub(crate) fn answer(&self) -> &str {
        match self {
            Self::Turn(turn) => &turn.answer,
            Self::Ignored { silence, .. } => silence,
            Self::MissedCall(call) => &call.answer,
            Self::Forgotten { .. } | Self::LeftToPerson(_) | Self::DeskText(_) | Self::KioskRequest { .. } => "",
        }
    }

    pub(crate) fn charge(&self) -> Option<&Charge> {
        match self {
            Self::Turn(turn) => turn.charge.as_ref(),
            Self::LeftToPerson(left) => Some(&left.charge),
            Self::MissedCall(call) => Some(&call.charge),
            Self::DeskText(text) => Some(&text.charge),
            Self::Ignored { .. } | Self::Forgotten { .. } | Self::KioskRequest { .. } => None,
        }
    }

    /// Who says STOP (true) or START (false).
    pub(crate) fn opts_out(&self) -> Option<(Person, bool)> {
        match self {
            Self::Turn(turn) => match turn.request {
                Some(SideRequest::OptOut(person)) => Some((person, true)),
                Some(SideRequest::OptIn(person)) => Some((person, false)),
                Some(SideRequest::CallBack(_)) | None => None,
            },
            _ => None,
        }
    }

    pub(crate) fn call_back(&self) -> Option<&CallBackRequest> {
        match self {
            Self::Turn(turn) => match &turn.request {
                Some(SideRequest::CallBack(request)) => Some(request),
                Some(SideRequest::OptOut(_) | SideRequest::OptIn(_)) | None => None,
            },
            Self::LeftToPerson(left) => left.request.as_ref(),
            Self::KioskRequest { request, .. } => Some(request),
            Self::Ignored { .. } | Self::Forgotten { .. } | Self::MissedCall(_) | Self::DeskText(_) => None,
        }
    }

    /// The budgets that a call asked for is taken from.
    pub(crate) fn room(&self) -> &[Budget] {
        self.call_back().map_or(&[], |request| &request.room)
    }

    pub(crate) fn deliveries(&self) -> &[Delivery] {
        match self {
            Self::Turn(turn) => &turn.deliveries,
            Self::MissedCall(call) => std::slice::from_ref(&call.delivery),
            Self::DeskText(text) => std::slice::from_ref(&text.delivery),
            Self::Ignored { .. } | Self::Forgotten { .. } | Self::LeftToPerson(_) | Self::KioskRequest { .. } => &[],
        }
    }

    /// True where something is sent for it.
    pub fn sends(&self) -> bool {
        !(self.deliveries().is_empty() && self.notices().is_empty())
    }

    /// What is sent where the charge's notice takes the answer's place.
    pub(crate) fn notices(&self) -> &[Delivery] {
        self.turn().map_or(&[], |turn| &turn.notices)
    }

    /// The conversation that goes on, with whom, and when it is forgotten.
    pub(crate) fn remembers(&self) -> Option<(&SenderHash, &Session, DateTime<Utc>)> {
        match self {
            Self::Turn(turn) => match &turn.memory {
                ConversationMemory::Kept { sender, session, until } => Some((sender, session, *until)),
                ConversationMemory::Nobody | ConversationMemory::Forgotten(_) => None,
            },
            Self::DeskText(text) => Some((&text.receiver, &text.session, text.until)),
            _ => None,
        }
    }

    /// Whose conversation ends.
    pub(crate) fn forgets(&self) -> Option<&SenderHash> {
        match self {
            Self::Turn(turn) => match &turn.memory {
                ConversationMemory::Forgotten(sender) => Some(sender),
                ConversationMemory::Nobody | ConversationMemory::Kept { .. } => None,
            },
            Self::Forgotten { sender, .. } => Some(sender),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        self.turn()?.text.as_deref()
    }

    pub(crate) fn intent(&self) -> Option<&'static str> {
        self.turn()?.intent
    }

    pub(crate) fn counted(&self) -> Option<CountedOutcome> {
        self.turn()?.counted
    }

    pub(crate) fn notes(&self) -> &[Note] {
        self.turn().map_or(&[], |turn| &turn.notes)
    }

    fn turn(&self) -> Option<&KeptTurn> {
        match self {
            Self::Turn(turn) => Some(turn),
            _ => None,
        }
    }
}
