//! Assignment with quotas against brute force, and its certificate against tampering.

use proptest::prelude::*;
use touyan::kernel::quota::{
    Answer, Effort, Flaw, Outcome, Proof, Quota, QuotaError, QuotaProblem, Ranked, RankedOutcome, check_bound,
    check_conflict, conflict, figures, fill, fill_ranked, lowest_certificate, seats_problem, solve,
};

/// An instance as brute force reads it: no structure but edges, members and bounds.
#[derive(Clone, Debug)]
struct Plain {
    columns: u32,
    edges: Vec<Vec<(u32, i64)>>,
    open: Vec<i64>,
    groups: Vec<Vec<u32>>,
    quotas: Vec<Quota>,
}

impl Plain {
    fn problem(&self) -> QuotaProblem {
        let mut starts = vec![0u32];
        let (mut heads, mut costs) = (Vec::new(), Vec::new());
        for row in &self.edges {
            heads.extend(row.iter().map(|e| e.0));
            costs.extend(row.iter().map(|e| e.1));
            starts.push(heads.len() as u32);
        }
        let (open, groups, quotas) = (self.open.clone(), self.groups.clone(), self.quotas.clone());
        QuotaProblem::new(self.columns as usize, starts, heads, costs, open, groups, quotas).expect("a valid instance")
    }

    /// Calls `visit` with every assignment.
    fn all(&self, choice: &mut Vec<Option<u32>>, used: u32, visit: &mut impl FnMut(&[Option<u32>])) {
        let row = choice.len();
        if row == self.open.len() {
            visit(choice);
            return;
        }
        choice.push(None);
        self.all(choice, used, visit);
        choice.pop();
        for &(column, _) in self.edges[row].iter().filter(|e| used >> e.0 & 1 == 0) {
            choice.push(Some(column));
            self.all(choice, used | 1 << column, visit);
            choice.pop();
        }
    }

    fn sum(&self, quota: &Quota, choice: &[Option<u32>]) -> i64 {
        let counted = |row: &u32| match choice[*row as usize] {
            None => 0,
            Some(c) if self.groups[quota.group as usize].contains(&c) => quota.inside,
            Some(_) => quota.outside,
        };
        quota.rows.iter().map(counted).sum()
    }

    /// Parts of a person: one more or less in its group is so many units of each hard quota.
    fn person(&self) -> i64 {
        let is_hard =
            |q: &&Quota| q.least.is_some() && q.short_price.is_none() || q.most.is_some() && q.excess_price.is_none();
        let units: Vec<i64> = self.quotas.iter().filter(is_hard).map(|q| (q.inside - q.outside).abs().max(1)).collect();
        (1..).find(|n| units.iter().all(|unit| n % unit == 0)).unwrap_or(1)
    }

    /// Parts of a person by which hard quotas are missed, and the objective with the fees of soft ones.
    fn worth(&self, person: i64, choice: &[Option<u32>]) -> (i64, i128) {
        let (mut missed, mut cost) = (0, 0i128);
        for (row, column) in choice.iter().enumerate() {
            let edge = column.and_then(|c| self.edges[row].iter().find(|e| e.0 == c)).map(|e| e.1);
            cost += i128::from(edge.unwrap_or(self.open[row]));
        }
        for quota in &self.quotas {
            let sum = self.sum(quota, choice);
            let short = quota.least.map_or(0, |l| (l - sum).max(0));
            let excess = quota.most.map_or(0, |m| (sum - m).max(0));
            for (by, price) in [(short, quota.short_price), (excess, quota.excess_price)] {
                match price {
                    Some(price) => cost += i128::from(by) * i128::from(price),
                    None => missed += by * person / (quota.inside - quota.outside).abs().max(1),
                }
            }
        }
        (missed, cost)
    }

    /// The least miss of hard quotas, and the least objective among those that miss as little.
    fn brute(&self) -> (i64, i128) {
        let (person, mut best) = (self.person(), (i64::MAX, i128::MAX));
        self.all(&mut Vec::new(), 0, &mut |choice| best = best.min(self.worth(person, choice)));
        best
    }
}

fn quota(rows: u32, groups: u32) -> impl Strategy<Value = Quota> {
    let pair = prop_oneof![
        4 => Just((1i64, 0i64)),
        2 => Just((60, -40)),
        1 => Just((0, 1)),
        1 => (-3i64..4, -3i64..4),
    ];
    let price = || prop_oneof![3 => Just(None), 1 => Just(Some(0i64)), 1 => (1i64..40).prop_map(Some)];
    let members = prop::collection::vec(any::<bool>(), rows as usize);
    (members, 0..groups, pair, -2i64..4, 0i64..3, 0u8..4, price(), price()).prop_map(
        |(members, group, (inside, outside), low, width, which, short_price, excess_price)| {
            let rows = (0..members.len() as u32).filter(|r| members[*r as usize]).collect();
            let unit = inside.abs().max(outside.abs()).max(1);
            let low = if unit > 3 { low * 20 } else { low };
            let least = (which != 1).then_some(low);
            let most = (which != 0).then_some(low + width * if unit > 3 { 30 } else { 1 });
            Quota { rows, group, inside, outside, least, most, short_price, excess_price }
        },
    )
}

fn instances() -> impl Strategy<Value = Plain> {
    let range = prop_oneof![Just(1i64), Just(2), Just(10), Just(1_000), Just(1_000_000_000_000)];
    let open = prop_oneof![Just(0i64), Just(5), Just(1_000), Just(100_000_000_000_000)];
    (0u32..6, 0u32..6, 1u32..4, range, open).prop_flat_map(|(rows, columns, groups, range, open)| {
        let cell = prop::option::weighted(0.7, -range / 3..range);
        let edges = prop::collection::vec(prop::collection::vec(cell, columns as usize), rows as usize);
        let opens = prop::collection::vec(open / 2..open + 1, rows as usize);
        let group = prop::collection::vec(any::<bool>(), columns as usize);
        let groups_of = prop::collection::vec(group, groups as usize);
        let quotas = prop::collection::vec(quota(rows, groups), 0..5);
        (edges, opens, groups_of, quotas).prop_map(move |(edges, open, groups, quotas)| Plain {
            columns,
            edges: edges
                .into_iter()
                .map(|r| r.into_iter().enumerate().filter_map(|(c, cost)| cost.map(|cost| (c as u32, cost))).collect())
                .collect(),
            open,
            groups: groups.into_iter().map(|g| (0..columns).filter(|c| g[*c as usize]).collect()).collect(),
            quotas,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_brute_force(plain in instances()) {
        let problem = plain.problem();
        let (missed, wanted) = plain.brute();
        let answer = solve(&problem, Effort::of(&problem));
        prop_assert_eq!(answer.infeasible, missed > 0);
        if missed > 0 {
            prop_assert!(answer.solution.is_none());
        } else {
            let solution = answer.solution.clone().expect("there is one");
            prop_assert!(problem.is_assignment(&solution.columns));
            prop_assert_eq!(plain.worth(plain.person(), &solution.columns), (0, solution.objective));
            prop_assert_eq!(solution.objective, wanted);
            prop_assert_eq!(answer.bound, wanted);
            prop_assert!(answer.optimal());
            let proved = check_bound(&problem, &answer.certificate).expect("the certificate holds");
            prop_assert!(proved <= wanted * i128::from(problem.scale()));
            // So does the one of lowest row prices, which are not above the others.
            let lowest = lowest_certificate(&problem, &answer.certificate);
            prop_assert_eq!(check_bound(&problem, &lowest), Ok(proved));
            prop_assert!(lowest.row_prices.iter().zip(&answer.certificate.row_prices).all(|(low, u)| low <= u));
        }
    }

    #[test]
    fn without_effort_bound_and_solution_still_enclose_the_optimum(plain in instances(), dual in 0u64..2_000) {
        let problem = plain.problem();
        let (missed, wanted) = plain.brute();
        let answer = solve(&problem, Effort { dual, starts: 1, primal: 50, exact: 0 });
        if missed > 0 {
            prop_assert!(answer.solution.is_none());
        } else {
            prop_assert!(!answer.infeasible);
            prop_assert!(answer.bound <= wanted);
            prop_assert!(check_bound(&problem, &answer.certificate).expect("it holds") <= wanted * i128::from(problem.scale()));
            prop_assert!(answer.solution.is_none_or(|s| s.objective >= wanted && plain.worth(plain.person(), &s.columns) == (0, s.objective)));
        }
    }

    #[test]
    fn a_conflict_is_irreducible_and_the_relaxation_least(plain in instances()) {
        let problem = plain.problem();
        let (missed, wanted) = plain.brute();
        match fill(&problem, Effort::of(&problem)).expect("in range") {
            Outcome::Solved(_) => {
                prop_assert_eq!(missed, 0);
                prop_assert_eq!(conflict(&problem, None), Ok(None));
            }
            Outcome::Undecided { .. } => prop_assert!(false, "undecided"),
            Outcome::Impossible { conflict, relaxation } => {
                prop_assert!(missed > 0);
                let conflict = conflict.expect("there is one");
                prop_assert!(conflict.irreducible);
                let those = plain.with(&conflict.quotas);
                let parts = those.brute().0 * plain.person() / those.person();
                prop_assert_eq!(conflict.missed, i128::from(parts));
                for left in &conflict.quotas {
                    let fewer: Vec<u32> = conflict.quotas.iter().copied().filter(|q| q != left).collect();
                    prop_assert_eq!(plain.with(&fewer).brute().0, 0);
                }
                if conflict.proof == Proof::Multipliers {
                    prop_assert!(check_conflict(&problem, &conflict.quotas, &conflict.certificate).is_ok());
                    if let Some(fewer) = conflict.quotas.get(1..) {
                        prop_assert!(check_conflict(&problem, fewer, &conflict.certificate).is_err());
                    }
                }
                let least = relaxation.expect("there is one");
                prop_assert_eq!((least.missed, least.missed_bound), (i128::from(missed), i128::from(missed)));
                let found = (missed, least.solution.objective);
                prop_assert_eq!(plain.worth(plain.person(), &least.solution.columns), found);
                let (person, weights) = problem.miss_weights();
                prop_assert_eq!(person, plain.person());
                prop_assert_eq!(least.misses.iter().map(|m| (m.1 + m.2) * weights[m.0 as usize]).sum::<i64>(), missed);
                prop_assert!(least.bound <= wanted && wanted <= least.solution.objective);
                // Beside open prices of some 10^13 a last few units may stay unproved.
                if plain.open.iter().all(|open| open.abs() < 1 << 40) {
                    prop_assert_eq!((least.solution.objective, least.bound), (wanted, wanted));
                    prop_assert!(least.optimal());
                }
            }
        }
    }

    #[test]
    fn figures_enclose_what_a_quota_costs(plain in instances()) {
        let problem = plain.problem();
        let (missed, with) = plain.brute();
        for effort in [Effort::of(&problem), Effort { dual: 300, starts: 1, primal: 100, exact: 0 }] {
            let answer = solve(&problem, effort);
            for figure in figures(&problem, &answer, 10, effort).expect("in range") {
                prop_assert_eq!(missed, 0);
                let others: Vec<u32> = (0..plain.quotas.len() as u32).filter(|q| *q != figure.quota).collect();
                let cost = with - plain.with(&others).brute().1;
                let (least, most) = figure.cost.expect("no seats come first");
                prop_assert!(least <= cost && cost <= most, "{:?} {}", figure, cost);
                prop_assert!(effort.exact == 0 || least == most);
            }
        }
    }

    #[test]
    fn tampering_is_found(plain in instances(), which in 0usize..1_000, by in 1i64..5) {
        let problem = plain.problem();
        let answer = solve(&problem, Effort::of(&problem));
        let proved = check_bound(&problem, &answer.certificate).expect("it holds");
        // Whatever is changed: either it is found, or what is proved then is not above the optimum.
        let (missed, wanted) = plain.brute();
        let scale = i128::from(problem.scale());
        let harmless = |c: &touyan::kernel::quota::Certificate| match check_bound(&problem, c) {
            Err(_) => true,
            Ok(bound) => missed > 0 || bound <= wanted * i128::from(c.scale),
        };
        for by in [by, -by, by * 1_000_000, -by * 1_000_000] {
            let mut wrong = answer.certificate.clone();
            let lists = [&mut wrong.row_prices, &mut wrong.column_prices, &mut wrong.multipliers];
            for list in lists {
                if let Some(value) = (!list.is_empty()).then(|| which % list.len()).and_then(|at| list.get_mut(at)) {
                    *value = value.saturating_add(by);
                }
            }
            prop_assert!(harmless(&wrong));
            let mut wrong = answer.certificate.clone();
            if let Some(value) = wrong.multipliers.first_mut() {
                *value += by;
                prop_assert!(harmless(&wrong));
            }
            let mut wrong = answer.certificate.clone();
            if let Some(value) = (!wrong.row_prices.is_empty()).then(|| which % wrong.row_prices.len()) {
                wrong.row_prices[value] += by.abs();
                // With a pair at its price, any rise shows.
                prop_assert!(check_bound(&problem, &wrong).is_err());
            }
            let mut wrong = answer.certificate.clone();
            wrong.scale = wrong.scale.saturating_sub(by);
            prop_assert!(harmless(&wrong));
            let mut wrong = answer.certificate.clone();
            wrong.multipliers.push(0);
            prop_assert_eq!(check_bound(&problem, &wrong), Err(Flaw::Shape));
        }
        prop_assert!(missed > 0 || proved <= wanted * scale);
    }
}

impl Plain {
    /// The same with these quotas alone; soft ones stay.
    fn with(&self, quotas: &[u32]) -> Plain {
        let quotas = quotas.iter().map(|q| self.quotas[*q as usize].clone()).collect();
        Plain { quotas, ..self.clone() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_shares_nothing_is_solved_apart_and_proved_together(one in instances(), other in instances()) {
        let whole = beside(&one, &other);
        let problem = whole.problem();
        let effort = Effort::of(&problem);
        let ((missed, cost), (missed_too, cost_too)) = (one.brute(), other.brute());
        match fill(&problem, effort).expect("in range") {
            Outcome::Solved(answer) => {
                prop_assert_eq!((missed, missed_too), (0, 0));
                let solution = answer.solution.clone().expect("there is one");
                prop_assert_eq!(whole.worth(whole.person(), &solution.columns), (0, solution.objective));
                prop_assert_eq!((solution.objective, answer.bound), (cost + cost_too, cost + cost_too));
                let proved = check_bound(&problem, &answer.certificate).expect("it holds");
                prop_assert!(proved <= (cost + cost_too) * i128::from(problem.scale()));
                let known = figures(&problem, &answer, 9, effort).expect("in range");
                for figure in known {
                    let free = Quota { least: None, most: None, ..whole.quotas[figure.quota as usize].clone() };
                    let mut without = whole.clone();
                    without.quotas[figure.quota as usize] = free;
                    let freed = fill(&without.problem(), effort).expect("in range");
                    let Outcome::Solved(freed) = freed else { panic!("fewer quotas are met too") };
                    let by = cost + cost_too - freed.bound;
                    prop_assert_eq!(figure.cost, Some((by, by)));
                }
            }
            other => {
                prop_assert!(matches!(other, Outcome::Impossible { .. }), "it is decided");
                prop_assert!(missed + missed_too > 0);
            }
        }
        // Seats first: rows take turns in two classes; in the second instance the first class may be missing.
        let classes = |of: &Plain, from: u32| (0..of.edges.len() as u32).map(|row| from.max(row % 2)).collect::<Vec<u32>>();
        let (first, second) = (classes(&one, 0), classes(&other, u32::from(other.edges.len() % 2 == 0)));
        let both: Vec<u32> = first.iter().chain(&second).copied().collect();
        let ranked = |plain: &Plain, classes: &[u32]| {
            let problem = plain.problem();
            match fill_ranked(&problem, classes, Effort::of(&problem)).expect("in range") {
                RankedOutcome::Solved(ranked) => Some(ranked),
                RankedOutcome::Not(_) => None,
            }
        };
        match (ranked(&one, &first), ranked(&other, &second), ranked(&whole, &both)) {
            (Some(one), Some(other), Some(ranked)) => {
                let mut floors: Vec<(Vec<u32>, i64)> = Vec::new();
                for stage in &ranked.stages {
                    let of = |part: &Ranked| {
                        let of: Vec<_> = part.stages.iter().filter(|s| s.class == stage.class).cloned().collect();
                        of.iter().map(|s| s.filled).sum::<i64>()
                    };
                    prop_assert_eq!((stage.filled, stage.most()), (of(&one) + of(&other), of(&one) + of(&other)));
                    let seats = seats_problem(&problem, whole.quotas.len(), &stage.rows, &floors).expect("in range");
                    prop_assert!(check_bound(&seats, &stage.answer.certificate).is_ok());
                    floors.push((stage.rows.clone(), stage.filled));
                }
                let fit = |of: &Ranked| of.answer.solution.as_ref().map_or(0, |s| s.objective);
                let all = fit(&one) + fit(&other);
                prop_assert_eq!((fit(&ranked), ranked.answer.bound), (all, all));
                prop_assert!(check_bound(&ranked.problem, &ranked.answer.certificate).is_ok());
            }
            (one, other, ranked) => prop_assert!(ranked.is_none() && (one.is_none() || other.is_none())),
        }
    }
}

/// Both in one, without anything in common.
fn beside(one: &Plain, other: &Plain) -> Plain {
    let (rows, columns, groups) = (one.edges.len() as u32, one.columns, one.groups.len() as u32);
    let mut both = one.clone();
    both.columns += other.columns;
    both.edges.extend(other.edges.iter().map(|row| row.iter().map(|edge| (edge.0 + columns, edge.1)).collect()));
    both.open.extend(&other.open);
    both.groups.extend(other.groups.iter().map(|of| of.iter().map(|column| column + columns).collect()));
    both.quotas.extend(other.quotas.iter().map(|quota| Quota {
        rows: quota.rows.iter().map(|row| row + rows).collect(),
        group: quota.group + groups,
        ..quota.clone()
    }));
    both
}

/// A graph where every row may take every column.
fn full(costs: &[&[i64]], open: i64, groups: Vec<Vec<u32>>, quotas: Vec<Quota>) -> Plain {
    let edges = costs.iter().map(|r| r.iter().enumerate().map(|(c, cost)| (c as u32, *cost)).collect()).collect();
    let columns = costs.first().map_or(0, |r| r.len() as u32);
    Plain { columns, edges, open: vec![open; costs.len()], groups, quotas }
}

fn solved(plain: &Plain) -> Answer {
    let problem = plain.problem();
    solve(&problem, Effort::of(&problem))
}

#[test]
fn one_woman_in_a_village_costs_the_exchange() {
    // Columns 2 and 3 are women; the cheapest swap is 30.
    let costs: [&[i64]; 3] = [&[10, 20, 50, 90], &[10, 20, 60, 90], &[5, 9, 80, 90]];
    let women = Quota::count(vec![0, 1], 0, Some(1), None);
    let without = full(&costs, 1_000, vec![vec![2, 3]], Vec::new());
    let with = full(&costs, 1_000, vec![vec![2, 3]], vec![women]);
    let problem = with.problem();
    let (before, after) = (solved(&without), solved(&with));
    let cost = after.solution.as_ref().expect("one").objective - before.solution.as_ref().expect("one").objective;
    assert_eq!(after.solution.as_ref().expect("one").objective, with.brute().1);
    let figures = figures(&problem, &after, 5, Effort::of(&problem)).expect("in range");
    assert!(figures.iter().all(|f| f.cost == Some((cost, cost))));
}

#[test]
fn kin_do_not_sit_together() {
    // The two cheapest, 0 and 1, are brothers: only one of them in the village of rows 0 and 1.
    let kin = Quota::count(vec![0, 1], 0, None, Some(1));
    let plain = full(&[&[1, 2, 10], &[2, 1, 12], &[9, 9, 9]], 100, vec![vec![0, 1]], vec![kin]);
    let answer = solved(&plain);
    let solution = answer.solution.expect("there is one");
    assert!(solution.sums[0] <= 1);
    assert_eq!((solution.objective, answer.bound), (plain.brute().1, plain.brute().1));
}

#[test]
fn shares_are_of_filled_rows() {
    // Only one woman for three posts: at 40% two posts may be filled, the third stays open.
    let share = Quota { inside: 60, outside: -40, ..Quota::count(vec![0, 1, 2], 0, Some(0), None) };
    let plain = full(&[&[1, 2, 90], &[1, 2, 90], &[1, 2, 90]], 1_000, vec![vec![2]], vec![share]);
    let solution = solved(&plain).solution.expect("there is one");
    assert_eq!(solution.columns.iter().filter(|c| c.is_some()).count(), 2);
    assert_eq!(solution.objective, plain.brute().1);
}

#[test]
fn empty_problems_have_answers() {
    let nothing = full(&[], 0, vec![Vec::new()], Vec::new());
    assert!(solved(&nothing).optimal());
    let demand = full(&[], 0, vec![Vec::new()], vec![Quota::count(Vec::new(), 0, Some(1), None)]);
    let problem = demand.problem();
    match fill(&problem, Effort::of(&problem)).expect("in range") {
        Outcome::Impossible { conflict: Some(conflict), relaxation: Some(least) } => {
            assert_eq!((conflict.quotas, least.missed, least.misses), (vec![0], 1, vec![(0, 1, 0)]));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let make = |quota: Quota, open: Vec<i64>| {
        QuotaProblem::new(1, vec![0, 1], vec![0], vec![5], open, vec![vec![0]], vec![quota])
    };
    let good = Quota::count(vec![0], 0, Some(0), Some(1));
    assert!(make(good.clone(), vec![9]).is_ok());
    assert_eq!(make(good.clone(), Vec::new()).err(), Some(QuotaError::OpenPrices { prices: 0, rows: 1 }));
    for wrong in [
        Quota { rows: vec![1], ..good.clone() },
        Quota { rows: vec![0, 0], ..good.clone() },
        Quota { group: 1, ..good.clone() },
    ] {
        assert_eq!(make(wrong, vec![9]).err(), Some(QuotaError::Quota { quota: 0 }));
    }
    for wrong in [
        Quota { least: Some(2), ..good.clone() },
        Quota { inside: 1 << 40, ..good.clone() },
        Quota { short_price: Some(-1), ..good.clone() },
        Quota { most: Some(i64::MAX), ..good.clone() },
    ] {
        assert!(matches!(make(wrong, vec![9]), Err(QuotaError::Value { quota: 0, .. })));
    }
    assert!(make(Quota { short_price: Some(i64::MAX), ..good.clone() }, vec![9]).is_err());
    assert!(make(good, vec![i64::MAX]).is_err());
}

/// A pool of 300 posts in 60 villages with one woman each, shares in blocks of 100, and kin.
fn pool(seed: u64) -> QuotaProblem {
    let mut draw = touyan::kernel::draw::Draw::named(seed, "quota test", 0);
    let (rows, columns) = (300u32, 500u32);
    let (mut starts, mut heads, mut costs) = (vec![0u32], Vec::new(), Vec::new());
    for _ in 0..rows {
        let mut of: Vec<u32> = (0..12).map(|_| draw.index(columns as usize) as u32).collect();
        of.sort_unstable();
        of.dedup();
        costs.extend(of.iter().map(|_| draw.whole(0, 100_000)));
        heads.extend(of);
        starts.push(heads.len() as u32);
    }
    let mut groups = vec![(0..columns).filter(|_| draw.chance(0.3)).collect::<Vec<u32>>()];
    let mut quotas: Vec<Quota> =
        (0..60).map(|v| Quota::count((5 * v..5 * v + 5).collect(), 0, Some(1), None)).collect();
    for block in 0..3u32 {
        let rows = (100 * block..100 * block + 100).collect();
        quotas.push(Quota { inside: 60, outside: -40, ..Quota::count(rows, 0, Some(0), None) });
    }
    for _ in 0..40 {
        let village = draw.index(60) as u32;
        let rows: Vec<u32> = (5 * village..5 * village + 5).collect();
        let near = |row: u32| heads[starts[row as usize] as usize];
        groups.push(vec![near(rows[0]), near(rows[1])]);
        quotas.push(Quota::count(rows, groups.len() as u32 - 1, None, Some(1)));
    }
    QuotaProblem::new(columns as usize, starts, heads, costs, vec![1_000_000; 300], groups, quotas).expect("valid")
}

#[test]
fn results_do_not_depend_on_threads() {
    for seed in 0..3 {
        let problem = pool(seed);
        let effort = Effort::of(&problem);
        let answer = solve(&problem, effort);
        let solution = answer.solution.as_ref().expect("there is one");
        assert!(problem.is_assignment(&solution.columns));
        assert_eq!(problem.violation(&solution.columns), 0);
        assert_eq!(problem.objective(&solution.columns), solution.objective);
        let proved = check_bound(&problem, &answer.certificate).expect("it holds");
        assert!(proved <= answer.bound * i128::from(problem.scale()));
        assert!(answer.bound <= solution.objective && (solution.objective - answer.bound) * 500 <= answer.bound);
        let all = [1, 2, 4].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| (solve(&problem, effort), figures(&problem, &answer, 6, effort)))
        });
        assert!(all.iter().all(|a| *a == all[0] && a.0 == answer));
    }
}

/// A linear congruential generator: the instances below are the same for every solver.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Five towns with shares of filled posts or counts of women, an upper share of the young, and five pairs of kin.
fn towns(seed: u64) -> QuotaProblem {
    let mut random = Lcg(seed);
    let posts = 12 + random.below(30);
    let people = posts + random.below(posts);
    let town: Vec<u64> = (0..posts).map(|_| random.below(5)).collect();
    let mut edges: Vec<std::collections::BTreeMap<u32, i64>> = vec![Default::default(); posts as usize];
    for person in 0..people {
        for _ in 0..4 {
            let (post, fit) = (random.below(posts), random.below(101));
            edges[post as usize].entry(person as u32).or_insert(-(fit as i64));
        }
    }
    let mut group = |share: u64| (0..people as u32).filter(|_| random.below(10) < share).collect::<Vec<u32>>();
    let mut groups = vec![group(4), group(5)];
    let mut quotas = Vec::new();
    for of in 0..5 {
        let rows: Vec<u32> = (0..posts as u32).filter(|post| town[*post as usize] == of).collect();
        if rows.is_empty() {
            continue;
        }
        let count = Quota::count(rows.clone(), 0, Some(rows.len() as i64 / 3), None);
        let share = Quota { inside: 3, outside: -2, ..Quota::count(rows.clone(), 0, Some(0), None) };
        quotas.push(if seed.is_multiple_of(2) { share } else { count });
        quotas.push(Quota { inside: 2, outside: -3, ..Quota::count(rows, 1, None, Some(0)) });
    }
    for _ in 0..5 {
        let (one, other) = (random.below(people) as u32, random.below(people) as u32);
        if one != other {
            groups.push(vec![one.min(other), one.max(other)]);
            quotas.push(Quota::count((0..posts as u32).collect(), groups.len() as u32 - 1, None, Some(1)));
        }
    }
    let mut starts = vec![0];
    edges.iter().for_each(|row| starts.push(starts[starts.len() - 1] + row.len() as u32));
    let heads = edges.iter().flat_map(|row| row.keys().copied()).collect();
    let costs = edges.iter().flat_map(|row| row.values().copied()).collect();
    QuotaProblem::new(people as usize, starts, heads, costs, vec![0; posts as usize], groups, quotas).expect("in range")
}

#[test]
fn seats_and_fit_are_those_of_another_solver() {
    // Class 0, class 1, fit: by HiGHS (`scipy.optimize.milp`), class by class, each proved.
    let known = [
        (15, 10, 1872),
        (13, 12, 1491),
        (10, 6, 1109),
        (21, 12, 2186),
        (19, 19, 3032),
        (17, 17, 2714),
        (12, 10, 1634),
        (10, 10, 1581),
        (8, 4, 880),
        (18, 17, 2558),
        (16, 15, 2728),
        (14, 14, 1990),
        (9, 7, 1083),
        (7, 6, 943),
        (20, 20, 3278),
        (15, 14, 2340),
    ];
    for (seed, (first, second, fit)) in known.into_iter().enumerate() {
        let problem = towns(seed as u64);
        let classes: Vec<u32> = (0..problem.rows() as u32).map(|row| row % 2).collect();
        let solved = fill_ranked(&problem, &classes, Effort::of(&problem)).expect("in range");
        let RankedOutcome::Solved(ranked) = solved else { panic!("{seed} has a solution") };
        let stages: Vec<(i64, i64)> = ranked.stages.iter().map(|stage| (stage.filled, stage.most())).collect();
        assert_eq!(stages, [(first, first), (second, second)], "{seed}");
        assert!(ranked.answer.optimal(), "{seed}");
        assert_eq!(ranked.answer.solution.map(|s| -s.objective), Some(fit), "{seed}");
        // The certificate of each stage proves no more than is true.
        let mut floors: Vec<(Vec<u32>, i64)> = Vec::new();
        for stage in &ranked.stages {
            let seats = seats_problem(&problem, problem.quotas().len(), &stage.rows, &floors).expect("in range");
            let proved = check_bound(&seats, &stage.answer.certificate).expect("it holds");
            let open = stage.rows.len() as i64 - stage.filled;
            assert!(proved <= i128::from(open * stage.answer.certificate.scale), "{seed}");
            floors.push((stage.rows.clone(), stage.filled));
        }
    }
}

#[test]
fn the_relaxation_is_proved_where_many_must_be_placed() {
    // Eight of nine columns must be placed, two groups of rows want a share of column 6, and 2 and 7 are kin.
    let rows: [&[(u32, i64)]; 12] = [
        &[(0, -9), (3, -19), (7, -7)],
        &[(0, -10), (1, -16), (2, -6), (3, -5), (4, -19), (5, -7)],
        &[(3, -12), (4, -6), (5, -18), (6, -18), (7, -14)],
        &[(2, -14), (5, -15), (7, -4)],
        &[(4, -7), (8, -3)],
        &[(1, -8), (2, -6), (4, -1), (7, -17), (8, -6)],
        &[(2, -8), (3, -15), (6, -13), (7, -1), (8, -12)],
        &[(0, 0), (1, -5), (4, -2), (5, -5), (6, -9), (7, -3), (8, -14)],
        &[(0, -11), (2, 0), (3, -10), (6, -6), (7, -12), (8, -13)],
        &[(0, -19), (2, -9), (6, -16), (8, -11)],
        &[(1, -10), (2, -11), (3, -16), (5, -7), (6, -14), (7, -10)],
        &[(4, -12), (5, -18), (6, -2), (8, -12)],
    ];
    let edges: Vec<Vec<(u32, i64)>> = rows.iter().map(|row| row.to_vec()).collect();
    let share = |rows: Vec<u32>, inside: i64, least: i64, price: Option<i64>| {
        let count = Quota::count(rows, 8, Some(least), None);
        Quota { inside, outside: inside - 100, short_price: price, ..count }
    };
    let mut quotas =
        vec![share((0..12).step_by(2).collect(), 80, -20, Some(6)), share((1..12).step_by(2).collect(), 60, 0, None)];
    let mut groups: Vec<Vec<u32>> = (0..8).map(|column| vec![column]).collect();
    for column in 0..8 {
        let of = (0..12).filter(|row| edges[*row as usize].iter().any(|edge| edge.0 == column)).collect();
        quotas.push(Quota::count(of, column, Some(1), None));
    }
    groups.extend([vec![6], vec![2, 7]]);
    quotas.push(Quota::count((0..12).collect(), 9, None, Some(1)));
    let plain = Plain { columns: 9, edges, open: vec![0; 12], groups, quotas };
    let problem = plain.problem();
    let Outcome::Impossible { relaxation: Some(relaxation), .. } = fill(&problem, Effort::of(&problem)).expect("small")
    else {
        panic!("they contradict each other")
    };
    let person = plain.person();
    assert!(relaxation.optimal());
    assert_eq!((relaxation.missed, person), (100, 100));
}
