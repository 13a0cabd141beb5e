//! The integer grid on which fits are compared.

use serde::{Deserialize, Serialize};

/// Fits in whole numbers of 10^−decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Decimals that count.
    pub decimals: u32,
}

/// A fit that no grid can hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeyondGrid(pub f64);

impl Grid {
    /// The coarsest grid of at most `most` decimals on which every number stands exactly, as its
    /// shortest decimal form shows it; the finest allowed if there is none.
    pub fn of(numbers: &[f64], most: u32) -> Grid {
        let mut decimals = 0;
        for number in numbers {
            while decimals < most && !stands(*number, decimals) {
                decimals += 1;
            }
        }
        Grid { decimals }
    }

    /// Grid units in one point.
    pub fn unit(self) -> i64 {
        10_i64.pow(self.decimals)
    }

    /// A number of points in grid units, a half rounded to the even one.
    ///
    /// # Errors
    /// The number is not finite, or 2^53 units or more, where not every whole number is a float.
    pub fn put(self, points: f64) -> Result<i64, BeyondGrid> {
        let units = libm::rint(points * self.unit() as f64);
        if units.abs() < (1_i64 << 53) as f64 { Ok(units as i64) } else { Err(BeyondGrid(points)) }
    }

    /// Does a number stand on the grid exactly, as its shortest decimal form shows it?
    pub fn holds(self, points: f64) -> bool {
        stands(points, self.decimals)
    }

    /// Grid units as points.
    pub fn points(self, units: i64) -> f64 {
        units as f64 / self.unit() as f64
    }

    /// A sum of grid units as points; the nearest float.
    pub fn total(self, units: i128) -> f64 {
        units as f64 / self.unit() as f64
    }
}

/// Is the number the float nearest to a decimal number of so many places?
fn stands(number: f64, decimals: u32) -> bool {
    let unit = 10_i64.pow(decimals) as f64;
    libm::rint(number * unit) / unit == number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coarsest_grid_that_holds_all() {
        assert_eq!(Grid::of(&[1.0, 20.0], 4).decimals, 0);
        assert_eq!(Grid::of(&[1.5, 20.25], 4).decimals, 2);
        assert_eq!(Grid::of(&[0.1 + 0.2], 4).decimals, 4);
        assert_eq!(Grid::of(&[], 4).decimals, 0);
    }

    #[test]
    fn halves_go_to_the_even_one() {
        let grid = Grid { decimals: 1 };
        assert_eq!(grid.put(0.25), Ok(2));
        assert_eq!(grid.put(0.35), Ok(4));
        assert_eq!(grid.put(-0.25), Ok(-2));
        assert_eq!(grid.points(-25), -2.5);
        assert!(grid.put(f64::NAN).is_err());
        assert!(grid.put(1e300).is_err());
    }
}
