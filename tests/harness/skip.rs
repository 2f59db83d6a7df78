//! Checks that are left out because this machine lacks something: said, counted, and a failure where all must run.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::environment;

/// Leaves a check out. What is missing is printed, and kept for the last line of `scripts/test`; with
/// `PASSERELLE_TEST_ALL` set it fails instead, so that a green run there means that everything ran.
pub fn skip(check: &str, missing: &str) {
    leave_out(check, missing, environment::runs_all(), environment::skipped().as_deref());
}

fn leave_out(check: &str, missing: &str, must_run: bool, list: Option<&Path>) {
    println!("skipped: {check}: {missing}");
    assert!(!must_run, "PASSERELLE_TEST_ALL is set, and this was left out: {check}: {missing}");
    if let Some(list) = list {
        let mut list = File::options().create(true).append(true).open(list).unwrap();
        // One call, so that tests beside each other do not mix their lines.
        list.write_all(format!("{check}: {missing}\n").as_bytes()).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_counted() {
        let list = tempfile::NamedTempFile::new().unwrap();
        leave_out("the printer", "no paper", false, Some(list.path()));
        leave_out("the scanner", "no light", false, Some(list.path()));
        assert_eq!(std::fs::read_to_string(list.path()).unwrap(), "the printer: no paper\nthe scanner: no light\n");
        leave_out("the printer", "no paper", false, None);
    }

    #[test]
    #[should_panic(expected = "the printer: no paper")]
    fn where_all_must_run_it_is_a_failure() {
        leave_out("the printer", "no paper", true, None);
    }
}
