//! The kiosk's screens, as a visitor sees them.

mod appliance;
mod devices;
mod golden;
mod print;
mod terminal;
mod voice;
mod window;
