//! The program `passerelle`: what comes in from channels and feeds, and what goes out.

pub mod feed;
