//! The bars, a module each.

pub mod desk;
pub mod growth;
pub mod idle;
pub mod kannel;
pub mod kiosk;
pub mod memory;
pub mod one;
pub mod postgres;
pub mod read;
pub mod search;
pub mod slip;
pub mod start;
pub mod turn;
