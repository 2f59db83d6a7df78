//! Sets of messages with what they mean, and how a reading is judged against them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Europe::Brussels;
use directory::intent::{self, Input, Intent, Understanding};
use directory::query::Wanted;
use directory::session::Session;
use directory::vocabulary::Vocabulary;
use serde::Deserialize;

/// One line of a set.
#[derive(Debug, Deserialize)]
pub struct Message {
    /// The language it is written in.
    pub lang: String,
    /// What was typed.
    pub text: String,
    /// When it is read.
    pub now: String,
    /// What it means.
    pub expect: Expected,
}

/// What a message means; absent fields must be absent from the understanding.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Expected {
    intent: Option<String>,
    intents_any: Vec<String>,
    themes_any: Vec<String>,
    postal_codes_any: Vec<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    open_now: bool,
    kinds: Vec<String>,
}

/// How a set was understood.
#[derive(Debug, Default)]
pub struct Report {
    /// Messages read.
    pub messages: usize,
    /// Messages of which every field is right.
    pub right: usize,
    /// Messages answered as if sure with a wrong theme or place, a wrong danger or stop.
    pub confident_errors: usize,
    /// Right and asked, by field.
    pub fields: BTreeMap<&'static str, (usize, usize)>,
    /// What went wrong, a line each.
    pub failures: Vec<String>,
}

impl Report {
    /// Share of messages fully right, 0 to 100.
    #[expect(clippy::cast_precision_loss, reason = "counts of a few hundred")]
    pub fn percent_right(&self) -> f64 {
        100.0 * self.right as f64 / self.messages.max(1) as f64
    }

    /// Share of confident errors, 0 to 100.
    #[expect(clippy::cast_precision_loss, reason = "counts of a few hundred")]
    pub fn percent_confident_errors(&self) -> f64 {
        100.0 * self.confident_errors as f64 / self.messages.max(1) as f64
    }

    /// The table by field and the list of failures.
    pub fn table(&self) -> String {
        let mut table = String::from("field          right    of\n");
        for (field, (right, all)) in &self.fields {
            let _ = writeln!(table, "{field:<12} {right:>7} {all:>5}");
        }
        let _ = writeln!(table, "fully right  {:>7} {:>5}  {:.1} %", self.right, self.messages, self.percent_right());
        let _ = writeln!(table, "confident errors {:>3} {:>5}  {:.1} %", self.confident_errors, self.messages, self.percent_confident_errors());
        for failure in &self.failures {
            let _ = writeln!(table, "  {failure}");
        }
        table
    }
}

/// Reads every message of a set (JSON lines), each in a conversation of its own.
pub fn evaluate(lines: &str, vocabulary: &Vocabulary) -> Result<Report, Box<dyn std::error::Error>> {
    let mut report = Report::default();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let message: Message = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        let now = DateTime::parse_from_rfc3339(&message.now)?.with_timezone(&Brussels);
        let understood = intent::read(&Input::Text(message.text.clone()), &Session::default(), vocabulary, now);
        judge(&message, &understood, &mut report);
    }
    Ok(report)
}

fn judge(message: &Message, understood: &Understanding, report: &mut Report) {
    let expected = &message.expect;
    let none = Wanted::default();
    let wanted = understood.intent.wanted().unwrap_or(&none);
    let theme = wanted.themes.first().map(|theme| theme.id().to_owned());
    let code = wanted.locality.as_ref().and_then(|place| place.postal_codes.first().cloned());
    let kinds: Vec<&str> = wanted.kinds.iter().map(|kind| kind.id()).collect();
    let intents: Vec<&str> = expected.intent.iter().chain(&expected.intents_any).map(String::as_str).collect();

    let intent_right = intents.contains(&understood.intent.name());
    let theme_right = match &theme {
        Some(theme) => expected.themes_any.contains(theme) || (expected.themes_any.is_empty() && !expected.kinds.is_empty()),
        None => expected.themes_any.is_empty(),
    };
    let place_right = code.as_ref().map_or(expected.postal_codes_any.is_empty(), |code| expected.postal_codes_any.contains(code));
    let days = (wanted.when.map(|days| days.from), wanted.when.map(|days| days.to));
    let checks = [
        ("intent", intent_right),
        ("theme", theme_right),
        ("place", place_right),
        ("days", days == (expected.from, expected.to)),
        ("open_now", wanted.open_now == expected.open_now),
        ("kinds", kinds == expected.kinds),
    ];
    report.messages += 1;
    for (field, right) in checks {
        let (count, all) = report.fields.entry(field).or_default();
        *all += 1;
        *count += usize::from(right);
    }
    if checks.iter().all(|(_, right)| *right) {
        report.right += 1;
        return;
    }
    let sure = matches!(understood.intent, Intent::Search(_));
    let wrong_theme = theme.is_some() && !theme_right;
    let wrong_place = code.is_some() && !place_right;
    let wrong_alarm = !intent_right && matches!(understood.intent, Intent::Danger(_) | Intent::Stop);
    let confident = (sure && (wrong_theme || wrong_place)) || wrong_alarm;
    report.confident_errors += usize::from(confident);
    let mark = if confident { "!" } else { " " };
    report.failures.push(format!(
        "{mark} [{}→{}] {:?}: {} {:?} {:?} {:?} open {} {:?} words {:?} — expected {:?} {:?} {:?} {:?} {:?} {:?}",
        message.lang,
        understood.language.code(),
        message.text,
        understood.intent.name(),
        wanted.themes.iter().map(|theme| theme.id()).collect::<Vec<_>>(),
        code,
        days,
        wanted.open_now,
        kinds,
        wanted.words,
        intents,
        expected.themes_any,
        expected.postal_codes_any,
        (expected.from, expected.to),
        expected.open_now,
        expected.kinds
    ));
}
