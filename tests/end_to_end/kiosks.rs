//! What kiosks ask of people: a letter becomes a call-back, once, and only this gateway can read it.

use std::sync::Arc;

use db::letter::Letter;
use directory::clock::Clock;
use directory::phone::{Country, Phone};
use directory::theme::Theme;
use gateway::keys::Keys;
use gateway::kiosks::Postman;
use gateway::seal::{Sealer, Use};
use harness::demo::Demo;
use harness::place::Place;
use kiosk::data::letter;

const AMINA: &str = "+32470123456";

fn letter(demo: &Demo, id: &str, number: &str, keys: &Keys) -> Letter {
    let number = Phone::parse(number, Country::Be).unwrap();
    let sealed = letter::close(&keys.letter_box(), &number).unwrap();
    Letter { id: id.to_owned(), sealed, language: "ar".to_owned(), theme: Some(Theme::Food), postal_code: Some("1030".to_owned()), written: demo.clock.now() }
}

#[tokio::test]
async fn a_letter_becomes_one_call_back() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let demo = Demo::on(place).await.unwrap();
        let (store, keys) = (&demo.engine.store, &demo.engine.keys);
        let mut postman = Postman::new(Arc::clone(&demo.engine));
        let written = letter(&demo, "one", AMINA, keys);
        store.write_letter(&written).await.unwrap();
        assert_eq!(postman.empty(store).await.unwrap(), 1, "{engine}");
        assert_eq!(store.letters().await.unwrap(), []);
        let waiting = store.call_backs().await.unwrap().remove(0);
        assert_eq!((waiting.channel.as_str(), waiting.language.as_str(), waiting.theme.as_deref()), ("kiosk", "ar", Some("food")));
        assert_eq!(waiting.person, keys.person(AMINA));
        assert_eq!(Sealer::new(&[7; 32]).open(Use::CallBack(&waiting.person), &waiting.number).unwrap(), AMINA.as_bytes());
        // The gateway died before it burnt the letter, and the desk was quick: nobody is called again.
        store.finish_call_back(waiting.id).await.unwrap();
        store.write_letter(&written).await.unwrap();
        assert_eq!(postman.empty(store).await.unwrap(), 1);
        assert_eq!(store.call_backs().await.unwrap(), []);
        // Somebody who asks again, here or by text message, stands in the queue once.
        for id in ["two", "three"] {
            store.write_letter(&letter(&demo, id, AMINA, keys)).await.unwrap();
        }
        assert_eq!(postman.empty(store).await.unwrap(), 2);
        assert_eq!(store.call_backs().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_a_kiosk_says_is_not_taken_on_trust() {
    let demo = Demo::new().await.unwrap();
    let (store, keys) = (&demo.engine.store, &demo.engine.keys);
    let mut postman = Postman::new(Arc::clone(&demo.engine));
    // A number at ten times the price, one far away, and words that are no number.
    for (id, number) in [("premium", "0903 12 345"), ("far", "+1 202 555 0123")] {
        store.write_letter(&letter(&demo, id, number, keys)).await.unwrap();
    }
    assert_eq!(postman.empty(store).await.unwrap(), 0);
    assert_eq!((store.letters().await.unwrap(), store.call_backs().await.unwrap()), (vec![], vec![]));
    // Closed for another gateway: it stays for that one.
    store.write_letter(&letter(&demo, "foreign", AMINA, &Keys::fixed(&[8; 32]))).await.unwrap();
    assert_eq!(postman.empty(store).await.unwrap(), 0);
    assert_eq!((store.letters().await.unwrap().len(), store.call_backs().await.unwrap()), (1, vec![]));
    // A theme that is nobody's business does not come with it, whatever the kiosk says.
    store.write_letter(&Letter { theme: Some(Theme::Safety), ..letter(&demo, "sensitive", AMINA, keys) }).await.unwrap();
    assert_eq!(postman.empty(store).await.unwrap(), 1);
    assert_eq!(store.call_backs().await.unwrap()[0].theme, None);
}
