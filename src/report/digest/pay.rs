//! Pay and cover on the first page: how many, how much, and the townships it is about.

use std::collections::BTreeSet;

use super::{Desk, Item, Matter, TOP, Unjudged};
use crate::lang::{Arg, Lang};
use crate::privacy::MASK;
use crate::report::format::fixed;
use crate::say;

/// A sum of counts or yuan; none once a part of it is withheld from the reader, and then shown as ＊.
#[derive(Clone, Copy)]
struct Sum(Option<i64>);

impl Sum {
    fn add(&mut self, part: Option<i64>) {
        self.0 = self.0.zip(part).map(|(sum, part)| sum + part);
    }

    /// May be more than nothing: it is, or it is withheld.
    fn counts(self) -> bool {
        self.0 != Some(0)
    }

    fn shown(self) -> Arg {
        self.0.map_or_else(|| Arg::from(MASK), Arg::from)
    }

    /// The number; what is withheld counts as nothing.
    fn least(self) -> usize {
        self.0.and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
    }
}

impl Default for Sum {
    fn default() -> Self {
        Sum(Some(0))
    }
}

/// Sums over all counties of the report.
#[derive(Default)]
pub(in crate::report) struct Pay {
    year: Option<i64>,
    people: Sum,
    equal: Sum,
    underpaid: Sum,
    overpaid: Sum,
    missing: Sum,
    shortfall: Sum,
    /// People underpaid, without full cover, or both; none if the tables at hand do not name the
    /// underpaid.
    persons: Option<usize>,
    /// People without pension or medical cover, and those for whom the book does not say.
    gaps: usize,
    cover_unknown: usize,
    budget_year: Option<i64>,
    /// 万元; none if some county has no income to reckon from.
    budget: Option<f64>,
    estimated: usize,
    /// Place, people underpaid, yuan; withheld yuan is none.
    townships: Vec<(String, i64, Option<i64>)>,
}

impl Pay {
    pub(super) fn new(desk: &Desk) -> Pay {
        let rows = desk.source.rows("pay_summary");
        let (counties, townships) = (rows.words("county"), rows.words("township"));
        let (people, equal, underpaid) = (rows.wholes("people"), rows.wholes("equal"), rows.wholes("underpaid"));
        let (overpaid, shortfall) = (rows.wholes("overpaid"), rows.wholes("shortfall"));
        let (no_record, unknown) = (rows.wholes("no_record"), rows.wholes("unknown"));
        let mut pay = Pay { year: rows.wholes("year").into_iter().flatten().max(), ..Pay::default() };
        for i in 0..rows.height() {
            if townships[i].is_empty() {
                pay.people.add(people[i]);
                pay.equal.add(equal[i]);
                pay.underpaid.add(underpaid[i]);
                pay.overpaid.add(overpaid[i]);
                pay.missing.add(no_record[i]);
                pay.missing.add(unknown[i]);
                pay.shortfall.add(shortfall[i]);
            } else if let Some(n) = underpaid[i].filter(|n| *n > 0) {
                pay.townships.push((desk.place(counties[i], townships[i], ""), n, shortfall[i]));
            }
        }
        pay.townships.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        let cover = desk.source.rows("cover_gaps");
        let uncovered = cover.which("state", &["gap"]);
        pay.gaps = uncovered.len();
        let formula = desk.source.rows("pay_formula");
        let short = formula.which("state", &["underpaid"]);
        if pay.underpaid.0.and_then(|n| usize::try_from(n).ok()) == Some(short.len()) {
            let (covered, paid) = (cover.words("person"), formula.words("person"));
            let persons = uncovered.iter().map(|&i| covered[i]).chain(short.iter().map(|&i| paid[i]));
            pay.persons = Some(persons.collect::<BTreeSet<&str>>().len());
        }
        pay.cover_unknown = cover.which("state", &["unknown"]).len();
        let budget = desk.source.rows("pay_budget");
        let (townships, totals) = (budget.words("township"), budget.numbers("total"));
        let basis = budget.words("income_basis");
        pay.budget_year = budget.wholes("year").into_iter().flatten().max();
        let own: Vec<usize> = (0..budget.height()).filter(|&i| townships[i].is_empty()).collect();
        pay.estimated = own.iter().filter(|&&i| basis[i].starts_with("villages")).count();
        if !own.is_empty() {
            pay.budget = own.iter().map(|&i| totals[i]).sum::<Option<f64>>().map(|yuan| yuan / 10_000.0);
        }
        pay
    }

    fn budget(&self) -> String {
        self.budget.map_or_else(|| "—".to_owned(), |wan| fixed(wan, 1))
    }

    /// The chapter's first sentence.
    pub(in crate::report) fn lead(&self, lang: Lang) -> String {
        let year = |year: Option<i64>| year.map_or_else(|| "—".to_owned(), |y| y.to_string());
        say!(
            lang,
            "report-motivate-lead",
            people = self.people.shown(),
            year = year(self.year),
            equal = self.equal.shown(),
            underpaid = self.underpaid.shown(),
            shortfall = self.shortfall.shown(),
            overpaid = self.overpaid.shown(),
            missing = self.missing.shown(),
            gaps = self.gaps,
            budgetyear = year(self.budget_year),
            budget = self.budget()
        )
    }

    /// The first page's line, if anything needs attention.
    pub(super) fn matter(&self, lang: Lang) -> Option<Matter> {
        if !self.underpaid.counts() && self.gaps == 0 {
            return None;
        }
        // One person may be both underpaid and not covered; where the two cannot be matched, the
        // larger group is the least that it can be.
        let count = self.persons.unwrap_or_else(|| self.underpaid.least().max(self.gaps));
        let items: Vec<Item> = self
            .townships
            .iter()
            .take(TOP)
            .map(|(place, n, yuan)| Item {
                place: place.clone(),
                reason: say!(lang, "report-item-shortfall", n = *n, yuan = Sum(*yuan).shown()),
            })
            .collect();
        let text = say!(
            lang,
            "report-matter-motivate-text",
            underpaid = self.underpaid.shown(),
            shortfall = self.shortfall.shown(),
            gaps = self.gaps,
            year = self.budget_year.map_or_else(|| "—".to_owned(), |y| y.to_string()),
            budget = self.budget()
        );
        Some(Matter {
            section: "motivate",
            title: lang.text("report-matter-motivate"),
            count,
            text,
            basis: String::new(),
            more: self.townships.len().saturating_sub(items.len()),
            items,
        })
    }

    /// What could not be judged.
    pub(super) fn gaps(&self, lang: Lang) -> Vec<Unjudged> {
        // Withheld: some there are, how many is not told.
        let missing = self.missing.0.map(|n| usize::try_from(n).unwrap_or(0));
        [("pay", missing), ("cover", Some(self.cover_unknown)), ("budget-income", Some(self.estimated))]
            .into_iter()
            .filter(|(_, count)| *count != Some(0))
            .map(|(id, count)| Unjudged {
                what: lang.text(&format!("report-unjudged-{id}")),
                count,
                why: lang.text(&format!("report-unjudged-{id}-why")),
            })
            .collect()
    }
}
