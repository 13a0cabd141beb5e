/// Skewness and excess kurtosis of a sample, by the type-2 estimators of Joanes & Gill (1998), which
/// SAS, SPSS and Excel use:
///
/// - G1 = √(n(n−1)) / (n−2) · m3 / m2^1.5
/// - G2 = (n−1) / ((n−2)(n−3)) · ((n+1)(m4 / m2² − 3) + 6)
///
/// with central moments m. Defined from four values on, if they are not all equal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    pub skewness: f64,
    pub kurtosis: f64,
}

impl Shape {
    /// Of finite, ascending values, whose first `low` count as the next greater one and whose last
    /// `high` as the next smaller one (`low + high < n`). `None` below four values and where all are
    /// equal. Two passes, nothing is allocated.
    pub fn held(values: &[f64], low: usize, high: usize) -> Option<Shape> {
        let count = values.len();
        if count < 4 || low + high >= count {
            return None;
        }
        let kept = &values[low..count - high];
        let (bottom, top) = (kept[0], kept[kept.len() - 1]);
        // Distances from the middle value: the mean loses no digits however far the values lie from 0.
        let middle = kept[kept.len() / 2];
        let (n, lows, highs) = (count as f64, low as f64, high as f64);
        let sum = kept.iter().fold(lows * (bottom - middle) + highs * (top - middle), |sum, x| sum + (x - middle));
        let mean = sum / n;
        // In units of the greatest deviation, so that fourth powers neither vanish nor overflow.
        let unit = (top - middle - mean).max(mean - (bottom - middle));
        if !(unit > 0.0 && unit.is_finite()) {
            return None;
        }
        let scale = 1.0 / unit;
        let (mut second, mut third, mut fourth) = (0.0, 0.0, 0.0);
        let mut add = |x: f64, times: f64| {
            let d = (x - middle - mean) * scale;
            let square = d * d;
            second += times * square;
            third += times * (square * d);
            fourth += times * (square * square);
        };
        add(bottom, lows);
        kept.iter().for_each(|x| add(*x, 1.0));
        add(top, highs);
        let (m2, m3, m4) = (second / n, third / n, fourth / n);
        let skewness = (n * (n - 1.0)).sqrt() / (n - 2.0) * (m3 / (m2 * m2.sqrt()));
        let kurtosis = (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * (m4 / (m2 * m2) - 3.0) + 6.0);
        Some(Shape { skewness, kurtosis })
    }

    /// Of finite, ascending values.
    pub fn of(values: &[f64]) -> Option<Shape> {
        Shape::held(values, 0, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Examples of Excel's own documentation for SKEW and KURT, which round to six digits.
    #[test]
    fn the_examples_of_excel() {
        let mut values = [3.0, 4.0, 5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 7.0];
        values.sort_unstable_by(f64::total_cmp);
        let shape = Shape::of(&values).expect("ten values");
        assert!((shape.skewness - 0.359543).abs() < 5e-7, "{shape:?}");
        assert!((shape.kurtosis - -0.151800).abs() < 5e-7, "{shape:?}");
    }

    #[test]
    fn held_values_are_as_if_written_out() {
        let values = [1.0, 2.0, 4.0, 8.0, 16.0, 320.0, 6400.0];
        let out = [2.0, 2.0, 4.0, 8.0, 16.0, 16.0, 16.0];
        let (held, plain) = (Shape::held(&values, 1, 2).expect("held"), Shape::of(&out).expect("plain"));
        assert!((held.skewness - plain.skewness).abs() < 1e-12 && (held.kurtosis - plain.kurtosis).abs() < 1e-12);
    }

    #[test]
    fn too_few_or_equal_values_have_none_and_scale_and_place_change_nothing() {
        assert_eq!(Shape::of(&[]), None);
        assert_eq!(Shape::of(&[1.0, 2.0, 9.0]), None);
        assert_eq!(Shape::of(&[5.0; 8]), None);
        let values = [0.0, 1.0, 3.0, 4.0, 50.0];
        let base = Shape::of(&values).expect("five values");
        for (factor, shift) in [(1e200, 0.0), (1e-200, 0.0), (1.0, 1e9)] {
            let other = Shape::of(&values.map(|x| x * factor + shift)).expect("five values");
            assert!((base.skewness - other.skewness).abs() < 1e-9, "{factor} {shift}");
            assert!((base.kurtosis - other.kurtosis).abs() < 1e-9, "{factor} {shift}");
        }
    }
}
