//! Signs that people send instead of words, or beside them: a loaf, a bed, a tooth.

use crate::need::Need;

/// A sign and the need that it names, a line each.
const SIGNS: &str = include_str!("../../../../config/signs.tsv");

/// The first sign of them all among characters; letters come before.
const FIRST: char = '\u{2600}';

/// The needs that a text's signs name, as they come, each once.
pub(super) fn needs(text: &str) -> Vec<Need> {
    let mut needs = Vec::new();
    for need in text.chars().filter(|sign| *sign >= FIRST).filter_map(need_of) {
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    needs
}

fn need_of(sign: char) -> Option<Need> {
    let line = SIGNS.lines().find_map(|line| line.strip_prefix(sign)?.strip_prefix('\t'))?;
    Need::from_id(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_names_a_need() {
        let lines: Vec<&str> = SIGNS.lines().filter(|line| !line.starts_with('#')).collect();
        for line in &lines {
            let (sign, id) = line.split_once('\t').unwrap();
            let sign = sign.chars().next().filter(|_| sign.chars().count() == 1).unwrap();
            assert!(sign >= FIRST && need_of(sign).is_some_and(|need| need.id() == id), "{line}");
        }
        assert!(lines.len() > 100);
    }

    #[test]
    fn signs_are_read_in_their_order() {
        let ids = |text: &str| needs(text).into_iter().map(Need::id).collect::<Vec<_>>();
        assert_eq!(ids("🦷😭 ixelles 🚿🦷"), ["dentist", "shower"]);
        assert!(ids("😡😡 manger").is_empty());
    }
}
