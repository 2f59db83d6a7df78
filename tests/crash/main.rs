//! Crashes and faults: each promise with the test that shows it, on the real program.
//!
//! Every test prints one line with its figures. Sizes are small here and full under `scripts/promises`,
//! where lines with times count too.

mod load;
mod outgoing;
mod p01_kill;
mod p02_outbound;
mod p04_malformed;
mod p05_forged;
mod p06_disk_full;
mod p07_clock;
mod p08_outage;
mod p09_cut;
mod p10_printer;
mod p11_kiosk;
mod p12_toll_fraud;
mod p13_accounts;
mod p13_desk;
mod p14_upgrade;
mod p15_backup;
mod p17_asked;
mod p17_purge;
mod p17_table;
mod p18_overload;
mod p19_soak;
mod p20_import;
mod p21_thief;
mod tasks;
