//! The touch kiosk: three touches to an address, for someone who cannot read.
