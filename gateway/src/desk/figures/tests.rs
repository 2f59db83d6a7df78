//! What a reader of several exports can work out.

use directory::visit::{Minutes, Outcome, Way, Why};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Days of a year with a few visits each, made by a counter that knows no chance.
fn year() -> Facts {
    let (mut visits, mut needs, mut tallies) = (Vec::new(), Vec::new(), Vec::new());
    let mut state = 9_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    for day in day("2026-01-01").iter_days().take(365) {
        for _ in 0..next(3) {
            let (ways, tongues) = (next(6) + 1, next(4) + 1);
            visits.push(Visit {
                day,
                place: String::new(),
                way: Way::ALL[next(ways)],
                language: ["fr", "nl", "ar", "ti"][next(tongues)].to_owned(),
                themes: vec![Theme::Food],
                outcome: Outcome::ALL[next(5)],
                minutes: Minutes::ALL[next(4)],
                age: None,
                is_first: None,
                help: None,
                has_slip: false,
            });
        }
        if next(4) == 0 {
            needs.push(Need {
                week: week_of(day),
                way: Way::Desk,
                theme: Theme::ALL[next(5)],
                postal_code: "1030".to_owned(),
                why: Why::ALL[next(3)],
                words: None,
            });
        }
        tallies.push(Tally { day, what: "turn".to_owned(), channel: "sms".to_owned(), key: "shown fr".to_owned(), count: [1, 2, 3, 4][next(4)] });
    }
    Facts { visits, needs, tallies }
}

fn within(facts: &Facts, period: Period) -> Facts {
    let is_in = |day: NaiveDate| (period.first()..=period.last()).contains(&day);
    Facts {
        visits: facts.visits.iter().filter(|visit| is_in(visit.day)).cloned().collect(),
        needs: facts.needs.iter().filter(|need| is_in(need.week)).cloned().collect(),
        tallies: facts.tallies.iter().filter(|tally| is_in(tally.day)).cloned().collect(),
    }
}

/// Every day of a year somebody exports what is offered that day: a file about a quarter never changes once it is there,
/// and no two files have a day in common. Their difference says nothing that neither says.
#[test]
fn two_successive_exports_differ_by_whole_quarters_or_not_at_all() {
    let facts = year();
    let mut files = std::collections::BTreeMap::new();
    let mut exports = 0;
    for today in day("2026-04-01").iter_days().take(275) {
        let known = Facts {
            visits: facts.visits.iter().filter(|visit| visit.day <= today).cloned().collect(),
            needs: facts.needs.iter().filter(|need| need.week <= today).cloned().collect(),
            tallies: facts.tallies.iter().filter(|tally| tally.day <= today).cloned().collect(),
        };
        for quarter in Period::quarters_back(today, 3).into_iter().filter(|quarter| quarter.last() < today) {
            let file = export(&within(&known, quarter), &quarter.id()).unwrap();
            let before = files.entry(quarter.id()).or_insert_with(|| file.clone());
            assert_eq!(*before, file, "{} on {today}", quarter.id());
            exports += 1;
        }
    }
    assert!(exports > 500 && files.len() >= 3);
    let periods: Vec<Period> = files.keys().filter_map(|id| Period::quarter(id)).collect();
    for pair in periods.windows(2) {
        assert!(pair[0].last() < pair[1].first());
    }
    for (id, file) in files {
        let text = String::from_utf8(file).unwrap();
        let mut hidden = 0;
        for line in text.lines().skip(1).filter(|line| !line.contains("call-backs")) {
            let count = line.rsplit(',').next().unwrap();
            match count.parse::<u64>() {
                Ok(count) => assert!(count == 0 || count >= PUBLIC, "{id}: {line}"),
                Err(_) => hidden += 1,
            }
        }
        // The year before had no visit yet.
        assert!(id.starts_with("2025") || hidden > 0, "{id}: nothing is small, the test shows nothing");
    }
}

#[test]
fn calls_are_told_when_they_are_enough() {
    let call = |hours: &str, count| Tally { day: day("2026-11-01"), what: "call-back".to_owned(), channel: "sms".to_owned(), key: hours.to_owned(), count };
    let facts = |tallies| Facts { visits: Vec::new(), needs: Vec::new(), tallies };
    let calls = facts(vec![call("002", 12), call("020", 8), call("030", 10)]).calls(PUBLIC).unwrap();
    assert_eq!((calls.count, calls.in_time, calls.median), (30, 20, 20));
    assert!(facts(vec![call("002", 12), call("030", 3)]).calls(PUBLIC).is_none(), "three that were late can be counted");
    assert!(facts(vec![call("002", 3)]).calls(INSIDE).is_none());
}

#[test]
fn a_rate_is_of_counts_that_are_shown() {
    let seen =
        [("sms", "shown", 80), ("sms", "nothing", 20), ("voice", "shown", 30), ("voice", "nothing", 3), ("telegram", "shown", 40), ("telegram", "nothing", 40)];
    let table = Table::count(seen.map(|(channel, came, count)| (channel.to_owned(), came.to_owned(), count)));
    let rates = answered(&table.shown(PUBLIC, false), PUBLIC);
    assert!(!rates.iter().any(|(channel, _)| channel == "voice"), "{rates:?}");
    assert!(rates.contains(&("sms".to_owned(), 80)) || rates.contains(&("telegram".to_owned(), 50)), "{rates:?}");
}
