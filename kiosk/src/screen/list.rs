//! Lists: what is behind a door, what is near, what takes place on a day.

use chrono::Days;
use printer::phrases::SlipWords;

use super::View;
use super::bars::{self, Bottom};
use crate::app::{DAYS, Item};
use crate::layout::Layout;
use crate::page::{Area, Key, PartKind, ScreenPage};
use crate::text::wrap;

/// What is behind a door.
pub(super) fn results(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "results";
    let door = say.app.visit.door.and_then(|door| say.app.place.doors.get(door));
    let title = door.map(|door| door.label(say.language).to_owned()).unwrap_or_default();
    let open_only = (format!("7 {}", say.say("open-only")), Key::Digit(7), say.app.visit.open_only);
    bars::top(say, page, title, count(say), Some(open_only));
    entries(say, page, say.app.layout().body());
    bars::bottom(say, page, Bottom { more: has_more(say), ..Bottom::default() });
}

/// What is near: a line to walk along instead of a map.
pub(super) fn near(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "near";
    let layout = say.app.layout();
    bars::top(say, page, say.say("near"), vec![say.say("walk")], None);
    let (line, body) = Layout::split(layout.body(), if layout.cards > 1 { 2 } else { 1 });
    let marks: Vec<(u16, u8)> = (1..).zip(shown(say)).filter_map(|(number, item)| Some((item.minutes?, number))).collect();
    page.part(line, PartKind::Walk(marks));
    entries(say, page, body);
    bars::bottom(say, page, Bottom { more: has_more(say), ..Bottom::default() });
}

/// What takes place on a day.
pub(super) fn agenda(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "agenda";
    let layout = say.app.layout();
    let today = say.app.local().date();
    let date = |day: u8| today + Days::new(u64::from(day));
    let named = |day: u8| SlipWords { phrases: say.phrases.slips(), language: say.language, today }.weekday_and_day(date(day), false);
    bars::top(say, page, say.say("agenda"), vec![named(say.app.visit.day)], None);
    let (line, body) = Layout::split(layout.body(), if layout.cards > 2 { 3 } else { 2 });
    let width = line.width / u16::from(DAYS);
    for day in 0..DAYS {
        let area = Area { x: line.x + u16::from(day) * width, width: width - 1, height: line.height - u16::from(layout.cards > 2), ..line };
        let is_called_today = day == 0 && say.say("today").chars().count() < usize::from(width);
        let label = if is_called_today { say.say("today") } else { short_day(&named(day)) };
        let is_cut = wrap(&label, usize::from(area.width), usize::from(area.height)).1;
        let label = if is_cut { date(day).format("%-d").to_string() } else { label };
        page.choice(area, label, Key::Day(day), day == say.app.visit.day);
    }
    entries(say, page, body);
    bars::bottom(say, page, Bottom { more: has_more(say), ..Bottom::default() });
}

/// `mardi 14 octobre` is `mar 14` on a button.
fn short_day(day: &str) -> String {
    let mut words = day.split([' ', '\u{a0}']);
    let weekday = words.next().unwrap_or_default();
    let number = words.find(|word| word.starts_with(|letter: char| letter.is_ascii_digit())).unwrap_or_default();
    let short: String = if weekday.is_ascii() || weekday.chars().all(|letter| letter.is_alphabetic() && (letter as u32) < 0x250) {
        weekday.chars().take(3).collect()
    } else {
        weekday.to_owned()
    };
    format!("{short} {}", number.trim_end_matches('.'))
}

/// The entries of the page that is shown.
fn shown<'a>(say: &'a View<'_>) -> &'a [Item] {
    let list = &say.app.visit.list;
    let cards = say.app.layout().cards;
    let items = list.items.as_deref().unwrap_or_default();
    let rest = items.get(list.page * cards..).unwrap_or_default();
    rest.get(..cards).unwrap_or(rest)
}

fn has_more(say: &View<'_>) -> bool {
    say.app.visit.list.pages(say.app.layout().cards) > 1
}

fn count(say: &View<'_>) -> Vec<String> {
    let list = &say.app.visit.list;
    let number = list.items.as_ref().map_or(0, Vec::len);
    let places = match number {
        0 => return Vec::new(),
        1 => say.say("one-place"),
        _ => say.with("places", "number", &number.to_string()),
    };
    std::iter::once(places).chain(say.pages(list.page, list.pages(say.app.layout().cards))).collect()
}

fn entries(say: &View<'_>, page: &mut ScreenPage, body: Area) {
    let list = &say.app.visit.list;
    let no_event = page.name == "agenda";
    let lines: &[&str] = match &list.items {
        None if list.failed => &["trouble", "trouble-person"],
        None => &["searching"],
        Some(items) if items.is_empty() && no_event => &["no-event"],
        Some(items) if items.is_empty() => &["nothing", "nothing-noted", "ask-person"],
        Some(_) => &[],
    };
    if !lines.is_empty() {
        let (_, middle) = Layout::split(body, 1);
        page.part(Area { x: 2, width: middle.width.saturating_sub(4), ..middle }, PartKind::Lines(lines.iter().map(|line| say.say(line)).collect()));
    }
    for ((number, item), (area, beside)) in (1_u8..).zip(shown(say)).zip(say.app.layout().rows(body)) {
        let lines = facts(item, area);
        page.touch(area, PartKind::Card { picture: item.picture, name: item.name.clone(), lines }, Key::Digit(number));
        let taken = say.app.visit.basket.holds(item.code);
        page.choice(beside, say.say(if taken { "taken" } else { "take" }), Key::Digit(number + 3), taken);
    }
}

/// What is said of an entry: two lines; on a low card one, with as much as it has room for in letters that can be read.
fn facts(item: &Item, area: Area) -> Vec<String> {
    let lines: Vec<String> = [&item.status, &item.practical].into_iter().filter(|line| !line.is_empty()).cloned().collect();
    if area.height > 3 {
        return lines;
    }
    let all = lines.join(" · ");
    let room = usize::from(area.width.saturating_sub(8));
    if wrap(&all, room, 1).1 { lines.into_iter().take(1).collect() } else { vec![all] }
}
