//! The annexes: lists and sums in official form. A further annex is a further line of [`ANNEXES`];
//! those of cultivation and motivation show parts of the output tables.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::DataType;

use super::MaterialsError;
use super::desk::{Desk, LISTED};
use super::form::{self, Column, Form, Group, Room, Value};
use crate::book::schema::Vocab;
use crate::frame;
use crate::report::format::width;
use crate::report::vocabulary;
use crate::say;

/// An annex, ready to be written.
pub(super) struct Annex {
    /// Its number in the report.
    pub(super) number: usize,
    pub(super) id: &'static str,
    pub(super) title: String,
    /// Name of its file.
    pub(super) file: String,
    write: Write,
}

#[derive(Clone, Copy)]
enum Write {
    Own(fn(&Desk) -> Result<Vec<Form>, MaterialsError>),
    /// Output tables as they are, in part.
    Plain(&'static [Part]),
}

/// Part of an output table.
struct Part {
    table: &'static str,
    columns: &'static [&'static str],
    /// Only rows whose code in a column is one of these; no code: all rows.
    only: (&'static str, &'static [&'static str]),
}

const fn part(table: &'static str, columns: &'static [&'static str]) -> Part {
    Part { table, columns, only: ("", &[]) }
}

/// What a meeting on cultivation has on the table.
const CULTIVATE: [Part; 5] = [
    part("training_batches", &["level", "batch", "course", "seats", "used", "days", "from", "until"]),
    part(
        "training_plan",
        &["township", "village_name", "person", "post", "course", "batch", "from", "cause", "reason"],
    ),
    part("placements", &["township", "village_name", "person", "post", "host", "activity", "from", "until", "fit"]),
    part("open_places", &["host", "activity", "cause", "detail"]),
    part(
        "contest",
        &["township", "village_name", "person", "contest_score", "rank", "rank_in_class", "state", "reason"],
    ),
];

/// And on motivation.
const MOTIVATE: [Part; 5] = [
    part(
        "pay_budget",
        &[
            "township",
            "year",
            "people",
            "base_pay",
            "performance_pay",
            "allowances",
            "reward",
            "awards",
            "total",
            "total_low",
            "total_high",
        ],
    ),
    part("pay_summary", &["township", "people", "equal", "underpaid", "overpaid", "no_record", "unknown", "shortfall"]),
    Part {
        table: "cover_gaps",
        columns: &["township", "village_name", "person", "post", "pension", "medical", "state"],
        only: ("state", &["gap"]),
    },
    Part {
        table: "honours",
        columns: &["township", "village_name", "person", "post", "rule", "state", "order", "score", "reasons_for"],
        only: ("state", &["candidate"]),
    },
    part(
        "advancement",
        &["township", "village_name", "person", "years_in_post", "eligible", "eligible_on", "missed", "reason"],
    ),
];

/// One kind of annex: message ID of its title (`mat-annex-…`), the tables it needs, how it is made.
struct Kind {
    id: &'static str,
    tables: &'static [&'static str],
    write: Write,
}

/// All kinds in the order of their numbers.
const ANNEXES: [Kind; 8] = [
    Kind { id: "supervision", tables: &["supervision"], write: Write::Own(supervision) },
    Kind { id: "talks", tables: &["talks"], write: Write::Own(talks) },
    Kind { id: "vacancies", tables: &["vacancies", "shortlists"], write: Write::Own(vacancies) },
    Kind { id: "scores", tables: &["scores"], write: Write::Own(scores) },
    Kind { id: "townships", tables: &["scores", "ladder"], write: Write::Own(townships) },
    Kind { id: "statistics", tables: &["statistics_form"], write: Write::Own(statistics) },
    Kind { id: "cultivate", tables: &["training_plan"], write: Write::Plain(&CULTIVATE) },
    Kind { id: "motivate", tables: &["pay_budget"], write: Write::Plain(&MOTIVATE) },
];

/// The annexes for which there are tables, numbered.
pub(super) fn all(desk: &Desk) -> Vec<Annex> {
    let there = ANNEXES.iter().filter(|kind| kind.tables.iter().all(|t| desk.table(t).is_some()));
    let annexes = there.enumerate().map(|(at, kind)| {
        let title = desk.lang.text(&format!("mat-annex-{}", kind.id));
        let number = at + 1;
        let file = say!(desk.lang, "mat-file-annex", n = number, title = &title);
        Annex { number, id: kind.id, title, file, write: kind.write }
    });
    annexes.collect()
}

impl Annex {
    /// The bytes of the .xlsx file.
    pub(super) fn workbook(&self, desk: &Desk) -> Result<Vec<u8>, MaterialsError> {
        let forms = match self.write {
            Write::Own(make) => make(desk)?,
            Write::Plain(parts) => {
                let there = parts.iter().filter(|part| desk.table(part.table).is_some_and(|t| t.height() > 0));
                there.map(|part| as_it_comes(desk, part)).collect::<Result<_, _>>()?
            }
        };
        form::workbook(desk, &say!(desk.lang, "mat-annex-mark", n = self.number), &forms)
    }
}

/// The title of a sheet: whose it is, and what.
fn title(desk: &Desk, what: &str) -> String {
    say!(desk.lang, "mat-form-title", whose = desk.whose(), what = what)
}

/// Columns with a label of their own (`mat-col-…`) or that of an output column.
fn columns(desk: &Desk, list: &[(&str, Room)]) -> Vec<Column> {
    let label = |id: &str| {
        let own = format!("mat-col-{}", id.replace('_', "-"));
        if desk.lang.has(&own) { desk.lang.text(&own) } else { desk.label(id) }
    };
    list.iter().map(|(id, room)| Column { label: label(id), room: *room }).collect()
}

/// "3/4": done of due.
fn of(done: Option<i64>, due: Option<i64>) -> Value {
    match (done, due) {
        (Some(done), Some(due)) => Value::text(format!("{done}/{due}")),
        _ => Value::Blank,
    }
}

fn supervision(desk: &Desk) -> Result<Vec<Form>, MaterialsError> {
    let list = columns(
        desk,
        &[
            ("number", Room::Fixed(5)),
            ("township", Room::Fixed(8)),
            ("village_name", Room::Fixed(8)),
            ("person", Room::Fixed(if desk.sees_names() { 9 } else { 15 })),
            ("categories", Room::Fixed(11)),
            ("status", Room::Fixed(7)),
            ("since", Room::Fixed(11)),
            ("reasons", Room::Share(5)),
            ("basis", Room::Share(2)),
            ("mechanisms", Room::Fixed(6)),
            ("ones", Room::Fixed(6)),
            ("clears", Room::Share(3)),
            ("overdue", Room::Share(2)),
        ],
    );
    let others = columns(
        desk,
        &[
            ("number", Room::Fixed(5)),
            ("township", Room::Fixed(9)),
            ("village_name", Room::Fixed(9)),
            ("person", Room::Fixed(if desk.sees_names() { 9 } else { 15 })),
            ("categories", Room::Fixed(13)),
            ("status", Room::Fixed(9)),
            ("reasons", Room::Share(5)),
            ("basis", Room::Share(2)),
            ("clears", Room::Share(3)),
        ],
    );
    let listed = supervised(desk, LISTED, true);
    let what = desk.lang.text("mat-annex-supervision");
    let mut main = Form::plain(what.clone(), title(desk, &what), list, listed);
    main.unit = desk.lang.text("mat-form-villages");
    main.notes.push(desk.lang.text("mat-note-supervision"));
    let more = supervised(desk, &["suggested", "recheck", "to_clarify", "near_miss"], false);
    let what = desk.lang.text("mat-sheet-study");
    let mut study = Form::plain(what.clone(), title(desk, &what), others, more);
    study.unit = desk.lang.text("mat-form-villages");
    study.notes.push(desk.lang.text("mat-note-study"));
    Ok(vec![main, study])
}

/// Letters of a reason in the list; the whole of it stands on the village's own page.
const REASON: usize = 150;

fn supervised(desk: &Desk, states: &[&str], full: bool) -> Vec<Vec<Value>> {
    let rows = desk.rows("supervision");
    let kinds = rows.words("kind");
    let (townships, villages, people) = (rows.words("township"), rows.words("village_name"), rows.words("person"));
    let (categories, status, since) = (rows.words("categories"), rows.words("status"), rows.dates("since"));
    let (reasons, basis, clears, overdue) =
        (rows.words("reasons"), rows.words("basis"), rows.words("clears"), rows.words("overdue"));
    let (done, total) = (rows.wholes("mechanisms_done"), rows.wholes("mechanisms_total"));
    let (ones, ones_total) = (rows.wholes("ones_done"), rows.wholes("ones_total"));
    let mut picked = rows.which("status", states);
    picked.retain(|&i| kinds[i] != "cultivate");
    // The list of members stands by township; what is to be studied, by what is asked.
    if !full {
        picked.sort_by_key(|&i| states.iter().position(|s| *s == status[i]));
    }
    let row = |(at, &i): (usize, &usize)| {
        let mut cells = vec![
            Value::count(at + 1),
            Value::text(townships[i]),
            Value::text(villages[i]),
            Value::text(desk.show(people[i])),
            Value::text(desk.code("category", categories[i])),
            Value::text(desk.code("status", status[i])),
        ];
        if full {
            cells.push(Value::date(since[i]));
        }
        cells.extend([Value::text(desk.brief(reasons[i], REASON)), Value::text(desk.basis(basis[i]))]);
        if full {
            cells.extend([of(done[i], total[i]), of(ones[i], ones_total[i])]);
        }
        cells.push(Value::text(desk.weave(clears[i])));
        if full {
            cells.push(Value::text(overdue[i]));
        }
        cells
    };
    picked.iter().enumerate().map(row).collect()
}

fn talks(desk: &Desk) -> Result<Vec<Form>, MaterialsError> {
    let list = columns(
        desk,
        &[
            ("number", Room::Fixed(5)),
            ("township", Room::Fixed(11)),
            ("secretary", Room::Fixed(15)),
            ("villages", Room::Fixed(7)),
            ("listed", Room::Fixed(10)),
            ("problem_events", Room::Fixed(9)),
            ("adjusted_heads", Room::Fixed(10)),
            ("reasons", Room::Share(3)),
            ("talker", Room::Fixed(11)),
            ("talked_on", Room::Fixed(12)),
            ("remark", Room::Share(1)),
        ],
    );
    let rows = desk.rows("talks");
    let (townships, people, reasons) = (rows.words("township"), rows.words("secretary"), rows.words("reasons"));
    let figures = ["villages", "listed", "problem_events", "adjusted_heads"].map(|c| rows.wholes(c));
    let cells = (0..rows.height()).map(|i| {
        let mut cells = vec![Value::count(i + 1), Value::text(townships[i]), Value::text(desk.show(people[i]))];
        // No figure of a talk is missing but one that is withheld.
        let withheld = || Value::text(desk.lang.text("mat-withheld-cell"));
        cells.extend(figures.iter().map(|f| f[i].map_or_else(withheld, Value::Whole)));
        cells.extend([Value::text(desk.weave(reasons[i])), Value::Blank, Value::Blank, Value::Blank]);
        cells
    });
    let what = desk.lang.text("mat-annex-talks");
    let mut form = Form::plain(what.clone(), title(desk, &what), list, cells.collect());
    form.unit = desk.lang.text("mat-form-cases");
    form.notes.push(desk.lang.text("mat-note-talks"));
    Ok(vec![form])
}

fn vacancies(desk: &Desk) -> Result<Vec<Form>, MaterialsError> {
    let person = if desk.sees_names() { 9 } else { 15 };
    let list = columns(
        desk,
        &[
            ("number", Room::Fixed(5)),
            ("township", Room::Fixed(9)),
            ("village_name", Room::Fixed(9)),
            ("post", Room::Fixed(11)),
            ("cause", Room::Share(2)),
            ("order", Room::Fixed(4)),
            ("candidate", Room::Fixed(person)),
            ("origin_village_name", Room::Fixed(9)),
            ("fit", Room::Fixed(7)),
            ("assigned", Room::Fixed(6)),
            ("reasons_for", Room::Share(4)),
            ("reasons_against", Room::Share(3)),
        ],
    );
    let posts = desk.rows("vacancies");
    let keys = posts.words("vacancy");
    let (townships, villages, kinds) = (posts.words("township"), posts.words("village_name"), posts.words("post"));
    let (causes, details) = (posts.words("cause"), posts.words("detail"));
    let lists = desk.rows("shortlists");
    let by_post = desk.index("shortlists", "vacancy");
    let (candidates, homes) = (lists.words("candidate"), lists.words("origin_village_name"));
    let (order, fit) = (lists.wholes("order"), lists.numbers("fit"));
    let (reasons, against, soft) =
        (lists.words("reasons_for"), lists.words("reasons_against"), lists.words("soft_bars"));
    let sure = desk.rows("assignment");
    let (recommended, tied, fragile) = (sure.words("candidate"), sure.flags("tied"), sure.flags("fragile"));
    let assigned: HashMap<&str, usize> = sure.words("vacancy").into_iter().zip(0..).collect();
    let open: HashMap<&str, &str> = {
        let rows = desk.rows("open_posts");
        rows.words("vacancy").into_iter().zip(rows.words("detail")).collect()
    };
    let mut rows = Vec::new();
    let mut sorted: Vec<usize> = (0..posts.height()).collect();
    sorted.sort_by_key(|&i| (townships[i], villages[i], kinds[i]));
    for (at, &i) in sorted.iter().enumerate() {
        let head = || {
            vec![
                Value::count(at + 1),
                Value::text(townships[i]),
                Value::text(villages[i]),
                Value::text(desk.code("post", kinds[i])),
                Value::text(desk.clauses(&[desk.code("cause", causes[i]), desk.weave(details[i])])),
            ]
        };
        let nobody = Vec::new();
        let people = by_post.get(keys[i]).unwrap_or(&nobody);
        for &j in people {
            let given = assigned.get(keys[i]).copied().filter(|&at| recommended[at] == candidates[j]);
            let is = |flags: &[Option<bool>]| given.is_some_and(|at| flags[at] == Some(true));
            let bars = [
                (!soft[j].is_empty()).then(|| crate::report::bars(desk.lang, soft[j])),
                (!against[j].is_empty()).then(|| against[j].to_owned()),
                is(&tied).then(|| desk.lang.text("mat-annex-tied")),
                is(&fragile).then(|| desk.lang.text("mat-annex-fragile")),
            ];
            let bars = desk.clauses(&bars.into_iter().flatten().collect::<Vec<_>>());
            let mut cells = head();
            cells.extend([
                order[j].map_or(Value::Blank, Value::Whole),
                Value::text(desk.show(candidates[j])),
                Value::text(homes[j]),
                fit[j].map_or(Value::Blank, |x| Value::Number(x, 1)),
                if given.is_some() { Value::text("√") } else { Value::Blank },
                Value::text(desk.weave(reasons[j])),
                Value::text(desk.weave(&bars)),
            ]);
            rows.push(cells);
        }
        if people.is_empty() {
            let mut cells = head();
            cells.extend([Value::Blank, Value::text(desk.lang.text("mat-nobody")), Value::Blank, Value::Blank]);
            let why = open.get(keys[i]).copied().unwrap_or_default();
            cells.extend([Value::Blank, Value::Blank, Value::text(desk.weave(why))]);
            rows.push(cells);
        }
    }
    let what = desk.lang.text("mat-annex-vacancies");
    let mut form = Form::plain(what.clone(), title(desk, &what), list, rows);
    form.unit = desk.lang.text("mat-form-posts");
    form.notes.push(desk.lang.text("mat-note-vacancies"));
    Ok(vec![form])
}

/// Codes of the grades from the best, and last what is not rated.
pub(super) fn grades<'a>(desk: &'a Desk) -> Vec<&'a str> {
    let words = desk.input.policy.words.list(Vocab::Grade);
    words.keys().map(String::as_str).filter(|g| *g != "not_rated").chain(["not_rated"]).collect()
}

fn scores(desk: &Desk) -> Result<Vec<Form>, MaterialsError> {
    let list = columns(
        desk,
        &[
            ("number", Room::Fixed(5)),
            ("village_name", Room::Fixed(10)),
            ("person", Room::Fixed(if desk.sees_names() { 9 } else { 15 })),
            ("class", Room::Fixed(10)),
            ("score", Room::Fixed(8)),
            ("grade", Room::Fixed(10)),
            ("rank", Room::Fixed(6)),
            ("range", Room::Fixed(11)),
            ("rank_in_class", Room::Fixed(8)),
            ("veto", Room::Fixed(10)),
            ("consequence", Room::Fixed(10)),
            ("reasons", Room::Share(1)),
        ],
    );
    let rows = desk.rows("scores");
    let (villages, people, classes) = (rows.words("village_name"), rows.words("person"), rows.words("class"));
    let (scores, grade, veto) = (rows.numbers("score"), rows.words("grade"), rows.words("veto"));
    let (rank, low, high) = (rows.wholes("rank"), rows.wholes("rank_low"), rows.wholes("rank_high"));
    let (in_class, consequence) = (rows.wholes("rank_in_class"), rows.words("consequence"));
    let (why, what_for) = (rows.words("grade_reason"), rows.words("consequence_reason"));
    let by_township = desk.index("scores", "township");
    let order = grades(desk);
    let groups = desk.townships().into_iter().filter_map(|township| {
        let mut mine = by_township.get(township)?.clone();
        mine.sort_by_key(|&i| (rank[i].unwrap_or(i64::MAX), i));
        let counts = desk.counts(&mine.iter().map(|&i| grade[i]).collect::<Vec<_>>(), &order);
        let counts: Vec<String> =
            counts.iter().map(|(g, n)| say!(desk.lang, "report-word-count", word = desk.grade(g), n = *n)).collect();
        let heading =
            say!(desk.lang, "mat-group-scores", township = township, n = mine.len(), counts = desk.list(&counts));
        let cells = mine.iter().enumerate().map(|(at, &i)| {
            let range = match (low[i], high[i]) {
                (Some(low), Some(high)) => Value::text(format!("{low}–{high}")),
                _ => Value::Blank,
            };
            let reasons: Vec<String> =
                [why[i], what_for[i]].iter().filter(|t| !t.is_empty()).map(|t| desk.weave(t)).collect();
            vec![
                Value::count(at + 1),
                Value::text(villages[i]),
                Value::text(desk.show(people[i])),
                Value::text(desk.code("class", classes[i])),
                scores[i].map_or(Value::Blank, |x| Value::Number(x, 2)),
                Value::text(desk.grade(grade[i])),
                rank[i].map_or(Value::Blank, Value::Whole),
                range,
                in_class[i].map_or(Value::Blank, Value::Whole),
                Value::text(desk.code("veto", veto[i])),
                Value::text(desk.code("consequence", consequence[i])),
                Value::text(desk.clauses(&reasons)),
            ]
        });
        Some(Group { heading: Some(heading), rows: cells.collect() })
    });
    let what = desk.lang.text("mat-annex-scores");
    let mut form = Form::plain(what.clone(), title(desk, &what), list, Vec::new());
    form.groups = groups.collect();
    form.turn = true;
    form.unit = desk.lang.text("mat-form-points");
    form.notes.push(desk.lang.text("mat-note-scores"));
    Ok(vec![form])
}

/// What a township's line counts: table, column and the codes that count.
const TALLIES: [(&str, &str, &str, &[&str]); 6] = [
    ("listed", "supervision", "status", LISTED),
    ("suggested", "supervision", "status", &["suggested"]),
    ("held", "ladder", "state", &["held"]),
    ("thin", "ladder", "state", &["thin"]),
    ("broken", "ladder", "state", &["broken"]),
    ("late", "supervision_measures", "state", &["overdue"]),
];

/// What is summed up for a township, behind the grades.
const SUMS: [&str; 11] = [
    "listed",
    "suggested",
    "vacancies",
    "filled",
    "open",
    "in_pool",
    "members_in_pool",
    "held",
    "thin",
    "broken",
    "late",
];

fn townships(desk: &Desk) -> Result<Vec<Form>, MaterialsError> {
    let order = grades(desk);
    let mut list =
        columns(desk, &[("number", Room::Fixed(5)), ("township", Room::Share(2)), ("villages", Room::Share(1))]);
    let narrow = |label: String| Column { label, room: Room::Share(1) };
    list.extend(order.iter().map(|g| narrow(desk.grade(g))));
    let ladder = desk.rows("ladder");
    // A summary does not hold how many a village has in the pool: no sum of it either.
    let counted = ladder.wholes("in_pool").iter().all(Option::is_some);
    // Nothing is known to be late where no measure is on record.
    let measures = desk.rows("supervision_measures");
    let tracked = measures.is_empty() || measures.which("state", &["unrecorded"]).len() < measures.height();
    let shown: Vec<&'static str> = SUMS
        .into_iter()
        .filter(|id| counted || !matches!(*id, "in_pool" | "members_in_pool"))
        .filter(|id| tracked || *id != "late")
        .collect();
    let rooms: Vec<(&str, Room)> = shown.iter().map(|id| (*id, Room::Share(1))).collect();
    list.extend(columns(desk, &rooms));
    // Township → name of a count → how many.
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let scores = desk.rows("scores");
    for (township, grade) in scores.words("township").into_iter().zip(scores.words("grade")) {
        *counts.entry((township, grade)).or_default() += 1;
    }
    for (name, table, column, codes) in TALLIES {
        let rows = desk.rows(table);
        let (places, kinds) = (rows.words("township"), rows.words("kind"));
        for i in rows.which(column, codes) {
            if kinds[i] != "cultivate" {
                *counts.entry((places[i], name)).or_default() += 1;
            }
        }
    }
    for (name, table) in [("vacancies", "vacancies"), ("filled", "assignment"), ("open", "open_posts")] {
        for township in desk.rows(table).words("township") {
            *counts.entry((township, name)).or_default() += 1;
        }
    }
    let places = ladder.words("township");
    for column in ["in_pool", "members_in_pool"] {
        for (township, n) in places.iter().zip(ladder.wholes(column)) {
            *counts.entry((township, column)).or_default() += usize::try_from(n.unwrap_or(0)).unwrap_or(0);
        }
    }
    let villages = desk.index("ladder", "township");
    let rated = desk.index("scores", "township");
    let rows = desk.townships().into_iter().enumerate().map(|(at, township)| {
        let all = villages.get(township).or_else(|| rated.get(township)).map_or(0, Vec::len);
        let of = |name: &str| Value::count(counts.get(&(township, name)).copied().unwrap_or(0));
        let mut cells = vec![Value::count(at + 1), Value::text(township), Value::count(all)];
        cells.extend(order.iter().map(|g| of(g)));
        cells.extend(shown.iter().map(|id| of(id)));
        cells
    });
    let what = desk.lang.text("mat-annex-townships");
    let mut form = Form::plain(what.clone(), title(desk, &what), list, rows.collect());
    form.unit = desk.lang.text("mat-form-mixed");
    form.total = true;
    form.notes.push(desk.lang.text("mat-note-townships"));
    Ok(vec![form])
}

fn statistics(desk: &Desk) -> Result<Vec<Form>, MaterialsError> {
    let list = columns(
        desk,
        &[
            ("number", Room::Fixed(6)),
            ("label", Room::Share(3)),
            ("unit", Room::Fixed(10)),
            ("value", Room::Fixed(14)),
            ("note", Room::Share(3)),
        ],
    );
    let rows = desk.rows("statistics_form");
    let (labels, units, notes) = (rows.words("label"), rows.words("unit"), rows.words("note"));
    let values = rows.numbers("value");
    let cells = (0..rows.height()).map(|i| {
        let value = match values[i] {
            Some(x) if x.fract() == 0.0 => Value::Number(x, 0),
            Some(x) => Value::Number(x, 2),
            None if notes[i].is_empty() => Value::text(desk.lang.text("mat-withheld-cell")),
            None => Value::Blank,
        };
        vec![Value::count(i + 1), Value::text(labels[i]), Value::text(units[i]), value, Value::text(notes[i])]
    });
    let what = desk.lang.text("mat-annex-statistics");
    let mut form = Form::plain(what.clone(), title(desk, &what), list, cells.collect());
    form.notes.push(desk.lang.text("mat-note-statistics"));
    Ok(vec![form])
}

/// Texts of a column wider than this are sentences.
const WORD: usize = 24;
/// A table of another stage: its columns by their labels, in their order.
fn as_it_comes(desk: &Desk, part: &Part) -> Result<Form, MaterialsError> {
    let name = part.table;
    let what = desk.lang.text(&format!("table-{}", name.replace('_', "-")));
    let rows = desk.rows(name);
    let picked: Vec<usize> = match part.only {
        ("", _) => (0..rows.height()).collect(),
        (column, codes) => rows.which(column, codes),
    };
    // The county's own line, without a township, is the total: last, and without a number.
    let townships = rows.words("township");
    let total = |i: &usize| part.columns.contains(&"township") && townships[*i].is_empty();
    let (totals, mut picked): (Vec<usize>, Vec<usize>) = picked.into_iter().partition(total);
    let numbered = picked.len();
    picked.extend(totals);
    let mut list = columns(desk, &[("number", Room::Fixed(5))]);
    let mut cells: Vec<Vec<Value>> =
        (0..picked.len()).map(|i| vec![if i < numbered { Value::count(i + 1) } else { Value::Blank }]).collect();
    if let Some(table) = desk.table(name) {
        for &id in part.columns {
            let Ok(column) = table.column(id) else { continue };
            let values: Vec<Value> = match column.dtype() {
                DataType::Float64 => frame::numbers(table, id)?
                    .into_iter()
                    .map(|v| v.map_or(Value::Blank, |x| Value::Number(x, 2)))
                    .collect(),
                DataType::Int64 => {
                    frame::wholes(table, id)?.into_iter().map(|v| v.map_or(Value::Blank, Value::Whole)).collect()
                }
                DataType::Date => frame::dates(table, id)?.into_iter().map(Value::date).collect(),
                DataType::Boolean => {
                    let word = |yes: bool| desk.lang.text(if yes { "yes" } else { "no" });
                    frame::flags(table, id)?
                        .into_iter()
                        .map(|v| v.map_or(Value::Blank, |yes| Value::text(word(yes))))
                        .collect()
                }
                _ => {
                    let words = frame::words(table, id)?;
                    // Labels are looked up once per word, not once per row.
                    let distinct: BTreeSet<&str> = words.iter().copied().collect();
                    let shown: HashMap<&str, String> =
                        distinct.into_iter().map(|w| (w, desk.weave(&desk.code(vocabulary(name, id), w)))).collect();
                    words.into_iter().map(|w| Value::text(shown.get(w).map_or(w, String::as_str))).collect()
                }
            };
            let mut values: Vec<Value> = picked.iter().filter_map(|&i| values.get(i).cloned()).collect();
            if id == "township" {
                let whole = desk.lang.text("report-motivate-all");
                values.iter_mut().skip(numbered).for_each(|cell| *cell = Value::text(whole.clone()));
            }
            let label = desk.label(id);
            let widest = values.iter().map(|v| if let Value::Text(t) = v { width(t) } else { 8 }).max().unwrap_or(0);
            let room = if widest > WORD { Room::Share(widest.min(120)) } else { Room::Fixed(widest.max(6) + 2) };
            list.push(Column { label, room });
            for (row, value) in cells.iter_mut().zip(values) {
                row.push(value);
            }
        }
    }
    Ok(Form::plain(what.clone(), title(desk, &what), list, cells))
}
