//! Stable placements against brute force over all placements.

use std::collections::BTreeSet;

use proptest::prelude::*;
use touyan::kernel::draw::Draw;
use touyan::kernel::stable::{
    Blocking, Envy, Keys, Market, MarketError, Pair, Placement, PlacementError, RankProfile, best_stable,
    blocking_pairs, candidate_optimal, envy, post_optimal, rank_profile, rotations,
};

/// A market in the open, with the orders written out a second time.
#[derive(Clone, Debug)]
struct Case {
    seats: Vec<u32>,
    candidates: usize,
    pairs: Vec<Pair>,
    post_keys: Vec<u64>,
    candidate_keys: Vec<u64>,
}

impl Case {
    fn market(&self) -> Market {
        let keys = Keys { posts: &self.post_keys, candidates: &self.candidate_keys };
        Market::new(&self.seats, self.candidates, &self.pairs, keys).expect("a market")
    }

    fn pair(&self, post: u32, candidate: u32) -> Option<&Pair> {
        self.pairs.iter().find(|p| (p.post, p.candidate) == (post, candidate))
    }

    fn fits(&self) -> Vec<i64> {
        self.pairs.iter().map(|p| p.fit).collect()
    }

    fn total(&self, placement: &Placement, values: &[i64]) -> i128 {
        let at = |(post, candidate)| self.pairs.iter().position(|p| (p.post, p.candidate) == (post, candidate));
        placement.pairs().map(|pair| i128::from(values[at(pair).expect("listed")])).sum()
    }

    /// Whether the post prefers the first pair's candidate.
    fn post_prefers(&self, one: &Pair, other: &Pair) -> bool {
        let key = |p: &Pair| (-i128::from(p.fit), self.candidate_keys[p.candidate as usize], p.candidate);
        key(one) < key(other)
    }

    /// Whether the candidate prefers the first pair's post.
    fn candidate_prefers(&self, one: &Pair, other: &Pair) -> bool {
        let wish = |p: &Pair| p.wish.map_or(u64::MAX, u64::from);
        let key = |p: &Pair| (wish(p), -i128::from(p.fit), self.post_keys[p.post as usize], p.post);
        key(one) < key(other)
    }

    fn holders(&self, placement: &Placement, post: u32) -> Vec<&Pair> {
        placement.pairs().filter(|p| p.0 == post).map(|(p, c)| self.pair(p, c).expect("listed")).collect()
    }

    /// Pairs whose candidate would rather have the post.
    fn claims<'a>(&'a self, placement: &'a Placement) -> impl Iterator<Item = &'a Pair> + 'a {
        self.pairs.iter().filter(|pair| {
            let has = placement.0[pair.candidate as usize].and_then(|p| self.pair(p, pair.candidate));
            has.is_none_or(|has| self.candidate_prefers(pair, has))
        })
    }

    fn blocks(&self, placement: &Placement) -> BTreeSet<(u32, u32)> {
        let wanted = |pair: &&Pair| {
            let holders = self.holders(placement, pair.post);
            (holders.len() as u32) < self.seats[pair.post as usize]
                || holders.iter().any(|h| self.post_prefers(pair, h))
        };
        self.claims(placement).filter(wanted).map(|p| (p.post, p.candidate)).collect()
    }

    fn placements(&self) -> Vec<Placement> {
        let mut all = vec![Placement(Vec::new())];
        for candidate in 0..self.candidates as u32 {
            let mut more = Vec::new();
            for begun in &all {
                let free =
                    |post: u32| begun.pairs().filter(|p| p.0 == post).count() < self.seats[post as usize] as usize;
                let posts =
                    self.pairs.iter().filter(|p| p.candidate == candidate && free(p.post)).map(|p| Some(p.post));
                more.extend(posts.chain([None]).map(|post| {
                    let mut placed = begun.0.clone();
                    placed.push(post);
                    Placement(placed)
                }));
            }
            all = more;
        }
        all
    }

    /// Whether every candidate likes the first placement at least as much.
    fn liked_more(&self, one: &Placement, other: &Placement) -> bool {
        (0..self.candidates as u32).all(|c| match (one.0[c as usize], other.0[c as usize]) {
            (one, other) if one == other => true,
            (Some(one), Some(other)) => {
                self.candidate_prefers(self.pair(one, c).expect("listed"), self.pair(other, c).expect("listed"))
            }
            (one, _) => one.is_some(),
        })
    }
}

/// Markets with and without ties, ranks, seats and gaps. A `twist` makes both sides' orders run
/// against each other, with as many candidates as seats, which gives many stable placements.
fn case(seed: u64, most_posts: u64, most_candidates: u64) -> Case {
    let mut draw = Draw::named(seed, "stable test", 0);
    let (twist, posts) = (draw.chance(0.5), draw.below(most_posts + 1) as u32);
    let most_seats = [1, 2, 3][draw.index(3)];
    let seats: Vec<u32> = (0..posts).map(|_| 1 + draw.below(most_seats) as u32).collect();
    let sum = seats.iter().map(|s| u64::from(*s)).sum::<u64>().min(most_candidates);
    let candidates = if twist { sum } else { draw.below(most_candidates + 1) } as u32;
    let (density, ranked, noisy) = if twist {
        ([0.8, 1.0][draw.index(2)], 1.0, [0.0, 0.1][draw.index(2)])
    } else {
        ([0.3, 0.7, 1.0][draw.index(3)], [0.0, 0.6, 1.0, 1.0][draw.index(4)], 1.0)
    };
    let levels = [1, 3, 1_000_000][draw.index(3)];
    let mut pairs = Vec::new();
    for post in 0..posts {
        for candidate in 0..candidates {
            if !draw.chance(density) {
                continue;
            }
            let turn = (candidate * posts / candidates + posts - post) % posts;
            let (mut fit, mut wish) = (i64::from(turn) + draw.below(2) as i64, turn);
            if draw.chance(noisy) {
                (fit, wish) = (draw.below(levels) as i64 - levels as i64 / 3, draw.below(5) as u32);
            }
            pairs.push(Pair { post, candidate, fit, wish: draw.chance(ranked).then_some(wish) });
        }
    }
    draw.shuffle(&mut pairs);
    let same = draw.chance(0.2);
    let mut keys = |n: u32| (0..n).map(|_| if same { 7 } else { draw.bits() }).collect::<Vec<_>>();
    let (post_keys, candidate_keys) = (keys(posts), keys(candidates));
    Case { seats, candidates: candidates as usize, pairs, post_keys, candidate_keys }
}

#[test]
fn the_stable_set_is_that_of_brute_force() {
    let (mut several, mut many, mut between, mut with_seats) = (0, 0, 0, 0);
    for seed in 0..4_000 {
        let case = case(seed, 5, 5);
        let market = case.market();
        let stable: BTreeSet<Placement> = case.placements().into_iter().filter(|p| case.blocks(p).is_empty()).collect();
        several += usize::from(stable.len() > 1);
        many += usize::from(stable.len() > 2);
        with_seats += usize::from(stable.len() > 1 && case.seats.iter().any(|s| *s > 1));

        // The two extremes.
        let (first, last) = (candidate_optimal(&market), post_optimal(&market));
        assert!(stable.contains(&first) && stable.contains(&last), "seed {seed}");
        for other in &stable {
            assert!(case.liked_more(&first, other) && case.liked_more(other, &last), "seed {seed}");
            // Rural hospitals: the same candidates, the same numbers, the same holders of short posts.
            assert!(first.0.iter().zip(&other.0).all(|(a, b)| a.is_some() == b.is_some()));
            for post in 0..case.seats.len() as u32 {
                let holders = |p: &Placement| p.pairs().filter(|p| p.0 == post).collect::<Vec<_>>();
                assert_eq!(holders(&first).len(), holders(other).len());
                if holders(&first).len() < case.seats[post as usize] as usize {
                    assert_eq!(holders(&first), holders(other));
                }
            }
        }

        // The best by fit, and by any values; of several the one candidates like best.
        let mut draw = Draw::named(seed, "values", 0);
        let random: Vec<i64> = case.pairs.iter().map(|_| draw.whole(-3, 3)).collect();
        for values in [case.fits(), random] {
            let total = |p: &Placement| case.total(p, &values);
            let best = best_stable(&market, &values).expect("a value for each pair");
            let most = stable.iter().map(total).max().expect("a stable placement exists");
            assert_eq!((best.total, total(&best.placement)), (most, most), "seed {seed}");
            assert!(stable.iter().filter(|p| total(p) == most).all(|p| case.liked_more(&best.placement, p)));
            assert_eq!((best.candidate_optimal, best.post_optimal), (total(&first), total(&last)));
            between += usize::from(best.total > best.candidate_optimal.max(best.post_optimal));
        }
        assert!(stable.iter().all(|p| case.total(p, &case.fits()) <= case.total(&last, &case.fits())));

        // Closed sets of rotations and stable placements are the same thing.
        let all = rotations(&market);
        let n = all.rotations.len();
        assert!(n < 16);
        let closed = (0u32..1 << n).filter(|set| {
            (0..n).all(|r| set >> r & 1 == 0 || all.rotations[r].after.iter().all(|b| set >> b & 1 == 1))
        });
        let reached: Vec<Placement> =
            closed.map(|set| all.after(&(0..n).map(|r| set >> r & 1 == 1).collect::<Vec<_>>())).collect();
        assert_eq!(reached.len(), stable.len(), "seed {seed}");
        assert_eq!(reached.into_iter().collect::<BTreeSet<_>>(), stable, "seed {seed}");
    }
    println!("several {several}, many {many}, best strictly between {between}, several with seats {with_seats}");
    assert!(several > 500 && many > 250 && between > 80 && with_seats > 150);
}

#[test]
fn measures_are_those_of_their_definitions() {
    for seed in 0..1_500 {
        let case = case(seed + 100_000, 3, 4);
        let market = case.market();
        for placement in case.placements() {
            let found = blocking_pairs(&market, &placement).expect("a placement");
            let wanted = case.blocks(&placement);
            assert_eq!(found.iter().map(|b| (b.post, b.candidate)).collect::<BTreeSet<_>>(), wanted, "seed {seed}");
            assert_eq!(found.len(), wanted.len());
            found.iter().for_each(|b| check_blocking(&case, &placement, b));

            let (mut envious, mut envied, mut cases, mut wasted) = (BTreeSet::new(), BTreeSet::new(), 0, 0);
            for claim in case.claims(&placement) {
                let holders = case.holders(&placement, claim.post);
                wasted += u64::from((holders.len() as u32) < case.seats[claim.post as usize]);
                for holder in holders.iter().filter(|h| case.post_prefers(claim, h)) {
                    envious.insert(claim.candidate);
                    envied.insert(holder.candidate);
                    cases += 1;
                }
            }
            let wanted = Envy { envious: envious.len(), envied: envied.len(), cases, wasted };
            assert_eq!(envy(&market, &placement), Ok(wanted), "seed {seed}");

            let profile = rank_profile(&market, &placement).expect("a placement");
            check_profile(&case, &placement, &profile);
        }
    }
}

fn check_blocking(case: &Case, placement: &Placement, b: &Blocking) {
    let holders = case.holders(placement, b.post);
    let pair = case.pair(b.post, b.candidate).expect("listed");
    let has = placement.0[b.candidate as usize].and_then(|p| case.pair(p, b.candidate));
    let same_wish = has.is_some_and(|h| h.wish == pair.wish && (pair.wish.is_some() || h.fit == pair.fit));
    match b.displaces {
        None => {
            assert!(holders.len() < case.seats[b.post as usize] as usize && b.gain.is_none());
            assert_eq!(b.tie, same_wish);
        }
        Some(out) => {
            let out = case.pair(b.post, out).expect("listed");
            assert!(holders.iter().all(|h| *h == out || case.post_prefers(h, out)));
            assert_eq!(b.gain, Some(i128::from(pair.fit) - i128::from(out.fit)));
            assert_eq!(b.tie, same_wish || pair.fit == out.fit);
        }
    }
}

fn check_profile(case: &Case, placement: &Placement, profile: &RankProfile) {
    let mut wanted = RankProfile::default();
    let mut stated = std::collections::BTreeMap::new();
    let add = |counts: &mut Vec<u64>, at: usize| {
        counts.resize(counts.len().max(at + 1), 0);
        counts[at] += 1;
    };
    for candidate in 0..case.candidates as u32 {
        let own: Vec<&Pair> = case.pairs.iter().filter(|p| p.candidate == candidate).collect();
        let Some(pair) = placement.0[candidate as usize].and_then(|p| case.pair(p, candidate)) else {
            wanted.unplaced += u64::from(!own.is_empty());
            continue;
        };
        add(&mut wanted.places, own.iter().filter(|p| case.candidate_prefers(p, pair)).count());
        let rivals = case.pairs.iter().filter(|p| p.post == pair.post && case.post_prefers(p, pair));
        add(&mut wanted.post_places, rivals.count());
        match pair.wish {
            Some(rank) => *stated.entry(rank).or_insert(0) += 1,
            None => wanted.unranked += 1,
        }
    }
    wanted.stated = stated.into_iter().collect();
    assert_eq!(*profile, wanted);
}

/// The instances of 2^k posts and candidates with a great many stable placements: R. W. Irving and
/// P. Leather, "The complexity of counting stable marriages", SIAM Journal on Computing 15 (1986)
/// 655–667. Returns the candidates' lists of posts and the posts' lists of candidates.
fn doubled(times: u32) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let (mut candidates, mut posts) = (vec![vec![0u32]], vec![vec![0u32]]);
    for _ in 0..times {
        let n = posts.len() as u32;
        let up = |list: &Vec<u32>| list.iter().map(|w| w + n).collect::<Vec<_>>();
        let low_first = |list: &Vec<u32>| [list.clone(), up(list)].concat();
        let high_first = |list: &Vec<u32>| [up(list), list.clone()].concat();
        candidates = candidates.iter().map(low_first).chain(candidates.iter().map(high_first)).collect();
        posts = posts.iter().map(high_first).chain(posts.iter().map(low_first)).collect();
    }
    (candidates, posts)
}

#[test]
fn published_counts_of_stable_placements() {
    for (times, wanted) in [(1, 2), (2, 10), (3, 268), (4, 195_472)] {
        let (wishes, posts) = doubled(times);
        let n = posts.len();
        let mut pairs = Vec::new();
        for (post, list) in posts.iter().enumerate() {
            for (place, &candidate) in list.iter().enumerate() {
                let wish = wishes[candidate as usize].iter().position(|p| *p as usize == post).expect("listed");
                pairs.push(Pair { post: post as u32, candidate, fit: -(place as i64), wish: Some(wish as u32) });
            }
        }
        let keys = vec![0; n];
        let market = Market::new(&vec![1; n], n, &pairs, Keys { posts: &keys, candidates: &keys }).expect("a market");
        let all = rotations(&market);
        let before: Vec<u128> =
            all.rotations.iter().map(|r| r.after.iter().fold(0u128, |set, b| set | 1 << b)).collect();
        // Closed sets, by adding rotations in order.
        let mut sets = vec![0u128];
        for (r, before) in before.iter().enumerate() {
            let more: Vec<u128> = sets.iter().filter(|set| before & !**set == 0).map(|set| set | 1 << r).collect();
            sets.extend(more);
        }
        assert!(all.rotations.len() < 128);
        assert_eq!(sets.len(), wanted);
        // The best by any values is the best over those sets.
        let mut draw = Draw::named(5, "values", u64::from(times));
        for _ in 0..20 {
            let values: Vec<i64> = pairs.iter().map(|_| draw.whole(-1000, 1000)).collect();
            let gain = |r: &touyan::kernel::stable::Rotation| {
                r.moves.iter().map(|m| values[m.to_pair as usize] - values[m.from_pair as usize]).sum::<i64>()
            };
            let gains: Vec<i64> = all.rotations.iter().map(gain).collect();
            let total = |set: &u128| (0..gains.len()).filter(|r| set >> r & 1 == 1).map(|r| gains[r]).sum::<i64>();
            let best = best_stable(&market, &values).expect("a value for each pair");
            let most = sets.iter().map(total).max().expect("the empty set");
            assert_eq!(best.total - best.candidate_optimal, i128::from(most));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Larger markets: all three modes are stable, the best is between, and the order of input and
    /// the numbering of posts and candidates change nothing.
    #[test]
    fn no_pair_blocks_and_order_does_not_matter(seed in any::<u64>()) {
        let mut case = case(seed, 30, 60);
        case.post_keys = (0..case.seats.len() as u64).map(|p| p * 7919 % 1009).collect();
        case.candidate_keys = (0..case.candidates as u64).map(|c| c * 6007 % 2003).collect();
        let market = case.market();
        let best = best_stable(&market, &case.fits()).expect("a value for each pair");
        let modes = [candidate_optimal(&market), post_optimal(&market), best.placement];
        for placement in &modes {
            prop_assert!(blocking_pairs(&market, placement).expect("a placement").is_empty());
            prop_assert_eq!(envy(&market, placement), Ok(Envy::default()));
        }
        prop_assert!(best.total >= best.candidate_optimal.max(best.post_optimal));
        prop_assert_eq!(best.total, case.total(&modes[2], &case.fits()));

        let mut draw = Draw::named(seed, "order", 0);
        let (mut posts, mut candidates): (Vec<u32>, Vec<u32>) =
            ((0..case.seats.len() as u32).collect(), (0..case.candidates as u32).collect());
        draw.shuffle(&mut posts);
        draw.shuffle(&mut candidates);
        let mut other = case.clone();
        for (old, &new) in posts.iter().enumerate() {
            other.seats[new as usize] = case.seats[old];
            other.post_keys[new as usize] = case.post_keys[old];
        }
        for (old, &new) in candidates.iter().enumerate() {
            other.candidate_keys[new as usize] = case.candidate_keys[old];
        }
        for pair in &mut other.pairs {
            pair.post = posts[pair.post as usize];
            pair.candidate = candidates[pair.candidate as usize];
        }
        draw.shuffle(&mut other.pairs);
        let market = other.market();
        let best = best_stable(&market, &other.fits()).expect("a value for each pair");
        for (one, two) in modes.iter().zip([candidate_optimal(&market), post_optimal(&market), best.placement]) {
            let renamed = one.pairs().map(|(p, c)| (posts[p as usize], candidates[c as usize]));
            prop_assert_eq!(Placement::from_pairs(case.candidates, renamed), Ok(two));
        }
    }
}

#[test]
fn huge_fits_do_not_overflow() {
    let pair = |post, candidate, fit, wish| Pair { post, candidate, fit, wish: Some(wish) };
    let (low, high) = (i64::MIN, i64::MAX);
    let pairs = [pair(0, 0, low, 1), pair(0, 1, high, 2), pair(1, 0, high, 2), pair(1, 1, low, 1)];
    let keys = [1, 2];
    let market = Market::new(&[1, 1], 2, &pairs, Keys { posts: &keys, candidates: &keys }).expect("a market");
    let values: Vec<i64> = pairs.iter().map(|p| p.fit).collect();
    let best = best_stable(&market, &values).expect("a value for each pair");
    assert_eq!((best.total, best.candidate_optimal), (2 * i128::from(high), 2 * i128::from(low)));
    assert_eq!((best.rotations, best.made), (1, 1));
    let gain = blocking_pairs(&market, &Placement(vec![None, Some(1)])).expect("a placement");
    assert_eq!(gain[1].gain, Some(i128::from(high) - i128::from(low)));
}

#[test]
fn bad_input_is_named() {
    let pair = |post, candidate, fit| Pair { post, candidate, fit, wish: None };
    let market = |seats: &[u32], pairs: &[Pair], posts: &[u64], candidates: &[u64]| {
        Market::new(seats, 2, pairs, Keys { posts, candidates }).map(|m| m.pairs())
    };
    assert_eq!(market(&[], &[], &[], &[0, 0]), Ok(0));
    assert_eq!(
        market(&[1], &[pair(0, 2, 1)], &[0], &[0, 0]),
        Err(MarketError::OutOfRange { pair: 0, post: 0, candidate: 2, posts: 1, candidates: 2 })
    );
    let twice = [pair(0, 1, 1), pair(0, 0, 4), pair(0, 1, 9)];
    assert_eq!(market(&[1], &twice, &[0], &[0, 0]), Err(MarketError::Twice { pair: 2, post: 0, candidate: 1 }));
    assert_eq!(market(&[1, 0], &[], &[0, 0], &[0, 0]), Err(MarketError::NoSeat(1)));
    assert_eq!(market(&[1], &[], &[0], &[0]), Err(MarketError::Keys { side: "candidates", keys: 1, nodes: 2 }));

    let keys = [0, 0];
    let market = Market::new(&[1], 2, &twice[..2], Keys { posts: &keys[..1], candidates: &keys }).expect("a market");
    let measured = |placed: &[Option<u32>]| envy(&market, &Placement(placed.to_vec())).map(|e| e.cases);
    assert_eq!(measured(&[None, Some(0)]), Ok(1));
    assert_eq!(measured(&[None]), Err(PlacementError::Length { entries: 1, candidates: 2 }));
    assert_eq!(measured(&[None, Some(1)]), Err(PlacementError::Unlisted { post: 1, candidate: 1 }));
    assert_eq!(measured(&[Some(0), Some(0)]), Err(PlacementError::Full { post: 0, holders: 2, seats: 1 }));
    assert_eq!(Placement::from_pairs(1, [(0, 0), (1, 0)]), Err(PlacementError::Twice(0)));
    assert_eq!(
        best_stable(&market, &[1]).map_err(|e| e.to_string()),
        Err(String::from("1 values for 2 pairs; give one for each, in the order of the pairs"))
    );
}
