//! Grades: bands by score, forced grades of vetoes, and caps within each group of units that are
//! ranked with one another.
//!
//! A cap gives floor(cap · rated units of the group) places. The best by score take them; where a tie
//! would cross the last place, all of the tie stay below, and compete in the next band. A unit whose
//! grade is forced takes no place.
//!
//! Grades by share alone (deciles, say) take no lowest score: grade j and all better ones together
//! have Σ share · rated units places, rounded as the policy says. Of equal shares the sizes so differ
//! by one at most, where no tie crosses a line; a tie that does stays below it as a whole.
//!
//! [`award`] keeps what happened to each unit; [`Grader`] awards the same grades without keeping it,
//! over and over, in time linear in the number of units.

use super::policy::{Band, ShareRounding};
use super::table::Groups;
use crate::kernel::places::{UNPLACED, key, step};

/// How many units a band takes of those who reach it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Room {
    /// All of them.
    Open,
    /// At most this share of the group's rated units, rounded down.
    Cap(f64),
    /// So many that this band and all better ones together hold that share of the group's rated units.
    Share(f64, ShareRounding),
}

impl Room {
    /// Places for those who reach the band, where so many of the group are rated and so many hold a
    /// better one; none where there is no limit.
    pub fn places(self, rated: usize, better: usize) -> Option<usize> {
        match self {
            Room::Open => None,
            Room::Cap(cap) => Some(places(cap, rated)),
            Room::Share(share, rounding) => Some(rounding.apply(share, rated).saturating_sub(better)),
        }
    }
}

/// Lowest score and room of a grade: negative infinity where it is awarded by share alone.
pub type Limit = (f64, Room);

/// The limits of a policy's grades, best first.
pub fn limits(bands: &[Band], rounding: ShareRounding) -> Vec<Limit> {
    let mut held = 0.0;
    let limit = |(at, band): (usize, &Band)| {
        held += band.share.unwrap_or(0.0);
        let room = match (band.share, band.cap) {
            // The last one takes the rest, whatever the sum's rounding error.
            (Some(_), _) if at + 1 == bands.len() => Room::Open,
            (Some(_), _) => Room::Share(held, rounding),
            (None, Some(cap)) => Room::Cap(cap),
            (None, None) => Room::Open,
        };
        (band.low(), room)
    };
    bands.iter().enumerate().map(limit).collect()
}

/// A grade that a unit reached and did not get, the group's places being filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Index of the band reached.
    pub band: usize,
    /// Places of the group.
    pub places: usize,
    /// Rated units of the group.
    pub rated: usize,
}

/// The grade of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Award {
    /// Index of the band.
    pub band: usize,
    /// Index of the band that the score alone reaches.
    pub reached: usize,
    /// The first cap that held it down.
    pub held: Option<Held>,
}

/// Grades within one group. `bands` are the key of the lowest score and the cap of each, best first,
/// the last taking the rest; `keys` are what scores are compared by (greater is better), none where
/// not rated; `forced` the best band that a veto leaves. None where not rated, or without bands.
pub fn award<K: Ord + Copy>(bands: &[(K, Room)], keys: &[Option<K>], forced: &[Option<usize>]) -> Vec<Option<Award>> {
    let mut awards = awarded(bands, keys, forced);
    if bands.iter().any(|(_, room)| matches!(room, Room::Share(..))) {
        // By share alone, what the score reaches is where it stands if nobody is vetoed.
        let free = awarded(bands, keys, &vec![None; keys.len()]);
        for (award, free) in awards.iter_mut().flatten().zip(free.iter().flatten()) {
            (award.reached, award.held) = (free.band, None);
        }
    }
    awards
}

fn awarded<K: Ord + Copy>(bands: &[(K, Room)], keys: &[Option<K>], forced: &[Option<usize>]) -> Vec<Option<Award>> {
    let Some(last) = bands.len().checked_sub(1) else { return vec![None; keys.len()] };
    let mut awards: Vec<Option<Award>> = keys
        .iter()
        .zip(forced)
        .map(|(score, forced)| {
            let score = (*score)?;
            let reached = bands.iter().position(|(low, _)| score >= *low).unwrap_or(last);
            Some(Award { band: reached.max(forced.unwrap_or(0)).min(last), reached, held: None })
        })
        .collect();
    let rated = keys.iter().flatten().count();
    for (band, (_, room)) in bands.iter().enumerate() {
        let better = awards.iter().flatten().filter(|award| award.band < band).count();
        let Some(places) = room.places(rated, better) else { continue };
        let rivals = awards.iter().zip(keys).enumerate();
        let mut rivals: Vec<(K, usize)> = rivals
            .filter_map(|(unit, (award, key))| award.filter(|a| a.band == band).and(*key).map(|key| (key, unit)))
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
    awards
}

/// [`award`] within each of several groups: members are indices into `keys`.
pub fn award_within<'g, K: Ord + Copy>(
    bands: &[(K, Room)],
    keys: &[Option<K>],
    forced: &[Option<usize>],
    groups: impl IntoIterator<Item = &'g [u32]>,
) -> Vec<Option<Award>> {
    let mut out = vec![None; keys.len()];
    for members in groups {
        let own_keys: Vec<Option<K>> = members.iter().map(|&unit| keys[unit as usize]).collect();
        let own_forced: Vec<Option<usize>> = members.iter().map(|&unit| forced[unit as usize]).collect();
        let awards = award(bands, &own_keys, &own_forced);
        members.iter().zip(awards).for_each(|(&unit, award)| out[unit as usize] = award);
    }
    out
}

/// Grades of scores on any scale, compared as ranks compare them; NaN where not rated.
pub fn grades(bands: &[Limit], groups: &Groups, scores: &[f64], forced: &[Option<usize>]) -> Vec<Option<Award>> {
    let mut out = vec![None; scores.len()];
    for members in &groups.members {
        let own: Vec<f64> = members.iter().map(|&row| scores[row as usize]).collect();
        let step = step(own.iter().copied());
        let bands: Vec<(i64, Room)> = bands.iter().map(|(low, room)| (key(*low, step), *room)).collect();
        let keys: Vec<Option<i64>> = own.iter().map(|s| (!s.is_nan()).then(|| key(*s, step))).collect();
        let forced: Vec<Option<usize>> =
            members.iter().map(|&row| forced.get(row as usize).copied().flatten()).collect();
        let awards = award(&bands, &keys, &forced);
        members.iter().zip(awards).for_each(|(&row, award)| out[row as usize] = award);
    }
    out
}

/// floor(share · n), forgiving the rounding error of the product (29% of 100 is 29).
pub fn places(share: f64, n: usize) -> usize {
    (share * n as f64 + 1e-9) as usize
}

/// No grade, in the output of [`Grader`].
pub const UNGRADED: u8 = u8::MAX;

/// Awards the grades of one group over and over. Keeps its buffers between calls.
#[derive(Clone, Debug, Default)]
pub struct Grader {
    rivals: Vec<u32>,
}

impl Grader {
    /// Index of the band by unit, [`UNGRADED`] where not rated; at most 255 bands. `first` are the
    /// places of the scores as `kernel::places` gives them; `forced` the best band that a veto
    /// leaves, 0 without one.
    pub fn award(&mut self, bands: &[Limit], scores: &[f64], first: &[u32], forced: &[u8], out: &mut [u8]) {
        out.fill(UNGRADED);
        let Some(last) = bands.len().checked_sub(1) else { return };
        let step = step(scores.iter().copied());
        let lows: Vec<f64> = bands.iter().map(|band| lowest(band.0, step)).collect();
        let mut rated = 0;
        for (at, out) in out.iter_mut().enumerate() {
            if first[at] != UNPLACED {
                let reached = lows.iter().position(|low| scores[at] >= *low).unwrap_or(last);
                *out = reached.max(usize::from(forced[at])).min(last) as u8;
                rated += 1;
            }
        }
        for (band, room) in bands.iter().enumerate().map(|(band, (_, room))| (band as u8, *room)) {
            let better = match room {
                Room::Share(..) => out.iter().filter(|grade| **grade < band).count(),
                _ => 0,
            };
            let Some(places) = room.places(rated, better) else { continue };
            self.rivals.clear();
            self.rivals.extend(first.iter().zip(&*out).filter(|(_, grade)| **grade == band).map(|(first, _)| *first));
            if self.rivals.len() <= places {
                continue;
            }
            let line = *self.rivals.select_nth_unstable(places).1;
            let below = (usize::from(band) + 1).min(last) as u8;
            for (first, grade) in first.iter().zip(&mut *out) {
                if *grade == band && *first >= line {
                    *grade = below;
                }
            }
        }
    }
}

/// The smallest score that is not below `min` on the grid of that step: keys are rounded, halves to the
/// even one.
fn lowest(min: f64, step: f64) -> f64 {
    let key = key(min, step);
    let half = (key as f64 - 0.5) * step;
    if key % 2 == 0 { half } else { half.next_up() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::places::Placer;
    use proptest::prelude::*;

    fn bands() -> Vec<Limit> {
        vec![(85.0, Room::Cap(0.25)), (70.0, Room::Open), (0.0, Room::Open)]
    }

    fn graded(scores: &[f64], forced: &[(usize, usize)]) -> Vec<usize> {
        let mut veto = vec![None; scores.len()];
        forced.iter().for_each(|(unit, band)| veto[*unit] = Some(*band));
        let all = Groups::new(vec![(0..scores.len() as u32).collect()], scores.len());
        grades(&bands(), &all, scores, &veto).into_iter().flatten().map(|a| a.band).collect()
    }

    #[test]
    fn a_tie_across_the_cap_stays_below_it() {
        // Eight units, two places.
        assert_eq!(graded(&[99.0, 95.0, 90.0, 60.0, 60.0, 60.0, 60.0, 60.0], &[]), [0, 0, 1, 2, 2, 2, 2, 2]);
        assert_eq!(graded(&[99.0, 90.0, 90.0, 60.0, 60.0, 60.0, 60.0, 60.0], &[]), [0, 1, 1, 2, 2, 2, 2, 2]);
        assert_eq!(graded(&[90.0, 90.0, 90.0, 60.0, 60.0, 60.0, 60.0, 60.0], &[]), [1, 1, 1, 2, 2, 2, 2, 2]);
        // A tie that fits is no tie across the cap.
        assert_eq!(graded(&[90.0, 90.0, 89.0, 60.0, 60.0, 60.0, 60.0, 60.0], &[]), [0, 0, 1, 2, 2, 2, 2, 2]);
        // Three units: no place, rounded down.
        assert_eq!(graded(&[99.0, 95.0, 90.0], &[]), [1, 1, 1]);
    }

    #[test]
    fn a_vetoed_unit_takes_no_place() {
        let scores = [99.0, 95.0, 90.0, 60.0];
        assert_eq!(graded(&scores, &[(0, 2)]), [2, 0, 1, 2]);
        // A grade that is already worse stays.
        assert_eq!(graded(&[10.0], &[(0, 1)]), [2]);
        // A band that there is not is the last.
        assert_eq!(graded(&[99.0], &[(0, 7)]), [2]);
    }

    #[test]
    fn the_band_begins_at_its_lowest_score() {
        assert_eq!(graded(&[70.0, 69.999_999, 70.0 - 1e-10], &[]), [1, 2, 1]);
        assert_eq!((places(0.29, 100), places(0.25, 12), places(0.25, 3)), (29, 3, 0));
    }

    #[test]
    fn caps_count_within_each_group() {
        let groups = Groups::new(vec![vec![0, 2, 4, 6], vec![1, 3, 5, 7], vec![]], 8);
        let scores = [99.0, 90.0, 98.0, 91.0, 60.0, f64::NAN, 60.0, 92.0];
        let bands = [(85.0, Room::Cap(0.5)), (0.0, Room::Open)];
        let found: Vec<_> = grades(&bands, &groups, &scores, &[]).iter().map(|a| a.map(|a| a.band)).collect();
        assert_eq!(found, [Some(0), Some(1), Some(0), Some(1), Some(1), None, Some(1), Some(0)]);
        let keys: Vec<Option<i64>> = scores.iter().map(|s| (!s.is_nan()).then_some(*s as i64)).collect();
        let within = award_within(
            &[(85, Room::Cap(0.5)), (0, Room::Open)],
            &keys,
            &[None; 8],
            groups.members.iter().map(Vec::as_slice),
        );
        assert_eq!(within.iter().map(|a| a.map(|a| a.band)).collect::<Vec<_>>(), found);
        assert_eq!(within[1].and_then(|a| a.held), Some(Held { band: 0, places: 1, rated: 3 }));
        assert_eq!(grades(&[], &groups, &scores, &[]), [None; 8]);
    }

    /// Scores, forced grades, and bands.
    type Case = (Vec<f64>, Vec<Option<usize>>, Vec<Limit>);

    fn case() -> impl Strategy<Value = Case> {
        let score =
            prop_oneof![6 => (-20..20_i32).prop_map(|k| f64::from(k) / 2.0), 3 => -10.0..10.0_f64, 1 => Just(f64::NAN)];
        let unit = (score, prop_oneof![5 => Just(None), 1 => (0..5_usize).prop_map(Some)]);
        let band = (prop_oneof![(-9..9_i32).prop_map(f64::from), -10.0..10.0_f64], prop::option::of(0.0..0.7_f64));
        (prop::collection::vec(unit, 0..60), prop::collection::vec(band, 0..5)).prop_map(|(units, mut bands)| {
            bands.sort_by(|a, b| b.0.total_cmp(&a.0));
            let (scores, forced) = units.into_iter().unzip();
            let room = |cap: Option<f64>| cap.map_or(Room::Open, Room::Cap);
            (scores, forced, bands.into_iter().map(|(low, cap)| (low, room(cap))).collect())
        })
    }

    /// The same with grades by share alone.
    fn shared() -> impl Strategy<Value = Case> {
        let rounding = prop_oneof![Just(ShareRounding::Down), Just(ShareRounding::Nearest), Just(ShareRounding::Up)];
        (case(), 1..12_usize, rounding)
            .prop_map(|((scores, forced, _), grades, rounding)| (scores, forced, equal(grades, rounding)))
    }

    fn equal(grades: usize, rounding: ShareRounding) -> Vec<Limit> {
        let share = 1.0 / grades as f64;
        let band = |at: usize| Band { grade: at.to_string(), share: Some(share), ..Band::default() };
        limits(&(0..grades).map(band).collect::<Vec<Band>>(), rounding)
    }

    fn agree((scores, forced, bands): &Case) -> Result<(), TestCaseError> {
        let n = scores.len();
        let mut first = vec![0; n];
        Placer::new().place(scores, &mut first);
        let mut quick = vec![0; n];
        let held: Vec<u8> = forced.iter().map(|f| f.unwrap_or(0) as u8).collect();
        Grader::default().award(bands, scores, &first, &held, &mut quick);
        let all = Groups::new(vec![(0..n as u32).collect()], n);
        let slow = grades(bands, &all, scores, forced);
        let slow: Vec<u8> = slow.iter().map(|a| a.map_or(UNGRADED, |a| a.band as u8)).collect();
        prop_assert_eq!(quick, slow);
        Ok(())
    }

    fn sizes(n: usize, grades: usize, rounding: ShareRounding) -> Vec<usize> {
        let scores: Vec<f64> = (0..n).map(|at| -(at as f64)).collect();
        let all = Groups::new(vec![(0..n as u32).collect()], n);
        let bands = equal(grades, rounding);
        let found = super::grades(&bands, &all, &scores, &vec![None; n]);
        // Grades descend with the score.
        assert!(found.is_sorted_by_key(|a| a.map(|a| a.band)));
        assert!(found.iter().flatten().all(|a| a.reached == a.band && a.held.is_none()));
        (0..grades).map(|band| found.iter().flatten().filter(|a| a.band == band).count()).collect()
    }

    #[test]
    fn equal_shares_differ_by_one_at_most() {
        use ShareRounding::{Down, Nearest, Up};
        // The areas of the English indices of 2019 and of 2025, in tenths.
        assert_eq!(sizes(32_844, 10, Down), [3284, 3284, 3285, 3284, 3285, 3284, 3284, 3285, 3284, 3285]);
        assert_eq!(sizes(32_844, 10, Nearest), [3284, 3285, 3284, 3285, 3284, 3284, 3285, 3284, 3285, 3284]);
        assert_eq!(sizes(32_844, 10, Up), [3285, 3284, 3285, 3284, 3284, 3285, 3284, 3285, 3284, 3284]);
        assert_eq!(sizes(33_755, 10, Down), [3375, 3376, 3375, 3376, 3375, 3376, 3375, 3376, 3375, 3376]);
        // Fewer units than grades; an exact division; a share that no binary number holds.
        assert_eq!(sizes(2, 4, Down), [0, 1, 0, 1]);
        assert_eq!((sizes(30, 10, Down), sizes(30, 10, Up)), (vec![3; 10], vec![3; 10]));
        assert_eq!(sizes(9, 3, Up), [3, 3, 3]);
        assert_eq!(sizes(1, 1, Down), [1]);
    }

    #[test]
    fn a_tie_across_the_line_of_a_share_stays_below_it() {
        let halves = equal(2, ShareRounding::Down);
        let all = Groups::new(vec![(0..4).collect()], 4);
        let of = |scores: &[f64], forced: &[Option<usize>]| -> Vec<Option<(usize, usize)>> {
            grades(&halves, &all, scores, forced).iter().map(|a| a.map(|a| (a.band, a.reached))).collect()
        };
        let none = [None; 4];
        let expected = |bands: [usize; 4]| bands.map(|band| Some((band, band))).to_vec();
        assert_eq!(of(&[4.0, 3.0, 3.0, 1.0], &none), expected([0, 1, 1, 1]));
        assert_eq!(of(&[4.0, 4.0, 3.0, 1.0], &none), expected([0, 0, 1, 1]));
        assert_eq!(of(&[4.0; 4], &none), expected([1; 4]));
        // A vetoed unit takes no place, and its score still reaches what it reaches.
        let found = of(&[4.0, 3.0, 2.0, 1.0], &[Some(1), None, None, None]);
        assert_eq!(found, [Some((1, 0)), Some((0, 0)), Some((0, 1)), Some((1, 1))]);
        assert_eq!(of(&[4.0, 3.0, f64::NAN, 1.0], &none), [Some((0, 0)), Some((1, 1)), None, Some((1, 1))]);
    }

    proptest! {
        #[test]
        fn the_quick_way_awards_the_same_grades(case in prop_oneof![case(), shared()]) {
            agree(&case)?;
        }

        #[test]
        fn the_lowest_score_is_the_first_that_counts(min in -100.0..100.0_f64, exponent in -30..2_i32) {
            let step = libm::ldexp(1.0, exponent);
            let low = lowest(min, step);
            prop_assert!(key(low, step) >= key(min, step) && key(low.next_down(), step) < key(min, step));
        }
    }
}
