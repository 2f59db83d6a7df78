//! Crashes and faults: each promise with the test that shows it, on the real program.
//!
//! Every test prints one line with its figures. Sizes are small here and full under `scripts/promises`,
//! where lines with times count too.

mod load;
mod p01_kill;
mod p14_upgrade;
