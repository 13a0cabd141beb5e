//! The policy: overlay, errors that say where, and its documents.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use touyan::policy::{Policy, PolicyError, default_text, reference, schema_json};

fn parse(text: &str) -> Result<Policy, PolicyError> {
    Policy::parse(text, Path::new("county.toml"))
}

fn refused(text: &str) -> PolicyError {
    match parse(text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(error) => error,
    }
}

#[test]
fn the_default_is_valid_and_complete() {
    let policy = Policy::default();
    // Whatever it says, it says again when laid over itself or written out.
    assert_eq!(parse(default_text()).unwrap().to_toml(), policy.to_toml());
    assert_eq!(parse(&policy.to_toml()).unwrap().to_toml(), policy.to_toml());
    assert_eq!(parse("").unwrap().to_toml(), policy.to_toml());
    assert_eq!(Policy::load(None).unwrap().to_toml(), policy.to_toml());
}

#[test]
fn a_county_file_is_laid_over_key_by_key() {
    let base = Policy::default();
    let own = parse(
        "[meta]\nname = \"青石县2026\"\n[structure.bands]\nyoung_max = 40\n[structure.targets.director]\nyoung = [0.1, 1.0]\n\
         [structure.filing]\nposts = [\"director\"]\n[words.sex]\nmale = [\"男同志\"]\n",
    )
    .unwrap();
    assert_eq!(own.meta.name, "青石县2026");
    assert_eq!(own.meta.effective, base.meta.effective, "untouched beside it");
    assert_eq!((own.structure.bands.young_max, own.structure.bands.middle_max), (40, base.structure.bands.middle_max));
    assert_eq!(own.structure.targets.len(), base.structure.targets.len() + 1, "named tables are added");
    assert_eq!(own.structure.filing.posts, ["director"], "a list replaces the list");
    assert_eq!(own.words.sex["male"], ["男同志"]);
    assert_eq!(own.words.sex["female"], base.words.sex["female"]);
    // The order of the default stays, new names come last.
    let names: Vec<&String> = own.structure.targets.keys().collect();
    assert_eq!(names.last().map(|n| n.as_str()), Some("director"));
}

#[test]
fn an_unknown_key_names_the_nearest_and_the_line() {
    for (text, line, key, nearest) in [
        ("[structure]\n\n# note\nmin_peple = 3\n", 4, "structure.min_peple", "min_people"),
        ("[structure.targets.secretary]\nyung = [0.0, 1.0]\n", 2, "structure.targets.secretary.yung", "young"),
        ("[structur]\nx = 1\n", 1, "structur", "structure"),
        ("[words.sexx]\nmale = [\"男\"]\n", 1, "words.sexx", "sex"),
        ("structure.bands.young_mx = 3\n", 1, "structure.bands.young_mx", "young_max"),
        ("[meta]\nname = \"x\"\nelection = \"2026-12-31\"\n", 3, "meta.election", "election_day"),
    ] {
        let error = refused(text);
        assert_eq!(error.line, Some(line), "{error}");
        assert!(error.message.contains(&format!("`{key}`")), "{error}");
        assert_eq!(error.hint.as_deref(), Some(format!("did you mean `{nearest}`?").as_str()), "{error}");
        assert!(error.to_string().starts_with(&format!("county.toml:{line}: ")), "{error}");
    }
}

#[test]
fn a_wrong_value_names_key_and_line() {
    for (text, line, key) in [
        ("[structure.bands]\nyoung_max = \"x\"\n", 2, "structure.bands.young_max"),
        ("[structure]\n\nbreakdown = [\"secretary\", 3]\n", 3, "structure.breakdown[1]"),
        ("structure = 3\n", 1, "structure"),
        ("[words.sex]\nmale = \"男\"\n", 2, "words.sex.male"),
        ("[structure.targets.secretary]\nyoung = [0.0, 0.5, 1.0]\n", 2, "structure.targets.secretary.young"),
        // Contradictions that types cannot express.
        ("[structure]\nbreakdown = [\"mayor\"]\n", 2, "structure.breakdown"),
        ("[structure.targets.mayor]\nyoung = [0.0, 0.5]\n", 1, "structure.targets.mayor"),
        ("[structure.targets.secretary]\nold = [0.5, 0.4]\n", 2, "structure.targets.secretary.old"),
        ("[structure.targets.secretary]\nold = [nan, 0.4]\n", 2, "structure.targets.secretary.old"),
        ("[structure.targets.all]\nyoung = [0.9, 1.0]\n", 1, "structure.targets.all"),
        ("[structure.bands]\nyoung_max = 50\n", 1, "structure.bands"),
        ("[structure.age_limit]\nage = 600\n", 2, "structure.age_limit.age"),
        ("[structure.age_limit]\nyears = 0\n", 2, "structure.age_limit.years"),
        ("[structure.form]\nlow_income_max = -1.0\n", 2, "structure.form.low_income_max"),
        ("[meta]\nelection_day = \"2026-02-30\"\n", 2, "meta.election_day"),
        ("[book]\nstray_percent = 101.0\n", 2, "book.stray_percent"),
        // A list of tables where the default has a table would be read by position.
        ("[[structure.bands]]\nyoung_max = 30\n", 1, "structure.bands"),
        ("[structure]\nbands = [30, 50]\n", 2, "structure.bands"),
    ] {
        let error = refused(text);
        assert!(error.message.contains(&format!("`{key}`")), "{error}");
        assert_eq!(error.line, Some(line), "{error}");
    }
    let error = refused("[structure]\nmin_people = 1\nmin_people = 2\n");
    assert_eq!(error.line, Some(3), "{error}");
    assert_eq!(refused("[meta]\nname = \"x\n").line, Some(2));
}

#[test]
fn a_rule_of_another_type_replaces_the_rule() {
    // The default's `goalposts` has keys that `percentile` does not know.
    let own = parse("[score.indicators.party_score]\nrule = { type = \"percentile\", floor = 40 }\n").unwrap();
    let (base, text) = (Policy::default(), own.to_toml());
    assert_ne!(text, base.to_toml());
    assert_eq!(own.score.indicators["party_score"].label, base.score.indicators["party_score"].label);
    // Of the same type, what is not named stays.
    let own = parse("[score.indicators.party_score]\nrule = { high = 90 }\n").unwrap();
    let rule = toml::Value::try_from(&own.score.indicators["party_score"].rule).unwrap();
    assert_eq!((rule["high"].as_float(), rule["low"].as_float()), (Some(90.0), Some(0.0)), "{rule}");
}

#[test]
fn a_tree_that_runs_in_a_circle_is_refused() {
    for text in [
        "[score.nodes.party]\nparent = \"party\"\n",
        "[score.nodes.measured]\nparent = \"party\"\n",
        "[score.nodes.measured]\nparent = \"villagers\"\n[score.nodes.villagers]\nparent = \"measured\"\n",
    ] {
        let error = refused(text);
        assert!(error.message.contains("circle"), "{error}");
        assert!(error.line.is_some() || error.message.contains("parent"), "{error}");
    }
    let error = refused("[score.nodes.party]\nparent = \"measurd\"\n");
    assert!(error.message.contains("did you mean `measured`?"), "{error}");
    assert_eq!(error.line, Some(2), "{error}");
}

#[test]
fn protected_attributes_are_no_indicators() {
    for text in [
        "[score.indicators.party_score]\ncolumn = \"sex\"\n",
        "[score.indicators.party_score]\ncolumn = \"民族\"\n",
        "[score.class]\ncolumn = \"ethnicity\"\n",
    ] {
        assert!(refused(text).message.contains("protected"), "{text}");
    }
}

#[test]
fn a_missing_file_is_an_error() {
    let error = Policy::load(Some(Path::new("/nowhere/policy.toml"))).unwrap_err();
    assert!(error.to_string().starts_with("/nowhere/policy.toml: cannot read"), "{error}");
}

/// Every dotted key of the default policy, tables and values.
fn keys() -> Vec<String> {
    fn walk(table: &toml::Table, path: &str, found: &mut Vec<String>) {
        for (key, value) in table {
            let key = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            found.push(key.clone());
            if let toml::Value::Table(inner) = value {
                walk(inner, &key, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(&toml::from_str(default_text()).unwrap(), "", &mut found);
    found
}

fn value() -> impl Strategy<Value = String> {
    let plain = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|x| if x.is_nan() { "nan".to_owned() } else { format!("{x:?}") }),
        prop_oneof![Just(-1), Just(0), Just(1), Just(1_000_000)].prop_map(|n: i32| n.to_string()),
        Just("inf".to_owned()),
        any::<bool>().prop_map(|b| b.to_string()),
        "[a-z_\u{4e00}-\u{4e10}]{0,8}".prop_map(|s| format!("\"{s}\"")),
        Just("2026-02-28".to_owned()),
        Just("{ type = \"steps\", x = 1 }".to_owned()),
    ];
    plain.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|v| format!("[{}]", v.join(", "))),
            inner.prop_map(|v| format!("{{ parent = {v} }}")),
        ]
    })
}

/// A message about a file always names a line that the file has.
fn sound(text: &str) {
    if let Err(error) = parse(text) {
        assert!(!error.message.is_empty());
        assert!(error.line.is_none_or(|line| (1..=text.lines().count().max(1) + 1).contains(&line)), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_accepted_or_refused(text in "\\PC{0,80}|[\\[\\]{}=\"'.#,a-z0-9\n 一]{0,80}") {
        sound(&text);
    }

    #[test]
    fn any_value_under_any_key_is_accepted_or_refused(
        picks in prop::collection::vec((any::<prop::sample::Index>(), value()), 1..3),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let keys = keys();
        let mut text = String::new();
        for (pick, value) in &picks {
            text.push_str(&format!("{} = {value}\n", pick.get(&keys)));
        }
        if let Some(cut) = cut {
            let at = cut.index(text.len());
            text.truncate((0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0));
        }
        sound(&text);
    }
}

// ─── documents ───────────────────────────────────────────────────────────────

/// Compares a generated document with the file; with `TOUYAN_BLESS=1` writes it.
fn same_as(file: &str, made: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "docs", file].iter().collect();
    if std::env::var_os("TOUYAN_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, made).unwrap();
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if kept != made {
        let line = kept.lines().zip(made.lines()).take_while(|(a, b)| a == b).count() + 1;
        panic!(
            "docs/{file} differs from the code at line {line}; \
             `TOUYAN_BLESS=1 cargo test --release --test it policy` writes it anew"
        );
    }
}

#[test]
fn the_schema_is_checked_in() {
    same_as("policy.schema.json", &schema_json());
}

#[test]
fn the_reference_is_checked_in_and_holds_every_key() {
    let made = reference();
    // Names inside named tables are the county's; everything above them stands in the reference.
    for key in keys().iter().filter(|key| key.matches('.').count() <= 1) {
        let last = key.rsplit('.').next().unwrap_or(key);
        let forms = [format!("`{last}`"), format!("[{key}]"), format!("[{key}.<name>]")];
        assert!(forms.iter().any(|form| made.contains(form)), "{key} is not in the reference");
    }
    same_as("policy.md", &made);
}
