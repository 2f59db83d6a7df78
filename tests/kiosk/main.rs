//! The kiosk's screens, as a visitor sees them.

mod golden;
mod terminal;
