//! The national statistics form: what is asked of every county, filled as far as the book can.

use polars::prelude::DataFrame;

use super::facts::Facts;
use super::generations::group;
use super::joined;
use super::roll::{Person, Roll, UNSPECIFIED};
use super::team::{Team, teams};
use crate::book::schema::Vocab;
use crate::frame::{Build, FrameResult};
use crate::kernel::round;
use crate::lang::Lang;
use crate::say;
use crate::stage::{Context, add_months};

/// Table `statistics_form`: county, item, label, unit, value, note; one row per county and item, in
/// the form's order. `value` is null where the book cannot tell, and `note` says why; a count that
/// rests on incomplete records says how many are missing. Shares are in percent, pay in yuan a year.
///
/// `source_…` and `education_…` have one item per code of the policy's words, and `_unknown`;
/// `reserves_for_…` one per target post of the county's pool. Unless the label says otherwise,
/// people are the holders of the main post, each once.
pub fn form(facts: &[Facts], roll: &Roll, ctx: &Context) -> FrameResult<DataFrame> {
    let sheets = sheets(facts, roll, ctx);
    let mut text: [Vec<String>; 3] = Default::default();
    let mut county = Vec::new();
    let (mut value, mut note) = (Vec::new(), Vec::new());
    for (name, rows) in roll.counties.iter().zip(sheets) {
        for row in rows {
            county.push(*name);
            for (column, cell) in text.iter_mut().zip([row.item, row.label, row.unit]) {
                column.push(cell);
            }
            value.push(row.value);
            note.push((!row.notes.is_empty()).then(|| joined(ctx.lang, &row.notes)));
        }
    }
    let [item, label, unit] = &text;
    Build::new()
        .str("county", &county)
        .str("item", item)
        .str("label", label)
        .str("unit", unit)
        .number("value", value)
        .text("note", note)
        .done()
}

struct Row {
    item: String,
    label: String,
    unit: String,
    value: Option<f64>,
    notes: Vec<String>,
}

/// One county's form in the making.
struct Sheet<'a> {
    ctx: &'a Context<'a>,
    rows: Vec<Row>,
}

#[derive(Clone, Copy)]
enum Unit {
    Villages,
    People,
    Percent,
    Years,
    Yuan,
    PerVillage,
}

impl Unit {
    fn text(self, lang: Lang) -> String {
        lang.text(match self {
            Unit::Villages => "structure-unit-villages",
            Unit::People => "structure-unit-people",
            Unit::Percent => "structure-unit-percent",
            Unit::Years => "structure-unit-years",
            Unit::Yuan => "structure-unit-yuan",
            Unit::PerVillage => "structure-unit-per-village",
        })
    }
}

impl Sheet<'_> {
    fn lang(&self) -> Lang {
        self.ctx.lang
    }

    fn put(&mut self, item: &str, unit: Unit, value: Option<f64>, notes: Vec<String>) {
        let label = self.lang().text(&format!("structure-item-{}", item.replace('_', "-")));
        self.put_as(item.to_owned(), label, unit, value, notes);
    }

    fn put_as(&mut self, item: String, label: String, unit: Unit, value: Option<f64>, notes: Vec<String>) {
        self.rows.push(Row { item, label, unit: unit.text(self.lang()), value, notes });
    }

    /// A note that so many records are missing, if any is.
    fn missing(&self, people: usize) -> Vec<String> {
        if people == 0 { Vec::new() } else { vec![say!(self.lang(), "structure-note-missing", n = people)] }
    }
}

fn count(n: impl TryInto<u32>) -> Option<f64> {
    n.try_into().ok().map(f64::from)
}

/// `part` of `whole` in percent; `None` of nothing.
fn percent(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

fn sheets<'a>(facts: &[Facts], roll: &Roll, ctx: &'a Context) -> Vec<Vec<Row>> {
    let teams = teams(roll, ctx);
    let sheet = |(team, facts): (&Team, &Facts)| {
        let mut sheet: Sheet<'a> = Sheet { ctx, rows: Vec::new() };
        villages(&mut sheet, team, facts);
        sources(&mut sheet, team);
        reserves(&mut sheet, team);
        training_and_pay(&mut sheet, team, facts);
        income(&mut sheet, team, facts);
        portrait(&mut sheet, team);
        education(&mut sheet, team);
        sheet.rows
    };
    teams.iter().zip(facts).map(sheet).collect()
}

fn villages(sheet: &mut Sheet, team: &Team, facts: &Facts) {
    let lang = sheet.lang();
    sheet.put("villages", Unit::Villages, count(team.villages), vec![]);
    let weak = facts.weak;
    let said = team.villages as u32 - weak.unsaid;
    let mut notes = Vec::new();
    let value = if said > 0 {
        if weak.unsaid > 0 {
            notes.push(say!(lang, "structure-note-weak-unsaid", n = weak.unsaid));
        }
        if weak.has_ledger && weak.ledger != weak.listed {
            notes.push(say!(lang, "structure-note-weak-differs", n = weak.ledger));
        }
        count(weak.listed)
    } else if weak.has_ledger {
        notes.push(lang.text("structure-note-weak-from-ledger"));
        count(weak.ledger)
    } else {
        notes.push(lang.text("structure-note-not-in-book"));
        None
    };
    sheet.put("weak_villages", Unit::Villages, value, notes);
    let mut notes = Vec::new();
    for (n, id) in [
        (team.empty, "structure-note-empty-posts"),
        (team.no_record, "structure-note-no-record"),
        (team.later, "structure-note-later"),
    ] {
        if n > 0 {
            notes.push(say!(lang, id, n = n));
        }
    }
    sheet.put("secretaries", Unit::People, count(team.heads.len()), notes);
}

fn sources(sheet: &mut Sheet, team: &Team) {
    by_code(sheet, team, Vocab::Source, "source", |person| person.source);
}

fn education(sheet: &mut Sheet, team: &Team) {
    by_code(sheet, team, Vocab::Education, "education", |person| person.education);
    let words = &sheet.ctx.policy.words;
    let college = words.rank(Vocab::Education, "college");
    let ranks: Vec<usize> = team.heads.iter().filter_map(|p| words.rank(Vocab::Education, p.education?)).collect();
    let high = ranks.iter().filter(|rank| college.is_some_and(|c| **rank >= c)).count();
    let notes = sheet.missing(team.heads.len() - ranks.len());
    sheet.put("college_share", Unit::Percent, percent(high, ranks.len()), notes);
}

/// One item per code of a list, in the list's order, then people without a code (or with one that
/// the list does not hold). If nobody has a code, the book cannot tell.
fn by_code(
    sheet: &mut Sheet,
    team: &Team,
    vocab: Vocab,
    name: &str,
    of: for<'p> fn(&'p Person<'p>) -> Option<&'p str>,
) {
    let (words, lang) = (&sheet.ctx.policy.words, sheet.lang());
    let codes: Vec<&str> = team.heads.iter().filter_map(|p| of(p)).filter(|c| words.knows(vocab, c)).collect();
    let known = !codes.is_empty() || team.heads.is_empty();
    let nothing = || if known { vec![] } else { vec![lang.text("structure-note-not-in-book")] };
    for code in words.list(vocab).keys() {
        let n = codes.iter().filter(|c| *c == code).count();
        let word = words.label(lang, vocab, code);
        let label = match vocab {
            Vocab::Source => say!(lang, "structure-item-source", word = word),
            _ => say!(lang, "structure-item-education", word = word),
        };
        sheet.put_as(format!("{name}_{code}"), label, Unit::People, count(n).filter(|_| known), nothing());
    }
    sheet.put(&format!("{name}_unknown"), Unit::People, count(team.heads.len() - codes.len()), vec![]);
}

fn reserves(sheet: &mut Sheet, team: &Team) {
    let (words, lang) = (&sheet.ctx.policy.words, sheet.lang());
    let notes =
        if team.placeless > 0 { vec![say!(lang, "structure-note-placeless", n = team.placeless)] } else { vec![] };
    sheet.put("villages_with_reserve", Unit::Villages, count(team.with_reserve), notes.clone());
    sheet.put("villages_without_reserve", Unit::Villages, count(team.villages - team.with_reserve), notes);
    sheet.put("reserves", Unit::People, count(team.reserves.len()), vec![]);
    let mean = (team.villages > 0).then(|| team.reserves.len() as f64 / team.villages as f64);
    sheet.put("reserves_per_village", Unit::PerVillage, mean, vec![]);
    for (post, people, seats) in &team.by_post {
        let word = if *post == UNSPECIFIED {
            lang.text("structure-key-unspecified")
        } else {
            words.label(lang, Vocab::Post, post)
        };
        let notes = if *seats > 0 {
            let each = round::show(*people as f64 / *seats as f64, 2);
            vec![say!(lang, "structure-note-per-post", seats = *seats, each = each)]
        } else {
            vec![]
        };
        let label = say!(lang, "structure-item-reserves-for", word = word);
        sheet.put_as(format!("reserves_for_{post}"), label, Unit::People, count(*people), notes);
    }
    let members = team.reserves.iter().filter(|p| p.member).count();
    sheet.put("reserve_members", Unit::People, count(members), vec![]);
    let young = team.reserves.iter().filter(|p| group(p.age, &sheet.ctx.policy.structure) == 2).count();
    let ageless = team.reserves.iter().filter(|p| p.age.is_none()).count();
    let notes = sheet.missing(ageless);
    sheet.put("reserve_young", Unit::People, count(young), notes);
}

fn training_and_pay(sheet: &mut Sheet, team: &Team, facts: &Facts) {
    let (lang, rules) = (sheet.lang(), &sheet.ctx.policy.structure.form);
    let trained = facts.trained;
    if trained.has_records {
        let from = add_months(sheet.ctx.as_of, -i32::try_from(rules.training_months).unwrap_or(i32::MAX));
        let from = from.succ_opt().unwrap_or(from);
        let mut notes = vec![say!(lang, "structure-note-window", from = from, to = sheet.ctx.as_of)];
        if trained.levelless > 0 {
            notes.push(say!(lang, "structure-note-levelless", n = trained.levelless));
        }
        sheet.put("trained", Unit::People, count(trained.people), notes);
    } else {
        sheet.put("trained", Unit::People, None, vec![lang.text("structure-note-no-training")]);
    }
    // No table of the book records it; a zero would be a false statement.
    sheet.put("hired_civil_servants", Unit::People, None, vec![lang.text("structure-note-not-in-book")]);
    let pay = facts.pay;
    let Some(year) = pay.year else {
        sheet.put("mean_pay", Unit::Yuan, None, vec![lang.text("structure-note-not-in-book")]);
        return;
    };
    let mut notes = vec![say!(lang, "structure-note-pay", year = year.to_string(), n = pay.people)];
    let without = team.heads.len().saturating_sub(pay.people as usize);
    if without > 0 {
        notes.push(say!(lang, "structure-note-pay-missing", n = without));
    }
    if pay.partial > 0 {
        notes.push(say!(lang, "structure-note-pay-partial", n = pay.partial));
    }
    sheet.put("mean_pay", Unit::Yuan, (pay.people > 0).then(|| pay.total / f64::from(pay.people)), notes);
}

fn income(sheet: &mut Sheet, team: &Team, facts: &Facts) {
    let (lang, income) = (sheet.lang(), facts.income);
    let notes = match income.year {
        None => vec![lang.text("structure-note-not-in-book")],
        Some(year) => {
            let mut notes = vec![say!(lang, "structure-note-year", year = year.to_string())];
            let without = (team.villages as u32).saturating_sub(income.known);
            if without > 0 {
                notes.push(say!(lang, "structure-note-income-missing", n = without));
            }
            notes
        }
    };
    let known = |n: u32| count(n).filter(|_| income.year.is_some());
    sheet.put("villages_no_income", Unit::Villages, known(income.none), notes.clone());
    let most = round::show(sheet.ctx.policy.structure.form.low_income_max, 2);
    let label = say!(lang, "structure-item-villages-low-income", most = most);
    sheet.put_as("villages_low_income".to_owned(), label, Unit::Villages, known(income.low), notes);
}

/// Women, ages, one person in both offices.
fn portrait(sheet: &mut Sheet, team: &Team) {
    let (lang, policy) = (sheet.lang(), &sheet.ctx.policy.structure);
    let heads = &team.heads;
    let sexed = heads.iter().filter(|p| p.sex.is_some()).count();
    let women = heads.iter().filter(|p| p.sex == Some("female")).count();
    let mut notes = sheet.missing(heads.len() - sexed);
    let unsaid = sexed == 0 && !heads.is_empty();
    if unsaid {
        notes = vec![lang.text("structure-note-not-in-book")];
    }
    sheet.put("women", Unit::People, count(women).filter(|_| !unsaid), notes.clone());
    sheet.put("women_share", Unit::Percent, percent(women, sexed), notes);

    let ages: Vec<i32> = heads.iter().filter_map(|p| p.age).collect();
    let ageless = sheet.missing(heads.len() - ages.len());
    let total: i64 = ages.iter().map(|age| i64::from(*age)).sum();
    let mean = (!ages.is_empty()).then(|| total as f64 / ages.len() as f64);
    sheet.put("mean_age", Unit::Years, mean, ageless.clone());
    let told = |n: usize| count(n).filter(|_| !ages.is_empty() || heads.is_empty());
    let young = ages.iter().filter(|age| group(Some(**age), policy) == 2).count();
    let label = say!(lang, "structure-item-young", age = policy.bands.young_max);
    sheet.put_as("young".to_owned(), label, Unit::People, told(young), ageless.clone());
    let past = ages.iter().filter(|age| **age > policy.age_limit.age).count();
    let label = say!(lang, "structure-item-past-limit", age = policy.age_limit.age);
    sheet.put_as("past_limit".to_owned(), label, Unit::People, told(past), ageless);

    let held = team.villages - team.empty - team.no_record - team.later;
    let mut notes = sheet.missing(held - team.dual_known);
    let told = team.dual_known > 0 || held == 0;
    if !told {
        notes = vec![lang.text("structure-note-not-in-book")];
    }
    sheet.put("dual", Unit::Villages, count(team.dual).filter(|_| told), notes);
}
