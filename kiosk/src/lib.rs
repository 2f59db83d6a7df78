//! The touch kiosk: three touches to an address, for someone who cannot read.
//!
//! [`app`] holds the state and says what to do next; [`screen`] says what is shown, as a [`page::ScreenPage`] that knows
//! nothing of terminals; [`cells`] and [`picture`] paint it, in lines that [`text`] cuts. Around them are thin edges:
//! [`data`] (database and printer) and [`terminal`].

pub mod app;
pub mod cells;
pub mod config;
pub mod data;
pub mod device;
pub mod layout;
pub mod legibility;
pub mod page;
pub mod palette;
pub mod phrases;
pub mod picture;
pub mod sample;
pub mod screen;
pub mod speak;
pub mod terminal;
pub mod text;
pub mod touch;
