//! Rules against points worked out by hand and against published figures.

use super::*;

fn rule(text: &str) -> Rule {
    toml::from_str(text).expect("a rule")
}

fn points(text: &str, direction: Direction, value: f64, peers: &[f64]) -> Option<f64> {
    let rule = rule(text);
    rule.points(&Cell { value, target: None, direction, fitted: &rule.fit(peers, direction) })
}

/// By hand, one line per case.
#[test]
fn rules_give_the_points_a_county_would() {
    use Direction::{Higher, Lower};
    let four = [10.0, 20.0, 20.0, 60.0];
    let steps = "type='steps'\nsteps=[{at=5,points=60},{at=20,points=100}]\notherwise=30";
    let fewer = "type='steps'\nsteps=[{at=0,points=100},{at=2,points=60}]";
    let off = "type='each'\nbase=100\npoints=-2";
    for (text, direction, value, peers, wanted) in [
        ("type='goalposts'\nlow=60\nhigh=100", Higher, 70.0, &four[..], Some(25.0)),
        ("type='goalposts'\nlow=60\nhigh=100", Higher, 30.0, &four, Some(0.0)),
        ("type='goalposts'\nlow=60\nhigh=100", Higher, 130.0, &four, Some(100.0)),
        ("type='goalposts'\nlow=0\nhigh=5", Lower, 1.0, &four, Some(80.0)),
        ("type='target'\nvalue=20", Higher, 15.0, &four, Some(75.0)),
        ("type='target'\nvalue=20", Higher, 25.0, &four, Some(100.0)),
        ("type='target'\nvalue=20", Higher, -3.0, &four, Some(0.0)),
        ("type='target'\nvalue=20", Lower, 25.0, &four, Some(80.0)),
        ("type='target'\nvalue=20", Lower, 0.0, &four, Some(100.0)),
        ("type='target'\nvalue=0", Lower, 1.0, &four, Some(0.0)),
        ("type='target'\nlist=true", Higher, 25.0, &four, None),
        (steps, Higher, 4.99, &four, Some(30.0)),
        (steps, Higher, 5.0, &four, Some(60.0)),
        (steps, Higher, 100.0, &four, Some(100.0)),
        (fewer, Lower, 0.0, &four, Some(100.0)),
        (fewer, Lower, 1.0, &four, Some(60.0)),
        (fewer, Lower, 3.0, &four, Some(0.0)),
        (off, Lower, 3.0, &four, Some(94.0)),
        (off, Lower, 80.0, &four, Some(0.0)),
        ("type='each'\nbase=100\npoints=-10\nfree=2\nfloor=40", Lower, 5.0, &four, Some(70.0)),
        ("type='each'\nbase=100\npoints=-10\nfree=2\nfloor=40", Lower, 50.0, &four, Some(40.0)),
        ("type='each'\nbase=60\npoints=20", Higher, 1.0, &four, Some(80.0)),
        ("type='each'\nbase=60\npoints=20", Higher, 9.0, &four, Some(100.0)),
        // Ranks 4, 2.5, 2.5, 1 of four: (4 − r) / 3.
        ("type='rank'", Higher, 20.0, &four, Some(50.0)),
        ("type='rank'", Higher, 60.0, &four, Some(100.0)),
        ("type='rank'", Lower, 60.0, &four, Some(0.0)),
        ("type='rank'", Higher, 7.0, &[7.0], Some(50.0)),
        ("type='rank'", Higher, 7.0, &[7.0, 7.0], Some(50.0)),
        // (worse + equal / 2) / 4.
        ("type='percentile'", Higher, 20.0, &four, Some(50.0)),
        ("type='percentile'", Higher, 60.0, &four, Some(87.5)),
        ("type='percentile'", Lower, 10.0, &four, Some(87.5)),
        ("type='percentile'", Higher, 7.0, &[7.0], Some(50.0)),
        ("type='min_max'\nfloor=60", Higher, 20.0, &four, Some(68.0)),
        ("type='min_max'", Higher, 20.0, &four, Some(20.0)),
        ("type='min_max'", Lower, 20.0, &four, Some(80.0)),
        ("type='min_max'", Higher, 7.0, &[7.0, 7.0], Some(50.0)),
    ] {
        let found = points(text, direction, value, peers);
        assert_eq!(found.map(|p| crate::kernel::round::to(p, 9)), wanted, "{text} {direction:?} {value}");
    }
}

#[test]
fn a_target_of_the_list_goes_before_the_common_one() {
    let rule = rule("type='target'\nlist=true\nvalue=20");
    let cell = Cell { value: 20.0, target: Some(40.0), direction: Direction::Higher, fitted: &[] };
    assert_eq!(rule.points(&cell), Some(50.0));
    assert_eq!(rule.points(&Cell { target: None, ..cell }), Some(100.0));
}

#[test]
fn parameters_that_contradict_themselves_are_named() {
    use Direction::{Higher, Lower};
    for (text, direction, word) in [
        ("type='goalposts'\nlow=5\nhigh=5", Higher, "high"),
        ("type='goalposts'\nlow=nan\nhigh=5", Higher, "low"),
        ("type='target'", Higher, "value"),
        ("type='target'\nvalue=-1", Higher, "value"),
        ("type='target'\nvalue=0", Higher, "value"),
        ("type='steps'\nsteps=[]", Higher, "steps"),
        ("type='steps'\nsteps=[{at=1,points=9},{at=1,points=10}]", Higher, "steps"),
        ("type='steps'\nsteps=[{at=1,points=9},{at=2,points=8}]", Higher, "steps"),
        ("type='steps'\nsteps=[{at=1,points=90},{at=2,points=180}]", Higher, "points"),
        ("type='each'\nbase=100\npoints=-2", Higher, "direction"),
        ("type='each'\nbase=0\npoints=2", Lower, "direction"),
        ("type='each'\nbase=0\npoints=0", Higher, "points"),
        ("type='rank'\nfloor=100", Higher, "floor"),
        ("type='each'\nbase=0\npoints=2\nfloor=60\nceiling=50", Higher, "ceiling"),
    ] {
        let message = rule(text).check(direction).expect_err(text);
        assert!(message.contains(word), "{text}: {message}");
    }
    assert!(toml::from_str::<Rule>("type='goalpost'\nlow=1\nhigh=2").is_err());
    assert!(toml::from_str::<Rule>("type='rank'\nlow=1").is_err());
}

#[test]
fn every_method_of_the_table_is_a_word_of_the_policy() {
    for method in METHODS {
        let text = format!("type='{}'", method.name);
        if let Err(error) = toml::from_str::<Rule>(&text) {
            assert!(error.message().contains("missing field"), "{}: {error}", method.name);
        }
        assert!(!method.formula.is_empty() && !method.source.is_empty());
    }
}

/// By hand, one line per case; ranks of ten: a place is 10%.
#[test]
fn rules_of_composite_indices_by_hand() {
    use Direction::{Higher, Lower};
    let four = [10.0, 20.0, 20.0, 60.0];
    let none: [f64; 0] = [];
    let line = "type='linear_points'\nknots=[{at=0,points=0},{at=10,points=80},{at=20,points=100}]";
    let peak = "type='linear_points'\nknots=[{at=2,points=20},{at=4,points=100},{at=8,points=0}]\nturns=true";
    let out = "beyond='extrapolate'";
    let target = "type='distance_to_target'\nvalue=50";
    let reference = "type='distance_to_reference'\nvalue=20";
    let ratio = "type='distance_to_reference'\nvalue=20\nform='ratio'";
    for (text, direction, value, peers, wanted) in [
        ("type='min_max'\nfloor=1", Higher, 20.0, &four[..], Some(20.8)),
        ("type='min_max'\nceiling=10", Lower, 20.0, &four, Some(8.0)),
        ("type='min_max'", Higher, 85.0, &four, Some(100.0)),
        ("type='min_max'\nbeyond='extrapolate'", Higher, 85.0, &four, Some(150.0)),
        ("type='min_max'\nbeyond='extrapolate'", Lower, 85.0, &four, Some(-50.0)),
        ("type='min_max'\nfloor=60", Higher, 7.0, &none, Some(80.0)),
        // Mean 27.5, sum of squares 1475, s = √(1475 / 3).
        ("type='z_score'", Higher, 60.0, &four, Some(1.465_709_755)),
        ("type='z_score'\nmean=10\ndeviation=2", Lower, 60.0, &four, Some(7.068_580_491)),
        ("type='z_score'\nmean=50", Higher, 9.0, &[7.0, 7.0], Some(50.0)),
        ("type='z_score'\nmean=50", Higher, 9.0, &none, Some(50.0)),
        ("type='percentile'\nconvention='to_one'", Higher, 60.0, &four, Some(100.0)),
        ("type='percentile'\nconvention='to_one'", Higher, 20.0, &four, Some(62.5)),
        ("type='percentile'\nconvention='from_zero'", Higher, 20.0, &four, Some(37.5)),
        ("type='percentile'\nconvention='from_zero'", Lower, 60.0, &four, Some(0.0)),
        ("type='percentile'\nconvention='inside'", Higher, 10.0, &four, Some(20.0)),
        ("type='percentile'\nconvention='ends'", Higher, 20.0, &four, Some(50.0)),
        ("type='percentile'\nconvention='ends'", Higher, 5.0, &[5.0], Some(50.0)),
        ("type='percentile'", Higher, 5.0, &none, Some(50.0)),
        ("type='rank'\nties='best'", Higher, 20.0, &four, Some(66.666_666_667)),
        ("type='rank'\nties='worst'", Higher, 20.0, &four, Some(33.333_333_333)),
        ("type='rank'\nties='dense'", Higher, 20.0, &four, Some(50.0)),
        ("type='rank'\nscale='places'", Higher, 20.0, &four, Some(2.5)),
        ("type='rank'\nscale='places'\nties='dense'", Lower, 10.0, &four, Some(3.0)),
        ("type='rank'\nscale='places'", Lower, 10.0, &[10.0], Some(1.0)),
        // Values of another year stay within the ends.
        ("type='rank'", Higher, 99.0, &four, Some(100.0)),
        ("type='rank'", Higher, 1.0, &four, Some(0.0)),
        ("type='distance_to_maximum'", Higher, 20.0, &four, Some(20.0)),
        ("type='distance_to_maximum'", Lower, 20.0, &four, Some(80.0)),
        ("type='distance_to_maximum'", Lower, 7.0, &[7.0, 7.0], Some(100.0)),
        ("type='distance_to_maximum'", Lower, 7.0, &none, None),
        (target, Higher, 20.0, &four, Some(25.0)),
        (target, Higher, 60.0, &four, Some(100.0)),
        (&format!("{target}\n{out}"), Higher, 60.0, &four, Some(125.0)),
        ("type='distance_to_target'\nvalue=10", Lower, 20.0, &four, Some(80.0)),
        // Nobody is short of the target.
        ("type='distance_to_target'\nvalue=5", Higher, 10.0, &four, Some(100.0)),
        ("type='distance_to_target'\nvalue=80", Lower, 90.0, &four, Some(0.0)),
        (reference, Higher, 60.0, &four, Some(100.0)),
        (&format!("{reference}\n{out}"), Higher, 60.0, &four, Some(500.0)),
        (reference, Lower, 50.0, &four, Some(25.0)),
        (ratio, Higher, 15.0, &four, Some(75.0)),
        (ratio, Lower, 40.0, &four, Some(50.0)),
        (ratio, Lower, 0.0, &four, Some(100.0)),
        ("type='distance_to_reference'\nunit='a'", Higher, 40.0, &four, None),
        (line, Higher, 5.0, &none, Some(40.0)),
        (line, Higher, 10.0, &none, Some(80.0)),
        (line, Higher, 15.0, &none, Some(90.0)),
        (line, Higher, -3.0, &none, Some(0.0)),
        (line, Higher, 30.0, &none, Some(100.0)),
        (peak, Higher, 3.0, &none, Some(60.0)),
        (peak, Higher, 6.0, &none, Some(50.0)),
        ("type='goalposts'\nlow=100\nhigh=75000\nlog=true", Higher, 75_000.0, &none, Some(100.0)),
        ("type='goalposts'\nlow=1\nhigh=100\nlog=true", Higher, 10.0, &none, Some(50.0)),
        ("type='goalposts'\nlow=1\nhigh=100\nlog=true", Higher, -10.0, &none, Some(0.0)),
        ("type='goalposts'\nlow=1\nhigh=100\nlog=true", Lower, 1000.0, &none, Some(0.0)),
        ("type='exponential_rank'", Higher, 60.0, &four, Some(100.0)),
        ("type='exponential_rank'\nconvention='from_zero'", Higher, 10.0, &four, Some(0.0)),
        ("type='exponential_rank'\nconvention='from_zero'", Lower, 7.0, &[7.0], Some(0.0)),
        ("type='exponential_rank'", Lower, 7.0, &[7.0], Some(100.0)),
        ("type='categories'\npoints={good=100,fair=60}", Higher, 60.0, &none, Some(60.0)),
        ("type='max'", Higher, 15.0, &four, Some(25.0)),
        ("type='max'", Lower, 15.0, &four, Some(75.0)),
        ("type='max'\nlower='reciprocal'", Lower, 20.0, &four, Some(50.0)),
        ("type='max'\nlower='reciprocal'", Lower, 0.0, &four, None),
        ("type='max'", Higher, 0.0, &[0.0, 0.0], Some(0.0)),
        ("type='max'", Higher, -1.0, &[-3.0, -1.0], None),
        ("type='sum'", Higher, 20.0, &[5.0, 20.0], Some(80.0)),
        ("type='sum'", Lower, 20.0, &[5.0, 20.0], Some(20.0)),
        ("type='sum'\nlower='complement'", Lower, 20.0, &[5.0, 20.0], Some(20.0)),
        ("type='vector'", Higher, 3.0, &[3.0, 4.0], Some(60.0)),
        ("type='vector'", Lower, 3.0, &[3.0, 4.0], Some(40.0)),
        ("type='vector'", Lower, 3.0, &none, None),
    ] {
        let found = points(text, direction, value, peers);
        assert_eq!(found.map(|p| crate::kernel::round::to(p, 9)), wanted, "{text} {direction:?} {value}");
    }
}

/// English Indices of Deprivation, technical report: R and its transform.
#[test]
fn ranks_are_transformed_as_in_the_english_indices() {
    for (part, wanted) in [(1.0, 100.0), (0.9, 50.42665), (0.5, 15.64679), (0.1, 2.39026)] {
        assert!((exponential(part, 23.0) - wanted).abs() < 5e-6, "{part}");
    }
    // Of ten, the second has R = 0.9; tied with the third, both have 0.85.
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    let found = points("type='exponential_rank'", Direction::Higher, 9.0, &ten).unwrap();
    assert!((found - 50.42665).abs() < 5e-6);
    let tied = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 8.0, 10.0];
    let found = points("type='exponential_rank'", Direction::Higher, 8.0, &tied).unwrap();
    assert!((found - exponential(0.85, 23.0)).abs() < 1e-12);
    let mirrored = points("type='exponential_rank'", Direction::Lower, 2.0, &ten).unwrap();
    assert!((mirrored - exponential(0.9, 23.0)).abs() < 1e-12);
}

/// UNDP, technical note 1: the goalposts' closed forms, and the worked example of the 2014 report
/// (Costa Rica 2013: 79.93 years of life, 13.5 and 8.37 years of school, 13,011.7 dollars: 0.763).
#[test]
fn the_human_development_index_is_made_of_goalposts() {
    let part = |text: &str, value: f64| points(text, Direction::Higher, value, &[]).unwrap() / 100.0;
    let life = part("type='goalposts'\nlow=20\nhigh=85", 79.93);
    let expected = part("type='goalposts'\nlow=0\nhigh=18", 13.5);
    let mean = part("type='goalposts'\nlow=0\nhigh=15", 8.37);
    let income = "type='goalposts'\nlow=100\nhigh=75000\nlog=true";
    let wealth = part(income, 13_011.7);
    let closed = (libm::log(13_011.7) - libm::log(100.0)) / (libm::log(75_000.0) - libm::log(100.0));
    assert!((wealth - closed).abs() < 1e-14);
    assert_eq!((part(income, 90_000.0), part(income, 0.0)), (1.0, 0.0));
    let index = libm::cbrt(life * (expected + mean) / 2.0 * wealth);
    assert!((index - 0.763).abs() < 5e-4, "{index}");
}

#[test]
fn parameters_of_composite_rules_that_contradict_themselves_are_named() {
    use Direction::{Higher, Lower};
    for (text, direction, word) in [
        ("type='goalposts'\nlow=0\nhigh=5\nlog=true", Higher, "low"),
        ("type='min_max'\nfloor=50\nceiling=40", Higher, "ceiling"),
        ("type='z_score'\ndeviation=0", Higher, "deviation"),
        ("type='z_score'\nmean=inf", Higher, "mean"),
        ("type='rank'\nscale='places'\nfloor=5", Higher, "floor"),
        ("type='distance_to_target'\nvalue=nan", Higher, "value"),
        ("type='distance_to_reference'", Higher, "unit"),
        ("type='distance_to_reference'\nunit='a'\nvalue=3", Higher, "exclude"),
        ("type='distance_to_reference'\nvalue=0\nform='ratio'", Higher, "value"),
        ("type='linear_points'\nknots=[{at=0,points=0}]", Higher, "knots"),
        ("type='linear_points'\nknots=[{at=0,points=0},{at=0,points=9}]", Higher, "ascending"),
        ("type='linear_points'\nknots=[{at=0,points=0},{at=1,points=109}]", Higher, "points"),
        ("type='linear_points'\nknots=[{at=0,points=0},{at=1,points=100}]", Lower, "turns"),
        ("type='categories'\npoints={}", Higher, "points"),
        ("type='categories'\npoints={a=101}", Higher, "points"),
        ("type='categories'\npoints={' a'=10}", Higher, "space"),
        ("type='categories'\npoints={a=10}", Lower, "direction"),
        ("type='exponential_rank'\nscale=0", Higher, "scale"),
    ] {
        let message = rule(text).check(direction).expect_err(text);
        assert!(message.contains(word), "{text}: {message}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    const RULES: &[&str] = &[
        "type='min_max'\nfloor=20\nceiling=90",
        "type='min_max'\nbeyond='extrapolate'",
        "type='z_score'\nmean=50\ndeviation=10",
        "type='rank'",
        "type='rank'\nties='best'",
        "type='rank'\nties='worst'",
        "type='rank'\nties='dense'",
        "type='rank'\nscale='places'",
        "type='percentile'",
        "type='percentile'\nconvention='inside'",
        "type='percentile'\nconvention='ends'",
        "type='exponential_rank'",
        "type='exponential_rank'\nconvention='from_zero'",
        "type='distance_to_maximum'",
        "type='distance_to_reference'\nvalue=4",
        "type='distance_to_reference'\nvalue=4\nform='ratio'",
        "type='distance_to_target'\nvalue=4\nbeyond='extrapolate'",
        "type='goalposts'\nlow=1\nhigh=8\nlog=true",
        "type='max'",
        "type='max'\nlower='reciprocal'",
        "type='sum'",
        "type='sum'\nlower='complement'",
        "type='vector'",
    ];

    proptest! {
        /// A better value never gets fewer points, also one that was not among those fitted; what
        /// is bounded stays within 0 and 100; nothing is NaN.
        #[test]
        fn rules_are_monotone_and_keep_their_bounds(
            mut peers in prop::collection::vec((0..40_u8).prop_map(|x| f64::from(x) / 4.0), 0..12),
            values in prop::collection::vec((0..60_u8).prop_map(|x| f64::from(x) / 4.0), 2..12),
            lower in any::<bool>(),
        ) {
            peers.sort_by(f64::total_cmp);
            let direction = if lower { Direction::Lower } else { Direction::Higher };
            for text in RULES {
                let rule = rule(text);
                rule.check(direction).unwrap();
                let fitted = rule.fit(&peers, direction);
                let mut row: Vec<(f64, f64)> = values
                    .iter()
                    .filter_map(|&value| rule.points(&Cell { value, target: None, direction, fitted: &fitted }).map(|p| (value, p)))
                    .collect();
                row.sort_by(|a, b| (direction.sign() * a.0).total_cmp(&(direction.sign() * b.0)));
                for pair in row.windows(2) {
                    prop_assert!(pair[0].1 <= pair[1].1 + 1e-9, "{text} {direction:?} {peers:?} {pair:?}");
                }
                for (_, points) in row {
                    prop_assert!(!rule.bounded() || (0.0..=100.0).contains(&points), "{text} {points}");
                }
            }
        }
    }
}
