//! P10: whatever happens to the printer at whatever byte, a visitor gets one whole slip, and no half one passes for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeZone;
use directory::dialogue::{Setting, Whole};
use directory::record::Record;
use directory::vocabulary::Vocabulary;
use harness::scale::Scale;
use harness::thermal::{FAULTS, Fault, Manner, NetworkThermal, Printed, Sheet, Thermal};
use printer::device::{DeviceAddress, open};
use printer::escpos::{Stream, encode};
use printer::job::{Left, PrintError, PrintTimeouts, print};
use printer::phrases::SlipPhrases;
use printer::profile::{Profile, StatusReporting};
use printer::slip::{Order, Style, lay_out};
use printer::slip_language::SlipLanguage;

/// Within this a visitor must be told.
const TOLD: Duration = Duration::from_secs(2);

/// Attempts after a fault is mended, at most: one may find answers that came too late.
const ATTEMPTS: usize = 5;

/// With a sound printer whose thread may be kept from running, on a machine that does other things, for seconds. It
/// answers as soon as it runs: a slip that does not come so does not come.
const GENEROUS: PrintTimeouts = PrintTimeouts { answer: Duration::from_secs(5), stall: Duration::from_secs(10), finish: Duration::from_mins(1) };

/// A slip of so many records, with a pictogram each, on narrow paper.
fn reference(profile: &Profile, records: usize) -> Stream {
    let record = serde_json::json!({
        "id": "1", "code": "7G7KC", "kind": "service", "status": "published", "name": { "fr": "La Louche Bleue" }, "themes": ["food"],
        "address": { "street": "Chaussée de Helmet", "number": "214", "postal_code": "1030", "locality": "Schaerbeek", "country": "BE" },
        "contacts": [{ "kind": "phone", "phone": "+3225550103", "public": true }], "hours": { "osm": "Mo-Fr 11:30-14:00" }
    });
    let now = chrono_tz::Europe::Brussels.with_ymd_and_hms(2026, 10, 14, 14, 12, 0).unwrap();
    let vocabulary = Vocabulary::shipped().unwrap();
    let setting = Setting { vocabulary: &vocabulary, now, desk: None, calls_back: false, home: None, manner: directory::dialogue::Manner::default() };
    let whole = || Whole::of(Arc::new(Record::from_json(&record.to_string()).unwrap()), None, now.naive_local());
    let wholes: Vec<Whole> = (0..records).map(|_| whole()).collect();
    let order =
        Order { records: &wholes, languages: &[SlipLanguage::Fr], style: Style::Standard, place: None, ticket: None, text_to: None, code: None, line: None };
    encode(&lay_out(&order, &setting, &SlipPhrases::shipped().unwrap(), profile.paper()), profile).unwrap()
}

fn attempt(thermal: &Thermal, slip: &Stream, profile: &Profile, left: Left, patience: &PrintTimeouts) -> Result<(), PrintError> {
    let address = DeviceAddress::Serial { path: thermal.path().clone(), baud: 115_200 };
    let mut device = open(&address, Duration::from_secs(1)).map_err(|why| PrintError::Gone { left, why })?;
    print(device.as_mut(), slip, profile, left, patience).map(|_| ())
}

/// What a run came to.
#[derive(Debug, Default)]
struct Tally {
    runs: usize,
    faults_met: usize,
    whole: usize,
    /// Half slips that were not cut off, or do not say that they are.
    passing: Vec<String>,
    not_one: Vec<String>,
    hangs: usize,
    slowest: Duration,
}

impl Tally {
    fn count(&mut self, what: &str, printed: &Printed, whole: &Sheet, notice: &[u8]) {
        let wholes = printed.cut.iter().filter(|sheet| *sheet == whole).count();
        self.runs += 1;
        self.whole += wholes;
        if wholes != 1 {
            self.not_one.push(format!("{what}: {wholes}"));
        }
        let is_marked = |sheet: &Sheet| sheet.is_empty() || sheet == whole || sheet.iter().any(|line| line == notice);
        if !printed.hanging.is_empty() || !printed.cut.iter().all(is_marked) {
            self.passing.push(what.to_owned());
        }
    }
}

#[test]
fn p10_one_whole_slip_whatever_happens_to_the_printer() {
    let scale = Scale::of_this_run();
    let profile = Profile { talk: StatusReporting::InOrder, dots: 252, ..Profile::of_columns(21) };
    let slip = reference(&profile, 1);
    // At every byte of the full size nobody waits as long as a visitor would; at some of them we do, and take the time.
    let patient = PrintTimeouts::default();
    let hasty = PrintTimeouts { answer: Duration::from_millis(100), stall: Duration::from_millis(150), finish: Duration::from_secs(5) };
    let sound = Thermal::new();
    attempt(&sound, &slip, &profile, Left::Nothing, &GENEROUS).unwrap();
    let all = sound.printed();
    let [whole] = all.cut.as_slice() else { panic!("{} sheets", all.cut.len()) };
    let notice = "Ce papier n'est pas".as_bytes();
    let total = sound.received();
    let offsets: Vec<usize> =
        if scale.full { (0..=total).collect() } else { (0..=total).step_by(total / 9).chain([1, total - 8, total - 4, total - 3, total - 1, total]).collect() };

    let mut tally = Tally::default();
    for fault in FAULTS {
        for (place, offset) in offsets.iter().enumerate() {
            let is_timed = !scale.full || place % 50 == 0;
            let patience = if is_timed { &patient } else { &hasty };
            let what = format!("{fault:?} after {offset} of {total} bytes");
            let thermal = Thermal::new();
            thermal.fail_after(*offset, fault);
            let begun = Instant::now();
            let first = attempt(&thermal, &slip, &profile, Left::Nothing, patience);
            let took = begun.elapsed();
            tally.slowest = if is_timed { tally.slowest.max(took) } else { tally.slowest };
            tally.hangs += usize::from(took > Duration::from_secs(10));
            tally.faults_met += usize::from(thermal.has_failed());
            if fault == Fault::PaperOut || fault == Fault::CoverOpen {
                let is_named = first
                    .as_ref()
                    .err()
                    .is_none_or(|error| matches!((fault, error.name()), (Fault::PaperOut, "paper-out") | (Fault::CoverOpen, "cover-open") | (_, "stalled")));
                assert!(is_named, "{what}: {first:?}");
            }
            let mut errors: Vec<PrintError> = first.err().into_iter().collect();
            let mut left = errors.last().map(PrintError::left);
            let thermal = thermal.mended();
            for _ in 0..ATTEMPTS {
                let Some(before) = left else { break };
                let again = attempt(&thermal, &slip, &profile, before, &GENEROUS).err();
                left = again.as_ref().map(PrintError::left);
                errors.extend(again);
            }
            assert_eq!(left, None, "{what}: it never came: {errors:?}");
            tally.count(&what, &thermal.printed(), whole, notice);
        }
    }
    let line = format!(
        "P10: {} runs, {} offsets x {} faults of a slip of {total} bytes, {} faults met: {} whole slips for as many touches, not one {}, half ones that pass for whole {}, hangs {}, told after {} ms at most",
        tally.runs,
        offsets.len(),
        FAULTS.len(),
        tally.faults_met,
        tally.whole,
        tally.not_one.len(),
        tally.passing.len(),
        tally.hangs,
        tally.slowest.as_millis()
    );
    println!("{line}");
    assert!(tally.not_one.is_empty() && tally.passing.is_empty(), "{line}\n{:?}\n{:?}", tally.not_one, tally.passing);
    assert_eq!(tally.hangs, 0, "{line}");
    assert!(tally.faults_met * 10 > tally.runs * 9, "{line}");
    scale.expect_in_time(tally.slowest < TOLD, &line);
}

/// Printers of every kind of talk, which read late and a little at a time, with something of theirs unread at our end.
#[test]
fn p10_a_network_printer_loses_no_byte() {
    let silent = Manner::default();
    let by_itself = Manner { by_itself: true, ..silent };
    let late = Manner { answers_late: true, ..by_itself };
    let hasty = PrintTimeouts { answer: Duration::from_millis(200), ..GENEROUS };
    let mut whole_slips = 0;
    let kinds = [
        (StatusReporting::None, silent),
        (StatusReporting::None, by_itself),
        (StatusReporting::RealTime, late),
        (StatusReporting::RealTime, by_itself),
        (StatusReporting::InOrder, by_itself),
    ];
    for (talk, manner) in kinds {
        let profile = Profile { talk, dots: 252, ..Profile::of_columns(21) };
        let slip = reference(&profile, 8);
        assert!(slip.bytes().len() > 2 * 4_096, "it fits into the printer's buffer: {}", slip.bytes().len());
        let sound = Thermal::new();
        let by_cable = Profile { talk: StatusReporting::InOrder, ..profile.clone() };
        attempt(&sound, &slip, &by_cable, Left::Nothing, &GENEROUS).unwrap();

        let thermal = NetworkThermal::new(manner);
        let address = DeviceAddress::Tcp { host: thermal.address.ip().to_string(), port: thermal.address.port() };
        let mut device = open(&address, Duration::from_secs(1)).unwrap();
        let printed = print(device.as_mut(), &slip, &profile, Left::Nothing, &hasty).unwrap();
        // Not later: whoever is told that it is printed looks at the paper now.
        assert_eq!(thermal.printed(), sound.printed(), "{talk:?}, {manner:?}");
        assert_eq!(printed.is_certain, talk == StatusReporting::InOrder);
        whole_slips += 1;
    }
    println!("P10 network: {whole_slips} of {} printers that read late have the whole slip", kinds.len());
}
