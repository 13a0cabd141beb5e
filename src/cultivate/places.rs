//! Secondment and shadowing: places of the policy, filled by the same exact assignment as vacancies.
//!
//! A row is one seat in an office; a column is a village (with those that share its leader), so that
//! at most one person of a village is away at a time. The edge between them is the village's best
//! person for that seat.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::people::{Bar, HUNDREDTHS, Person, factor_names, reasons, sum};
use super::policy::{PlacementPolicy, Whom, in_force};
use super::roll::Roll;
use super::status::keys;
use crate::frame::Build;
use crate::kernel::assign::{Alternative, Assignment, Problem, alternatives, solve, tied_rows};
use crate::kernel::round;
use crate::lang::Lang;
use crate::stage::certificate::COST_PER_POINT;
use crate::stage::{Context, StageError, StageResult, add_months};
use crate::{ident, say};

/// One seat in an office.
struct Seat<'a> {
    id: String,
    county: &'a str,
    host: String,
    activity: &'a str,
    months: u32,
    from: NaiveDate,
    until: NaiveDate,
    /// Place in `Offers::considered`: the seats of one office consider the same people.
    office: usize,
    /// Rule of the policy that offers it.
    rule: String,
}

/// Who is considered for the seats of one office.
#[derive(Default)]
struct Considered {
    /// One person for each bloc, best fit first.
    eligible: Vec<usize>,
    barred: BTreeMap<&'static str, usize>,
    total: usize,
}

/// The result of the matching.
pub(super) struct Places<'a> {
    seats: Vec<Seat<'a>>,
    considered: Vec<Considered>,
    /// Bloc of each column.
    columns: Vec<usize>,
    problem: Problem,
    solution: Assignment,
    others: Vec<Option<Alternative>>,
    tied: Vec<bool>,
}

/// The open price on the cost grid.
fn open_price(policy: &PlacementPolicy) -> i64 {
    (policy.open_price * COST_PER_POINT as f64).round() as i64
}

fn cost(fit: i64) -> i64 {
    (100 * HUNDREDTHS - fit) * (COST_PER_POINT / HUNDREDTHS)
}

fn points(hundredths: i64) -> f64 {
    round::to(hundredths as f64 / HUNDREDTHS as f64, 2)
}

/// An office's offer.
struct Offer<'p> {
    activity: &'p str,
    whom: Whom,
    seats: u32,
    months: u32,
    max_age: Option<i32>,
}

/// Why this person may not have this seat; `None`: they may.
fn barred(person: &Person, offer: &Offer) -> Option<&'static str> {
    if let Some(bar) = person.bars.first() {
        return Some(bar.gate);
    }
    match (offer.max_age, person.age) {
        (Some(_), None) => Some("age_unknown"),
        (Some(most), Some(years)) if years > most => Some("age"),
        _ => None,
    }
}

/// Sets up the seats of all counties and fills them.
pub(super) fn fill<'a>(
    roll: &Roll<'a>,
    people: &[Person<'a>],
    free_from: &BTreeMap<&'a str, NaiveDate>,
    ctx: &'a Context<'a>,
) -> StageResult<Places<'a>> {
    let policy = &ctx.policy.cultivate.placements;
    let mut by_county: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_township: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for village in &roll.villages {
        by_county.entry(village.county).or_default();
        by_township.entry((village.county, village.township)).or_default();
    }
    for (at, person) in people.iter().enumerate() {
        let village = &roll.villages[person.village];
        by_county.entry(village.county).or_default().push(at);
        by_township.entry((village.county, village.township)).or_default().push(at);
    }
    let mut desk = Desk { roll, people, policy, seats: Vec::new(), considered: Vec::new() };
    for (county, of_county) in &by_county {
        let from = free_from.get(county).copied().unwrap_or(ctx.as_of);
        for (key, host) in &policy.hosts {
            if !in_force(&host.effective, ctx.as_of) {
                continue;
            }
            let unit = match (ctx.lang, &host.unit_en) {
                (Lang::En, Some(unit)) => unit,
                _ => &host.unit,
            };
            let offer = Offer {
                activity: &host.activity,
                whom: host.whom,
                seats: host.seats,
                months: host.months,
                max_age: host.max_age,
            };
            desk.office(county, key, unit, &format!("cultivate.placements.hosts.{key}"), &offer, from, of_county);
        }
        let town = &policy.townships;
        let offer = Offer {
            activity: &town.activity,
            whom: town.whom,
            seats: town.seats,
            months: town.months,
            max_age: town.max_age,
        };
        for ((_, township), mine) in by_township.range((*county, "")..).take_while(|((c, _), _)| c == county) {
            if !township.is_empty() {
                let unit = say!(ctx.lang, "cultivate-township-office", township = *township);
                desk.office(
                    county,
                    &format!("/{township}"),
                    &unit,
                    "cultivate.placements.townships",
                    &offer,
                    from,
                    mine,
                );
            }
        }
    }
    let Desk { seats, considered, .. } = desk;
    solve_all(roll, people, seats, considered, policy)
}

struct Desk<'d, 'a> {
    roll: &'d Roll<'a>,
    people: &'d [Person<'a>],
    policy: &'a PlacementPolicy,
    seats: Vec<Seat<'a>>,
    considered: Vec<Considered>,
}

impl<'a> Desk<'_, 'a> {
    #[allow(clippy::too_many_arguments, reason = "one call for each kind of office")]
    fn office(
        &mut self,
        county: &'a str,
        key: &str,
        unit: &str,
        rule: &str,
        offer: &Offer<'a>,
        from: NaiveDate,
        people: &[usize],
    ) {
        if offer.seats == 0 {
            return;
        }
        let until = add_months(from, i32::try_from(offer.months).unwrap_or(i32::MAX)).pred_opt().unwrap_or(from);
        for seat in 0..offer.seats {
            self.seats.push(Seat {
                id: ident::vacancy(&format!("{county}/{key}"), offer.activity, seat as usize),
                county,
                host: unit.to_owned(),
                activity: offer.activity,
                months: offer.months,
                from,
                until,
                office: self.considered.len(),
                rule: rule.to_owned(),
            });
        }
        let mut found = Considered::default();
        let mut best: BTreeMap<usize, usize> = BTreeMap::new();
        let order = |at: usize| (Reverse(self.people[at].fit), self.people[at].person);
        for &at in people.iter().filter(|at| self.people[**at].meant(offer.whom)) {
            found.total += 1;
            match barred(&self.people[at], offer) {
                Some(gate) => *found.barred.entry(gate).or_insert(0) += 1,
                None => {
                    let held = best.entry(self.roll.villages[self.people[at].village].bloc).or_insert(at);
                    if order(at) < order(*held) {
                        *held = at;
                    }
                }
            }
        }
        found.eligible = best.into_values().collect();
        found.eligible.sort_by_key(|at| order(*at));
        found.eligible.truncate(self.policy.edges_per_place);
        self.considered.push(found);
    }
}

fn solve_all<'a>(
    roll: &Roll<'a>,
    people: &[Person<'a>],
    seats: Vec<Seat<'a>>,
    considered: Vec<Considered>,
    policy: &PlacementPolicy,
) -> StageResult<Places<'a>> {
    let bloc = |at: usize| roll.villages[people[at].village].bloc;
    let mut columns: Vec<usize> = considered.iter().flat_map(|c| c.eligible.iter().map(|at| bloc(*at))).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut edges = Vec::new();
    for (row, seat) in seats.iter().enumerate() {
        for at in &considered[seat.office].eligible {
            let column = columns.partition_point(|c| *c < bloc(*at));
            edges.push((row as u32, column as u32, cost(people[*at].fit)));
        }
    }
    let problem = Problem::new(seats.len(), columns.len(), &edges, open_price(policy))
        .map_err(|error| StageError::Data(error.to_string()))?;
    let solution = solve(&problem).map_err(|error| StageError::Data(error.to_string()))?;
    let others = alternatives(&problem, &solution);
    let tied = tied_rows(&problem, &solution);
    Ok(Places { seats, considered, columns, problem, solution, others, tied })
}

impl<'a> Places<'a> {
    /// The person of a bloc who is considered for a seat.
    fn person(&self, roll: &Roll, people: &[Person], row: usize, column: u32) -> Option<usize> {
        let bloc = *self.columns.get(column as usize)?;
        let found = &self.considered[self.seats[row].office].eligible;
        found.iter().copied().find(|at| roll.villages[people[*at].village].bloc == bloc)
    }

    fn bloc_id(&self, roll: &Roll, bloc: usize) -> String {
        format!("{}/{}", roll.villages[bloc].county, roll.villages[bloc].key)
    }

    /// The table `placements`.
    pub fn table(&self, roll: &Roll, people: &[Person], ctx: &Context) -> StageResult<DataFrame> {
        let names = factor_names(ctx);
        let mut rows: Vec<(usize, usize)> = self
            .solution
            .columns
            .iter()
            .enumerate()
            .filter_map(|(row, column)| Some((row, self.person(roll, people, row, (*column)?)?)))
            .collect();
        rows.sort_by_key(|(row, at)| (people[*at].village, people[*at].person, *row));
        let seat = |row: usize| &self.seats[row];
        let next = |row: usize| {
            let column = self.others[row]?.column?;
            self.person(roll, people, row, column).map(|at| people[at].person)
        };
        let loss = |row: usize| {
            let other = self.others[row].filter(|o| !o.opens)?;
            Some(round::to(other.loss as f64 / COST_PER_POINT as f64, 4))
        };
        let id = |row: usize, at: usize| ident::recommendation(&seat(row).id, people[at].person, &seat(row).rule);
        Ok(keys(roll, rows.iter().map(|r| people[r.1].village))
            .str("person", &rows.iter().map(|r| people[r.1].person).collect::<Vec<_>>())
            .text("post", rows.iter().map(|r| people[r.1].post).collect())
            .str("place", &rows.iter().map(|r| seat(r.0).id.as_str()).collect::<Vec<_>>())
            .str(
                "bloc",
                &rows.iter().map(|r| self.bloc_id(roll, roll.villages[people[r.1].village].bloc)).collect::<Vec<_>>(),
            )
            .str("host", &rows.iter().map(|r| seat(r.0).host.as_str()).collect::<Vec<_>>())
            .str("activity", &rows.iter().map(|r| seat(r.0).activity).collect::<Vec<_>>())
            .whole("months", rows.iter().map(|r| Some(i64::from(seat(r.0).months))).collect())
            .date("from", rows.iter().map(|r| Some(seat(r.0).from)).collect())
            .date("until", rows.iter().map(|r| Some(seat(r.0).until)).collect())
            .number("fit", rows.iter().map(|r| Some(points(people[r.1].fit))).collect())
            .whole("cost", rows.iter().map(|r| Some(cost(people[r.1].fit))).collect())
            .str("reasons", &rows.iter().map(|r| reasons(&people[r.1], &names, ctx)).collect::<Vec<_>>())
            .str("contributions", &rows.iter().map(|r| sum(&people[r.1], &names)).collect::<Vec<_>>())
            .text("next_best", rows.iter().map(|r| next(r.0)).collect())
            .number("next_best_loss", rows.iter().map(|r| loss(r.0)).collect())
            .flag("tied", rows.iter().map(|r| Some(self.tied[r.0])).collect())
            .str("rec_id", &rows.iter().map(|r| id(r.0, r.1)).collect::<Vec<_>>())
            .done()?)
    }

    /// The table `open_places`.
    pub fn open_table(&self, ctx: &Context) -> StageResult<DataFrame> {
        let rows: Vec<&Seat> = self
            .solution
            .columns
            .iter()
            .zip(&self.seats)
            .filter(|(column, _)| column.is_none())
            .map(|(_, seat)| seat)
            .collect();
        let told: Vec<(&str, String)> = rows.iter().map(|seat| self.tell(seat, ctx)).collect();
        Ok(Build::new()
            .str("county", &rows.iter().map(|s| s.county).collect::<Vec<_>>())
            .str("place", &rows.iter().map(|s| s.id.as_str()).collect::<Vec<_>>())
            .str("host", &rows.iter().map(|s| s.host.as_str()).collect::<Vec<_>>())
            .str("activity", &rows.iter().map(|s| s.activity).collect::<Vec<_>>())
            .whole("months", rows.iter().map(|s| Some(i64::from(s.months))).collect())
            .str("cause", &told.iter().map(|t| t.0).collect::<Vec<_>>())
            .str("detail", &told.iter().map(|t| t.1.as_str()).collect::<Vec<_>>())
            .done()?)
    }

    fn tell(&self, seat: &Seat, ctx: &Context) -> (&'static str, String) {
        let (found, lang) = (&self.considered[seat.office], ctx.lang);
        if found.total == 0 {
            return ("no_candidate", lang.text("cultivate-open-none"));
        }
        if found.eligible.is_empty() {
            let mut barred: Vec<_> = found.barred.iter().collect();
            barred.sort_by_key(|(gate, n)| (Reverse(**n), **gate));
            let gates: Vec<String> = barred
                .into_iter()
                .map(|(gate, n)| {
                    let gate = lang.text(&format!("code-gate-{}", gate.replace('_', "-")));
                    say!(lang, "cultivate-open-gate", gate = gate, n = *n)
                })
                .collect();
            let gates = gates.join(&lang.text("list-comma"));
            return ("all_barred", say!(lang, "cultivate-open-barred", total = found.total, gates = gates));
        }
        ("shortage", say!(lang, "cultivate-open-shortage", n = found.eligible.len()))
    }

    /// The table `placement_edges`.
    pub fn edges_table(&self, roll: &Roll, people: &[Person]) -> StageResult<DataFrame> {
        let mut rows: Vec<(usize, usize, usize)> = Vec::new();
        for (row, seat) in self.seats.iter().enumerate() {
            let from = rows.len();
            let bloc = |at: usize| roll.villages[people[at].village].bloc;
            rows.extend(self.considered[seat.office].eligible.iter().map(|at| (row, bloc(*at), *at)));
            rows[from..].sort_unstable();
        }
        // A bloc has many edges; its key is written once.
        let ids: HashMap<usize, String> = self.columns.iter().map(|b| (*b, self.bloc_id(roll, *b))).collect();
        Ok(Build::new()
            .str("county", &rows.iter().map(|r| self.seats[r.0].county).collect::<Vec<_>>())
            .str("place", &rows.iter().map(|r| self.seats[r.0].id.as_str()).collect::<Vec<_>>())
            .str("bloc", &rows.iter().map(|r| ids.get(&r.1).map_or("", String::as_str)).collect::<Vec<_>>())
            .str("person", &rows.iter().map(|r| people[r.2].person).collect::<Vec<_>>())
            .number("fit", rows.iter().map(|r| Some(points(people[r.2].fit))).collect())
            .whole("cost", rows.iter().map(|r| Some(cost(people[r.2].fit))).collect())
            .done()?)
    }

    /// The table `placement_prices`.
    pub fn prices_table(&self, roll: &Roll) -> StageResult<DataFrame> {
        let mut side = vec!["place"; self.seats.len()];
        side.resize(self.seats.len() + self.columns.len(), "bloc");
        let mut id: Vec<String> = self.seats.iter().map(|s| s.id.clone()).collect();
        id.extend(self.columns.iter().map(|b| self.bloc_id(roll, *b)));
        let solution = &self.solution;
        let price = solution.row_prices.iter().chain(&solution.column_prices).map(|p| Some(*p)).collect();
        let filled = solution.columns.iter().map(|c| if c.is_some() { "filled" } else { "open" });
        let used = solution.rows.iter().map(|r| if r.is_some() { "used" } else { "unused" });
        let state: Vec<&str> = filled.chain(used).collect();
        Ok(Build::new().str("side", &side).str("id", &id).whole("price", price).str("state", &state).done()?)
    }

    /// The table `placement_summary`.
    pub fn summary_table(&self) -> StageResult<DataFrame> {
        let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let filled = self.solution.filled();
        let items = [
            ("open_price", self.problem.open_price()),
            ("cost_per_point", COST_PER_POINT),
            ("places", size(self.seats.len())),
            ("filled", size(filled)),
            ("open", size(self.seats.len() - filled)),
            ("blocs", size(self.columns.len())),
            ("edges", size(self.problem.edges())),
            ("total_cost", i64::try_from(self.solution.objective).unwrap_or(i64::MAX)),
        ];
        Ok(Build::new()
            .str("item", &items.map(|i| i.0))
            .whole("value", items.iter().map(|i| Some(i.1)).collect())
            .done()?)
    }
}

/// The table `placement_bars`: every bar of everybody, and age where it bars from every place that
/// is meant for them.
pub(super) fn bars_table(roll: &Roll, people: &[Person], ctx: &Context) -> StageResult<DataFrame> {
    let policy = &ctx.policy.cultivate.placements;
    let hosts = policy.hosts.values().filter(|h| h.seats > 0 && in_force(&h.effective, ctx.as_of));
    let mut offers: Vec<(Whom, Option<i32>)> = hosts.map(|h| (h.whom, h.max_age)).collect();
    if policy.townships.seats > 0 {
        offers.push((policy.townships.whom, policy.townships.max_age));
    }
    let mut rows: Vec<(usize, Bar)> = Vec::new();
    for (at, person) in people.iter().enumerate() {
        rows.extend(person.bars.iter().map(|bar| (at, bar.clone())));
        let mine: Vec<Option<i32>> = offers.iter().filter(|o| person.meant(o.0)).map(|o| o.1).collect();
        // The most generous limit of the places meant for them.
        let Some(most) = mine.iter().copied().collect::<Option<Vec<i32>>>().and_then(|l| l.into_iter().max()) else {
            continue;
        };
        let bar = match person.age {
            None => Bar { gate: "age_unknown", until: None, text: ctx.lang.text("cultivate-bar-age-unknown") },
            Some(years) if years > most => {
                let text = say!(ctx.lang, "cultivate-bar-age", years = years, most = most);
                Bar { gate: "age", until: None, text }
            }
            Some(_) => continue,
        };
        rows.push((at, bar));
    }
    rows.sort_by(|a, b| {
        let key = |r: &(usize, Bar)| (people[r.0].village, people[r.0].person, r.1.gate, r.1.until);
        key(a).cmp(&key(b)).then_with(|| a.1.text.cmp(&b.1.text))
    });
    Ok(keys(roll, rows.iter().map(|r| people[r.0].village))
        .str("person", &rows.iter().map(|r| people[r.0].person).collect::<Vec<_>>())
        .text("post", rows.iter().map(|r| people[r.0].post).collect())
        .str("gate", &rows.iter().map(|r| r.1.gate).collect::<Vec<_>>())
        .date("until", rows.iter().map(|r| r.1.until).collect())
        .str("text", &rows.iter().map(|r| r.1.text.as_str()).collect::<Vec<_>>())
        .done()?)
}
