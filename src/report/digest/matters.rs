//! Matters for the meeting: villages and secretaries to study, townships to talk to.

use super::{BLOCK, Desk, Item, Matter, REASON, ROOM, TOP};
use crate::report::format;
use crate::report::grid::village;
use crate::report::label::clause_start;
use crate::report::view::Rows;
use crate::say;

/// States of a village that is under escalated supervision.
pub(in crate::report) const LISTED: &[&str] = &["listed", "relapse", "leaving"];

/// All matters that have at least one case, the gravest first.
pub(super) fn all(desk: &Desk) -> Vec<Matter> {
    let matters = [
        super::decided::matter(desk),
        consequence(desk, "adjustment_study"),
        supervised(desk, "listed", &["listed"]),
        supervised(desk, "relapse", &["relapse"]),
        supervised(desk, "suggested", &["suggested"]),
        supervised(desk, "leaving", &["leaving"]),
        supervised(desk, "recheck", &["recheck"]),
        supervised(desk, "to-clarify", &["to_clarify"]),
        consequence(desk, "talk"),
        consequence(desk, "reminder"),
        super::cultivate::training(desk),
        pool_exits(desk),
    ];
    matters.into_iter().filter(|m| m.count > 0).collect()
}

fn matter(desk: &Desk, id: &str, section: &'static str, count: usize, text: String, items: Vec<Item>) -> Matter {
    let more = count.saturating_sub(items.len());
    let title = desk.lang.text(&format!("report-matter-{id}"));
    Matter { section, title, count, text, basis: String::new(), items, more }
}

/// Villages whose result has this consequence, the lowest scores first.
fn consequence(desk: &Desk, code: &'static str) -> Matter {
    let rows = desk.source.rows("scores");
    let mut picked = rows.which("consequence", &[code]);
    let scores = rows.numbers("score");
    picked.sort_by(|&a, &b| {
        scores[a].unwrap_or(f64::INFINITY).total_cmp(&scores[b].unwrap_or(f64::INFINITY)).then(a.cmp(&b))
    });
    let (reasons, grades) = (rows.words("consequence_reason"), rows.words("grade"));
    let places = places(desk, rows);
    let items = picked.iter().take(TOP).map(|&i| {
        let grade = desk.labels.code("grade", grades[i]);
        let head = match scores[i] {
            Some(score) => say!(desk.lang, "report-item-score", score = format::fixed(score, 1), grade = &*grade),
            None => grade.to_string(),
        };
        Item { place: places(i), reason: brief(desk, &sentence(desk, &[&head, reasons[i]])) }
    });
    let items = items.collect();
    let id = format!("consequence-{}", code.replace('_', "-"));
    let text = say!(desk.lang, &format!("report-matter-{id}-text"), n = picked.len());
    matter(desk, &id, "score", picked.len(), text, items)
}

/// Villages in one of these states, the most urgent first.
fn supervised(desk: &Desk, id: &str, states: &[&str]) -> Matter {
    let rows = desk.source.rows("supervision");
    let kinds = rows.words("kind");
    let mut picked = rows.which("status", states);
    picked.retain(|&i| kinds[i] != "cultivate");
    let urgency = rows.numbers("urgency");
    picked.sort_by(|&a, &b| urgency[b].unwrap_or(-1.0).total_cmp(&urgency[a].unwrap_or(-1.0)).then(a.cmp(&b)));
    let (reasons, bases, categories) = (rows.words("reasons"), rows.words("basis"), rows.words("categories"));
    let places = places(desk, rows);
    let items = picked.iter().take(TOP).map(|&i| {
        let reason =
            if reasons[i].is_empty() { desk.labels.codes("category", categories[i]) } else { reasons[i].to_owned() };
        Item { place: places(i), reason: brief(desk, &reason) }
    });
    let items = items.collect();
    let basis = all_bases(desk, picked.iter().map(|&i| bases[i]));
    let mut text = say!(desk.lang, &format!("report-matter-{id}-text"), n = picked.len());
    if id == "listed" {
        let former = picked.iter().filter(|&&i| categories[i].is_empty()).count();
        let former = match former {
            0 => String::new(),
            n => say!(desk.lang, "report-matter-listed-former", n = n),
        };
        text = sentence(desk, &[&text, &by_category(desk, &picked), &former]);
    }
    Matter { basis, ..matter(desk, id, "supervise", picked.len(), text, items) }
}

/// Every clause that the texts name, each once, in the order of their first mention.
fn all_bases<'t>(desk: &Desk, texts: impl Iterator<Item = &'t str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for part in texts.flat_map(|text| text.split(['；', ';'])).map(str::trim) {
        if !part.is_empty() && !seen.contains(&part) {
            seen.push(part);
        }
    }
    // "Policy A, policy B" reads better as "policy A, B".
    let mut before = "";
    let parts = seen.into_iter().map(|part| {
        let lead = clause_start(part).map_or("", |at| &part[..at]);
        let same = !lead.is_empty() && lead == before;
        before = lead;
        desk.labels.basis(if same { &part[lead.len()..] } else { part })
    });
    parts.collect::<Vec<String>>().join(desk.labels.comma())
}

/// The first clauses of a reason, as many as the first page has room for.
pub(super) fn brief(desk: &Desk, reason: &str) -> String {
    let woven = desk.people.weave(reason);
    let (sign, joint) = match desk.lang {
        crate::lang::Lang::Zh => ('；', "；"),
        crate::lang::Lang::En => (';', "; "),
    };
    let mut short = String::new();
    for clause in woven.split(sign).map(str::trim).filter(|c| !c.is_empty()) {
        if short.is_empty() {
            short = format::clip(clause, REASON);
        } else if format::width(&short) + format::width(clause) + 2 <= REASON {
            short.push_str(joint);
            short.push_str(clause);
        } else {
            let room = REASON.saturating_sub(format::width(&short) + 2);
            if room >= ROOM {
                short.push_str(joint);
                short.push_str(&format::clip(clause, room));
            }
            break;
        }
    }
    short
}

/// "软弱涣散村 30、矛盾复杂村 12": the categories of these rows with their counts, the most frequent first.
fn by_category(desk: &Desk, picked: &[usize]) -> String {
    let categories = desk.source.rows("supervision").words("categories");
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for &i in picked {
        for code in crate::report::view::codes(categories[i]) {
            match counts.iter_mut().find(|(known, _)| *known == code) {
                Some((_, n)) => *n += 1,
                None => counts.push((code, 1)),
            }
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let parts: Vec<String> =
        counts.iter().map(|(code, n)| format!("{} {n}", desk.labels.code("category", code))).collect();
    parts.join(desk.labels.comma())
}

fn pool_exits(desk: &Desk) -> Matter {
    let rows = desk.source.rows("pool_review");
    let picked = rows.which("advice", &["exit"]);
    let (people, reasons) = (rows.words("candidate"), rows.words("reason"));
    let places = places(desk, rows);
    let items = picked
        .iter()
        .take(TOP)
        .map(|&i| Item { place: super::at(&places(i), desk.people.show(people[i])), reason: reasons[i].to_owned() });
    let items = items.collect();
    let text = say!(desk.lang, "report-matter-pool-exit-text", n = picked.len());
    matter(desk, "pool-exit", "reserve", picked.len(), text, items)
}

/// Townships whose Party head should be talked to.
pub(super) fn talks(desk: &Desk) -> Matter {
    let rows = desk.source.rows("talks");
    let (counties, townships) = (rows.words("county"), rows.words("township"));
    let (reasons, people) = (rows.words("reasons"), rows.words("secretary"));
    let items = (0..rows.height().min(2 * BLOCK)).map(|i| {
        let person = if desk.people.internal() { desk.people.show(people[i]) } else { "" };
        let place = desk.place(counties[i], townships[i], "");
        Item { place: super::at(&place, person), reason: brief(desk, reasons[i]) }
    });
    let items = items.collect();
    let text = say!(desk.lang, "report-matter-talks-text", n = rows.height());
    matter(desk, "talks", "supervise", rows.height(), text, items)
}

/// The place that a row is about.
pub(super) fn places<'a>(desk: &'a Desk, rows: Rows<'a>) -> impl Fn(usize) -> String + 'a {
    let (counties, townships, names) = (rows.words("county"), rows.words("township"), rows.words("village_name"));
    let villages = rows.words("village");
    move |i| {
        let village = if names[i].is_empty() { village(desk.villages, villages[i]) } else { names[i] };
        desk.place(counties[i], townships[i], village)
    }
}

/// Texts as one, the empty ones left out.
pub(super) fn sentence(desk: &Desk, parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|p| !p.is_empty()).collect();
    let joined = parts.join(match desk.lang {
        crate::lang::Lang::Zh => "；",
        crate::lang::Lang::En => "; ",
    });
    desk.people.weave(&joined).into_owned()
}
