//! Turns values into places on an axis, from 0 (left, below) to 1 (right, above).

/// A logarithmic axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Log {
    low: f64,
    high: f64,
}

/// Numbers that a decade is marked at.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

impl Log {
    /// An axis that shows all of `values`, from one marked number to another; those that are not
    /// above 0 have no place on it. At least a factor of four, so that noise stays small.
    pub fn around(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| *value > 0.0 && value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if high == 0.0 {
            (low, high) = (10.0, 1_000.0);
        }
        let (mut low, mut high) = (marked_below(low), marked_above(high));
        while high / low < 4.0 {
            (low, high) = (marked_below(low * 0.99), marked_above(high * 1.01));
        }
        Self { low, high }
    }

    /// Where a value lies; those beyond the ends lie at them.
    pub fn at(self, value: f64) -> f64 {
        let place = (value / self.low).ln() / (self.high / self.low).ln();
        if place.is_nan() {
            return 0.0;
        }
        place.clamp(0.0, 1.0)
    }

    /// The lower end.
    pub const fn low(self) -> f64 {
        self.low
    }

    /// The upper end.
    pub const fn high(self) -> f64 {
        self.high
    }

    /// Marked numbers from end to end, about `most`: 1, 2, 5 of each decade; or 1; or each other 1.
    pub fn ticks(self, most: usize) -> Vec<f64> {
        let all: Vec<_> = marks(self.low, self.high).collect();
        if all.len() <= most {
            return all;
        }
        let decades: Vec<_> = (0..)
            .zip(all.into_iter().filter(|mark| is_decade(*mark)))
            .collect();
        let each = decades.len().div_ceil(most.max(1)).max(1);
        decades
            .into_iter()
            .filter(|(i, _)| i % each == 0)
            .map(|(_, mark)| mark)
            .collect()
    }
}

fn marks(low: f64, high: f64) -> impl Iterator<Item = f64> {
    let first = low.log10().floor() as i32;
    let last = high.log10().ceil() as i32;
    (first..=last)
        .flat_map(|decade| STEPS.map(|step| step * 10_f64.powi(decade)))
        .filter(move |mark| *mark >= low * 0.999 && *mark <= high * 1.001)
}

fn is_decade(mark: f64) -> bool {
    (mark.log10() - mark.log10().round()).abs() < 1e-6
}

fn marked_below(value: f64) -> f64 {
    marks(value / 10.0, value).last().unwrap_or(value)
}

fn marked_above(value: f64) -> f64 {
    marks(value, value * 10.0).next().unwrap_or(value)
}

/// Moves labels that stand on one axis apart, each as little as possible: `places` in the order given,
/// at least `apart` between neighbours, none outside `low..=high` as long as there is room.
pub fn spread(places: &[f64], apart: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
    let mut spread = places.to_vec();
    let mut floor = low;
    for &i in &order {
        spread[i] = spread[i].max(floor);
        floor = spread[i] + apart;
    }
    let mut ceiling = high;
    for &i in order.iter().rev() {
        spread[i] = spread[i].min(ceiling);
        ceiling = spread[i] - apart;
    }
    spread
}

/// A place as a coordinate in percent, for attributes of SVG.
pub fn percent(place: f64) -> String {
    format!("{:.3}%", place * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], low: f64, high: f64) {
        let scale = Log::around(values.iter().copied());
        assert!((scale.low() / low - 1.0).abs() < 1e-9, "{scale:?}");
        assert!((scale.high() / high - 1.0).abs() < 1e-9, "{scale:?}");
    }

    #[test]
    fn an_axis_ends_at_marked_numbers() {
        check(&[43.0, 812.0], 20.0, 1_000.0);
        check(&[100.0, 2_000.0], 100.0, 2_000.0);
        check(&[0.0, -3.0, f64::NAN, 7.0, 90.0], 5.0, 100.0);
        check(&[], 10.0, 1_000.0);
        check(&[300.0], 100.0, 1_000.0);
    }

    #[test]
    fn places_grow_with_values_and_stay_on_the_axis() {
        let scale = Log::around([10.0, 1_000.0].into_iter());
        assert!((scale.at(100.0) - 0.5).abs() < 1e-9);
        assert!((scale.at(1.0)).abs() < f64::EPSILON);
        assert!((scale.at(1e9) - 1.0).abs() < f64::EPSILON);
        assert!((scale.at(0.0)).abs() < f64::EPSILON);
        let places: Vec<_> = (10..1_000).map(|ms| scale.at(f64::from(ms))).collect();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
    }

    fn check_ticks(low: f64, high: f64, most: usize, expect: &[f64]) {
        let ticks = Log::around([low, high].into_iter()).ticks(most);
        assert_eq!(ticks.len(), expect.len(), "{ticks:?}");
        assert!(
            ticks
                .iter()
                .zip(expect)
                .all(|(a, b)| (a / b - 1.0).abs() < 1e-9),
            "{ticks:?}"
        );
    }

    #[test]
    fn marks_thin_out_where_there_are_many() {
        check_ticks(50.0, 1_000.0, 6, &[50.0, 100.0, 200.0, 500.0, 1_000.0]);
        check_ticks(
            1.0,
            60_000.0,
            6,
            &[1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0],
        );
        check_ticks(1.0, 60_000.0, 3, &[1.0, 100.0, 10_000.0]);
    }

    fn check_spread(places: &[f64], expect: &[f64]) {
        assert_eq!(spread(places, 10.0, 0.0, 100.0), expect);
    }

    #[test]
    fn labels_keep_their_distance() {
        check_spread(&[10.0, 50.0], &[10.0, 50.0]);
        check_spread(&[50.0, 48.0], &[58.0, 48.0]);
        check_spread(&[99.0, 98.0, 97.0], &[100.0, 90.0, 80.0]);
        check_spread(&[0.0, 0.0, 0.0], &[0.0, 10.0, 20.0]);
        check_spread(&[], &[]);
    }
}
