//! Counts that may leave the house: none so small that it points at somebody, and none that others give away.
//!
//! A table is kept with its totals. What is smaller than the limit is hidden; so is whatever is needed that no hidden
//! count can be worked out from the others. A hidden count is determined exactly when its place is a bridge in the graph
//! whose nodes are the rows and columns, totals included, and whose edges are the hidden places (Gusfield 1988, "A graph
//! theoretic approach to statistical data security"): so places are hidden until every one of them is on a ring. Only
//! places with something in them are: a nought says nothing about a neighbour.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Smallest count that is published.
pub const PUBLIC: u64 = 10;

/// Smallest count that is shown inside.
pub const INSIDE: u64 = 5;

/// Counts by two properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What the rows are.
    pub rows: Vec<String>,
    /// What the columns are.
    pub columns: Vec<String>,
    /// Row by row.
    pub cells: Vec<Vec<u64>>,
}

/// A table as it may be shown: a hidden count is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What the rows are.
    pub rows: Vec<String>,
    /// What the columns are.
    pub columns: Vec<String>,
    /// Row by row, each with its total behind; the totals of the columns come last, and the total of all at their end.
    pub cells: Vec<Vec<Option<u64>>>,
}

/// A place in a table with its totals: row and column.
type Place = (usize, usize);

impl Table {
    /// Counts what comes, in the order of the names.
    pub fn count(seen: impl IntoIterator<Item = (String, String, u64)>) -> Self {
        let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
        for (row, column, count) in seen {
            *counts.entry((row, column)).or_default() += count;
        }
        let rows: BTreeSet<&String> = counts.keys().map(|(row, _)| row).collect();
        let columns: BTreeSet<&String> = counts.keys().map(|(_, column)| column).collect();
        let cell = |row: &String, column: &String| counts.get(&(row.clone(), column.clone())).copied().unwrap_or_default();
        Self {
            cells: rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect(),
            rows: rows.into_iter().cloned().collect(),
            columns: columns.into_iter().cloned().collect(),
        }
    }

    /// The total of all.
    pub fn total(&self) -> u64 {
        self.cells.iter().flatten().sum()
    }

    /// The table as it may be shown, with no count between nought and `least`. Without its total where that must be
    /// hidden because another table of the same visits hides it.
    pub fn shown(&self, least: u64, hides_total: bool) -> Shown {
        let full = self.with_totals();
        let corner = (self.rows.len(), self.columns.len());
        let mut hidden: BTreeSet<Place> = places(&full).filter(|(_, count)| (1..least).contains(count)).map(|(place, _)| place).collect();
        if hides_total && self.total() > 0 {
            hidden.insert(corner);
        }
        while let Some(bridge) = first_bridge(&hidden) {
            let Some(ring) = way_around(&full, &hidden, bridge) else {
                // Nothing can stand beside it: the table says nothing at all.
                hidden = places(&full).filter(|(_, count)| *count > 0).map(|(place, _)| place).collect();
                break;
            };
            hidden.extend(ring);
        }
        let cells = full
            .iter()
            .enumerate()
            .map(|(row, counts)| counts.iter().enumerate().map(|(column, count)| (!hidden.contains(&(row, column))).then_some(*count)).collect());
        Shown { rows: self.rows.clone(), columns: self.columns.clone(), cells: cells.collect() }
    }

    fn with_totals(&self) -> Vec<Vec<u64>> {
        let mut full: Vec<Vec<u64>> = self.cells.iter().map(|row| row.iter().copied().chain([row.iter().sum()]).collect()).collect();
        let totals = (0..=self.columns.len()).map(|column| full.iter().filter_map(|row| row.get(column)).sum()).collect();
        full.push(totals);
        full
    }
}

impl Shown {
    /// The total of all, where it is shown.
    pub fn total(&self) -> Option<u64> {
        self.cells.last()?.last().copied().flatten()
    }

    /// True where there is something to hide or to show.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Tables of the same visits: a total that one of them hides, all hide.
pub fn together(tables: &[Table], least: u64) -> Vec<Shown> {
    let shown: Vec<Shown> = tables.iter().map(|table| table.shown(least, false)).collect();
    if shown.iter().zip(tables).all(|(shown, table)| shown.total().is_some() || table.total() == 0) {
        return shown;
    }
    tables.iter().map(|table| table.shown(least, true)).collect()
}

fn places(full: &[Vec<u64>]) -> impl Iterator<Item = (Place, u64)> {
    full.iter().enumerate().flat_map(|(row, counts)| counts.iter().enumerate().map(move |(column, count)| ((row, column), *count)))
}

/// A node: a row, or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Row(usize),
    Column(usize),
}

/// A hidden place without which its row and column hang together no more.
fn first_bridge(hidden: &BTreeSet<Place>) -> Option<Place> {
    hidden.iter().copied().find(|place| {
        let (row, column) = *place;
        let mut reached: BTreeSet<Node> = [Node::Row(row)].into();
        let mut open = vec![Node::Row(row)];
        while let Some(node) = open.pop() {
            for other in hidden.iter().filter(|other| *other != place) {
                let next = match node {
                    Node::Row(row) if other.0 == row => Node::Column(other.1),
                    Node::Column(column) if other.1 == column => Node::Row(other.0),
                    _ => continue,
                };
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
        !reached.contains(&Node::Column(column))
    })
}

/// The cheapest places that lead from a place's row to its column without it: what is hidden already costs nothing, else
/// a count costs what it says.
fn way_around(full: &[Vec<u64>], hidden: &BTreeSet<Place>, (row, column): Place) -> Option<Vec<Place>> {
    let mut best: BTreeMap<Node, (u64, Option<Place>)> = [(Node::Row(row), (0, None))].into();
    let mut open = BinaryHeap::from([Reverse((0_u64, Node::Row(row)))]);
    while let Some(Reverse((cost, node))) = open.pop() {
        if best.get(&node).is_some_and(|(known, _)| *known < cost) {
            continue;
        }
        for (place, count) in places(full).filter(|(place, count)| *count > 0 && *place != (row, column)) {
            let next = match node {
                Node::Row(from) if place.0 == from => Node::Column(place.1),
                Node::Column(from) if place.1 == from => Node::Row(place.0),
                _ => continue,
            };
            let dearer = cost.saturating_add(if hidden.contains(&place) { 0 } else { count });
            if best.get(&next).is_none_or(|(known, _)| dearer < *known) {
                best.insert(next, (dearer, Some(place)));
                open.push(Reverse((dearer, next)));
            }
        }
    }
    let mut way = Vec::new();
    let mut node = Node::Column(column);
    while let Some(place) = best.get(&node)?.1 {
        way.push(place);
        node = if node == Node::Column(place.1) { Node::Row(place.0) } else { Node::Column(place.1) };
    }
    Some(way)
}

/// A count rounded to the nearest five: for a month that is not over, whose counts are seen to grow.
pub fn about(count: u64) -> u64 {
    (count + 2) / 5 * 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[&[u64]]) -> Table {
        let names = |count: usize| (0..count).map(|number| number.to_string()).collect();
        Table { rows: names(cells.len()), columns: names(cells[0].len()), cells: cells.iter().map(|row| row.to_vec()).collect() }
    }

    /// Somebody who has the published table alone: every table of whole numbers that fits it, by moving hidden counts
    /// along; for each hidden place, whether it can be something else.
    fn is_secret(table: &Table, shown: &Shown) -> bool {
        let full = table.with_totals();
        let hidden: Vec<Place> = places(&full).map(|(place, _)| place).filter(|(row, column)| shown.cells[*row][*column].is_none()).collect();
        hidden.iter().all(|place| moves(&full, &hidden, *place, true) || moves(&full, &hidden, *place, false))
    }

    /// True where the place can be one more (or one less) and hidden places make up for it, none below nought.
    fn moves(full: &[Vec<u64>], hidden: &[Place], first: Place, up: bool) -> bool {
        fn seek(full: &[Vec<u64>], hidden: &[Place], first: Place, at: Place, by_row: bool, up: bool, seen: &mut Vec<Place>) -> bool {
            // A total stands on the other side of its row's or column's sum: moving along a row from a count to its
            // total, both move alike.
            let last = |place: Place| (place.0 + 1 == full.len(), place.1 + 1 == full[0].len());
            for next in hidden.iter().copied().filter(|next| *next != at && if by_row { next.0 == at.0 } else { next.1 == at.1 }) {
                let crosses = if by_row { last(next).1 != last(at).1 } else { last(next).0 != last(at).0 };
                let next_up = if crosses { up } else { !up };
                if next == first {
                    return true;
                }
                if seen.contains(&next) || (!next_up && full[next.0][next.1] == 0) {
                    continue;
                }
                seen.push(next);
                if seek(full, hidden, first, next, !by_row, next_up, seen) {
                    return true;
                }
                seen.pop();
            }
            false
        }
        if !up && full[first.0][first.1] == 0 {
            return false;
        }
        seek(full, hidden, first, first, true, up, &mut vec![first])
    }

    #[test]
    fn what_is_large_is_shown() {
        let shown = table(&[&[10, 20], &[30, 40]]).shown(PUBLIC, false);
        assert_eq!(shown.cells, [vec![Some(10), Some(20), Some(30)], vec![Some(30), Some(40), Some(70)], vec![Some(40), Some(60), Some(100)]]);
    }

    #[test]
    fn a_small_count_is_not_what_is_missing_from_a_total() {
        let table = table(&[&[3, 20, 40], &[30, 40, 50]]);
        let shown = table.shown(PUBLIC, false);
        let hidden = shown.cells.iter().flatten().filter(|cell| cell.is_none()).count();
        assert_eq!(hidden, 4, "{shown:?}");
        assert_eq!(shown.total(), Some(183));
        assert!(is_secret(&table, &shown));
    }

    #[test]
    fn one_small_count_alone_hides_everything() {
        let shown = table(&[&[3]]).shown(PUBLIC, false);
        assert_eq!(shown.cells, [[None, None], [None, None]]);
        assert_eq!(table(&[&[0, 0]]).shown(PUBLIC, false).total(), Some(0));
    }

    #[test]
    fn a_total_hidden_in_one_table_is_hidden_in_all() {
        let hidden = table(&[&[12, 12]]).shown(PUBLIC, true);
        assert!(hidden.total().is_none() && is_secret(&table(&[&[12, 12]]), &hidden), "{hidden:?}");
        for shown in together(&[table(&[&[3, 5]]), table(&[&[8]])], PUBLIC) {
            assert_eq!(shown.total(), None);
        }
        for shown in together(&[table(&[&[3, 15]]), table(&[&[18]])], PUBLIC) {
            assert_eq!(shown.total(), Some(18));
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_small_can_be_worked_out(cells in proptest::collection::vec(proptest::collection::vec(proptest::prop_oneof![0_u64..12, 0_u64..60], 3), 1..5), hides in proptest::bool::ANY) {
            let table = Table { rows: (0..cells.len()).map(|row| row.to_string()).collect(), columns: (0..3).map(|column: usize| column.to_string()).collect(), cells };
            let full = table.with_totals();
            let shown = table.shown(PUBLIC, hides);
            for ((row, column), count) in places(&full) {
                if let Some(said) = shown.cells[row][column] {
                    proptest::prop_assert!(said == count && !(1..PUBLIC).contains(&count));
                }
            }
            proptest::prop_assert!(is_secret(&table, &shown), "{:?} {:?}", table, shown);
        }
    }

    #[test]
    fn growing_counts_are_said_in_fives() {
        assert_eq!([0, 2, 3, 7, 8, 12, 13].map(about), [0, 0, 5, 5, 10, 10, 15]);
    }
}
