//! Training that is due, and what could not be judged of it.

use super::matters::{brief, places};
use super::{Desk, Item, Matter, TOP, Unjudged};
use crate::say;

/// Holders whose training of the year is due: too few days, none within the year, or a certificate
/// lost. Those without a record are not among them: they could not be judged.
pub(super) fn training(desk: &Desk) -> Matter {
    let rows = desk.source.rows("training_status");
    let states = rows.count("state");
    let of = |state: &str| states.get(state).copied().unwrap_or(0);
    let (partial, lapsed, lost) = (of("partial"), of("lapsed"), of("lost_certificate"));
    let mut picked = rows.which("state", &["partial", "lapsed", "lost_certificate"]);
    // Whoever has waited longest comes first.
    let last = rows.dates("last_training");
    picked.sort_by_key(|&i| (last[i], i));
    let (people, posts, reasons) = (rows.words("person"), rows.words("post"), rows.words("reason"));
    let place = places(desk, rows);
    let items = picked.iter().take(TOP).map(|&i| {
        let who = match desk.people.internal() {
            true => desk.people.show(people[i]).to_owned(),
            false => desk.labels.code("post", posts[i]).to_string(),
        };
        Item { place: super::at(&place(i), &who), reason: brief(desk, reasons[i]) }
    });
    let items: Vec<Item> = items.collect();
    Matter {
        section: "cultivate",
        title: desk.lang.text("cultivate-matter"),
        count: picked.len(),
        text: say!(desk.lang, "cultivate-matter-text", partial = partial, lapsed = lapsed, lost = lost),
        basis: String::new(),
        more: picked.len() - items.len(),
        items,
    }
}

/// Holders without a training record, and contestants who lack a part.
pub(super) fn unjudged(desk: &Desk) -> Vec<Unjudged> {
    let gap = |id: &str, n: usize| {
        (n > 0).then(|| Unjudged {
            what: desk.lang.text(&format!("cultivate-unjudged-{id}")),
            count: Some(n),
            why: desk.lang.text(&format!("cultivate-unjudged-{id}-why")),
        })
    };
    let unknown = desk.source.rows("training_status").which("state", &["no_record"]).len();
    let missing = desk.source.rows("contest").which("state", &["missing_part"]).len();
    [gap("training", unknown), gap("contest", missing)].into_iter().flatten().collect()
}
