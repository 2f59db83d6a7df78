//! Descriptions as people may read them on paper and by SMS: no markup, no invisible characters.

use std::borrow::Cow;

use html2text::render::TrivialDecorator;
use unicode_normalization::UnicodeNormalization;

/// The longest short description, in characters.
pub const SHORT: usize = 140;

/// More tags than a description ever has; beyond, they are only cut out, because the renderer's
/// cost and depth grow with them.
const MOST_TAGS: usize = 400;

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "ins",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "s",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "title",
    "tr",
    "u",
    "ul",
    "video",
];
const BLOCKS: &[&str] =
    &["p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote", "section", "article", "dd", "dt", "hr", "pre"];

/// Plain text of several lines: HTML, light Markdown and wiki markup are taken away, accents
/// composed (NFC), odd blanks and separators made ordinary, control characters dropped.
pub fn plain(text: &str) -> String {
    let text = if tag_names(text).next().is_some() { Cow::Owned(render(text)) } else { resolve_entities(text) };
    let mut lines: Vec<String> = Vec::new();
    for line in clean(&text).lines() {
        let line = squeeze(&strip_markup(line));
        if !(line.is_empty() && lines.last().is_none_or(String::is_empty)) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// One line: names, places, terms. Markup signs stay, for they may be part of a name.
pub fn line(text: &str) -> String {
    let text = if tag_names(text).next().is_some() { Cow::Owned(render(text)) } else { resolve_entities(text) };
    squeeze(&clean(&text))
}

/// At most [`SHORT`] characters of a plain text: whole sentences where one fits, else whole words
/// and an ellipsis.
pub fn short(text: &str) -> String {
    let flat = squeeze(text);
    if flat.chars().count() <= SHORT {
        return flat;
    }
    let mut sentence = 0;
    let mut word = 0;
    let mut letters = 0;
    let mut before = ' ';
    for (count, (at, character)) in flat.char_indices().enumerate() {
        if count > SHORT {
            break;
        }
        if character == ' ' {
            // "av. Rogier", "M. Peeters": a stop after a short word ends no sentence.
            if count >= 20 && (matches!(before, '!' | '?' | '…') || (before == '.' && letters > 3)) {
                sentence = at;
            }
            if count < SHORT {
                word = at;
            }
            letters = 0;
        } else {
            letters += 1;
        }
        before = character;
    }
    match (flat.get(..sentence), flat.get(..word)) {
        (Some(whole), _) if sentence > 0 => whole.trim_end().to_owned(),
        (_, Some(words)) if word > 0 => format!("{}…", words.trim_end_matches([' ', ',', ';', ':', '-', '–', '('])),
        _ => flat.chars().take(SHORT - 1).chain(['…']).collect(),
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Composes accents and removes what no printer, phone or terminal should get: controls, invisible
/// joints, and the marks that turn the direction of the text that follows.
fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut carriage = false;
    for character in text.nfc() {
        match character {
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => cleaned.push('\n'),
            '\n' if !carriage => cleaned.push('\n'),
            '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => cleaned.push(' '),
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fffc}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            control if control.is_control() => {}
            other => cleaned.push(other),
        }
        carriage = character == '\r';
    }
    cleaned
}

/// The names of the HTML tags of a text; "<3" and "a < b" are none.
fn tag_names(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(|after| {
        let inside = after.strip_prefix('/').unwrap_or(after);
        let end = inside.find(|character: char| !character.is_ascii_alphanumeric())?;
        let (name, rest) = inside.split_at_checked(end)?;
        let closes = rest.starts_with(['>', '/', ' ', '\n', '\t', '\r']) && rest.contains('>');
        TAGS.iter().find(|tag| closes && tag.eq_ignore_ascii_case(name)).copied()
    })
}

fn render(html: &str) -> String {
    if html.matches('<').count() > MOST_TAGS {
        return resolve_entities(&cut_tags(html)).into_owned();
    }
    // Line breaks count only where the author did not mark paragraphs.
    let marked = tag_names(html).any(|tag| BLOCKS.contains(&tag));
    let html = if marked { Cow::Borrowed(html) } else { Cow::Owned(html.replace('\n', "<br>")) };
    html2text::config::with_decorator(TrivialDecorator::new())
        .no_table_borders()
        .allow_width_overflow()
        .string_from_read(html.as_bytes(), 10_000)
        .unwrap_or_else(|_too_odd| cut_tags(&html))
}

fn cut_tags(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    for (number, piece) in html.split('<').enumerate() {
        let text = if number == 0 { piece } else { piece.split_once('>').map_or(piece, |(_, after)| after) };
        kept.push_str(text);
        kept.push(' ');
    }
    kept
}

/// `L&#039;atelier &amp; le café` outside of any tag; line by line, since HTML would join the lines.
fn resolve_entities(text: &str) -> Cow<'_, str> {
    let has_entity = |line: &str| {
        line.split('&').skip(1).any(|after| {
            let name = after.split(';').next().unwrap_or_default();
            after.contains(';') && (2..=8).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
        })
    };
    if !has_entity(text) {
        return Cow::Borrowed(text);
    }
    let lines = text.lines().map(|line| if has_entity(line) { render(&line.replace('<', "&lt;")) } else { line.to_owned() });
    Cow::Owned(lines.map(|line| line.trim_end_matches('\n').to_owned()).collect::<Vec<_>>().join("\n"))
}

/// Takes away Markdown and YesWiki signs from one line.
fn strip_markup(line: &str) -> String {
    let trimmed = line.trim();
    if trimmed.chars().all(|character| matches!(character, '-' | '=' | '*' | '_' | '#' | ' ')) {
        return String::new();
    }
    let mut text = trimmed.trim_start_matches("> ").to_owned();
    let hashes = text.len() - text.trim_start_matches('#').len();
    if (1..=6).contains(&hashes) && text.trim_start_matches('#').starts_with(' ') {
        text = text.trim_start_matches('#').trim_start().to_owned();
    }
    if text.starts_with("==") && text.ends_with("==") {
        text = text.trim_matches('=').to_owned();
    }
    if let Some(item) = text.strip_prefix("* ").or_else(|| text.strip_prefix("• ")) {
        text = format!("- {item}");
    }
    text = replace_between(&text, "{{", "}}", |_| String::new());
    text = replace_between(&text, "[[", "]]", |link| link.split_once(' ').map_or(link, |(_, label)| label).to_owned());
    text = unlink(&text);
    for pair in ["**", "__", "##", "@@", "\"\"", "`"] {
        if text.matches(pair).count() >= 2 {
            text = text.replace(pair, "");
        }
    }
    strip_italics(&text)
}

fn replace_between(text: &str, open: &str, close: &str, make: impl Fn(&str) -> String) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let Some((inside, behind)) = after.split_once(close) else { break };
        replaced.push_str(before);
        replaced.push_str(&make(inside));
        rest = behind;
    }
    replaced.push_str(rest);
    replaced
}

/// Markdown's `[label](address)` to its label.
fn unlink(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let (Some((head, label)), Some((_, behind))) = (before.rsplit_once('['), after.split_once(')')) else { break };
        made.push_str(head.strip_suffix('!').unwrap_or(head));
        made.push_str(label);
        rest = behind;
    }
    made.push_str(rest);
    made
}

/// `//so//` and `*so*`, but neither `https://` nor `2 * 3`.
fn strip_italics(text: &str) -> String {
    let mut stripped = text.to_owned();
    if stripped.matches("//").count() > stripped.matches("://").count() + 1 {
        stripped = stripped.replace("://", ":\u{0}").replace("//", "").replace(":\u{0}", "://");
    }
    let opens = |part: &str| part.starts_with(|character: char| character.is_alphanumeric());
    let parts: Vec<&str> = stripped.split('*').collect();
    if parts.len() >= 3 && parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(|part| opens(part) && !part.ends_with(' ')) {
        stripped = parts.concat();
    }
    stripped
}

#[cfg(test)]
mod tests;
