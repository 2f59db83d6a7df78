//! The program `passerelle`: what comes in by a channel is understood, looked up, answered and kept.
//!
//! To add a channel: a folder in [`channel`], whose documentation says what is in it; the dialogue stays as it is. Turns
//! themselves are taken in the package `application`, and other platforms' formats are read in `feeds`.

pub mod channel;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod demo;
pub mod desk;
pub mod fetch;
pub mod http;
pub mod kiosks;
pub mod listener;
pub mod monitor;
pub mod print;
pub mod simulator;
pub mod source;
pub mod speech;
pub mod synth;
pub mod tasks;
