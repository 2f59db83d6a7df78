//! The slip: what a visitor takes home, from records to paper.
//!
//! Each step is a value that the next one takes: [`slip`] lays records out as lines at a width, [`escpos`]
//! turns lines into bytes for one kind of printer, [`job`] hands the bytes to a device, [`preview`] reads
//! them back as text and picture; [`compose`] takes the first two steps at once. All but [`device`] and [`job`] are
//! pure.
//!
//! To add a printer: a file in `config/printers` and a line in [`profile`]. To add a pictogram: a file in
//! `config/pictograms` and a line in [`pictogram`]. To add a language: a file in `config/phrases/slip` and a
//! member of [`slip_language::SlipLanguage`].
#![warn(missing_docs)]

pub mod bitmap;
pub mod code_page;
pub mod compose;
pub mod device;
pub mod escpos;
pub mod job;
pub mod phrases;
pub mod pictogram;
pub mod preview;
pub mod profile;
pub mod raster;
pub mod slip;
pub mod slip_language;
pub mod status;
pub mod wrap;
