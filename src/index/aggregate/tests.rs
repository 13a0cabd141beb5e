//! Published answers, other ways to the same figure, and what the methods promise.

use proptest::prelude::*;

use super::*;

const EVERY: &[&str] = &[
    "type='arithmetic'",
    "type='geometric'",
    "type='harmonic'",
    "type='power'\nexponent=2.5",
    "type='power'\nexponent=-0.5",
    "type='power'\nexponent=1",
    "type='power'\nexponent=0",
    "type='power'\nexponent=inf",
    "type='power'\nexponent=-inf",
    "type='owa'\norness=0.3",
    "type='owa'\norness=0.0",
    "type='owa'\norness=1.0",
    "type='owa'\nweights=[1,2,4]",
    "type='copeland'",
    "type='topsis'",
    "type='topsis'\nnorm='none'",
    "type='mazziotta_pareto'",
    "type='mazziotta_pareto'\npenalty='plus'\nscale='range'",
    "type='mazziotta_pareto'\nscale='range'\ngoalposts=[0,100]",
    "type='mazziotta_pareto'\nscale='as_is'",
    "type='benefit_of_the_doubt'",
    "type='benefit_of_the_doubt'\nlow=0.5\nhigh=1.6",
];

fn method(text: &str) -> Aggregate {
    toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Values by unit to values by child.
fn columns<const N: usize>(units: &[[f64; N]]) -> Vec<Vec<f64>> {
    (0..N).map(|child| units.iter().map(|unit| unit[child]).collect()).collect()
}

fn values(text: &str, columns: &[Vec<f64>], shares: &[f64], min_available: f64) -> Vec<f64> {
    let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let units = columns[0].len();
    let groups = [(0..units as u32).collect::<Vec<u32>>()];
    let mut out = vec![0.0; units];
    method(text).get().column(&Children { values: &views, shares, groups: &groups, min_available }, &mut out);
    out
}

fn one(text: &str, x: &[f64], shares: &[f64]) -> f64 {
    values(text, &x.iter().map(|x| vec![*x]).collect::<Vec<_>>(), shares, 0.0)[0]
}

fn close(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

#[test]
fn means_have_their_closed_form() {
    let x = [1.0, 2.0, 3.0];
    let w = [0.25, 0.25, 0.5];
    assert!(close(one("type='geometric'", &x, &w), libm::pow(18.0, 0.25)));
    assert!(close(one("type='harmonic'", &x, &[0.5, 0.25, 0.25]), 4.0 / (2.0 + 0.5 + 1.0 / 3.0)));
    assert!(close(one("type='power'\nexponent=2", &x, &w), libm::sqrt(23.0 / 4.0)));
    assert!(close(one("type='power'\nexponent=-1", &x, &w), one("type='harmonic'", &x, &w)));
    assert!(
        close(one("type='power'\nexponent=1e-7", &x, &w), one("type='geometric'", &x, &w)) || {
            (one("type='power'\nexponent=1e-7", &x, &w) - libm::pow(18.0, 0.25)).abs() < 1e-6
        }
    );
    assert_eq!(one("type='power'\nexponent=inf", &x, &w), 3.0);
    assert_eq!(one("type='power'\nexponent=-inf", &x, &w), 1.0);
    assert!(close(
        one("type='power'\nexponent=300", &[1e300, 2e300], &[0.5, 0.5]),
        2e300 * libm::pow(0.5, 1.0 / 300.0)
    ));
    // Zeros, and values that a root is not defined for.
    for text in ["type='geometric'", "type='harmonic'", "type='power'\nexponent=-2"] {
        assert_eq!(one(text, &[0.0, 5.0], &[0.5, 0.5]), 0.0);
        assert!(one(text, &[-1.0, 5.0], &[0.5, 0.5]).is_nan());
    }
    assert!(one("type='power'\nexponent=2", &[-1.0, 5.0], &[0.5, 0.5]).is_nan());
}

/// Torra's operator: OWA where shares are equal, the weighted mean where ordered weights are.
#[test]
fn owa_goes_by_place_and_importance() {
    let thirds = [1.0 / 3.0; 3];
    assert!(close(one("type='owa'\nweights=[1,2,4]", &[10.0, 30.0, 20.0], &thirds), (30.0 + 40.0 + 40.0) / 7.0));
    assert!(close(one("type='owa'\nweights=[1,1,1]", &[10.0, 30.0, 20.0], &[0.2, 0.5, 0.3]), 23.0));
    assert!(close(one("type='owa'\norness=0.5", &[10.0, 30.0, 20.0], &[0.2, 0.5, 0.3]), 23.0));
    assert_eq!(one("type='owa'\norness=0", &[10.0, 30.0, 20.0], &[0.2, 0.5, 0.3]), 10.0);
    assert_eq!(one("type='owa'\norness=1", &[10.0, 30.0, 20.0], &[0.2, 0.5, 0.3]), 30.0);
    // By hand: the best has share 0.5, Q(0.5) = 3/7 · … through (1/3, 1/7), (2/3, 3/7).
    let q = |r: f64| {
        if r < 1.0 / 3.0 {
            3.0 * r / 7.0
        } else if r < 2.0 / 3.0 {
            (1.0 + 2.0 * (3.0 * r - 1.0)) / 7.0
        } else {
            (3.0 + 4.0 * (3.0 * r - 2.0)) / 7.0
        }
    };
    let wanted = q(0.5) * 30.0 + (q(0.8) - q(0.5)) * 20.0 + (1.0 - q(0.8)) * 10.0;
    assert!(close(one("type='owa'\nweights=[1,2,4]", &[10.0, 30.0, 20.0], &[0.2, 0.5, 0.3]), wanted));
}

/// Tzeng & Huang 2011, worked example.
#[test]
fn topsis_is_the_textbooks() {
    let units = columns(&[[5.0, 8.0, 4.0], [7.0, 6.0, 8.0], [8.0, 8.0, 6.0], [7.0, 4.0, 6.0]]);
    let found = values("type='topsis'", &units, &[0.3, 0.4, 0.3], 0.0);
    for (found, wanted) in found.iter().zip([0.5037, 0.6581, 0.7482, 0.3340]) {
        assert!((found / 100.0 - wanted).abs() < 5e-5, "{found} {wanted}");
    }
    assert_eq!(values("type='topsis'", &columns(&[[3.0, 4.0], [3.0, 4.0]]), &[0.5, 0.5], 0.0), [50.0, 50.0]);
    assert_eq!(values("type='topsis'", &columns(&[[0.0, 0.0]]), &[0.5, 0.5], 0.0), [50.0]);
}

/// Cooper, Seiford & Tone, Introduction to Data Envelopment Analysis (2007), table 1.5 (one input, two
/// outputs): A 0.714, C 0.7, D 0.75, the others on the frontier.
#[test]
fn benefit_of_the_doubt_is_the_textbooks() {
    let units = columns(&[[1.0, 5.0], [2.0, 7.0], [3.0, 4.0], [4.0, 3.0], [4.0, 6.0], [5.0, 5.0], [6.0, 2.0]]);
    let found = values("type='benefit_of_the_doubt'", &units, &[0.5, 0.5], 0.0);
    for (found, wanted) in found.iter().zip([500.0 / 7.0, 100.0, 70.0, 75.0, 100.0, 100.0, 100.0]) {
        assert!(close(*found, wanted), "{found} {wanted}");
    }
    // Contributions held at the declared shares: the weighted mean of ratios, in closed form.
    let held =
        values("type='benefit_of_the_doubt'\nlow=1\nhigh=1", &columns(&[[2.0, 8.0], [4.0, 4.0]]), &[0.5, 0.5], 0.0);
    // Unit 0: u = t (1/4, 1/16); unit 1 gets t (1 + 1/4) ≤ 1.
    assert!(close(held[0], 80.0) && close(held[1], 80.0), "{held:?}");
    assert_eq!(
        values("type='benefit_of_the_doubt'\nlow=0.5", &columns(&[[0.0, 8.0], [4.0, 4.0]]), &[0.5, 0.5], 0.0)[0],
        0.0
    );
    assert_eq!(values("type='benefit_of_the_doubt'", &columns(&[[0.0, 0.0]]), &[0.5, 0.5], 0.0), [0.0]);
    assert!(values("type='benefit_of_the_doubt'", &columns(&[[-1.0, 8.0], [4.0, 4.0]]), &[0.5, 0.5], 0.0)[0].is_nan());
}

/// By the definition: mean 100, deviation 10 over the units; M − S²/M.
#[test]
fn mazziotta_pareto_is_its_definition() {
    let units = columns(&[[1.0, 9.0], [2.0, 5.0], [3.0, 1.0]]);
    let found = values("type='mazziotta_pareto'", &units, &[0.5, 0.5], 0.0);
    let z = 10.0 * libm::sqrt(1.5);
    assert!(close(found[0], 100.0 - z * z / 100.0) && close(found[1], 100.0) && close(found[2], found[0]));
    let plus = values("type='mazziotta_pareto'\npenalty='plus'", &units, &[0.5, 0.5], 0.0);
    assert!(close(plus[0], 100.0 + z * z / 100.0));
    // AMPI: 70 and 130 at the ends, the middle 100.
    let range = values("type='mazziotta_pareto'\nscale='range'", &units, &[0.5, 0.5], 0.0);
    assert!(close(range[0], 100.0 - 9.0) && close(range[1], 100.0));
    assert_eq!(values("type='mazziotta_pareto'", &columns(&[[4.0, 4.0]]), &[0.5, 0.5], 0.0), [100.0]);
    assert!(one("type='mazziotta_pareto'\nscale='as_is'", &[-3.0, 1.0], &[0.5, 0.5]).is_nan());
}

#[test]
fn copeland_counts_wins_less_losses() {
    // a beats b and c; b and c tie: one child each, of equal weight.
    let units = columns(&[[9.0, 9.0], [5.0, 1.0], [1.0, 5.0]]);
    assert_eq!(values("type='copeland'", &units, &[0.5, 0.5], 0.0), [100.0, 25.0, 25.0]);
    assert_eq!(values("type='copeland'", &units, &[0.6, 0.4], 0.0), [100.0, 50.0, 0.0]);
    assert_eq!(values("type='copeland'", &columns(&[[1.0]]), &[1.0], 0.0), [50.0]);
    assert_eq!(values("type='copeland'", &columns(&[[0.1 + 0.2], [0.3]]), &[1.0], 0.0), [50.0, 50.0]);
    let views: [&[f64]; 1] = [&[1.0, 2.0, 3.0]];
    let groups = [vec![0, 1, 2]];
    let children = Children { values: &views, shares: &[1.0], groups: &groups, min_available: 0.0 };
    let message = Copeland { limit: 2 }.fits(&children, 1).expect_err("three exceed two");
    assert!(message.contains('3') && message.contains("limit"), "{message}");
    assert!(Copeland::default().fits(&children, 1).is_ok());
}

#[test]
fn parameters_that_contradict_themselves_are_named() {
    for (text, word) in [
        ("type='power'\nexponent=nan", "exponent"),
        ("type='owa'", "orness"),
        ("type='owa'\norness=1.5", "orness"),
        ("type='owa'\norness=0.5\nweights=[1]", "weights"),
        ("type='owa'\nweights=[0,0]", "weights"),
        ("type='owa'\nweights=[]", "weights"),
        ("type='copeland'\nlimit=0", "limit"),
        ("type='mazziotta_pareto'\ngoalposts=[0,1]", "scale"),
        ("type='mazziotta_pareto'\nscale='range'\ngoalposts=[1,1]", "goalposts"),
        ("type='benefit_of_the_doubt'\nlow=2", "low"),
        ("type='benefit_of_the_doubt'\nhigh=0.5", "high"),
    ] {
        let message = method(text).get().check().expect_err(text);
        assert!(message.contains(word), "{text}: {message}");
    }
    EVERY.iter().for_each(|text| assert_eq!(method(text).get().check(), Ok(()), "{text}"));
    for entry in METHODS {
        assert!(EVERY.iter().any(|text| method(text).method().name == entry.name), "{}", entry.name);
    }
}

/// What is missing: nothing at all, one child, all of them.
#[test]
fn missing_children_have_a_defined_result() {
    let n = f64::NAN;
    let units = columns(&[[60.0, 30.0, 10.0], [n, 20.0, 40.0], [n, n, n], [50.0, n, n], [10.0, 80.0, 30.0]]);
    for text in EVERY {
        let all = values(text, &units, &[0.5, 0.3, 0.2], 0.0);
        assert!(all[2].is_nan() && [0, 1, 3, 4].iter().all(|&unit| !all[unit].is_nan()), "{text} {all:?}");
        let most = values(text, &units, &[0.5, 0.3, 0.2], 0.6);
        assert!(most[1].is_nan() && most[3].is_nan() && !most[0].is_nan(), "{text} {most:?}");
        // Who is not rated is nobody's rival.
        let pair = values(text, &columns(&[[60.0, 30.0, 10.0], [10.0, 80.0, 30.0]]), &[0.5, 0.3, 0.2], 0.6);
        assert!(close(most[0], pair[0]) && close(most[4], pair[1]), "{text}");
    }
    // A missing child counts as the mean of its siblings, in means.
    for text in EVERY.iter().filter(|text| method(text).get().mean()) {
        let less = one(text, &[60.0, 30.0], &[0.625, 0.375]);
        assert!(close(one(text, &[60.0, 30.0, less], &[0.5, 0.3, 0.2]), less), "{text}");
    }
}

fn matrix() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let cell = prop_oneof![8 => 0.5..100.0_f64, 1 => Just(f64::NAN), 1 => Just(50.0), 1 => Just(0.0)];
    (1..9_usize).prop_flat_map(move |units| prop::collection::vec(prop::collection::vec(cell.clone(), units), 3))
}

/// The programme with every constraint at once, by another solver.
fn dense(columns: &[Vec<f64>], unit: usize, shares: &[f64], low: f64, high: f64) -> f64 {
    use microlp::{ComparisonOp, OptimizationDirection, Problem};
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let x = |unit: usize| columns.iter().map(move |column| column[unit]);
    let weights: Vec<_> = x(unit).map(|x| problem.add_var(x, (0.0, f64::INFINITY))).collect();
    for other in 0..columns[0].len() {
        let terms: Vec<_> = weights.iter().copied().zip(x(other)).collect();
        problem.add_constraint(&terms[..], ComparisonOp::Le, 1.0);
    }
    for (at, share) in shares.iter().enumerate() {
        for (bound, op) in [(low * share, ComparisonOp::Ge), (high * share, ComparisonOp::Le)] {
            let coefficient = |(other, x): (usize, f64)| if other == at { x * (1.0 - bound) } else { -x * bound };
            let terms: Vec<_> = weights.iter().copied().zip(x(unit).enumerate().map(coefficient)).collect();
            problem.add_constraint(&terms[..], op, 0.0);
        }
    }
    100.0 * problem.solve().expect("feasible and bounded").objective()
}

proptest! {
    #[test]
    fn benefit_of_the_doubt_agrees_with_all_constraints_at_once(
        units in prop::collection::vec(prop::collection::vec(1.0..100.0_f64, 4), 1..25),
        bounded in any::<bool>(),
    ) {
        let columns: Vec<Vec<f64>> = (0..4).map(|child| units.iter().map(|unit| unit[child]).collect()).collect();
        let shares = [0.4, 0.3, 0.2, 0.1];
        let (text, low, high): (&str, f64, f64) = if bounded {
            ("type='benefit_of_the_doubt'\nlow=0.5\nhigh=1.5", 0.5, 1.5)
        } else {
            ("type='benefit_of_the_doubt'", 0.0, 1e9)
        };
        let found = values(text, &columns, &shares, 0.0);
        for (unit, found) in found.iter().enumerate() {
            let wanted = dense(&columns, unit, &shares, low, high.min(10.0));
            prop_assert!((found - wanted).abs() < 1e-5, "{found} {wanted}");
        }
    }

    /// Column by column or row by row: the same bits.
    #[test]
    fn arithmetic_has_one_result(columns in matrix(), min_available in 0.0..1.0_f64) {
        let shares = [0.5, 0.3, 0.2];
        let found = values("type='arithmetic'", &columns, &shares, min_available);
        let (mut x, mut w) = (Vec::new(), Vec::new());
        let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let children = Children { values: &views, shares: &shares, groups: &[], min_available };
        for (unit, found) in found.iter().enumerate() {
            let row = Arithmetic {}.unit(&children, unit, &mut x, &mut w);
            prop_assert!(found.to_bits() == row.to_bits() || (found.is_nan() && row.is_nan()));
        }
    }

    /// With its own children a unit has its own value; replaced ones are judged as if the table held
    /// them; more of a child is never worse, where the method promises it.
    #[test]
    fn one_unit_while_others_are_held(columns in matrix(), unit in 0..9_usize, child in 0..3_usize, rise in 0.0..60.0_f64) {
        let unit = unit % columns[0].len();
        let shares = [0.5, 0.3, 0.2];
        let groups = [(0..columns[0].len() as u32).collect::<Vec<u32>>()];
        let mut raised = columns.clone();
        raised[child][unit] += rise;
        for text in EVERY {
            let method = method(text);
            let before = values(text, &columns, &shares, 0.4);
            let after = values(text, &raised, &shares, 0.4);
            let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            let held = method.get().held(&Children { values: &views, shares: &shares, groups: &groups, min_available: 0.4 });
            for row in 0..columns[0].len() {
                let own: Vec<f64> = columns.iter().map(|c| c[row]).collect();
                prop_assert!(close(held.value(row, &own), before[row]), "{text} {} {}", held.value(row, &own), before[row]);
            }
            let own: Vec<f64> = raised.iter().map(|c| c[unit]).collect();
            prop_assert!(close(held.value(unit, &own), after[unit]), "{text} {} {}", held.value(unit, &own), after[unit]);
            if method.get().monotone() && !before[unit].is_nan() {
                prop_assert!(after[unit] >= before[unit] - 1e-9, "{text} {} {}", before[unit], after[unit]);
            }
            if method.get().additive() {
                prop_assert!(close(before[unit], values("type='arithmetic'", &columns, &shares, 0.4)[unit]));
            }
        }
    }

    /// The order of units changes nothing; a common scale is a common scale, where means are concerned.
    #[test]
    fn order_and_scale(columns in matrix(), scale in 0.01..100.0_f64) {
        let shares = [0.5, 0.3, 0.2];
        let reversed: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().rev().copied().collect()).collect();
        let scaled: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().map(|x| x * scale).collect()).collect();
        for text in EVERY {
            let found = values(text, &columns, &shares, 0.0);
            let mut back = values(text, &reversed, &shares, 0.0);
            back.reverse();
            prop_assert!(found.iter().zip(&back).all(|(a, b)| close(*a, *b)), "{text} {found:?} {back:?}");
            if method(text).get().mean() || text.contains("owa") {
                let scaled = values(text, &scaled, &shares, 0.0);
                prop_assert!(found.iter().zip(&scaled).all(|(a, b)| close(*b, a * scale)), "{text}");
            }
        }
        // A factor of one child scales the geometric mean of all who have it, and changes no order.
        let mut one = columns.clone();
        one[1].iter_mut().for_each(|x| *x *= scale);
        let (found, moved) = (values("type='geometric'", &columns, &shares, 0.0), values("type='geometric'", &one, &shares, 0.0));
        for unit in (0..found.len()).filter(|&unit| columns.iter().all(|c| !c[unit].is_nan())) {
            prop_assert!(close(moved[unit], found[unit] * libm::pow(scale, 0.3)));
        }
    }
}
