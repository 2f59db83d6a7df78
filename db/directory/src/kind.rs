//! The kinds of entries.

use crate::closed::closed_list;

closed_list! {
    /// What an entry is.
    Kind {
        /// An association, a collective, a public service, a shop.
        Organisation = "organisation",
        /// A room, a fountain, a fridge, a kiosk's site.
        Place = "place",
        /// What is done, for whom, when.
        Service = "service",
        /// A person, only with consent.
        Person = "person",
        /// A document, a grant, a room for loan, a tool, a guide.
        Resource = "resource",
        /// Help offered or asked between people; always expires.
        Offer = "offer",
        /// Something that happens at given times.
        Event = "event",
    }
}
