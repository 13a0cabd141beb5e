//! Grades: bands by score, forced grades of vetoes, and caps within each township.

use super::adjust::key;
use super::policy::Band;

/// A grade that a village reached and did not get, the township's places being filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Index of the band reached.
    pub band: usize,
    /// Places of the township.
    pub places: usize,
    /// Rated villages of the township.
    pub rated: usize,
}

/// The grade of a village.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Award {
    /// Index of the band.
    pub band: usize,
    /// Index of the band that the score alone reaches.
    pub reached: usize,
    /// The first cap that held it down.
    pub held: Option<Held>,
}

/// Grades of all villages. `keys` are scores by [`key`], none where not rated; `forced` the worst
/// band that a veto forces; villages of one township lie side by side.
///
/// A cap gives floor(cap · rated villages of the township) places. The best by score take them;
/// where a tie would cross the last place, all of the tie stay below, and compete in the next band.
pub(super) fn award(
    bands: &[(&Band, Option<f64>)],
    keys: &[Option<u32>],
    forced: &[Option<usize>],
    township_of: &[u32],
) -> Vec<Option<Award>> {
    let last = bands.len().saturating_sub(1);
    let mut awards: Vec<Option<Award>> = keys
        .iter()
        .zip(forced)
        .map(|(score, forced)| {
            let score = (*score)?;
            let reached = bands.iter().position(|(b, _)| score >= key(b.min.max(0.0))).unwrap_or(last);
            Some(Award { band: reached.max(forced.unwrap_or(0)), reached, held: None })
        })
        .collect();
    let mut start = 0;
    while start < keys.len() {
        let end = (start..keys.len()).find(|&u| township_of[u] != township_of[start]).unwrap_or(keys.len());
        let rated = keys[start..end].iter().flatten().count();
        for (band, (_, cap)) in bands.iter().enumerate() {
            let Some(cap) = cap else { continue };
            let places = places(*cap, rated);
            let mut rivals: Vec<(u32, usize)> = (start..end)
                .filter(|&u| awards[u].is_some_and(|a| a.band == band))
                .filter_map(|u| Some((keys[u]?, u)))
                .collect();
            if rivals.len() <= places {
                continue;
            }
            rivals.sort_by(|a, b| b.cmp(a));
            let line = rivals[places].0;
            for (_, unit) in rivals.into_iter().filter(|(score, _)| *score <= line) {
                if let Some(award) = &mut awards[unit] {
                    award.band = (band + 1).min(last);
                    award.held.get_or_insert(Held { band, places, rated });
                }
            }
        }
        start = end;
    }
    awards
}

/// floor(share · n), forgiving the rounding error of the product (29% of 100 is 29).
pub(super) fn places(share: f64, n: usize) -> usize {
    (share * n as f64 + 1e-9) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands() -> Vec<Band> {
        let band = |grade: &str, min, cap| Band { grade: grade.into(), min, cap, source: None, effective: None };
        vec![band("a", 85.0, Some(0.25)), band("b", 70.0, None), band("c", 0.0, None)]
    }

    fn grades(scores: &[f64], forced: &[(usize, usize)]) -> Vec<usize> {
        let bands = bands();
        let bands: Vec<(&Band, Option<f64>)> = bands.iter().map(|b| (b, b.cap)).collect();
        let keys: Vec<Option<u32>> = scores.iter().map(|s| Some(key(*s))).collect();
        let mut veto = vec![None; scores.len()];
        forced.iter().for_each(|(unit, band)| veto[*unit] = Some(*band));
        award(&bands, &keys, &veto, &vec![0; scores.len()]).into_iter().flatten().map(|a| a.band).collect()
    }

    #[test]
    fn a_tie_across_the_cap_stays_below_it() {
        // Eight villages, two places.
        assert_eq!(grades(&[99.0, 95.0, 90.0, 60.0, 60.0, 60.0, 60.0, 60.0], &[]), [0, 0, 1, 2, 2, 2, 2, 2]);
        assert_eq!(grades(&[99.0, 90.0, 90.0, 60.0, 60.0, 60.0, 60.0, 60.0], &[]), [0, 1, 1, 2, 2, 2, 2, 2]);
        assert_eq!(grades(&[90.0, 90.0, 90.0, 60.0, 60.0, 60.0, 60.0, 60.0], &[]), [1, 1, 1, 2, 2, 2, 2, 2]);
        // A tie that fits is no tie across the cap.
        assert_eq!(grades(&[90.0, 90.0, 89.0, 60.0, 60.0, 60.0, 60.0, 60.0], &[]), [0, 0, 1, 2, 2, 2, 2, 2]);
        // Three villages: no place, rounded down.
        assert_eq!(grades(&[99.0, 95.0, 90.0], &[]), [1, 1, 1]);
    }

    #[test]
    fn a_vetoed_village_takes_no_place() {
        let scores = [99.0, 95.0, 90.0, 60.0];
        assert_eq!(grades(&scores, &[(0, 2)]), [2, 0, 1, 2]);
        // A grade that is already worse stays.
        assert_eq!(grades(&[10.0], &[(0, 1)]), [2]);
    }

    #[test]
    fn the_band_begins_at_its_lowest_score() {
        assert_eq!(grades(&[70.0, 69.999_999, 70.0 - 1e-10], &[]), [1, 2, 1]);
        assert_eq!((places(0.29, 100), places(0.25, 12), places(0.25, 3)), (29, 3, 0));
    }
}
