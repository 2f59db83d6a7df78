//! The carrier's own arithmetic: segments and signatures, against the reference vectors.

use application::sms::gsm7::{Encoding, segments};
use gateway::channel::twilio::{Secret, Signed, verify};
use serde_json::Value;

#[test]
fn texts_are_counted_as_the_carrier_counts_them() {
    let Some(path) = harness::shared("data/vectors/segmentation.jsonl") else { return };
    let mut right = 0;
    let lines = std::fs::read_to_string(path).unwrap();
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        let parts = segments(text);
        assert_eq!(parts.concat(), text);
        assert_eq!((Encoding::of(text).name(), parts.len() as u64), (case["encoding"].as_str().unwrap(), case["segments"].as_u64().unwrap()), "{text:?}");
        right += 1;
    }
    println!("segmentation: {right}/{}", lines.lines().count());
    assert_eq!(right, 280);
}

#[test]
fn signatures_are_judged_as_both_reference_libraries_do() {
    let Some(path) = harness::shared("data/vectors/twilio-signature.json") else { return };
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut agreed, mut differing) = (0, 0);
    for case in file["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let (url, signature) = (case["url"].as_str().unwrap(), case["signature"].as_str().unwrap());
        let token = case["token"].as_str().unwrap();
        let secret = if case["algorithm"] == "HMAC_SHA256" { Secret::shared_key(token) } else { Secret::new(token) };
        // The carrier posts forms to us, and nothing else.
        if case["body"].is_string() {
            continue;
        }
        let mut form = form_urlencoded::Serializer::new(String::new());
        for pair in case["params"].as_array().unwrap() {
            form.append_pair(pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        }
        let verdict = verify(&Signed::Form { url, body: form.finish().as_bytes() }, signature, &[secret]);
        if case["pypi"] == case["npm"] {
            agreed += 1;
            assert_eq!(verdict, case["pypi"].as_bool().unwrap(), "{name}");
        } else {
            differing += 1;
        }
    }
    println!("signatures: {agreed} cases where both libraries agree, all judged alike; {differing} where they differ");
    assert!(agreed > 10);
}
