//! What became of earlier advice, in a sentence and as a matter for the meeting.

use super::{BLOCK, Desk, Digest, Item, Matter};
use crate::decisions::FOLLOW_UP;
use crate::say;

impl Digest {
    /// How many were adopted, done, overdue, against the advice.
    pub(in crate::report) fn decided(&self) -> &str {
        self.matters.iter().find(|m| m.section == SECTION).map_or("", |m| &m.text)
    }
}

const SECTION: &str = "decisions";

/// The matter; without decisions it counts none.
pub(super) fn matter(desk: &Desk) -> Matter {
    let rows = desk.source.rows(FOLLOW_UP);
    let counts = rows.count("state");
    let n = |state: &str| counts.get(state).copied().unwrap_or(0);
    let decided = rows.height() - n("undecided");
    let text = say!(
        desk.lang,
        "report-matter-decisions-text",
        n = decided,
        adopted = n("done") + n("overdue") + n("under_way"),
        done = n("done"),
        overdue = n("overdue"),
        against = n("not_adopted"),
        deferred = n("deferred"),
        open = n("undecided")
    );
    let (state, reason, due) = (rows.words("state"), rows.words("reason"), rows.dates("due"));
    let mut picked = rows.which("state", &["overdue", "not_adopted"]);
    picked.sort_by_key(|&i| (state[i] != "overdue", due[i], i));
    let places = super::matters::places(desk, rows);
    let items: Vec<Item> = picked
        .iter()
        .take(BLOCK)
        .map(|&i| {
            let said = match (state[i], due[i]) {
                ("overdue", Some(due)) => say!(desk.lang, "report-item-overdue", due = due),
                _ if reason[i].is_empty() => desk.lang.text("report-item-against-silent"),
                _ => say!(desk.lang, "report-item-against", reason = reason[i]),
            };
            Item { place: places(i), reason: super::matters::brief(desk, &said) }
        })
        .collect();
    let more = picked.len().saturating_sub(items.len());
    let title = desk.lang.text("report-matter-decisions");
    Matter { section: SECTION, title, count: decided, text, basis: String::new(), items, more }
}
