//! The kiosk's screens, as a visitor sees them.

mod appliance;
mod golden;
mod terminal;
mod window;
