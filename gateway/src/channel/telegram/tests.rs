use super::*;

#[test]
fn buttons_are_read_back() {
    assert_eq!(read_button("k8"), Some(Input::Choice('8')));
    assert_eq!(read_button("d26"), Some(Input::Door(2, 6)));
    assert_eq!(read_button("c7G7KC"), Some(Input::Text("7G7KC".to_owned())));
    assert_eq!(read_button("l"), Some(Input::Choice('#')));
    for strange in ["", "k", "d", "d1", "x1", "🛏"] {
        assert_eq!(read_button(strange), None, "{strange}");
    }
}

#[test]
fn commands_are_words() {
    assert_eq!(read_text("/start abc"), Input::Start);
    assert_eq!(read_text("/stop@passerelle_bot"), Input::Text("stop".to_owned()));
    assert_eq!(read_text("manger 1030"), Input::Text("manger 1030".to_owned()));
}

#[test]
fn positions_are_rounded_to_a_grid() {
    let (one, other) = (rounded(50.867_61, 4.372_10), rounded(50.867_90, 4.373_10));
    assert_eq!((one.lat, one.lon), (other.lat, other.lon));
    assert!((one.lat - 50.867_61).abs() < 0.001 && (one.lon - 4.372_10).abs() < 0.0016, "{one:?}");
    assert!(rounded(90.0, 180.0).lon.is_finite());
}

#[test]
fn what_goes_out_comes_back_as_it_was_kept() {
    let outgoing =
        Outgoing { edits: Some(3), press: Some("cb".to_owned()), aloud: Some((Language::Nl, "hallo".to_owned())), ..Outgoing::plain("é".to_owned()) };
    assert_eq!(serde_json::from_str::<Outgoing>(&outgoing.write()).unwrap(), outgoing);
}

proptest::proptest! {
    #[test]
    fn any_body_is_an_update_or_nothing(body in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _ = accept(&body);
    }
}
