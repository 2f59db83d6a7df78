use directory::intent::Input;

use super::intake::{read_button, read_text, rounded};
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
    for command in ["/manger 1030", "/manger@passerelle_bot 1030", "/manger\n1030"] {
        assert_eq!(read_text(command), Input::Text("manger 1030".to_owned()), "{command}");
    }
    assert_eq!(read_text("/"), Input::Text(String::new()));
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

/// A message with that in it, in a private chat.
fn message(content: &serde_json::Value) -> Option<Received> {
    let mut message = serde_json::json!({ "message_id": 5, "chat": { "id": 1, "type": "private" }, "from": { "language_code": "nl" } });
    message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    read(&serde_json::json!({ "update_id": 9, "message": message }))
}

#[test]
fn whatever_holds_words_a_voice_or_a_place_is_read() {
    use serde_json::json;
    let said = |content: serde_json::Value| message(&content).map(|received| received.what);
    let words = Some(What::Said(Input::Text("manger 1030".to_owned())));
    assert_eq!(said(json!({ "photo": [{ "file_id": "P" }], "caption": "manger 1030" })), words);
    assert_eq!(said(json!({ "document": { "file_id": "D" }, "caption": "/manger 1030" })), words);
    for kind in ["voice", "video_note", "audio"] {
        assert_eq!(said(json!({ kind: { "file_id": "V" } })), Some(What::Spoke("V".to_owned())), "{kind}");
    }
    let place = json!({ "latitude": 50.867, "longitude": 4.373 });
    for content in [json!({ "location": place }), json!({ "venue": { "location": place, "title": "t" } })] {
        assert!(matches!(said(content.clone()), Some(What::Here(_))), "{content}");
    }
    for content in [json!({ "sticker": { "file_id": "S" } }), json!({ "hologram": { "x": [1] } }), json!({})] {
        assert_eq!(said(content.clone()), Some(What::Showed), "{content}");
    }
    assert_eq!(said(json!({ "pinned_message": { "message_id": 1 } })), None);
    // Letters of a kind that nobody knows yet, fields that lack or are of another kind.
    assert_eq!(said(json!({ "text": "manger 1030", "entities": [{ "type": "hologram", "offset": "?" }], "date": "then" })), words);
}

#[test]
fn an_album_is_one_turn_and_its_caption_another() {
    let picture = |caption: Option<&str>| message(&serde_json::json!({ "media_group_id": "77", "photo": [], "caption": caption })).unwrap().carrier_id();
    assert_eq!((picture(None), picture(Some("manger 1030"))), ("album 77".to_owned(), "9".to_owned()));
}

#[test]
fn a_button_knows_what_it_erases_and_what_its_neighbour_would() {
    use serde_json::json;
    let press = |data: &str| {
        let markup = json!({ "inline_keyboard": [[{ "text": "a", "callback_data": "c7G7KC" }], [{ "text": "b", "callback_data": "xnl41" }]] });
        let message = json!({ "message_id": 42, "chat": { "id": 1, "type": "private" }, "reply_markup": markup });
        read(&json!({ "update_id": 9, "callback_query": { "id": "q", "data": data, "message": message } })).unwrap()
    };
    let erase = press("xnl41");
    assert_eq!((erase.what, erase.message, erase.edits), (What::Erase(Some(Language::Nl)), Some(41), Some(42)));
    assert_eq!((press("xfr").what, press("x").message), (What::Erase(Some(Language::Fr)), None));
    let open = press("c7G7KC");
    assert_eq!((open.what, open.message), (What::Said(Input::Text("7G7KC".to_owned())), Some(41)));
}

proptest::proptest! {
    #[test]
    fn any_body_is_an_update_or_nothing(body in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _ = accept(&body);
    }
}

#[test]
fn a_button_shows_its_key_and_what_it_does() {
    use application::say::Words;
    use directory::answer::{Action, Answer, Choice};
    use directory::language::Language;

    let (catalogue, vocabulary) = (directory::phrase::Catalogue::shipped(), directory::vocabulary::Vocabulary::shipped().unwrap());
    let choices = vec![Choice { key: '8', action: Action::More }, Choice { key: '0', action: Action::Person }];
    let answer = Answer { language: Language::Fr, blocks: Vec::new(), choices, notes: Vec::new(), leaves_no_trace: true, hand_over: None, demo: false };
    let words = Words { catalogue: &catalogue, language: Language::Fr, today: chrono::NaiveDate::default() };
    let chat = render::render(&answer, &words, &vocabulary, false);
    assert_eq!(chat.text, "Suite: 8. Aide: 0.");
    assert_eq!(chat.rows.concat().into_iter().map(|button| button.label).collect::<Vec<_>>(), ["8 Suite", "0 Aide"]);
}
