//! Lists: what is behind a door, what is near, what takes place on a day.

use chrono::Days;
use printer::phrases::SlipWords;

use super::View;
use super::bars;
use crate::app::{Behind, DAYS, Item, KeyAction};
use crate::layout::Layout;
use crate::page::{Area, PartKind, ScreenPage};
use crate::text::wrap;

/// What is behind a door.
pub(super) fn results(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "results";
    let door = view.app.visit.door.and_then(|door| view.app.place.doors.get(door));
    let title = match view.app.visit.part {
        // What must not be read from behind is called by its door.
        Behind::Need(need) if !need.theme().is_sensitive() => {
            let [upper, lower] = view.app.layout().title(true);
            view.need_within(need, upper.width, upper.height + lower.height).to_owned()
        }
        _ => door.map(|door| door.label(view.language).to_owned()).unwrap_or_default(),
    };
    bars::top(view, page, title, count(view), view.choice(KeyAction::OpenOnly));
    entries(view, page, view.app.layout().body());
    bars::bottom(view, page);
}

/// What is near: a line to walk along instead of a map.
pub(super) fn near(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "near";
    let layout = view.app.layout();
    bars::top(view, page, view.say("near"), vec![view.say("walk")], None);
    let (line, body) = Layout::split(layout.body(), if layout.cards > 1 { 2 } else { 1 });
    let marks: Vec<(u16, u8)> = (1..).zip(shown(view)).filter_map(|(number, item)| Some((item.minutes?, number))).collect();
    page.part(line, PartKind::Walk(marks));
    entries(view, page, body);
    bars::bottom(view, page);
}

/// What takes place on a day.
pub(super) fn agenda(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "agenda";
    let layout = view.app.layout();
    let today = view.app.local().date();
    let date = |day: u8| today + Days::new(u64::from(day));
    let named = |day: u8| SlipWords { phrases: view.phrases.slips(), language: view.language, today }.weekday_and_day(date(day), false);
    bars::top(view, page, view.say("agenda"), vec![named(view.app.visit.day)], None);
    let (line, body) = Layout::split(layout.body(), if layout.cards > 2 { 3 } else { 2 });
    let width = line.width / u16::from(DAYS);
    let height = line.height - u16::from(layout.cards > 2);
    for choice in view.choices(|action| matches!(action, KeyAction::ShowDay(_))) {
        let KeyAction::ShowDay(day) = choice.action else { continue };
        let area = Area { x: line.x + u16::from(day) * width, width: width - 1, height, ..line };
        let is_called_today = day == 0 && view.say("today").chars().count() < usize::from(width);
        let label = if is_called_today { view.say("today") } else { short_day(&named(day)) };
        let is_cut = wrap(&label, usize::from(area.width), usize::from(area.height)).1;
        let label = if is_cut { date(day).format("%-d").to_string() } else { label };
        page.labelled(area, choice, label);
    }
    entries(view, page, body);
    bars::bottom(view, page);
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
fn shown<'a>(view: &'a View<'_>) -> &'a [Item] {
    let list = &view.app.visit.list;
    let cards = view.app.layout().cards;
    let items = list.items.as_deref().unwrap_or_default();
    let rest = items.get(list.page * cards..).unwrap_or_default();
    rest.get(..cards).unwrap_or(rest)
}

fn count(view: &View<'_>) -> Vec<String> {
    let list = &view.app.visit.list;
    let number = list.items.as_ref().map_or(0, Vec::len);
    let places = match number {
        0 => return Vec::new(),
        1 => view.say("one-place"),
        _ => view.with("places", "number", &number.to_string()),
    };
    std::iter::once(places).chain(view.pages(list.page, list.pages(view.app.layout().cards))).collect()
}

fn entries(view: &View<'_>, page: &mut ScreenPage, body: Area) {
    let list = &view.app.visit.list;
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
        page.part(Area { x: 2, width: middle.width.saturating_sub(4), ..middle }, PartKind::Lines(lines.iter().map(|line| view.say(line)).collect()));
    }
    let shows = view.choices(|action| matches!(action, KeyAction::OpenEntry(_)));
    let takes = view.choices(|action| matches!(action, KeyAction::ToggleEntry(_)));
    let places = view.app.layout().rows(body);
    for ((item, (show, take)), (area, beside)) in shown(view).iter().zip(shows.zip(takes)).zip(places) {
        let kind = PartKind::Card { picture: item.picture, name: item.name.clone(), lines: facts(item, area) };
        page.touch(area, kind, show.key);
        page.button(view, beside, take);
    }
}

/// What is said of an entry: two lines; on a low card one, with as much as it has room for in letters that can be read.
fn facts(item: &Item, area: Area) -> Vec<String> {
    let room = usize::from(area.width.saturating_sub(8));
    let fits = |line: &String| !wrap(line, room, 1).1;
    let beside = |part: &Option<String>, line: &str| part.as_deref().map(|part| format!("{part} · {line}")).filter(fits);
    // What it is and whom it is for where there is room for them: all of it is said on its own page.
    let status = beside(&item.what, &item.status).unwrap_or_else(|| item.status.clone());
    let practical = beside(&item.restriction, &item.practical).unwrap_or_else(|| item.practical.clone());
    let lines: Vec<String> = [status, practical].into_iter().filter(|line| !line.is_empty()).collect();
    if area.height > 3 {
        return lines;
    }
    let all = lines.join(" · ");
    if wrap(&all, room, 1).1 { lines.into_iter().take(1).collect() } else { vec![all] }
}
