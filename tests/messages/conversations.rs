//! Whole conversations on the demo territory.

use harness::demo::Demo;

const AMINA: &str = "+32470000001";

/// A conversation: what is typed, and words that the answer must and must not hold.
async fn talk(demo: &Demo, from: &str, turns: &[(&str, &[&str], &[&str])]) {
    for (typed, wanted, unwanted) in turns {
        let reply = demo.text(from, typed).await.unwrap();
        for word in *wanted {
            assert!(reply.sms.text.contains(word), "{typed:?} should be answered with {word:?}: {}", reply.sms.text);
        }
        for word in *unwanted {
            assert!(!reply.sms.text.contains(word), "{typed:?} should not be answered with {word:?}: {}", reply.sms.text);
        }
    }
}

#[tokio::test]
async fn two_words_lead_to_an_address() {
    let demo = Demo::new().await.unwrap();
    let first = demo.text(AMINA, "manjé 1030").await.unwrap();
    let codes = first.answer.records();
    assert_eq!(codes.len(), 3, "{}", first.sms.text);
    let second = demo.text(AMINA, "2").await.unwrap();
    assert_eq!(second.answer.records(), [codes[1]]);
    assert!(second.sms.text.contains("1030 Schaerbeek"), "{}", second.sms.text);
    // The code on the card leads back to it, from any phone.
    let third = demo.text("+32470000009", &codes[1].to_string().to_lowercase()).await.unwrap();
    assert_eq!(third.answer.records(), [codes[1]]);
}

#[tokio::test]
async fn a_question_without_a_place_is_asked_for_one() {
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("manger", &["où ?"], &[]), ("1030", &["Repas chaud 1030", "1 "], &[]), ("dormir", &["Lit ce soir", "1030"], &["où ?"])]).await;
}

#[tokio::test]
async fn the_language_is_the_askers() {
    let demo = Demo::new().await.unwrap();
    talk(
        &demo,
        AMINA,
        &[
            ("eten 1080", &["Tik"], &["Tapez"]),
            ("1", &["1080 Sint-Jans-Molenbeek"], &[]),
            ("english please", &["English"], &[]),
            ("food 1080", &["Reply"], &["Tik"]),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_lone_digit_is_explained() {
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("2", &["Envoyez un mot"], &[])]).await;
    // After thirty minutes the listing is forgotten.
    talk(&demo, AMINA, &[("manger 1030", &["1 "], &[])]).await;
    demo.clock.advance(chrono::Duration::minutes(31));
    talk(&demo, AMINA, &[("2", &["Envoyez un mot"], &[])]).await;
}

#[tokio::test]
async fn nothing_found_is_said_at_once_and_counted() {
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("piscine 1325", &["Rien trouvé", "Aide: 0"], &["8"])]).await;
    assert_eq!(demo.engine.store.count_unmet().await.unwrap(), 1);
}

#[tokio::test]
async fn a_person_is_always_one_key_away() {
    let demo = Demo::new().await.unwrap();
    talk(
        &demo,
        AMINA,
        &[
            ("azerty qwerty", &["pas compris", "Aide: 0", "1 Manger"], &[]),
            ("0", &["Accueil démo", "025550100"], &[]),
            ("AIDE", &["MANGER 1030", "Aide: 0"], &[]),
        ],
    )
    .await;
}

#[tokio::test]
async fn danger_is_answered_with_numbers_first_and_leaves_no_trace() {
    let demo = Demo::new().await.unwrap();
    let reply = demo.text(AMINA, "mon mari me frappe 1030").await.unwrap();
    assert!(reply.sms.text.starts_with("En danger ? Appelez maintenant:\n112"), "{}", reply.sms.text);
    assert!(reply.answer.leaves_no_trace);
    demo.engine.store.close().await;
    let bytes = std::fs::read(demo.place.file().unwrap()).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(!holds(b"me frappe"), "the text of a cry for help is on the disk");
    let sender = demo.engine.keys.hasher(demo.engine.clock.now()).hash(AMINA);
    assert!(!holds(&sender), "the sender of a cry for help is on the disk");
    assert!(holds(b"SM00000000000000000000000000000000"), "the answer is not kept under its message");
}

#[tokio::test]
async fn sensitive_subjects_stay_with_nobody() {
    let demo = Demo::new().await.unwrap();
    let reply = demo.text(AMINA, "depression 1030").await.unwrap();
    assert!(reply.answer.leaves_no_trace, "{}", reply.sms.text);
    assert!(!reply.sms.text.to_lowercase().contains("depression") && !reply.sms.text.contains("Suite"), "{}", reply.sms.text);
    // Nothing is remembered: the code, not a digit, leads on.
    let code = reply.answer.records()[0];
    assert!(reply.sms.text.contains(code.as_str()), "{}", reply.sms.text);
    assert_eq!(demo.text(AMINA, code.as_str()).await.unwrap().answer.records(), [code]);
    talk(&demo, AMINA, &[("depression", &["ensemble"], &[])]).await;
    demo.engine.store.close().await;
    let bytes = std::fs::read(demo.place.file().unwrap()).unwrap();
    let sender = demo.engine.keys.hasher(demo.engine.clock.now()).hash(AMINA);
    assert!(!bytes.windows(sender.len()).any(|window| window == sender), "the sender is on the disk");
}

#[tokio::test]
async fn a_wrong_record_is_reported_by_whoever_looks_at_it() {
    let demo = Demo::new().await.unwrap();
    talk(
        &demo,
        AMINA,
        &[("c'est fermé", &["Quelle fiche"], &[]), ("manger 1030", &["1 "], &[]), ("1", &["1030"], &[]), ("c'est fermé", &["C'est noté pour"], &[])],
    )
    .await;
}

#[tokio::test]
async fn stop_is_exact_and_alone() {
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("STOP svp", &["plus rien"], &[]), ("stopper l'humidité 1080", &["1080"], &["plus rien"])]).await;
}

#[tokio::test]
async fn a_misread_code_is_to_be_read_again() {
    let demo = Demo::new().await.unwrap();
    let right = demo.text(AMINA, "manger 1030").await.unwrap().answer.records()[0].to_string();
    let other = if right.starts_with('2') { '3' } else { '2' };
    let wrong: String = std::iter::once(other).chain(right.chars().skip(1)).collect();
    talk(&demo, AMINA, &[(&format!("fiche {wrong}"), &["Relisez le code"], &[])]).await;
}

#[tokio::test]
async fn invented_entries_say_so_and_real_ones_do_not() {
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("manger 1030", &["DEMO"], &[]), ("maison de justice namur", &["Namur"], &["DEMO"])]).await;
}

#[tokio::test]
async fn what_happens_on_a_day_is_found_on_that_day() {
    let demo = Demo::new().await.unwrap();
    let agenda = demo.text(AMINA, "agenda samedi bruxelles").await.unwrap();
    assert!(!agenda.answer.records().is_empty(), "{}", agenda.sms.text);
    assert!(agenda.sms.text.contains("Agenda") && agenda.sms.text.contains("sam "), "{}", agenda.sms.text);
}

#[tokio::test]
async fn every_word_for_danger_brings_the_numbers() {
    let demo = Demo::new().await.unwrap();
    for (text, wanted) in [
        ("danger", "112"),
        ("violence", "112"),
        ("gevaar", "112"),
        ("gewalt 4700", "112"),
        ("112", "112"),
        ("je veux mourir", "0800 32 123"),
        ("ik wil zelfmoord plegen", "1813"),
    ] {
        let reply = demo.text(AMINA, text).await.unwrap();
        assert!(reply.sms.text.contains(wanted), "{text:?}: {}", reply.sms.text);
        assert!(reply.answer.leaves_no_trace, "{text:?}");
    }
    let despair = demo.text(AMINA, "je veux mourir").await.unwrap().sms.text;
    assert!(!despair.contains("0800 30 030"), "{despair}");
}

#[tokio::test]
async fn a_sensitive_word_beside_another_is_kept_with_nobody() {
    let demo = Demo::new().await.unwrap();
    for text in ["je cherche travail et psy 1030", "médecin dépression 1030"] {
        assert!(demo.text(AMINA, text).await.unwrap().answer.leaves_no_trace, "{text}");
    }
}

#[tokio::test]
async fn a_turn_without_trace_ends_the_conversation_before_it() {
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("manger 1030", &["1 "], &[]), ("je veux mourir", &["112"], &[]), ("1", &["Envoyez un mot"], &[])]).await;
}

#[tokio::test]
async fn more_never_shows_the_same_again() {
    let demo = Demo::new().await.unwrap();
    let mut seen = std::collections::HashSet::new();
    let mut text = "agenda bruxelles";
    for _ in 0..5 {
        let reply = demo.text(AMINA, text).await.unwrap();
        for code in reply.answer.records() {
            assert!(seen.insert(code), "{code} comes twice: {}", reply.sms.text);
        }
        text = "8";
    }
    assert!(seen.len() > 6);
}

#[tokio::test]
async fn what_is_not_near_is_found_further_away_at_once() {
    let demo = Demo::new().await.unwrap();
    let reply = demo.text(AMINA, "manger 5377").await.unwrap();
    assert!(!reply.answer.records().is_empty() && reply.sms.text.contains("km"), "{}", reply.sms.text);
}

#[tokio::test]
async fn hours_and_codes_are_not_mistaken_for_one_another() {
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("frigo 24/7 1030", &["1030"], &["24/7"]), ("B1030", &["Frigo"], &["Ce code"])]).await;
}

#[tokio::test]
async fn a_loan_without_a_place_is_asked_for_one() {
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("qui peut me preter une echelle 1060", &["grande"], &["chien"])]).await;
    let demo = Demo::new().await.unwrap();
    talk(&demo, AMINA, &[("qui peut me prêter une échelle ?", &["où ?"], &["Personne"]), ("1030", &["chelle"], &["Personne"])]).await;
}

#[tokio::test]
async fn other_care_never_passes_for_a_chemist() {
    let demo = Demo::new().await.unwrap();
    talk(
        &demo,
        AMINA,
        &[
            ("pharmacie ouverte maintenant 1030", &["Rien trouvé pour Pharma"], &[]),
            ("apotheek 1030", &["Niets gevonden voor A"], &[]),
            ("médecin 1030", &[], &["rien trouvé"]),
        ],
    )
    .await;
}
