//! From files to an instance: the edge list, and tables of attributes of both sides.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::{Fault, MatchError};
use super::grid::Grid;
use super::ids::Ids;
use super::instance::Instance;
use super::notice::Notice;
use super::policy::MatchPolicy;
use super::quotas::{self, Attributes};
use super::sheet::{Keys, Sheet, Source};
use crate::book::value::{fold, mask};
use crate::index::read::{TableFault, refuse};

/// The files of a matching.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Vacancy, candidate, fit.
    pub edges: PathBuf,
    /// Attributes of vacancies.
    pub vacancies: Option<PathBuf>,
    /// Attributes of candidates.
    pub candidates: Option<PathBuf>,
    /// Pairs of candidates in conflict.
    pub conflicts: Option<PathBuf>,
    /// Pairs of an earlier result, near which the solution shall be.
    pub previous: Option<PathBuf>,
}

/// What became of the rows of the edge list: `rows` = `read` + `blank` + `unwilling` + `forbidden`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub rows: usize,
    pub read: usize,
    pub blank: usize,
    /// Pairs left out since the candidate does not want the vacancy.
    pub unwilling: usize,
    /// Pairs that the policy's column of orders forbids.
    pub forbidden: usize,
}

/// An instance with the names of both sides.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub instance: Instance,
    pub vacancies: Ids,
    pub candidates: Ids,
    pub counts: Counts,
    /// Pairs of the earlier result that name a vacancy or candidate that is not here.
    pub unknown: usize,
    /// What a reader should know of the tables.
    pub notices: Vec<Notice>,
    /// BLAKE3 by name of file.
    pub hashes: BTreeMap<String, String>,
}

/// A table of attributes: names and, by name, the row of each.
struct Side<'a> {
    sheet: Option<Sheet<'a>>,
    keys: Option<Keys>,
    rows: Vec<usize>,
}

impl<'a> Side<'a> {
    fn read(source: Option<&'a Source>, id: &str, key: &str) -> Result<Side<'a>, MatchError> {
        let Some(source) = source else { return Ok(Side { sheet: None, keys: None, rows: Vec::new() }) };
        let sheet = source.sheet(&[id])?;
        let rows = sheet.filled();
        let keys = sheet.keys(sheet.must(id, key)?, &rows)?;
        Ok(Side { sheet: Some(sheet), keys: Some(keys), rows })
    }

    /// Row of the sheet by number of the name, none for those that only the edge list has.
    fn rows_of(&self, ids: &Ids, file: &str) -> Result<Vec<Option<usize>>, MatchError> {
        let mut rows = vec![None; ids.len()];
        let (Some(keys), Some(sheet)) = (&self.keys, &self.sheet) else { return Ok(rows) };
        for (place, row) in ids.places(keys).into_iter().zip(&self.rows) {
            let Some(place) = place else { continue };
            if let Some(first) = rows[place as usize].replace(*row) {
                let (first, second) = (sheet.number(first), sheet.number(*row));
                return Err(Fault::KeyTwice { file: file.into(), key: mask(&ids.name(place)), first, second }.into());
            }
        }
        Ok(rows)
    }

    /// Values of a column by number of the name.
    fn words(&self, column: &str, key: &str, option: &'static str, of: &[Option<usize>]) -> Result<Words, MatchError> {
        let Some(sheet) = &self.sheet else {
            return Err(Fault::NoTable { key: key.to_owned(), option }.into());
        };
        let at = sheet.must(column, key)?;
        let known: Vec<usize> = of.iter().copied().flatten().collect();
        let mut values = sheet.words(at, &known).into_iter();
        let words = of.iter().map(|row| row.and_then(|_| values.next().flatten())).collect();
        let number = |at: usize| of[at].map_or(0, |row| sheet.number(row));
        Ok(Words { words, rows: (0..of.len()).map(number).collect() })
    }
}

/// A column by number of the name, with the number of each row for messages.
pub(super) struct Words {
    pub words: Vec<Option<String>>,
    pub rows: Vec<usize>,
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads the files of a matching by its policy.
///
/// # Errors
/// A file cannot be read, or a table is not what the policy asks for: what, where, and how to mend
/// it.
pub fn load(inputs: &Inputs, policy: &MatchPolicy) -> Result<Loaded, MatchError> {
    if inputs.conflicts.is_some() && policy.conflicts.is_none() {
        return Err(Fault::Unread { option: "--conflicts", key: "[match.conflicts]" }.into());
    }
    if inputs.previous.is_none() && policy.changes.is_some() {
        return Err(Fault::NoTable { key: "match.changes".into(), option: "--previous" }.into());
    }
    let open = |path: &Option<PathBuf>| path.as_deref().map(Source::open).transpose();
    let edges = Source::open(&inputs.edges)?;
    let (posts, people) = (open(&inputs.vacancies)?, open(&inputs.candidates)?);
    let (conflicts, previous) = (open(&inputs.conflicts)?, open(&inputs.previous)?);
    let sources = [Some(&edges), posts.as_ref(), people.as_ref(), conflicts.as_ref(), previous.as_ref()];
    let hashes = sources.into_iter().flatten().map(Source::hash).collect();
    let mut notices: Vec<Notice> = sources.into_iter().flatten().filter_map(Source::unread).collect();

    let sheet = edges.sheet(&[&policy.vacancy, &policy.candidate, &policy.fit])?;
    let rows = sheet.filled();
    if rows.len() >= u32::MAX as usize {
        return Err(Fault::TooMany { rows: rows.len() }.into());
    }
    let vacancy = sheet.keys(sheet.must(&policy.vacancy, "match.vacancy")?, &rows)?;
    let candidate_column = sheet.must(&policy.candidate, "match.candidate")?;
    let candidate = sheet.keys(candidate_column, &rows)?;
    let numbers = sheet.numbers(sheet.must(&policy.fit, "match.fit")?, &rows)?;

    let id = |own: &Option<String>, edge: &str| own.clone().unwrap_or_else(|| edge.to_owned());
    let post_id = id(&policy.vacancies.id, &policy.vacancy);
    let person_id = id(&policy.candidates.id, &policy.candidate);
    let posts = Side::read(posts.as_ref(), &post_id, "match.vacancies.id")?;
    let people = Side::read(people.as_ref(), &person_id, "match.candidates.id")?;
    let all = |own: &Keys, table: &Side| Ids::of(&std::iter::once(own).chain(&table.keys).collect::<Vec<_>>());
    let (post_ids, person_ids) = (all(&vacancy, &posts), all(&candidate, &people));
    let texts: Vec<String> = match &person_ids {
        Ids::Text(values) => values.clone(),
        Ids::Whole(values) => values.iter().map(i64::to_string).collect(),
    };
    refuse(texts.iter().map(String::as_str), sheet.name(candidate_column)).map_err(|fault| match fault {
        TableFault::Personal { column, value, count } => Fault::Personal { column, value, count }.into(),
        other => sheet.fault(other),
    })?;

    let files = (
        inputs.vacancies.as_deref().map(name_of).unwrap_or_default(),
        inputs.candidates.as_deref().map(name_of).unwrap_or_default(),
    );
    let (post_rows, person_rows) = (posts.rows_of(&post_ids, &files.0)?, people.rows_of(&person_ids, &files.1)?);
    let (from, to) = (post_ids.places(&vacancy), person_ids.places(&candidate));
    // The names of the edge list are among them.
    let from: Vec<u32> = from.into_iter().flatten().collect();
    let to: Vec<u32> = to.into_iter().flatten().collect();
    let known = |side: &Side, places: &[Option<usize>], of: &[u32], ids: &Ids, file: &str| match of
        .iter()
        .position(|at| side.keys.is_some() && places[*at as usize].is_none())
    {
        Some(at) => Err(MatchError::from(Fault::Unknown {
            file: file.to_owned(),
            key: mask(&ids.name(of[at])),
            row: sheet.number(rows[at]),
        })),
        None => Ok(()),
    };
    known(&posts, &post_rows, &from, &post_ids, &files.0)?;
    known(&people, &person_rows, &to, &person_ids, &files.1)?;

    // The policy's prices stand beside fits: on the same grid, and exactly.
    let prices = policy.prices();
    let values: Vec<f64> = prices.iter().map(|(_, price)| *price).collect();
    let needed = Grid::of(&values, policy.decimals);
    if let Some((key, price)) = prices.iter().find(|(_, price)| !needed.holds(*price)) {
        let (key, value) = (key.clone(), price.to_string());
        return Err(Fault::Price { key, value, decimals: policy.decimals }.into());
    }
    let grid = Grid { decimals: Grid::of(&numbers, policy.decimals).decimals.max(needed.decimals) };
    let rounded = numbers.iter().filter(|points| !grid.holds(**points)).count();
    if rounded > 0 {
        notices.push(Notice::Rounded { fits: rounded, decimals: grid.decimals });
    }
    let fits: Vec<i64> = numbers
        .iter()
        .enumerate()
        .map(|(at, points)| {
            let beyond = |_| Fault::Beyond { row: sheet.number(rows[at]), value: points.to_string() };
            grid.put(*points).map_err(|e| MatchError::from(beyond(e)))
        })
        .collect::<Result<_, _>>()?;

    let columns = Columns::read(&sheet, &name_of(&inputs.edges), policy, &rows)?;
    let wanted = policy.robustness.iter().flat_map(|r| r.parts.keys());
    let parts = wanted.map(|name| sheet.numbers(sheet.must(name, "match.robustness.parts")?, &rows));
    let parts: Vec<Vec<f64>> = parts.collect::<Result<_, MatchError>>()?;
    let mut counts = Counts { rows: sheet.height(), blank: sheet.height() - rows.len(), ..Counts::default() };
    let mut list: Vec<Edge> = Vec::with_capacity(rows.len());
    let (mut forced, mut forbidden) = (Vec::new(), Vec::new());
    for at in 0..rows.len() {
        let pair = (from[at], to[at]);
        let wish = columns.wish(at);
        if columns.unwilling(at) || wish == Some(0) {
            if columns.order(at) == Order::Force {
                return Err(Fault::ForcedUnwilling { row: sheet.number(rows[at]) }.into());
            }
            counts.unwilling += 1;
            continue;
        }
        match columns.order(at) {
            Order::Forbid => {
                counts.forbidden += 1;
                forbidden.push((pair.0, pair.1, fits[at]));
                continue;
            }
            Order::Force => forced.push(pair),
            Order::None => {}
        }
        counts.read += 1;
        list.push(Edge { post: pair.0, person: pair.1, fit: fits[at], wish: wish.unwrap_or(0), row: at as u32 });
    }
    list.sort_unstable_by_key(|e| (e.post, e.person));
    if let Some(pair) = list.windows(2).find(|w| (w[0].post, w[0].person) == (w[1].post, w[1].person)) {
        let number = |edge: &Edge| sheet.number(rows[edge.row as usize]);
        let (first, second) = (number(&pair[0]).min(number(&pair[1])), number(&pair[0]).max(number(&pair[1])));
        let (vacancy, candidate) = (mask(&post_ids.name(pair[0].post)), mask(&person_ids.name(pair[0].person)));
        return Err(Fault::PairTwice { vacancy, candidate, first, second }.into());
    }
    forced.sort_unstable();
    forbidden.sort_unstable();
    let of_part = |values: &Vec<f64>| -> Result<Vec<i64>, MatchError> {
        let put = |edge: &Edge| {
            let points = values[edge.row as usize];
            let beyond = |_| Fault::Beyond { row: sheet.number(rows[edge.row as usize]), value: points.to_string() };
            grid.put(points).map_err(|e| beyond(e).into())
        };
        list.iter().map(put).collect()
    };
    let parts: Vec<Vec<i64>> = parts.iter().map(of_part).collect::<Result<_, _>>()?;

    if let Some(rule) = policy.robustness.as_ref().filter(|rule| !rule.parts.is_empty()) {
        let differ = differ(&rule.shares(), &parts, &list);
        let first = differ.iter().min().map(|row| sheet.number(rows[*row as usize]));
        notices.extend(first.map(|row| Notice::Parts { pairs: differ.len(), row }));
    }

    let (posts_n, people_n) = (post_ids.len(), person_ids.len());
    let attributes = Attributes {
        post: &|column, key| posts.words(column, key, "--vacancies", &post_rows),
        person: &|column, key| people.words(column, key, "--candidates", &person_rows),
        files: &files,
    };
    let seats = quotas::wholes(&policy.vacancies.seats, "match.vacancies.seats", &attributes, posts_n, 1)?;
    let classes = quotas::wholes(&policy.vacancies.class, "match.vacancies.class", &attributes, posts_n, 1)?;
    let holds = holds(policy, &attributes, &post_ids, people_n)?;
    let mut starts = vec![0_u32; posts_n + 1];
    list.iter().for_each(|edge| starts[edge.post as usize + 1] += 1);
    (0..posts_n).for_each(|at| starts[at + 1] += starts[at]);
    let mut instance = Instance {
        grid,
        seats: seats.into_iter().map(|s| s as u32).collect(),
        classes: dense(&classes),
        people: people_n,
        starts,
        heads: list.iter().map(|e| e.person).collect(),
        fits: list.iter().map(|e| e.fit).collect(),
        parts,
        wishes: if policy.wish.is_some() { list.iter().map(|e| e.wish).collect() } else { Vec::new() },
        forced,
        forbidden,
        holds,
        post_ties: post_ids.ties("vacancy", policy.seed),
        person_ties: person_ids.ties("candidate", policy.seed),
        bounds: Vec::new(),
        earlier: None,
    };
    instance.bounds = quotas::bounds(policy, &instance, &attributes)?;
    if let Some(rule) = &policy.conflicts {
        let Some(source) = &conflicts else {
            return Err(Fault::NoTable { key: "match.conflicts".into(), option: "--conflicts" }.into());
        };
        let file = inputs.conflicts.as_deref().map(name_of).unwrap_or_default();
        let sheet = source.sheet(&[&rule.one, &rule.other])?;
        quotas::conflicts(rule, &sheet, &file, &person_ids, &mut instance, &attributes)?;
    }
    let mut unknown = 0;
    if let Some(source) = &previous {
        let file = inputs.previous.as_deref().map(name_of).unwrap_or_default();
        let (at, lost) = earlier(source, &file, policy, &post_ids, &person_ids)?;
        (instance.earlier, unknown) = (Some(at), lost);
    }
    Ok(Loaded { instance, vacancies: post_ids, candidates: person_ids, counts, unknown, notices, hashes })
}

/// Where everybody was in an earlier result, and how many of its pairs have a name that is not here. Its
/// columns are named as in the edge list, or as in an output.
fn earlier(
    source: &Source,
    file: &str,
    policy: &MatchPolicy,
    posts: &Ids,
    people: &Ids,
) -> Result<(Vec<Option<u32>>, usize), MatchError> {
    const OUTPUT: [&str; 2] = ["vacancy", "candidate"];
    let own = [policy.vacancy.as_str(), policy.candidate.as_str()];
    let sheet = source.sheet(&[own[0], own[1], OUTPUT[0], OUTPUT[1]])?;
    let column =
        |at: usize, key: &str| sheet.must(own[at], key).or_else(|e| sheet.must(OUTPUT[at], key).map_err(|_| e));
    let rows = sheet.filled();
    let vacancies = sheet.keys(column(0, "match.vacancy")?, &rows)?;
    let candidates = sheet.keys(column(1, "match.candidate")?, &rows)?;
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (candidate, row) in candidates.texts().into_iter().zip(&rows) {
        if let Some(before) = first.insert(candidate.clone(), *row) {
            let (first, second) = (sheet.number(before), sheet.number(*row));
            return Err(Fault::KeyTwice { file: file.into(), key: mask(&candidate), first, second }.into());
        }
    }
    let mut at = vec![None; people.len()];
    let mut unknown = 0;
    for pair in posts.places(&vacancies).into_iter().zip(people.places(&candidates)) {
        match pair {
            (Some(post), Some(person)) => at[person as usize] = Some(post),
            _ => unknown += 1,
        }
    }
    Ok((at, unknown))
}

/// Rows whose weighted parts differ from their fit by more than the rounding of both: a grid unit.
fn differ(shares: &[f64], parts: &[Vec<i64>], list: &[Edge]) -> Vec<u32> {
    let sum = |at: usize| shares.iter().zip(parts).map(|(share, part)| share * part[at] as f64).sum::<f64>();
    let close = |(at, edge): &(usize, &Edge)| (sum(*at) - edge.fit as f64).abs() <= 1.0 + 1e-9 * sum(*at).abs();
    list.iter().enumerate().filter(|pair| !close(pair)).map(|(_, edge)| edge.row).collect()
}

struct Edge {
    post: u32,
    person: u32,
    fit: i64,
    wish: u32,
    row: u32,
}

/// Classes of urgency numbered from 0 without gaps.
fn dense(classes: &[i64]) -> Vec<u32> {
    let mut known = classes.to_vec();
    known.sort_unstable();
    known.dedup();
    classes.iter().map(|class| known.partition_point(|k| k < class) as u32).collect()
}

/// Who holds which post now.
fn holds(
    policy: &MatchPolicy,
    attributes: &Attributes,
    posts: &Ids,
    people: usize,
) -> Result<Vec<Option<u32>>, MatchError> {
    let Some(column) = &policy.candidates.holds else { return Ok(vec![None; people]) };
    let words = (attributes.person)(column, "match.candidates.holds")?;
    let mut holds = Vec::with_capacity(people);
    for (word, row) in words.words.into_iter().zip(words.rows) {
        let Some(word) = word else {
            holds.push(None);
            continue;
        };
        let place = posts.places(&Keys::Text(vec![word.clone()]))[0];
        let wrong = || Fault::Cell {
            file: attributes.files.1.clone(),
            row,
            column: column.clone(),
            value: mask(&word),
            wanted: "match-wanted-vacancy",
        };
        holds.push(Some(place.ok_or_else(wrong)?));
    }
    Ok(holds)
}

/// What the column of orders says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    None,
    Force,
    Forbid,
}

/// Columns of the edge list beside vacancy, candidate and fit.
struct Columns {
    wishes: Option<Vec<u32>>,
    unwilling: Option<Vec<bool>>,
    orders: Option<Vec<Order>>,
}

impl Columns {
    fn read(sheet: &Sheet, file: &str, policy: &MatchPolicy, rows: &[usize]) -> Result<Columns, MatchError> {
        let cell = |at: usize, column: &str, value: &str, wanted: &'static str| {
            MatchError::from(Fault::Cell {
                file: file.to_owned(),
                row: sheet.number(rows[at]),
                column: column.to_owned(),
                value: mask(value),
                wanted,
            })
        };
        let words = |name: &str, key: &str| -> Result<Vec<Option<String>>, MatchError> {
            Ok(sheet.words(sheet.must(name, key)?, rows))
        };
        let wishes = match &policy.wish {
            Some(name) => {
                let values = words(name, "match.wish")?.into_iter().enumerate().map(|(at, word)| match word {
                    // No wish: the pair is left out.
                    None => Ok(0),
                    Some(word) => match word.parse::<f64>() {
                        Ok(rank) if rank.fract() == 0.0 && (1.0..1e9).contains(&rank) => Ok(rank as u32),
                        _ => Err(cell(at, name, &word, "match-wanted-rank")),
                    },
                });
                Some(values.collect::<Result<_, _>>()?)
            }
            None => None,
        };
        let unwilling = match &policy.willing {
            Some(name) => {
                let values = words(name, "match.willing")?.into_iter().enumerate().map(|(at, word)| {
                    match word.map(|w| (yes_no(&w), w)) {
                        None => Ok(false),
                        Some((Some(yes), _)) => Ok(!yes),
                        Some((None, word)) => Err(cell(at, name, &word, "match-wanted-yes-no")),
                    }
                });
                Some(values.collect::<Result<_, _>>()?)
            }
            None => None,
        };
        let orders = match &policy.order {
            Some(name) => {
                let values = words(name, "match.order")?.into_iter().enumerate().map(|(at, word)| {
                    match word.as_deref().map(fold).as_deref() {
                        None => Ok(Order::None),
                        Some("force" | "必选") => Ok(Order::Force),
                        Some("forbid" | "禁选") => Ok(Order::Forbid),
                        Some(_) => Err(cell(at, name, word.as_deref().unwrap_or_default(), "match-wanted-order")),
                    }
                });
                Some(values.collect::<Result<_, _>>()?)
            }
            None => None,
        };
        Ok(Columns { wishes, unwilling, orders })
    }

    fn wish(&self, at: usize) -> Option<u32> {
        self.wishes.as_ref().map(|w| w[at])
    }

    fn unwilling(&self, at: usize) -> bool {
        self.unwilling.as_ref().is_some_and(|u| u[at])
    }

    fn order(&self, at: usize) -> Order {
        self.orders.as_ref().map_or(Order::None, |o| o[at])
    }
}

/// Yes or no, in either language.
pub(super) fn yes_no(word: &str) -> Option<bool> {
    match fold(word).as_str() {
        "1" | "1.0" | "true" | "yes" | "y" | "是" | "√" | "愿意" | "有" => Some(true),
        "0" | "0.0" | "false" | "no" | "n" | "否" | "×" | "不愿意" | "无" => Some(false),
        _ => None,
    }
}
