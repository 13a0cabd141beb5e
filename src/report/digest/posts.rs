//! Open posts, what is overdue, and whether the ladder holds.

use std::collections::BTreeSet;

use super::matters::{brief, places, sentence};
use super::{BLOCK, Desk, Item, Matter};
use crate::report::format;
use crate::say;

/// Posts that stay open, with the cause.
pub(super) fn open(desk: &Desk) -> Matter {
    let rows = desk.source.rows("open_posts");
    let (posts, causes, details) = (rows.words("post"), rows.words("cause"), rows.words("detail"));
    let place = places(desk, rows);
    let mut picked: Vec<usize> = (0..rows.height()).collect();
    // A secretary's post weighs more than a member's.
    picked.sort_by_key(|&i| (desk.labels.order("post", posts[i]), i));
    let items = picked.iter().take(BLOCK).map(|&i| Item {
        place: super::at(&place(i), &desk.labels.code("post", posts[i])),
        reason: brief(desk, &sentence(desk, &[&desk.labels.code("cause", causes[i]), details[i]])),
    });
    let items: Vec<Item> = items.collect();
    let vacancies = desk.source.rows("vacancies").height();
    let shortlisted: BTreeSet<&str> = {
        let lists = desk.source.rows("shortlists");
        let recommended = lists.flags("recommended");
        let all = lists.words("vacancy");
        // Without the column every candidate of a shortlist counts.
        let none = recommended.iter().all(Option::is_none);
        all.into_iter().zip(recommended).filter(|(_, r)| none || *r == Some(true)).map(|(v, _)| v).collect()
    };
    // How many for which cause.
    let count = |of: &[&str]| causes.iter().filter(|cause| of.contains(cause)).count();
    let parts = [
        ("report-open-nobody", count(&["no_candidate_in_pool", "all_barred"])),
        ("report-open-shortage", count(&["shortage"])),
        ("report-open-rule", count(&["rule"])),
    ];
    let parts = parts.into_iter().filter(|(_, n)| *n > 0);
    let parts: Vec<String> = parts.map(|(id, n)| say!(desk.lang, id, n = n)).collect();
    let text = say!(
        desk.lang,
        "report-open-text",
        vacancies = vacancies,
        shortlisted = shortlisted.len(),
        assigned = desk.source.rows("assignment").height(),
        open = rows.height(),
        causes = match parts.is_empty() {
            true => String::new(),
            false => say!(desk.lang, "report-open-causes", list = parts.join(desk.labels.comma())),
        }
    );
    Matter {
        section: "reserve",
        title: desk.lang.text("report-open"),
        count: rows.height(),
        text,
        basis: String::new(),
        more: rows.height() - items.len(),
        items,
    }
}

/// What is late, and how much of each kind; `None` of what no sheet records.
pub(super) struct Overdue {
    pub(super) matter: Matter,
    pub(super) measures: Option<usize>,
    pub(super) appraise: Option<usize>,
    pub(super) unfiled: Option<usize>,
}

impl Overdue {
    /// Is there a kind of which nobody can tell what is late?
    pub(super) fn unsure(&self) -> bool {
        [self.measures, self.appraise, self.unfiled].contains(&None)
    }
}

/// Measures, appraisals and filings that are late.
pub(super) fn overdue(desk: &Desk) -> Overdue {
    let measures = desk.source.rows("supervision_measures");
    let mut late = measures.which("state", &["overdue"]);
    let (dues, kinds) = (measures.dates("due"), measures.words("measure"));
    late.sort_by_key(|&i| (dues[i], i));
    let place = places(desk, measures);
    let mut items: Vec<Item> = late
        .iter()
        .take(BLOCK)
        .map(|&i| Item {
            place: place(i),
            reason: match dues[i] {
                Some(due) => say!(
                    desk.lang,
                    "report-overdue-since",
                    what = &*desk.labels.code("measure", kinds[i]),
                    due = format::day(desk.lang, due)
                ),
                None => desk.labels.code("measure", kinds[i]).to_string(),
            },
        })
        .collect();
    // What no sheet records is neither late nor in time: `unjudged` tells of it.
    let told = |n: usize, unrecorded: usize| (n > 0 || unrecorded == 0).then_some(n);
    let begun = told(late.len(), measures.which("state", &["unrecorded"]).len());
    let review = desk.source.rows("pool_review");
    let appraise = told(review.which("advice", &["appraise"]).len(), review.which("advice", &["unrecorded"]).len());
    let filings = desk.source.rows("unfiled");
    let unrecorded = filings.which("problem", &["unrecorded"]).len();
    let unfiled = told(filings.height() - unrecorded, unrecorded);
    let mut count = late.len();
    for (id, text, n) in [
        ("report-overdue-appraise", "report-overdue-appraise-text", appraise),
        ("report-overdue-unfiled", "report-overdue-unfiled-text", unfiled),
    ] {
        if let Some(n) = n.filter(|n| *n > 0) {
            items.push(Item { place: desk.lang.text(id), reason: say!(desk.lang, text, n = n) });
            count += n;
        }
    }
    let matter = Matter {
        section: "supervise",
        title: desk.lang.text("report-overdue"),
        count,
        text: say!(
            desk.lang,
            "report-overdue-text",
            measures = number(begun),
            appraise = number(appraise),
            unfiled = number(unfiled)
        ),
        basis: String::new(),
        more: late.len().saturating_sub(BLOCK),
        items,
    };
    Overdue { matter, measures: begun, appraise, unfiled }
}

/// A number for a message; -1 for what no sheet records.
pub(super) fn number(n: Option<usize>) -> i64 {
    n.and_then(|n| i64::try_from(n).ok()).unwrap_or(-1)
}

/// Villages in which the generations do not follow each other.
pub(super) fn ladder(desk: &Desk) -> Matter {
    let rows = desk.source.rows("ladder");
    let states = rows.count("state");
    let of = |state: &str| states.get(state).copied().unwrap_or(0);
    let (held, thin, broken) = (of("held"), of("thin"), of("broken"));
    let mut picked = rows.which("state", &["broken"]);
    let left = rows.numbers("years_to_limit");
    picked.sort_by(|&a, &b| {
        left[a].unwrap_or(f64::INFINITY).total_cmp(&left[b].unwrap_or(f64::INFINITY)).then(a.cmp(&b))
    });
    let reasons = rows.words("reason");
    let place = places(desk, rows);
    let items: Vec<Item> =
        picked.iter().take(BLOCK).map(|&i| Item { place: place(i), reason: brief(desk, reasons[i]) }).collect();
    let text = if rows.is_empty() {
        desk.lang.text("report-ladder-none")
    } else {
        say!(
            desk.lang,
            "report-ladder-text",
            all = rows.height(),
            held = held,
            thin = thin,
            broken = broken,
            share = format::part(broken, rows.height())
        )
    };
    Matter {
        section: "structure",
        title: desk.lang.text("report-ladder"),
        count: broken,
        text,
        basis: String::new(),
        more: broken - items.len(),
        items,
    }
}
