//! What will be printed.

use super::View;
use super::bars::{self, Bottom};
use crate::layout::Layout;
use crate::page::{Key, PartKind, ScreenPage};

/// The ticket before it is printed.
pub(super) fn ticket(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "ticket";
    let layout = say.app.layout();
    let basket = &say.app.visit.basket;
    let note = match basket.items.len() {
        0 => say.say("empty-ticket"),
        1 => say.say("one-address"),
        number => say.with("addresses", "number", &number.to_string()),
    };
    let more = basket.items.len() > layout.cards;
    let extra = more.then(|| (format!("8 {}", say.say("more")), Key::Digit(8), false));
    bars::top(say, page, say.say("your-ticket"), vec![note], extra);
    let body = layout.body();
    let (list, bottom) = Layout::split(body, body.height - if layout.cards > 2 { 4 } else { 3 });
    let first = say.app.visit.ticket_page * layout.cards;
    let rows = layout.rows(list);
    for ((number, item), (area, beside)) in (1_u8..).zip(basket.items.iter().skip(first)).zip(rows) {
        page.part(area, PartKind::Card { picture: item.picture, name: item.name.clone(), lines: Vec::new() });
        page.choice(beside, say.with("remove", "number", &number.to_string()), Key::Digit(number), false);
    }
    let mut labels = vec![(4, say.say("large"), basket.large)];
    if let Some(other) = say.app.other_language() {
        let name = say.phrases.say(other, "name");
        labels.push((5, say.with("second", "language", &name), basket.second.is_some()));
    }
    if say.app.speaks() {
        labels.push((6, say.say("read-all"), false));
    }
    for ((key, label, chosen), area) in labels.into_iter().zip(layout.places(bottom, 3, 1)) {
        page.choice(area, label, Key::Digit(key), chosen);
        if let Some(button) = page.parts.last_mut().filter(|_| key == 5) {
            button.language = say.app.other_language();
        }
    }
    bars::bottom(say, page, Bottom { prints: !basket.items.is_empty(), ..Bottom::default() });
}
