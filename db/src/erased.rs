//! What stays of the word of a source that was erased at somebody's wish.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// How the mark of an erased word begins, where another word has its identifier.
const MARK: &str = "erased:";

/// What stands for an erased identifier or fingerprint of a source.
pub(crate) fn mark(source: &str, text: &str) -> String {
    let hash = Sha256::new().chain_update(source).chain_update([0]).chain_update(text).finalize();
    format!("{MARK}{}", HEXLOWER.encode(&hash))
}

/// True for what stands for an erased word.
pub(crate) fn is_mark(source_id: &str) -> bool {
    source_id.starts_with(MARK)
}
