//! A call, step by step: what the carrier posts, what a key means on the page that was said, and where the next step
//! goes. Pure.
//!
//! What is known of the call itself (how many wrong keys, how often silence) travels in the address of its next step,
//! which the carrier signs; nothing of it names anybody. What is remembered of the conversation is in the database
//! under the call's own name.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use directory::intent::Input;
use directory::spoken;

use crate::channel::twilio::{Field, Refusal, Secret, Signed, verify};
use crate::speech::{Awaited, Speech};

/// Wrong keys, or things not understood, until a person takes over.
pub const MOST_WRONG: u8 = 3;

/// Silences until a person takes over.
pub const MOST_SILENT: u8 = 2;

/// A call that we pay ends when no key was pressed for so long, in seconds: nobody is there, or a machine talks.
const LONGEST_QUIET: i64 = 180;

/// What the carrier posts of a call.
#[derive(Clone, PartialEq, Eq)]
pub struct Posted {
    /// The call's name.
    pub call: String,
    /// The number at the other end; absent where it is hidden.
    pub number: Option<String>,
    /// We made the call.
    pub outbound: bool,
    /// The keys pressed.
    pub digits: Option<String>,
    /// What was said, where speech is listened to.
    pub speech: Option<String>,
    /// How the call stands (`ringing`, `completed`, `no-answer`).
    pub status: String,
}

impl std::fmt::Debug for Posted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Posted").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Reads a signed step of a call. `url` is the whole address that the carrier signed, with its query.
pub fn accept(body: &[u8], signature: Option<&str>, url: &str, secrets: &[Secret]) -> Result<Posted, Refusal> {
    let signature = signature.ok_or(Refusal::Forged)?;
    if !verify(&Signed::Form { url, body }, signature, secrets) {
        return Err(Refusal::Forged);
    }
    let field = |name| Field(name).of(body);
    let outbound = field("Direction").is_some_and(|direction| direction.starts_with("outbound"));
    let number = field(if outbound { "To" } else { "From" });
    Ok(Posted {
        call: field("CallSid").ok_or(Refusal::Incomplete("CallSid"))?,
        // Carriers write words or made-up numbers in the place of a hidden one.
        number: number.filter(|number| number.len() > 8 && number.starts_with('+') && number.bytes().skip(1).all(|byte| byte.is_ascii_digit())),
        outbound,
        digits: field("Digits"),
        speech: field("SpeechResult"),
        status: field("CallStatus").unwrap_or_default(),
    })
}

/// The step of a call that the carrier could not get, where it takes the fallback instead; nothing where that was the
/// first one. `steps` is the address of all steps behind it.
pub fn failed_step(body: &[u8], steps: &str, now: DateTime<Utc>) -> Option<Call> {
    let failed = Field("ErrorUrl").of(body)?;
    let query = failed.strip_prefix(steps)?.strip_prefix('?')?;
    // What stands behind an address for the carrier alone (`#rc=5`) is no part of a step.
    Some(Call::read(query.split('#').next()?, now))
}

/// What is known of a call at one of its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that is known of a call")]
pub struct Call {
    /// 0 for the first step.
    pub step: u32,
    /// When it began, in seconds.
    pub since: i64,
    /// Keys that do something on the page that was said.
    pub keys: String,
    /// Digits awaited; 0 for one key.
    pub digits: u8,
    /// Times in a row that a key was wrong or something not understood.
    pub wrong: u8,
    /// Times in a row that nothing was heard.
    pub silent: u8,
    /// The caller asked for slower speech.
    pub slow: bool,
    /// The keys that are the same everywhere were said.
    pub told: bool,
    /// The caller was promised a call.
    pub promised: bool,
    /// What was said can be said more slowly.
    pub slowable: bool,
    /// A person must take over, whatever is pressed.
    pub person: bool,
    /// We called.
    pub ours: bool,
    /// When the last key was pressed, in seconds; counts where we called.
    pub pressed: i64,
    /// Minutes of it that are paid, where we called.
    pub paid: u8,
}

/// What to do at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Ask the dialogue, and say this first.
    Ask(Input, Option<Before>),
    /// The caller wants no more calls from us.
    NoMoreCalls,
    /// The call ends: a person will call.
    Goodbye,
}

/// What is said before an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing is on that key.
    WrongKey(char),
    /// A person takes over.
    ToPerson,
    /// Nothing was heard.
    Stay,
    /// The call has lasted too long.
    TooLong,
}

impl Call {
    /// The first step of a call.
    pub fn begun(now: DateTime<Utc>, ours: bool) -> Self {
        Self {
            step: 0,
            since: now.timestamp(),
            keys: String::new(),
            digits: 0,
            wrong: 0,
            silent: 0,
            slow: false,
            told: false,
            promised: false,
            slowable: false,
            person: false,
            ours,
            pressed: now.timestamp(),
            paid: u8::from(ours),
        }
    }

    /// Reads what travels in an address; what is not readable is as at the beginning.
    pub fn read(query: &str, now: DateTime<Utc>) -> Self {
        let mut call = Self::begun(now, false);
        let mut pressed = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let number = value.parse::<u32>().unwrap_or_default();
            let small = u8::try_from(number).unwrap_or(u8::MAX);
            match name.as_ref() {
                "step" => call.step = number,
                "since" => call.since = value.parse().unwrap_or(call.since),
                "keys" => call.keys = value.chars().filter(char::is_ascii_alphanumeric).take(12).collect(),
                "digits" => call.digits = small,
                "wrong" => call.wrong = small,
                "silent" => call.silent = small,
                "slow" => call.slow = number == 1,
                "told" => call.told = number == 1,
                "promised" => call.promised = number == 1,
                "slowable" => call.slowable = number == 1,
                "person" => call.person = number == 1,
                "ours" => call.ours = number == 1,
                "pressed" => pressed = value.parse().ok(),
                "paid" => call.paid = small,
                _ => {}
            }
        }
        call.pressed = pressed.unwrap_or(call.since);
        call
    }

    /// As it travels.
    pub fn write(&self) -> String {
        let mut query = format!("step={}&since={}", self.step, self.since);
        if !self.keys.is_empty() {
            let _ = write!(query, "&keys={}", self.keys);
        }
        if self.ours && self.pressed != self.since {
            let _ = write!(query, "&pressed={}", self.pressed);
        }
        let numbers = [("digits", self.digits), ("wrong", self.wrong), ("silent", self.silent), ("paid", self.paid)];
        let flags =
            [("slow", self.slow), ("told", self.told), ("promised", self.promised), ("slowable", self.slowable), ("person", self.person), ("ours", self.ours)];
        for (name, value) in numbers.into_iter().chain(flags.map(|(name, flag)| (name, u8::from(flag)))).filter(|(_, value)| *value > 0) {
            let _ = write!(query, "&{name}={value}");
        }
        query
    }

    /// What to do with what was posted, and the call from now on. `longest` is how long a call may last.
    pub fn take(&self, posted: &Posted, now: DateTime<Utc>, longest: Duration) -> (Move, Self) {
        let mut next = Self { step: self.step.saturating_add(1), person: false, ..self.clone() };
        if self.step == 0 {
            return (Move::Ask(Input::Start, None), next);
        }
        if posted.digits.is_some() {
            next.pressed = now.timestamp();
        }
        let is_deserted = self.ours && posted.digits.is_none() && now.timestamp() - self.pressed > LONGEST_QUIET;
        if is_deserted || now.timestamp() - self.since > longest.num_seconds() {
            next.silent = MOST_SILENT + 1;
            return if self.promised { (Move::Goodbye, next) } else { (Move::Ask(Input::Silence, Some(Before::TooLong)), next) };
        }
        if self.person {
            next.wrong = 0;
            return (Move::Ask(Input::Choice('0'), Some(Before::ToPerson)), next);
        }
        if let Some(speech) = posted.speech.as_ref().filter(|_| posted.digits.is_none()) {
            next.silent = 0;
            return self.heard(speech, next);
        }
        let Some(digits) = posted.digits.as_deref() else { return self.silence(next) };
        next.silent = 0;
        let mut signs = digits.chars();
        match (signs.next(), signs.next()) {
            (Some(key), None) => self.key(key, next),
            _ if self.digits > 0 && digits.len() == usize::from(self.digits) && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                (Move::Ask(Input::Digits(digits.to_owned()), None), next)
            }
            (Some(first), _) => self.miss(first, next),
            (None, _) => self.silence(next),
        }
    }

    /// Speech is a number where one is asked for and all that was said is one; else it is a text.
    fn heard(&self, speech: &str, next: Self) -> (Move, Self) {
        let code = Some(usize::from(self.digits)).filter(|awaited| *awaited > 1).and_then(|awaited| spoken::digits(speech, awaited));
        if let Some(code) = code {
            return (Move::Ask(Input::Digits(code), None), next);
        }
        match spoken::digits(speech, 1).and_then(|key| key.chars().next()).filter(|key| self.keys.contains(*key)) {
            Some(key) => self.key(key, next),
            None => (Move::Ask(Input::Text(speech.to_owned()), None), next),
        }
    }

    fn key(&self, key: char, mut next: Self) -> (Move, Self) {
        match key {
            '9' if self.ours && self.step == 1 => (Move::NoMoreCalls, next),
            '5' if self.slowable => {
                next.slow = !self.slow;
                (Move::Ask(Input::Choice('#'), None), next)
            }
            '9' | '*' | '#' => {
                next.wrong = 0;
                (Move::Ask(Input::Choice(key), None), next)
            }
            key if self.keys.contains(key) => {
                next.wrong = 0;
                (Move::Ask(Input::Choice(key), None), next)
            }
            key => self.miss(key, next),
        }
    }

    fn miss(&self, key: char, mut next: Self) -> (Move, Self) {
        next.wrong = self.wrong.saturating_add(1);
        if next.wrong >= MOST_WRONG {
            next.wrong = 0;
            return (Move::Ask(Input::Choice('0'), Some(Before::ToPerson)), next);
        }
        (Move::Ask(Input::Choice('#'), Some(Before::WrongKey(key))), next)
    }

    fn silence(&self, mut next: Self) -> (Move, Self) {
        next.silent = self.silent.saturating_add(1);
        if self.promised {
            return (Move::Goodbye, next);
        }
        if next.silent < MOST_SILENT {
            return (Move::Ask(Input::Choice('#'), None), next);
        }
        (Move::Ask(Input::Silence, Some(Before::Stay)), next)
    }

    /// The call after an answer was put into sentences.
    #[must_use]
    pub fn after(mut self, speech: &Speech) -> Self {
        self.keys.clone_from(&speech.keys);
        self.digits = match speech.awaited {
            Awaited::Digits(count) => count,
            Awaited::Key | Awaited::Nothing => 0,
        };
        self.slowable = speech.may_be_slowed;
        self.promised |= speech.promised;
        self.told = true;
        if speech.unclear {
            self.wrong = self.wrong.saturating_add(1);
            self.person = self.wrong >= MOST_WRONG;
        }
        self
    }

    /// Minutes that it has lasted, the one that has begun included.
    pub fn minutes(&self, now: DateTime<Utc>) -> u8 {
        u8::try_from((now.timestamp() - self.since).max(0) / 60 + 1).unwrap_or(u8::MAX)
    }

    /// How long a key is waited for, in seconds: longer the second time, and longest where nothing else can be done.
    pub fn patience(&self) -> u8 {
        match self.silent {
            0 => 6,
            1 => 10,
            _ => 30,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn posted(digits: Option<&str>) -> Posted {
        Posted {
            call: "CA1".to_owned(),
            number: Some("+32470123456".to_owned()),
            outbound: false,
            digits: digits.map(ToOwned::to_owned),
            speech: None,
            status: "in-progress".to_owned(),
        }
    }

    fn on_a_page(keys: &str) -> Call {
        Call { step: 3, keys: keys.to_owned(), told: true, ..Call::begun(now(), false) }
    }

    fn take(call: &Call, digits: Option<&str>) -> (Move, Call) {
        call.take(&posted(digits), now(), Duration::minutes(20))
    }

    #[test]
    fn what_travels_comes_back() {
        let call = Call {
            wrong: 2,
            silent: 1,
            slow: true,
            promised: true,
            digits: 4,
            slowable: true,
            person: true,
            ours: true,
            pressed: now().timestamp() + 9,
            paid: 3,
            ..on_a_page("12380")
        };
        assert_eq!(Call::read(&call.write(), now() + Duration::hours(1)), call);
        assert_eq!(Call::read("step=x&keys=<&wrong=999", now()), Call { wrong: u8::MAX, ..Call::begun(now(), false) });
        assert!(!on_a_page("1").write().contains('+'));
    }

    #[test]
    fn the_fallback_goes_on_at_the_step_that_failed() {
        let steps = "https://sms.example.org/twilio/voice/keys";
        let call = Call { wrong: 2, slow: true, ..on_a_page("12380") };
        let failed = |url: &str| {
            let body = form_urlencoded::Serializer::new(String::new()).append_pair("ErrorCode", "11200").append_pair("ErrorUrl", url).finish();
            failed_step(body.as_bytes(), steps, now())
        };
        assert_eq!(failed(&format!("{steps}?{}", call.write())), Some(call.clone()));
        assert_eq!(failed(&format!("{steps}?{}#rc=5&rp=all", call.write())), Some(call));
        // The first step, and addresses that are none of ours: the call begins.
        for other in ["https://sms.example.org/twilio/voice", "https://other.example.org/twilio/voice/keys?step=3", ""] {
            assert_eq!(failed(other), None, "{other}");
        }
    }

    #[test]
    fn three_wrong_keys_lead_to_a_person() {
        let (first, call) = take(&on_a_page("1230"), Some("6"));
        assert_eq!(first, Move::Ask(Input::Choice('#'), Some(Before::WrongKey('6'))));
        let (second, call) = take(&call, Some("4"));
        assert_eq!(second, Move::Ask(Input::Choice('#'), Some(Before::WrongKey('4'))));
        assert_eq!(take(&call, Some("8")).0, Move::Ask(Input::Choice('0'), Some(Before::ToPerson)));
        // A right one in between begins anew.
        let (right, call) = take(&call, Some("2"));
        assert_eq!((right, call.wrong), (Move::Ask(Input::Choice('2'), None), 0));
    }

    #[test]
    fn silence_repeats_then_hands_over_and_ends_only_behind_a_promise() {
        let (first, call) = take(&on_a_page("1230"), None);
        assert_eq!((first, call.patience()), (Move::Ask(Input::Choice('#'), None), 10));
        let (second, call) = take(&call, None);
        assert_eq!((second, call.patience()), (Move::Ask(Input::Silence, Some(Before::Stay)), 30));
        assert_eq!(take(&Call { promised: true, ..call.clone() }, None).0, Move::Goodbye);
        // Who cannot be called back is told again and again, until the call has lasted too long.
        assert_eq!(take(&call, None).0, Move::Ask(Input::Silence, Some(Before::Stay)));
        let late = call.take(&posted(None), now() + Duration::minutes(21), Duration::minutes(20));
        assert_eq!(late.0, Move::Ask(Input::Silence, Some(Before::TooLong)));
    }

    #[test]
    fn a_call_that_we_pay_ends_after_three_minutes_without_a_key() {
        let ours = Call { ours: true, ..on_a_page("1230") };
        let at = |call: &Call, seconds, digits| call.take(&posted(digits), now() + Duration::seconds(seconds), Duration::minutes(20));
        let (_, pressed) = at(&ours, 170, Some("2"));
        assert_eq!(at(&pressed, 340, None).0, Move::Ask(Input::Choice('#'), None));
        assert_eq!(at(&pressed, 351, None).0, Move::Ask(Input::Silence, Some(Before::TooLong)));
        assert_eq!(at(&pressed, 351, Some("2")).0, Move::Ask(Input::Choice('2'), None));
        // Whoever called us pays, and may listen.
        assert_eq!(at(&on_a_page("1230"), 351, None).0, Move::Ask(Input::Choice('#'), None));
        assert_eq!([0, 59, 60, 351].map(|seconds| ours.minutes(now() + Duration::seconds(seconds))), [1, 1, 2, 6]);
    }

    #[test]
    fn digits_are_taken_where_they_are_awaited() {
        let where_to = Call { digits: 4, ..on_a_page("0") };
        assert_eq!(take(&where_to, Some("1030")).0, Move::Ask(Input::Digits("1030".to_owned()), None));
        assert_eq!(take(&where_to, Some("#")).0, Move::Ask(Input::Choice('#'), None));
        assert_eq!(take(&where_to, Some("10")).0, Move::Ask(Input::Choice('#'), Some(Before::WrongKey('1'))));
        assert_eq!(take(&on_a_page("12"), Some("1030")).0, Move::Ask(Input::Choice('#'), Some(Before::WrongKey('1'))));
    }

    #[test]
    fn a_number_may_be_said_where_one_is_asked_for() {
        let say = |call: &Call, words: &str| call.take(&Posted { speech: Some(words.to_owned()), ..posted(None) }, now(), Duration::minutes(20)).0;
        let where_to = Call { digits: 4, ..on_a_page("0") };
        let text = |words: &str| Move::Ask(Input::Text(words.to_owned()), None);
        assert_eq!(say(&where_to, "dix trente"), Move::Ask(Input::Digits("1030".to_owned()), None));
        assert_eq!(say(&where_to, "tweeduizend"), Move::Ask(Input::Digits("2000".to_owned()), None));
        assert_eq!(say(&where_to, "Schaerbeek"), text("Schaerbeek"));
        assert_eq!(say(&where_to, "zéro"), Move::Ask(Input::Choice('0'), None));
        assert_eq!(say(&on_a_page("120"), "numéro deux"), Move::Ask(Input::Choice('2'), None));
        // Nothing is on that key: it may be a wish.
        assert_eq!(say(&on_a_page("120"), "trois"), text("trois"));
        assert_eq!(say(&on_a_page("120"), "dix trente"), text("dix trente"));
        assert_eq!(say(&on_a_page("120"), "un lit pour deux"), text("un lit pour deux"));
    }

    #[test]
    fn five_slows_down_and_nine_on_a_call_of_ours_ends_all_calls() {
        let card = Call { slowable: true, ..on_a_page("70") };
        let (said, slow) = take(&card, Some("5"));
        assert_eq!((said, slow.slow), (Move::Ask(Input::Choice('#'), None), true));
        let ours = Call { step: 1, ours: true, ..on_a_page("1234") };
        assert_eq!(take(&ours, Some("9")).0, Move::NoMoreCalls);
        assert_eq!(take(&on_a_page("1"), Some("9")).0, Move::Ask(Input::Choice('9'), None));
    }

    proptest::proptest! {
        #[test]
        fn nothing_posted_can_break_a_call(query in ".*", digits in proptest::option::of(".*")) {
            let call = Call::read(&query, now());
            let (_, next) = take(&call, digits.as_deref());
            proptest::prop_assert_eq!(next.step, call.step.saturating_add(1));
        }
    }
}
