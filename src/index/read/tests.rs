use super::*;
use crate::book::raw::Body;
use crate::frame::Build;
use crate::index::{IndexFile, Overrides};
use crate::lang::Lang;

fn policy(text: &str) -> IndexPolicy {
    IndexFile::parse(text, std::path::Path::new("p.toml"), &Overrides::default()).expect("a policy").score
}

fn sheet(text: &str) -> RawSheet {
    let rows = text.lines().map(|line| line.split('|').map(cell).collect()).collect();
    grid(rows, vec![])
}

fn grid(rows: Vec<Vec<Cell>>, fields: Vec<u32>) -> RawSheet {
    let body = Body::Grid { rows, merges: vec![], fields };
    RawSheet { file: "t.csv".into(), sheet: String::new(), hidden: false, body }
}

/// The same as separated text has it: fields counted, cells as far as they are filled.
fn separated(text: &str) -> RawSheet {
    let fields = text.lines().map(|line| line.split('|').count() as u32).collect();
    let row = |line: &str| {
        let mut cells: Vec<Cell> = line.split('|').map(cell).collect();
        while cells.last() == Some(&Cell::Empty) {
            cells.pop();
        }
        cells
    };
    grid(text.lines().map(row).collect(), fields)
}

#[test]
fn rows_of_another_width_are_refused_with_their_place() {
    let policy = policy("[score.indicators.income]\n[score.indicators.debt]\n");
    let fault =
        |text: &str| read(&separated(text), &policy).map(|_| ()).map_err(|e| (e.fault.clone(), e.render(Lang::En)));
    let (found, message) = fault("title\nname|income|debt\na|1|2\nb|1\nc|1|2|3\nd").expect_err("ragged");
    assert_eq!(found, TableFault::Ragged { width: 3, rows: vec![(4, 2), (5, 4), (6, 1)], more: 0 }, "{message}");
    assert!(message.contains("row 4: 2") && message.contains("quotes"), "{message}");
    // Empty fields are fields; blank lines, and empty ones beyond the header, hide nothing.
    assert!(fault("name|income|debt\na||\n\nb|1|2|\nc|1|2||").is_ok());
    // A header that ends with a separator has a column without a name.
    assert!(fault("name|income|debt|\na|1|2\nb|1|2|").is_ok());
    // A workbook has no fields: its short rows are empty at the end.
    assert!(read(&sheet("name|income|debt\na|1"), &policy).is_ok());
}

#[test]
fn a_decimal_comma_is_called_one() {
    let (found, message) = fault("name|year|income|debt\na|1|1,5|1\nb|1|-20,25|1", TWO);
    assert!(matches!(found, TableFault::DecimalComma { ref faults, more: 0, .. } if faults.len() == 2), "{message}");
    assert!(message.contains("decimal comma") && message.contains("1,5"), "{message}");
    // Something else beside it is told as such.
    let (found, message) = fault("name|year|income|debt\na|1|1,5|1\nb|1|x|1", TWO);
    assert!(matches!(found, TableFault::NotNumbers { .. }), "{message}");
}

fn cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

const TWO: &str = "[score]\nperiod = \"year\"\n[score.indicators.income]\n[score.indicators.debt]\n";

fn fault(text: &str, policy_text: &str) -> (TableFault, String) {
    let error = read(&sheet(text), &policy(policy_text)).expect_err(text);
    let message = error.render(Lang::En);
    (error.fault, message)
}

#[test]
fn rows_are_sorted_and_counted() {
    let text =
        "A title\n\nname|year|Income|debt|note\nb|2021|１，２００|5%|x\n\na|2021|..|6％|\na|2020|约300|—|\nc|2030|x|y|";
    let mut policy = policy(TWO);
    policy.as_of = Some(2021);
    let found = read(&sheet(text), &policy).expect("a table");
    let table = &found.table;
    assert_eq!(table.names, ["a", "b"]);
    assert_eq!((table.units.clone(), table.periods.clone()), (vec![0, 0, 1], vec![2020, 2021, 2021]));
    let bits = |column: &str| table.numbers[column].iter().map(|x| x.to_string()).collect::<Vec<_>>();
    assert_eq!(bits("income"), ["300", "NaN", "1200"]);
    assert_eq!(bits("debt"), ["NaN", "6", "5"]);
    assert_eq!(found.id, "name");
    let counts = &found.counts;
    assert_eq!((counts.rows, counts.read, counts.blank, counts.later), (5, 3, 1, 1));
    assert_eq!((counts.missing, counts.approximate), (2, 1));
    assert_eq!(counts.repaired["thousands"], 1);
    assert_eq!(counts.repaired["unit_in_cell"], 2);
}

#[test]
fn the_order_of_rows_and_columns_changes_nothing() {
    let one = read(&sheet("name|year|income|debt\na|1|1|2\nb|1|3|4"), &policy(TWO)).expect("a table").table;
    let two = read(&sheet("debt|name|income|year\n4|b|3|1\n2|a|1|1"), &policy(TWO)).expect("a table").table;
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let (found, message) = fault("name|year|incme|debt\na|1|1|1", TWO);
    assert!(
        matches!(found, TableFault::NoColumn { ref nearest, .. } if nearest.as_deref() == Some("incme")),
        "{message}"
    );
    let (found, message) = fault("name|year|income|debt\na|1|1|1\n\na|1|2|2", TWO);
    assert!(matches!(found, TableFault::Twice { first: 2, second: 4, period: Some(1), .. }), "{message}");
    let (found, message) = fault("name|year|income|debt\na|1|13800131234x|1\nb|1|many|1", TWO);
    assert!(matches!(found, TableFault::NotNumbers { ref faults, more: 0, .. } if faults.len() == 2), "{message}");
    assert!(!message.contains("13800131234") && message.contains("many") && message.contains('2'), "{message}");
    let (found, message) = fault("name|year|income|debt\na|1|5%|1\nb|1|0.05|1", TWO);
    assert!(matches!(found, TableFault::MixedPercent { signed: 2, plain: 3, .. }), "{message}");
    let (found, message) = fault("name|year|income|debt\nb|1|2|1\n|1|5|1", TWO);
    assert!(matches!(found, TableFault::NoName { row: 3, .. }), "{message}");
    let (found, message) = fault("name|year|income|debt\na|soon|5|1", TWO);
    assert!(matches!(found, TableFault::NoPeriod { row: 2, .. }), "{message}");
    let (found, message) = fault("name|year|income|income|debt\na|1|5|1|1", TWO);
    assert!(matches!(found, TableFault::HeaderTwice { first: 3, second: 4, .. }), "{message}");
    let (found, message) = fault("year|income|debt\n1|5|1", TWO);
    assert_eq!(found, TableFault::NoUnits, "{message}");
    let (found, message) = fault("name|year|income|debt", TWO);
    assert_eq!(found, TableFault::NoRows { later: 0 }, "{message}");
    let (found, message) = fault("name|year|income|debt\n11010519491231002X|1|5|1", TWO);
    assert!(matches!(found, TableFault::Personal { count: 1, .. }), "{message}");
    assert!(!message.contains("19491231"), "{message}");
}

#[test]
fn protected_columns_are_never_read() {
    let text = "sex|name|income|debt\nm|a|1|2";
    let found = read(&sheet(text), &policy("[score.indicators.income]\n[score.indicators.debt]\n")).expect("a table");
    assert_eq!(found.id, "name");
    assert!(found.table.texts.is_empty());
}

#[test]
fn groups_are_read_as_text_and_where_they_can_as_numbers() {
    let text = "name|district|zone|income\na|101|north|1\nb|102|south|2";
    let policy = policy(
        "[score]\nclass = \"district\"\nscope = \"zone\"\nimpute = { type = \"mean\", within = \"zone\" }\n[score.indicators.income]\n",
    );
    let table = read(&sheet(text), &policy).expect("a table").table;
    assert_eq!(table.texts["district"], [Some("101".to_owned()), Some("102".to_owned())]);
    assert_eq!(table.numbers["district"], [101.0, 102.0]);
    assert!(table.texts.contains_key("zone") && !table.numbers.contains_key("zone"));
    assert_eq!(table.groups(table.class.as_deref()).members.len(), 2);
}

#[test]
fn typed_columns_are_read_alike() {
    let frame = Build::new()
        .str("name", &["b", "a"])
        .whole("year", vec![Some(2020), Some(2020)])
        .number("income", vec![Some(1.5), None])
        .flag("debt", vec![Some(true), Some(false)])
        .done()
        .expect("a frame");
    let sheet = RawSheet { file: "t.parquet".into(), sheet: String::new(), hidden: false, body: Body::Typed(frame) };
    let found = read(&sheet, &policy(TWO)).expect("a table");
    assert_eq!(found.table.names, ["a", "b"]);
    assert!(found.table.numbers["income"][0].is_nan());
    assert_eq!(found.table.numbers["debt"], [0.0, 1.0]);
}
