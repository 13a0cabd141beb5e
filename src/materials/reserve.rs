//! The report's section on posts to be filled: who is suggested, how sure that is, which quotas cost what.

use std::collections::BTreeSet;

use super::annex::Annex;
use super::desk::Desk;
use super::docx::{Doc, Line};
use super::report::{NAMED, most_first, second, see, word_counts};
use crate::matching::tables::OF_PROOF;
use crate::report::view::Rows;
use crate::say;

pub(super) fn reserve(desk: &Desk, doc: &mut Doc, annexes: &[Annex]) {
    let lang = desk.lang;
    let posts = desk.rows("vacancies");
    second(desk, doc, 1, "mat-reserve-vacancies");
    if posts.is_empty() {
        doc.add(Line::Body, &lang.text("report-vacancies-none"));
    } else {
        let kinds = most_first(desk.counts(&posts.words("post"), &[]));
        let causes = most_first(desk.counts(&posts.words("cause"), &[]));
        doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-reserve-open",
                n = posts.height(),
                posts = word_counts(desk, "post", &kinds),
                causes = word_counts(desk, "cause", &causes)
            ),
        );
        let lists = desk.rows("shortlists");
        let listed: BTreeSet<&str> = lists.words("vacancy").into_iter().collect();
        let people: BTreeSet<&str> = lists.words("candidate").into_iter().collect();
        let assigned = desk.rows("assignment");
        let own = assigned.flags("own_village").into_iter().filter(|o| *o == Some(true)).count();
        // Nobody is suggested where the quotas contradict each other.
        let filled = || {
            say!(
                lang,
                "mat-reserve-filled",
                listed = listed.len(),
                people = people.len(),
                assigned = assigned.height(),
                own = own,
                other = assigned.height() - own,
                see = see(desk, annexes, "vacancies")
            )
        };
        if !is_unmet(desk) {
            doc.add(Line::Body, &filled());
        }
        let (tied, fragile) = (assigned.flags("tied"), assigned.flags("fragile"));
        let count = |flags: &[Option<bool>]| flags.iter().filter(|f| **f == Some(true)).count();
        if count(&tied) + count(&fragile) > 0 {
            doc.add(Line::Body, &say!(lang, "mat-reserve-sure", tied = count(&tied), fragile = count(&fragile)));
        }
        if let Some(quotas) = Quotas::read(desk) {
            doc.add(Line::Body, &quotas.text());
        }
        let open = desk.rows("open_posts");
        if !open.is_empty() {
            let (kinds, details) = (open.words("post"), open.words("detail"));
            let (townships, villages) = (open.words("township"), open.words("village_name"));
            let list: Vec<String> = (0..open.height().min(NAMED))
                .map(|i| {
                    let place = desk.post_at(townships[i], villages[i], kinds[i]);
                    say!(lang, "mat-reserve-nobody-one", place = place, detail = desk.weave(details[i]))
                })
                .collect();
            doc.add(Line::Body, &say!(lang, "mat-reserve-nobody", n = open.height(), list = desk.clauses(&list)));
        }
    }
    second(desk, doc, 2, "mat-reserve-pool");
    let review = desk.rows("pool_review");
    let (exit, appraise) = (review.which("advice", &["exit"]).len(), review.which("advice", &["appraise"]).len());
    doc.add(
        Line::Body,
        &say!(
            lang,
            "mat-reserve-review",
            exit = exit,
            // Nobody's appraisal is known to be late where no sheet dates one.
            appraise = match appraise {
                0 if review.height() > exit => -1,
                n => i64::try_from(n).unwrap_or(i64::MAX),
            },
            probation = desk.rows("probation").height()
        ),
    );
    let fill = desk.rows("fill");
    let filled: i64 = fill.wholes("posts_filled_12m").into_iter().flatten().sum();
    let from_pool: Option<i64> = fill.wholes("from_pool").into_iter().sum();
    match from_pool {
        Some(pool) if filled > 0 => {
            doc.add(Line::Body, &say!(lang, "mat-reserve-fill", filled = filled, pool = pool));
        }
        None if filled > 0 => doc.add(Line::Body, &say!(lang, "mat-reserve-fill-withheld", filled = filled)),
        _ => {}
    }
    doc.add(Line::Body, &lang.text("mat-reserve-note"));
}

/// Whether the quotas cannot all be met, so that nobody is recommended.
pub(super) fn is_unmet(desk: &Desk) -> bool {
    let rows = desk.rows("match_summary");
    let mut items = rows.words("item").into_iter().zip(rows.wholes("value"));
    items.any(|item| matches!(item, ("proof", Some(4 | 5))))
}

/// Quotas and rules of kinship: how many are kept, which are missed, which cost something, which contradict each
/// other. Lists are by row of `quotas`.
struct Quotas<'d> {
    desk: &'d Desk<'d>,
    /// Rows that a rule asks for; others are part of the proof alone.
    own: Vec<usize>,
    keys: Vec<&'d str>,
    places: Vec<&'d str>,
    outside: Vec<Option<i64>>,
    least: Vec<Option<i64>>,
    most: Vec<Option<i64>>,
    sums: Vec<Option<i64>>,
    rows: Rows<'d>,
}

impl<'d> Quotas<'d> {
    /// None where there are none.
    fn read(desk: &'d Desk) -> Option<Quotas<'d>> {
        let rows = desk.rows("quotas");
        let keys = rows.words("quota");
        let own: Vec<usize> = (0..rows.height()).filter(|&i| !OF_PROOF.contains(&keys[i])).collect();
        (!own.is_empty()).then(|| Quotas {
            desk,
            own,
            keys,
            places: rows.words("per"),
            outside: rows.wholes("outside"),
            least: rows.wholes("least"),
            most: rows.wholes("most"),
            sums: rows.wholes("sum"),
            rows,
        })
    }

    fn text(&self) -> String {
        if is_unmet(self.desk) { self.contradiction() } else { self.kept() + &self.costs() }
    }

    /// Which contradict each other, and the least that would have to give.
    fn contradiction(&self) -> String {
        let lang = self.desk.lang;
        let conflict = self.rows.flags("conflict");
        let of: Vec<usize> = self.own.iter().copied().filter(|&i| conflict[i] == Some(true)).collect();
        if of.is_empty() {
            return say!(lang, "mat-reserve-quotas-unmet-withheld", n = self.own.len());
        }
        let list = self.list(&of, |i| self.one(i));
        let mut text = say!(lang, "mat-reserve-quotas-unmet", n = self.own.len(), conflict = of.len(), list = list);
        let relax = self.rows.wholes("relax");
        let relaxed: Vec<usize> = self.own.iter().copied().filter(|&i| relax[i].is_some_and(|n| n > 0)).collect();
        if !relaxed.is_empty() {
            let one = |i| say!(lang, "mat-reserve-quota-relaxed", quota = self.one(i), n = relax[i].unwrap_or(0));
            let list = self.list(&relaxed, one);
            text.push_str(&say!(lang, "mat-reserve-quotas-relax", n = relaxed.len(), list = list));
        }
        text
    }

    fn kept(&self) -> String {
        let lang = self.desk.lang;
        let is_missed = |i: &usize| {
            let below = |sum: i64| self.least[*i].is_some_and(|least| sum < least);
            self.sums[*i].is_some_and(|sum| below(sum) || self.most[*i].is_some_and(|most| sum > most))
        };
        let missed: Vec<usize> = self.own.iter().copied().filter(is_missed).collect();
        // Where a count of people is withheld, nobody can tell of a soft quota whether it is kept.
        let soft = self.rows.wholes("soft");
        let untold = self.own.iter().any(|&i| self.sums[i].is_none() && soft[i].is_some());
        let n = self.own.len();
        match missed.len() {
            _ if untold => say!(lang, "mat-reserve-quotas-untold", n = n),
            0 => say!(lang, "mat-reserve-quotas", n = n),
            of => {
                let list = self.list(&missed, |i| self.one(i));
                say!(lang, "mat-reserve-quotas-missed", n = n, kept = n - of, missed = of, list = list)
            }
        }
    }

    /// What a quota costs as a whole tells; of those not solved again without it the price does.
    fn costs(&self) -> String {
        let lang = self.desk.lang;
        let (prices, low) = (self.rows.numbers("price"), self.rows.numbers("cost_low"));
        let (high, seats) = (self.rows.numbers("cost_high"), self.rows.wholes("cost_seats"));
        let is_costly = |i: &usize| match high[*i] {
            _ if seats[*i].is_some_and(|n| n > 0) => true,
            Some(high) => high > 0.0,
            None => prices[*i].is_some_and(|price| price > 0.0),
        };
        let costly: Vec<usize> = self.own.iter().copied().filter(is_costly).collect();
        if costly.is_empty() {
            return lang.text("mat-reserve-quotas-free");
        }
        let points = |value: f64| crate::kernel::round::show(value, 2);
        let cost = |i: usize| -> Vec<String> {
            if let Some(n) = seats[i].filter(|n| *n > 0) {
                return vec![say!(lang, "mat-reserve-quota-posts", n = n)];
            }
            let whole = low[i].zip(high[i]).map(|(low, high)| match (points(low), points(high)) {
                (low, high) if low == high => high,
                (low, high) => say!(lang, "mat-reserve-quota-range", low = low, high = high),
            });
            let whole = whole.map(|cost| say!(lang, "mat-reserve-quota-whole", points = cost));
            let margin = prices[i].filter(|price| *price > 0.0).map(points);
            let margin = margin.map(|price| say!(lang, "mat-reserve-quota-margin", points = price));
            whole.into_iter().chain(margin).collect()
        };
        let list = self.list(&costly, |i| {
            let cost = cost(i).join(&lang.text("mat-clause-comma"));
            say!(lang, "mat-reserve-quota-cost", quota = self.one(i), cost = cost)
        });
        say!(lang, "mat-reserve-quotas-costly", n = costly.len(), list = list)
    }

    /// The first of some quotas in words.
    fn list(&self, of: &[usize], word: impl Fn(usize) -> String) -> String {
        let list: Vec<String> = of.iter().take(NAMED).map(|&i| word(i)).collect();
        let list = self.desk.clauses(&list);
        if of.len() > NAMED { say!(self.desk.lang, "mat-and-others", list = list) } else { list }
    }

    /// A quota by name and place, with its bound and what it has.
    fn one(&self, i: usize) -> String {
        let (desk, lang) = (self.desk, self.desk.lang);
        let mut details = Vec::new();
        if !self.places[i].is_empty() {
            let villages = desk.index("vacancies", "village");
            let names = desk.rows("vacancies").words("village_name");
            let named = villages.get(self.places[i]).and_then(|rows| names.get(*rows.first()?));
            details.push((*named.filter(|name| !name.is_empty()).unwrap_or(&self.places[i])).to_owned());
        }
        // A share of filled seats weighs people: its bounds and sums are no numbers of people.
        if self.outside[i] == Some(0) {
            let (least, most, sum) = (self.least[i], self.most[i], self.sums[i]);
            let above = self.rows.wholes("multiplier")[i].is_some_and(|m| m > 0);
            let upper = most.filter(|most| least.is_none() || above || sum.is_some_and(|sum| sum > *most));
            match (upper, least) {
                (Some(bound), _) => details.push(say!(lang, "mat-reserve-quota-most", n = bound)),
                (None, Some(bound)) => details.push(say!(lang, "mat-reserve-quota-least", n = bound)),
                (None, None) => {}
            }
            details.extend(sum.map(|sum| say!(lang, "mat-reserve-quota-sum", n = sum)));
        }
        let quota = desk.code("quota", self.keys[i]);
        match details.is_empty() {
            true => quota,
            false => {
                let details = details.join(&lang.text("mat-clause-comma"));
                say!(lang, "mat-reserve-quota-one", quota = quota, details = details)
            }
        }
    }
}
