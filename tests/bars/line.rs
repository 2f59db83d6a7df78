//! What a bar prints: one line with both figures, their ratio, the bar and the verdict.

use std::fmt;

/// Where a figure must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bar {
    AtLeast(f64),
    AtMost(f64),
}

impl Bar {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

/// A figure with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// Each second.
    Rate(f64),
    /// Milliseconds.
    Millis(f64),
    /// Mebibytes.
    Mebibytes(f64),
    /// One divided by the other.
    Ratio(f64),
    /// Nothing to compare with.
    None,
}

impl Figure {
    fn value(self) -> f64 {
        match self {
            Self::Rate(value) | Self::Millis(value) | Self::Mebibytes(value) | Self::Ratio(value) => value,
            Self::None => f64::NAN,
        }
    }

    fn with(self, value: f64) -> Self {
        match self {
            Self::Rate(_) => Self::Rate(value),
            Self::Millis(_) => Self::Millis(value),
            Self::Mebibytes(_) => Self::Mebibytes(value),
            Self::Ratio(_) | Self::None => Self::Ratio(value),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Rate(value) => format!("{value:.0}/s"),
            Self::Millis(value) => format!("{value:.3} ms"),
            Self::Mebibytes(value) => format!("{value:.1} MiB"),
            Self::Ratio(value) => format!("{value:.3} x"),
            Self::None => "-".to_owned(),
        };
        formatter.pad(&text)
    }
}

/// The result of a bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The bar's name, and which of its figures.
    pub name: String,
    /// Ours.
    pub ours: Figure,
    /// The comparator and its figure.
    pub theirs: (&'static str, Figure),
    /// Where the ratio must be; without a comparator, where our figure must be.
    pub bar: Bar,
    /// What a reader should know: a smaller run, an unsteady machine.
    pub remark: String,
}

impl Line {
    fn measured(&self) -> Figure {
        match self.theirs.1 {
            Figure::None => self.ours,
            theirs => Figure::Ratio(self.ours.value() / theirs.value()),
        }
    }

    /// True when the bar is reached. What was not measured reaches nothing.
    pub fn is_ok(&self) -> bool {
        self.bar.holds(self.measured().value())
    }

    /// The heading over the lines.
    pub fn heading() -> String {
        format!("{:<16} {:>12} {:>28} {:>10} {:>12}  verdict", "bar", "ours", "comparator", "ratio", "must be")
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, figure) = self.theirs;
        let theirs = format!("{name} {figure}");
        let ratio = if figure == Figure::None { Figure::None } else { self.measured() };
        let (sign, limit) = match self.bar {
            Bar::AtLeast(least) => (">=", least),
            Bar::AtMost(most) => ("<=", most),
        };
        let unit = if figure == Figure::None { self.ours } else { Figure::Ratio(0.0) };
        let bar = format!("{sign} {}", unit.with(limit));
        let verdict = if self.is_ok() { "ok" } else { "SHORT" };
        let remark = if self.remark.is_empty() { String::new() } else { format!("  ({})", self.remark) };
        write!(formatter, "{:<16} {:>12} {theirs:>28} {ratio:>10} {bar:>12}  {verdict}{remark}", self.name, self.ours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(ours: f64, theirs: f64, bar: Bar) -> Line {
        Line { name: "S1".to_owned(), ours: Figure::Rate(ours), theirs: ("hello", Figure::Rate(theirs)), bar, remark: String::new() }
    }

    #[test]
    fn a_line_has_both_figures_and_a_verdict() {
        assert_eq!(
            line(3_000.0, 20_000.0, Bar::AtLeast(0.12)).to_string(),
            "S1                     3000/s                hello 20000/s    0.150 x   >= 0.120 x  ok"
        );
        assert!(line(2_000.0, 20_000.0, Bar::AtLeast(0.12)).to_string().ends_with(" 0.100 x   >= 0.120 x  SHORT"));
        assert!(line(1.0, 2.0, Bar::AtMost(0.5)).is_ok());
    }

    #[test]
    fn without_a_comparator_our_own_figure_counts() {
        let alone =
            Line { name: "one p50".to_owned(), ours: Figure::Millis(1.5), theirs: ("", Figure::None), bar: Bar::AtMost(2.0), remark: "quick".to_owned() };
        assert_eq!(alone.to_string(), "one p50              1.500 ms                            -          -  <= 2.000 ms  ok  (quick)");
    }

    #[test]
    fn what_was_not_measured_is_short() {
        assert!(!line(f64::NAN, 1.0, Bar::AtMost(1.0)).is_ok());
        assert!(!line(1.0, f64::NAN, Bar::AtLeast(0.0)).is_ok());
    }
}
