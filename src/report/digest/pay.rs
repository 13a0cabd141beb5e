//! Pay and cover on the first page: how many, how much, and the townships it is about.

use super::{Desk, Item, Matter, TOP, Unjudged};
use crate::lang::Lang;
use crate::report::format::fixed;
use crate::say;

/// Sums over all counties of the report.
#[derive(Default)]
pub(in crate::report) struct Pay {
    year: Option<i64>,
    people: i64,
    equal: i64,
    underpaid: i64,
    overpaid: i64,
    missing: i64,
    shortfall: i64,
    /// People without pension or medical cover, and those for whom the book does not say.
    gaps: usize,
    cover_unknown: usize,
    budget_year: Option<i64>,
    /// 万元; none if some county has no income to reckon from.
    budget: Option<f64>,
    estimated: usize,
    townships: Vec<(String, i64, i64)>,
}

impl Pay {
    pub(super) fn new(desk: &Desk) -> Pay {
        let rows = desk.source.rows("pay_summary");
        let (counties, townships) = (rows.words("county"), rows.words("township"));
        let whole = |name: &str| rows.wholes(name).into_iter().map(|v| v.unwrap_or(0)).collect::<Vec<_>>();
        let (people, equal, underpaid) = (whole("people"), whole("equal"), whole("underpaid"));
        let (overpaid, shortfall) = (whole("overpaid"), whole("shortfall"));
        let (no_record, unknown) = (whole("no_record"), whole("unknown"));
        let mut pay = Pay { year: rows.wholes("year").into_iter().flatten().max(), ..Pay::default() };
        for i in 0..rows.height() {
            if townships[i].is_empty() {
                pay.people += people[i];
                pay.equal += equal[i];
                pay.underpaid += underpaid[i];
                pay.overpaid += overpaid[i];
                pay.missing += no_record[i] + unknown[i];
                pay.shortfall += shortfall[i];
            } else if underpaid[i] > 0 {
                pay.townships.push((desk.place(counties[i], townships[i], ""), underpaid[i], shortfall[i]));
            }
        }
        pay.townships.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        let cover = desk.source.rows("cover_gaps");
        pay.gaps = cover.which("state", &["gap"]).len();
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
            people = self.people,
            year = year(self.year),
            equal = self.equal,
            underpaid = self.underpaid,
            shortfall = self.shortfall,
            overpaid = self.overpaid,
            missing = self.missing,
            gaps = self.gaps,
            budgetyear = year(self.budget_year),
            budget = self.budget()
        )
    }

    /// The first page's line, if anything needs attention.
    pub(super) fn matter(&self, lang: Lang) -> Option<Matter> {
        let count = usize::try_from(self.underpaid).unwrap_or(0) + self.gaps;
        if count == 0 {
            return None;
        }
        let items: Vec<Item> = self
            .townships
            .iter()
            .take(TOP)
            .map(|(place, n, yuan)| Item {
                place: place.clone(),
                reason: say!(lang, "report-item-shortfall", n = *n, yuan = *yuan),
            })
            .collect();
        let text = say!(
            lang,
            "report-matter-motivate-text",
            underpaid = self.underpaid,
            shortfall = self.shortfall,
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
        let missing = usize::try_from(self.missing).unwrap_or(0);
        [("pay", missing), ("cover", self.cover_unknown), ("budget-income", self.estimated)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(id, count)| Unjudged {
                what: lang.text(&format!("report-unjudged-{id}")),
                count: Some(count),
                why: lang.text(&format!("report-unjudged-{id}-why")),
            })
            .collect()
    }
}
