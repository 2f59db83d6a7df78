//! Percentiles and medians. Pure.

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts and nanoseconds far below 2^53")]
pub fn float(count: usize) -> f64 {
    count as f64
}

/// The value below or at which `percent` of the values lie (nearest rank); `sorted` is in rising order.
pub fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).or(sorted.last()).copied().unwrap_or(f64::NAN)
}

/// The middle value, or the mean of the two in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
    }
}

/// By what share of the larger one two figures differ.
pub fn difference(left: f64, right: f64) -> f64 {
    (left - right).abs() / left.max(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!([50, 99, 100].map(|percent| percentile(&hundred, percent).to_bits()), [50.0, 99.0, 100.0].map(f64::to_bits));
        assert_eq!([1, 50, 99].map(|percent| percentile(&[7.0, 9.0], percent).to_bits()), [7.0, 7.0, 9.0].map(f64::to_bits));
        assert!(percentile(&[], 50).is_nan());
    }

    #[test]
    fn medians_ignore_one_wild_round() {
        assert_eq!(median([3.0, 1.0, 900.0]).to_bits(), 3.0_f64.to_bits());
        assert_eq!(median([4.0, 2.0]).to_bits(), 3.0_f64.to_bits());
        assert!(median([]).is_nan());
    }

    #[test]
    fn differences_are_shares_of_the_larger() {
        assert!((difference(85.0, 100.0) - 0.15).abs() < 1e-9);
        assert!((difference(100.0, 85.0) - 0.15).abs() < 1e-9);
    }
}
