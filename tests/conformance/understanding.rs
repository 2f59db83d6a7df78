//! What people type is understood: the reference messages and our own, by field.

use directory::vocabulary::Vocabulary;
use harness::messages::evaluate;

#[test]
fn reference_messages_are_understood() {
    let Some(path) = harness::shared("data/understanding/messages.jsonl") else { return };
    let report = evaluate(&std::fs::read_to_string(path).unwrap(), &Vocabulary::shipped().unwrap()).unwrap();
    println!("{}", report.table());
    assert!(report.percent_right() >= 95.0, "{}", report.table());
    assert!(report.percent_confident_errors() <= 2.0, "{}", report.table());
}

#[test]
fn our_own_messages_are_understood() {
    let set = std::fs::read_to_string(harness::repository().join("tests/understanding/messages.jsonl")).unwrap();
    let report = evaluate(&set, &Vocabulary::shipped().unwrap()).unwrap();
    println!("{}", report.table());
    assert!(report.percent_right() >= 95.0, "{}", report.table());
    assert!(report.percent_confident_errors() <= 2.0, "{}", report.table());
}

/// Reads one more set, named by `PASSERELLE_MESSAGES`, and prints its table.
#[test]
fn a_set_of_your_own_is_evaluated() {
    let Some(path) = option_env!("PASSERELLE_MESSAGES") else {
        println!("PASSERELLE_MESSAGES names no set");
        return;
    };
    println!("{}", evaluate(&std::fs::read_to_string(path).unwrap(), &Vocabulary::shipped().unwrap()).unwrap().table());
}
