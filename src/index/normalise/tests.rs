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
