//! Messages of everyday life: what is wished, about what, where and from which day, in which language.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, NaiveDate};
use chrono_tz::{Europe, Tz};
use directory::code::Code;
use directory::intent::{Input, Intent, Understanding, read};
use directory::need::Need;
use directory::session::{Listing, Session, Step};
use directory::theme::Theme;
use directory::vocabulary::Vocabulary;

/// A message, and what may be understood; alternatives with `|` between them.
#[derive(serde::Deserialize)]
struct Message {
    text: String,
    lang: String,
    intent: String,
    /// Each one theme, or several of which any; none where nothing is looked for.
    need: Vec<String>,
    pc: Option<Vec<String>>,
    frm: Option<NaiveDate>,
    open: Option<bool>,
    /// What was sent before.
    prev: Vec<String>,
    ban: Vec<Theme>,
    note: String,
    #[serde(default)]
    held: bool,
    #[serde(default)]
    kind: String,
}

/// How messages were understood.
#[derive(Debug, Default)]
struct Figures {
    all: u32,
    right: u32,
    confidently_wrong: u32,
    in_language: u32,
    /// By kind: right, of so many.
    kinds: BTreeMap<String, (u32, u32)>,
    misses: Vec<String>,
}

impl Figures {
    fn percent(&self, count: u32) -> f64 {
        100.0 * f64::from(count) / f64::from(self.all.max(1))
    }

    fn table(&self, name: &str) -> String {
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, (right, all))| format!("{kind} {right}/{all}")).collect();
        format!(
            "{name}: {} messages of everyday life: right {:.1} %, confidently wrong {:.1} %, language {:.1} %\n{}\n{}",
            self.all,
            self.percent(self.right),
            self.percent(self.confidently_wrong),
            self.percent(self.in_language),
            kinds.join(", "),
            self.misses.join("\n")
        )
    }
}

/// Reads messages one after the other, as if each list held four entries.
struct Reader {
    vocabulary: Vocabulary,
    now: DateTime<Tz>,
}

impl Reader {
    fn new() -> Self {
        let now = DateTime::parse_from_rfc3339("2026-11-30T10:00:00+01:00").unwrap().with_timezone(&Europe::Brussels);
        Self { vocabulary: Vocabulary::shipped().unwrap(), now }
    }

    fn understand(&self, text: &str, session: &Session) -> Understanding {
        read(&Input::Text(text.to_owned()), session, &self.vocabulary, self.now)
    }

    /// The conversation after these messages: a list for what is looked for, a card for a digit.
    fn after(&self, messages: &[String]) -> Session {
        let codes: Vec<Code> = (0..).filter_map(Code::from_serial).take(4).collect();
        messages.iter().fold(Session::default(), |session, text| {
            let understood = self.understand(text, &session);
            let language = Some(understood.language);
            match understood.intent {
                Intent::Search(wanted) => {
                    let place = wanted.locality.clone().or(session.place);
                    let listing = Listing { wanted, codes: codes.clone(), ..Listing::default() };
                    Session { language, place, listing: Some(listing), step: Step::Listing, ..Session::default() }
                }
                Intent::Pick(_) => Session { language, step: Step::Card(codes[0]), ..session },
                _ => Session { language, ..session },
            }
        })
    }

    fn evaluate(&self, messages: &[Message]) -> Figures {
        let mut figures = Figures::default();
        for message in messages {
            self.judge(message, &mut figures);
        }
        figures
    }

    fn judge(&self, message: &Message, figures: &mut Figures) {
        let session = self.after(&message.prev);
        let understood = self.understand(&message.text, &session);
        let wanted = understood.intent.wanted().cloned().unwrap_or_default();
        let is_one_of = |allowed: &str, said: &str| allowed.split('|').any(|one| one == said);
        let is_needed = |theme: &Theme| message.need.iter().any(|need| is_one_of(need, theme.id()));
        let may_be_silent = message.need.is_empty() || message.note.contains("kept or empty");
        let first = wanted.themes.first();
        let is_theme = first.map_or(may_be_silent, is_needed);
        let is_banned = wanted.themes.iter().any(|theme| message.ban.contains(theme));
        let place = wanted.locality.or(session.place.filter(|_| message.pc.is_some()));
        let place = place.and_then(|place| place.postal_codes.first().cloned());
        let is_place = match (&message.pc, &place) {
            (None, None) => true,
            (Some(codes), Some(code)) => codes.contains(code),
            _ => false,
        };
        let from = wanted.when.map(|days| days.from);
        let is_day = if message.note.contains("no wish") { from.is_none() } else { message.frm.is_none_or(|day| from == Some(day)) };
        let is_time = is_day && message.open.is_none_or(|open| open == wanted.open_now);
        let name = understood.intent.name();
        let is_intent = is_one_of(&message.intent, name);
        let is_right = is_intent && is_theme && is_place && is_time && !is_banned;
        let claims = name != "unclear" && (!is_intent || !is_place && place.is_some());
        let is_confident = !is_right && (is_banned || claims || (first.is_some() && !is_theme));
        figures.all += 1;
        figures.right += u32::from(is_right);
        figures.confidently_wrong += u32::from(is_confident);
        figures.in_language += u32::from(is_one_of(&message.lang, understood.language.code()));
        let kind = figures.kinds.entry(message.kind.clone()).or_default();
        *kind = (kind.0 + u32::from(is_right), kind.1 + 1);
        if !is_one_of(&message.lang, understood.language.code()) && !message.held {
            figures.misses.push(format!("language {:?}: {}, wanted {}", message.text, understood.language.code(), message.lang));
        }
        if !is_right && !message.held {
            let needs: Vec<&str> = wanted.needs.iter().copied().map(Need::id).collect();
            figures.misses.push(format!(
                "{} {} {:?} {:?}: {name} {:?} {needs:?} {place:?} {from:?}, wanted {} {:?} {:?} {:?}",
                if is_confident { "!" } else { "." },
                message.kind,
                message.text,
                message.prev,
                wanted.themes,
                message.intent,
                message.need,
                message.pc,
                message.frm
            ));
        }
    }
}

fn figures_of(path: &Path, held: bool, name: &str) -> Figures {
    let messages: Vec<Message> = super::rows(path);
    let messages: Vec<Message> = messages.into_iter().filter(|message| message.held == held).collect();
    let figures = Reader::new().evaluate(&messages);
    println!("{}", figures.table(name));
    figures
}

#[test]
fn reference_messages_of_everyday_life_are_understood() {
    let Some(path) = harness::shared("data/messages/messages.jsonl") else { return };
    let figures = figures_of(&path, false, "reference");
    assert!(figures.percent(figures.right) >= 91.0, "{}", figures.table("reference"));
}

/// Reads one more set, named by `PASSERELLE_EVERYDAY`, and prints its table.
#[test]
fn a_set_of_messages_of_your_own_is_evaluated() {
    let Some(path) = option_env!("PASSERELLE_EVERYDAY") else {
        println!("PASSERELLE_EVERYDAY names no set");
        return;
    };
    for path in path.split(',') {
        figures_of(Path::new(path), false, path);
    }
}

#[test]
fn our_own_messages_of_everyday_life_are_understood() {
    let path = harness::repository().join("tests/understanding/everyday.jsonl");
    let open = figures_of(&path, false, "open half");
    let held = figures_of(&path, true, "held-back half");
    assert!(open.percent(open.right) >= 73.0, "{}", open.table("open"));
    assert!(held.percent(held.right) >= 81.0 && held.percent(held.in_language) >= 97.0, "{}", held.table("held back"));
}
