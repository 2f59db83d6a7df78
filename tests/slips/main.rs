//! Slips as they come out: at every width, in every style and language, and read back by others than us.

mod golden;
mod others;
mod sample;
