//! The study report (研判报告): figures inside sentences, in the order in which such reports go. A
//! further section is a further line of [`SECTIONS`].

use std::collections::{BTreeMap, BTreeSet};

use super::annex::{self, Annex};
use super::desk::{Desk, LISTED};
use super::docx::{Doc, Form, Line};
use super::reserve::is_unmet;
use super::village::{chinese, heading};
use super::{MaterialsError, chains, reserve};
use crate::book::schema::Vocab;
use crate::lang::Lang;
use crate::report::format::{fixed, median, part, percent, target};
use crate::say;

/// One section: message ID of its heading, the tables of which one must be there, what it says.
struct Section {
    heading: &'static str,
    tables: &'static [&'static str],
    write: fn(&Desk, &mut Doc, &[Annex]),
}

const fn section(
    heading: &'static str,
    tables: &'static [&'static str],
    write: fn(&Desk, &mut Doc, &[Annex]),
) -> Section {
    Section { heading, tables, write }
}

/// All sections in their order.
const SECTIONS: [Section; 9] = [
    section("mat-report-basics", &["scores", "statistics_form"], basics),
    section("mat-report-score", &["scores"], score),
    section("mat-report-supervise", &["supervision"], supervise),
    section("mat-report-reserve", &["vacancies"], reserve::reserve),
    section("mat-report-structure", &["structure", "ladder"], structure),
    section("mat-report-cultivate", &["training_status"], chains::cultivate),
    section("mat-report-motivate", &["pay_budget"], chains::motivate),
    section("mat-report-quality", &["scores", "supervision", "vacancies", "structure"], quality),
    section("mat-report-next", &["scores", "supervision", "vacancies", "structure"], next),
];

/// Places that a sentence names; the annex holds the rest.
pub(super) const NAMED: usize = 5;

/// The bytes of the .docx file.
pub(super) fn document(desk: &Desk, annexes: &[Annex]) -> Result<Vec<u8>, MaterialsError> {
    let lang = desk.lang;
    let mut doc = Doc::new(Form::Official, lang);
    let title = say!(lang, "mat-report-title", whose = desk.whose());
    doc.add(Line::Mark, &lang.text(if desk.sees_names() { "report-internal" } else { "mat-summary-mark" }));
    doc.add(Line::Title, &title);
    doc.add(Line::Subtitle, &say!(lang, "mat-as-of", day = desk.day(desk.input.as_of)));
    doc.add(Line::Subtitle, "");
    doc.add(Line::Body, &opening(desk));
    let there = |section: &&Section| section.tables.iter().any(|t| desk.table(t).is_some());
    for (at, section) in SECTIONS.iter().filter(there).enumerate() {
        doc.add(Line::Heading, &heading(desk, at + 1, section.heading));
        (section.write)(desk, &mut doc, annexes);
    }
    closing(desk, &mut doc, annexes);
    doc.pack(&title, desk.input.as_of)
}

fn opening(desk: &Desk) -> String {
    let meta = &desk.input.policy.meta;
    let name = meta.title(desk.lang);
    let policy = if meta.source.is_empty() { name } else { format!("{name}（{}）", meta.source) };
    say!(
        desk.lang,
        "mat-opening",
        policy = policy,
        day = desk.day(desk.input.as_of),
        townships = desk.townships().len(),
        villages = villages(desk)
    )
}

fn villages(desk: &Desk) -> usize {
    desk.rows("scores").height().max(desk.rows("ladder").height())
}

/// A figure of the statistics form.
fn figure(desk: &Desk, item: &str) -> Option<f64> {
    let rows = desk.rows("statistics_form");
    let at = rows.words("item").iter().position(|i| *i == item)?;
    rows.numbers("value")[at]
}

fn count(desk: &Desk, item: &str) -> i64 {
    // Figures of the form are counts of a county: far below 2^53.
    figure(desk, item).unwrap_or(0.0) as i64
}

/// "甲乡A村、乙乡B村等": the first places of rows, and whether there are more.
pub(super) fn named(desk: &Desk, table: &str, picked: &[usize]) -> String {
    let rows = desk.rows(table);
    let (townships, villages) = (rows.words("township"), rows.words("village_name"));
    let names: Vec<String> = picked.iter().take(NAMED).map(|&i| desk.place(townships[i], villages[i])).collect();
    let list = desk.list(&names);
    if picked.len() > NAMED { say!(desk.lang, "mat-and-others", list = list) } else { list }
}

/// "软弱涣散村27个、矛盾复杂村12个".
pub(super) fn word_counts(desk: &Desk, column: &str, counts: &[(String, usize)]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|(code, n)| say!(desk.lang, "report-word-count", word = desk.code(column, code), n = *n))
        .collect();
    desk.list(&parts)
}

pub(super) fn most_first(mut counts: Vec<(String, usize)>) -> Vec<(String, usize)> {
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}

/// "见附件n", if the annex is there.
pub(super) fn see(desk: &Desk, annexes: &[Annex], id: &str) -> String {
    match annexes.iter().find(|a| a.id == id) {
        Some(annex) => say!(desk.lang, "mat-see", n = annex.number),
        None => String::new(),
    }
}

/// A heading of the second level: （一）….
pub(super) fn second(desk: &Desk, doc: &mut Doc, number: usize, id: &str) {
    let text = desk.lang.text(id);
    let text = match desk.lang {
        Lang::Zh => format!("（{}）{text}", chinese(number)),
        Lang::En => format!("({number}) {text}"),
    };
    doc.add(Line::Subheading, &text);
}

fn basics(desk: &Desk, doc: &mut Doc, _: &[Annex]) {
    let lang = desk.lang;
    if desk.table("statistics_form").is_some_and(|t| t.height() > 0) {
        doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-basics-secretaries",
                n = count(desk, "secretaries"),
                age = fixed(figure(desk, "mean_age").unwrap_or(0.0), 1),
                women = count(desk, "women"),
                women_share = fixed(figure(desk, "women_share").unwrap_or(0.0), 1),
                college = fixed(figure(desk, "college_share").unwrap_or(0.0), 1),
                dual = count(desk, "dual")
            ),
        );
        doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-basics-reserves",
                n = count(desk, "reserves"),
                members = count(desk, "reserve_members"),
                per = fixed(figure(desk, "reserves_per_village").unwrap_or(0.0), 1),
                with = count(desk, "villages_with_reserve"),
                without = count(desk, "villages_without_reserve")
            ),
        );
    }
    let rows = desk.rows("scores");
    let order: Vec<&str> = desk.input.policy.words.list(Vocab::VillageClass).keys().map(String::as_str).collect();
    let classes = desk.counts(&rows.words("class"), &order);
    if !classes.is_empty() {
        doc.add(Line::Body, &say!(lang, "mat-basics-classes", list = word_counts(desk, "class", &classes)));
    }
}

fn score(desk: &Desk, doc: &mut Doc, annexes: &[Annex]) {
    let lang = desk.lang;
    let rows = desk.rows("scores");
    let all = rows.numbers("score");
    let mut rated: Vec<f64> = all.iter().flatten().copied().collect();
    let grades = rows.words("grade");
    let counts = desk.counts(&grades, &annex::grades(desk));
    let counts: Vec<(String, usize)> = counts.into_iter().filter(|(g, _)| g != "not_rated").collect();
    second(desk, doc, 1, "mat-score-overall");
    if let Some(middle) = median(&mut rated) {
        let (low, high) = (rated.first().copied().unwrap_or(middle), rated.last().copied().unwrap_or(middle));
        doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-score-rated",
                n = rated.len(),
                open = all.len() - rated.len(),
                median = fixed(middle, 1),
                low = fixed(low, 1),
                high = fixed(high, 1),
                grades = word_counts(desk, "grade", &counts),
                see = see(desk, annexes, "scores")
            ),
        );
    } else {
        doc.add(Line::Body, &say!(lang, "mat-score-none", n = all.len()));
    }
    let mut by_class: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (class, score) in rows.words("class").into_iter().zip(&all) {
        by_class.entry(class).or_default().extend(score);
    }
    let order: Vec<&str> = desk.input.policy.words.list(Vocab::VillageClass).keys().map(String::as_str).collect();
    let mut classes: Vec<(&str, Vec<f64>)> = by_class.into_iter().filter(|(c, _)| !c.is_empty()).collect();
    classes.sort_by_key(|(class, _)| order.iter().position(|o| o == class).unwrap_or(usize::MAX));
    let parts: Vec<String> = classes
        .iter_mut()
        .filter_map(|(class, scores)| {
            let middle = median(scores)?;
            let n = scores.len();
            Some(say!(lang, "mat-score-class", class = desk.code("class", class), n = n, median = fixed(middle, 1)))
        })
        .collect();
    if !parts.is_empty() {
        doc.add(Line::Body, &say!(lang, "mat-score-classes", list = desk.list(&parts)));
    }
    doc.add(Line::Body, &lang.text("mat-score-ranges"));
    second(desk, doc, 2, "mat-score-use");
    let mut used = false;
    for code in ["adjustment_study", "talk", "reminder", "reward"] {
        let mut picked = rows.which("consequence", &[code]);
        if picked.is_empty() {
            continue;
        }
        used = true;
        let word = desk.code("consequence", code);
        // Villages to be praised are no news one by one; those to be talked to are.
        let text = if code == "reward" {
            say!(lang, "mat-score-consequence", word = &word, n = picked.len())
        } else {
            picked.sort_by(|&a, &b| {
                all[a].unwrap_or(f64::INFINITY).total_cmp(&all[b].unwrap_or(f64::INFINITY)).then(a.cmp(&b))
            });
            let places = named(desk, "scores", &picked);
            say!(lang, "mat-score-consequence-places", word = &word, n = picked.len(), places = places)
        };
        doc.add(Line::Body, &text);
    }
    if !used {
        doc.add(Line::Body, &lang.text("mat-score-no-use"));
    }
}

fn supervise(desk: &Desk, doc: &mut Doc, annexes: &[Annex]) {
    let lang = desk.lang;
    let rows = desk.rows("supervision");
    let kinds = rows.words("kind");
    let of = |states: &[&str]| -> Vec<usize> {
        rows.which("status", states).into_iter().filter(|&i| kinds[i] != "cultivate").collect()
    };
    let listed = of(LISTED);
    let categories = rows.words("categories");
    second(desk, doc, 1, "mat-supervise-list");
    if listed.is_empty() {
        doc.add(Line::Body, &lang.text("mat-supervise-none"));
    } else {
        let codes: Vec<&str> = listed.iter().flat_map(|&i| crate::report::view::codes(categories[i])).collect();
        let by_category = most_first(desk.counts(&codes, &[]));
        let townships = rows.words("township");
        let places: Vec<&str> = listed.iter().map(|&i| townships[i]).collect();
        let by_township = most_first(desk.counts(&places, &[]));
        let busiest: Vec<String> =
            by_township.iter().take(3).map(|(name, n)| say!(lang, "report-word-count", word = name, n = *n)).collect();
        doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-supervise-listed",
                n = listed.len(),
                categories = word_counts(desk, "category", &by_category),
                former = listed.iter().filter(|&&i| categories[i].is_empty()).count(),
                townships = by_township.len(),
                busiest = desk.list(&busiest),
                see = see(desk, annexes, "supervision")
            ),
        );
        let (relapse, leaving) = (of(&["relapse"]), of(&["leaving"]));
        if !relapse.is_empty() {
            doc.add(
                Line::Body,
                &say!(lang, "mat-supervise-relapse", n = relapse.len(), places = named(desk, "supervision", &relapse)),
            );
        }
        if !leaving.is_empty() {
            doc.add(
                Line::Body,
                &say!(lang, "mat-supervise-leaving", n = leaving.len(), places = named(desk, "supervision", &leaving)),
            );
        }
    }
    second(desk, doc, 2, "mat-supervise-measures");
    let measures = desk.rows("supervision_measures");
    let states = measures.count("state");
    let state = |code: &str| states.get(code).copied().unwrap_or(0);
    let recorded = measures.height() - state("unrecorded");
    if recorded == 0 {
        doc.add(Line::Body, &lang.text("mat-supervise-no-measures"));
    } else {
        doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-supervise-progress",
                n = recorded,
                done = state("done"),
                share = part(state("done"), recorded),
                due = state("due"),
                overdue = state("overdue"),
                missing = state("missing")
            ),
        );
        let late = measures.which("state", &["overdue"]);
        let codes = measures.words("measure");
        let late: Vec<&str> = late.iter().map(|&i| codes[i]).collect();
        let by_measure = most_first(desk.counts(&late, &[]));
        if !by_measure.is_empty() {
            doc.add(Line::Body, &say!(lang, "mat-supervise-late", list = word_counts(desk, "measure", &by_measure)));
        }
    }
    second(desk, doc, 3, "mat-supervise-study");
    let mut none = true;
    for (states, id) in [
        ("suggested", "mat-supervise-suggested"),
        ("recheck", "mat-supervise-recheck"),
        ("to_clarify", "mat-supervise-to-clarify"),
    ] {
        let picked = of(&[states]);
        if !picked.is_empty() {
            none = false;
            doc.add(
                Line::Body,
                &lang.say(id, &[("n", picked.len().into()), ("places", named(desk, "supervision", &picked).into())]),
            );
        }
    }
    let talks = desk.rows("talks");
    if !talks.is_empty() {
        none = false;
        let (townships, reasons) = (talks.words("township"), talks.words("reasons"));
        let list: Vec<String> = (0..talks.height().min(NAMED))
            .map(|i| say!(lang, "mat-supervise-talk", township = townships[i], reasons = desk.weave(reasons[i])))
            .collect();
        let more = talks.height().saturating_sub(NAMED);
        doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-supervise-talks",
                n = talks.height(),
                list = desk.clauses(&list),
                more = more,
                see = see(desk, annexes, "talks")
            ),
        );
    }
    if none {
        doc.add(Line::Body, &lang.text("mat-supervise-no-study"));
    }
}

fn structure(desk: &Desk, doc: &mut Doc, _: &[Annex]) {
    let lang = desk.lang;
    let rows = desk.rows("structure");
    let (dimensions, keys, groups) = (rows.words("dimension"), rows.words("key"), rows.words("group"));
    let (shares, states) = (rows.numbers("share"), rows.words("state"));
    let (low, high) = (rows.numbers("target_low"), rows.numbers("target_high"));
    let (people, mut none) = (rows.wholes("people"), true);
    second(desk, doc, 1, "mat-structure-ages");
    let mut parts = Vec::new();
    for i in 0..rows.height() {
        if dimensions[i] == "post" && keys[i] == "secretary" && people[i].unwrap_or(0) > 0 {
            let aim = target(low[i], high[i]);
            let word = desk.code("group", groups[i]);
            let share = percent(shares[i].unwrap_or(0.0));
            let n = people[i].unwrap_or(0);
            parts.push(if aim.is_empty() {
                say!(lang, "mat-structure-group", word = word, n = n, share = share)
            } else {
                let state = desk.code("state", states[i]);
                say!(lang, "mat-structure-group-aim", word = word, n = n, share = share, aim = aim, state = state)
            });
        }
    }
    if !parts.is_empty() {
        none = false;
        doc.add(Line::Body, &say!(lang, "mat-structure-groups", list = desk.list(&parts)));
    }
    let limit = desk.rows("age_limit");
    let (years, sums) = (limit.wholes("year"), limit.wholes("cumulative"));
    let year = |at: usize| Some((years.get(at).copied().flatten()?, sums.get(at).copied().flatten()?));
    let last = limit.height().saturating_sub(1).min(4);
    if let (Some((first, now)), Some((then, later))) = (year(0), year(last)) {
        none = false;
        doc.add(Line::Body, &say!(lang, "mat-structure-limit", first = first, now = now, then = then, later = later));
    }
    if none {
        doc.add(Line::Body, &lang.text("report-missing"));
    }
    second(desk, doc, 2, "mat-structure-ladder");
    let ladder = desk.rows("ladder");
    let counts = ladder.count("state");
    let of = |state: &str| counts.get(state).copied().unwrap_or(0);
    if ladder.is_empty() {
        doc.add(Line::Body, &lang.text("report-ladder-none"));
    } else {
        doc.add(
            Line::Body,
            &say!(
                lang,
                "report-ladder-text",
                all = ladder.height(),
                held = of("held"),
                thin = of("thin"),
                broken = of("broken"),
                share = part(of("broken"), ladder.height())
            ),
        );
        let mut broken = ladder.which("state", &["broken"]);
        let left = ladder.numbers("years_to_limit");
        broken.sort_by(|&a, &b| {
            left[a].unwrap_or(f64::INFINITY).total_cmp(&left[b].unwrap_or(f64::INFINITY)).then(a.cmp(&b))
        });
        if !broken.is_empty() {
            doc.add(Line::Body, &say!(lang, "mat-structure-broken", places = named(desk, "ladder", &broken)));
        }
    }
    let filings = desk.rows("unfiled").words("problem");
    let problems: Vec<&str> = filings.into_iter().filter(|problem| *problem != "unrecorded").collect();
    if !problems.is_empty() {
        let (n, counts) = (problems.len(), most_first(desk.counts(&problems, &[])));
        doc.add(Line::Body, &say!(lang, "mat-structure-unfiled", n = n, list = word_counts(desk, "problem", &counts)));
    }
}

/// A stage whose tables stand in an annex: how many rows each list has.
fn quality(desk: &Desk, doc: &mut Doc, _: &[Annex]) {
    let lang = desk.lang;
    doc.add(
        Line::Body,
        &say!(lang, "mat-quality-read", flagged = desk.input.flagged, quarantined = desk.input.quarantined),
    );
    let mut number = 0;
    let mut item = |doc: &mut Doc, head: &str, text: String| {
        number += 1;
        doc.lead(&say!(lang, "mat-item", n = number, head = lang.text(head)), &text);
    };
    let scores = desk.rows("scores");
    let open: Vec<usize> =
        scores.numbers("score").iter().enumerate().filter(|(_, s)| s.is_none()).map(|(i, _)| i).collect();
    if !open.is_empty() {
        let places = named(desk, "scores", &open);
        item(doc, "mat-quality-not-rated", say!(lang, "mat-quality-not-rated-text", n = open.len(), places = places));
    }
    let unclear = desk.rows("supervision").which("status", &["to_clarify"]);
    if !unclear.is_empty() {
        let places = named(desk, "supervision", &unclear);
        item(
            doc,
            "mat-quality-to-clarify",
            say!(lang, "mat-quality-to-clarify-text", n = unclear.len(), places = places),
        );
    }
    let bars = desk.rows("bars");
    let (gates, people) = (bars.words("gate"), bars.words("candidate"));
    let unreviewed: BTreeSet<&str> = bars
        .which("hardness", &["to_clarify"])
        .into_iter()
        .filter(|&i| gates[i] == "review")
        .map(|i| people[i])
        .collect();
    if !unreviewed.is_empty() {
        item(doc, "mat-quality-review", say!(lang, "mat-quality-review-text", n = unreviewed.len()));
    }
    for (table, column, head, text) in [
        ("pool_review", "advice", "mat-quality-appraise", "mat-quality-appraise-text"),
        ("unfiled", "problem", "mat-quality-filing", "mat-quality-filing-text"),
    ] {
        let n = desk.rows(table).which(column, &["unrecorded"]).len();
        if n > 0 {
            item(doc, head, say!(lang, text, n = n));
        }
    }
    let structure = desk.rows("structure");
    let (dimensions, groups, n) = (structure.words("dimension"), structure.words("group"), structure.wholes("people"));
    let ageless: i64 = (0..structure.height())
        .filter(|&i| (dimensions[i] == "post" || dimensions[i] == "pool") && groups[i] == "unknown")
        .filter_map(|i| n[i])
        .max()
        .unwrap_or(0);
    if ageless > 0 {
        item(doc, "mat-quality-age", say!(lang, "mat-quality-age-text", n = ageless));
    }
    let form = desk.rows("statistics_form");
    let (labels, values, notes) = (form.words("label"), form.numbers("value"), form.words("note"));
    // What is withheld from this reader has no note; what the book lacks says so.
    let empty: Vec<String> = (0..form.height())
        .filter(|&i| values[i].is_none() && !notes[i].is_empty())
        .map(|i| labels[i].to_owned())
        .collect();
    if !empty.is_empty() {
        item(doc, "mat-quality-form", say!(lang, "mat-quality-form-text", list = desk.list(&empty)));
    }
    let rates = desk.rows("township_rates");
    if !rates.is_empty() {
        item(doc, "mat-quality-labels", lang.text("mat-quality-labels-text"));
    }
    if number == 0 {
        doc.add(Line::Body, &lang.text("report-unjudged-none"));
    }
}

fn next(desk: &Desk, doc: &mut Doc, _: &[Annex]) {
    let lang = desk.lang;
    doc.add(Line::Body, &lang.text("mat-next-lead"));
    let consequences = desk.rows("scores");
    let supervision = desk.rows("supervision");
    let kinds = supervision.words("kind");
    let status =
        |code: &str| supervision.which("status", &[code]).into_iter().filter(|&i| kinds[i] != "cultivate").count();
    let consequence = |code: &str| consequences.which("consequence", &[code]).len();
    let measures = desk.rows("supervision_measures");
    let late = measures.which("state", &["overdue"]).len();
    let missing = measures.which("state", &["missing"]).len();
    let (assigned, open) = (desk.rows("assignment").height(), desk.rows("open_posts").height());
    let ladder = desk.rows("ladder").count("state");
    let broken = ladder.get("broken").copied().unwrap_or(0);
    let review = desk.rows("pool_review");
    let (exit, appraise) = (review.which("advice", &["exit"]).len(), review.which("advice", &["appraise"]).len());
    let talks = desk.rows("talks").height();
    let (study, talk) = (consequence("adjustment_study"), consequence("talk"));
    let (suggested, leaving, recheck) = (status("suggested"), status("leaving"), status("recheck"));
    let filings = desk.rows("unfiled");
    let unfiled = filings.height() - filings.which("problem", &["unrecorded"]).len();
    let items: [(&str, bool, String); 6] = [
        ("mat-next-score", study + talk > 0, say!(lang, "mat-next-score-text", study = study, talk = talk)),
        (
            "mat-next-supervise",
            suggested + leaving + recheck > 0,
            say!(lang, "mat-next-supervise-text", suggested = suggested, leaving = leaving, recheck = recheck),
        ),
        ("mat-next-late", late + missing > 0, say!(lang, "mat-next-late-text", late = late, missing = missing)),
        ("mat-next-talks", talks > 0, say!(lang, "mat-next-talks-text", n = talks)),
        (
            "mat-next-reserve",
            assigned + open > 0,
            match is_unmet(desk) {
                true => say!(lang, "mat-next-reserve-unmet", open = open),
                false => say!(lang, "mat-next-reserve-text", assigned = assigned, open = open),
            },
        ),
        (
            "mat-next-pool",
            broken + exit + appraise + unfiled > 0,
            say!(lang, "mat-next-pool-text", broken = broken, exit = exit, appraise = appraise, unfiled = unfiled),
        ),
    ];
    for (at, (head, _, text)) in items.iter().filter(|(_, there, _)| *there).enumerate() {
        doc.lead(&say!(lang, "mat-item", n = at + 1, head = lang.text(head)), text);
    }
    doc.add(Line::Body, &lang.text("report-study"));
}

/// The list of annexes, who signs and when: left open, for no program knows them.
fn closing(desk: &Desk, doc: &mut Doc, annexes: &[Annex]) {
    let lang = desk.lang;
    doc.add(Line::Body, "");
    let mut titles: Vec<String> = annexes.iter().map(|a| a.title.clone()).collect();
    if !super::village::listed(desk).is_empty() {
        titles.push(lang.text("mat-villages-title"));
    }
    for (at, title) in titles.iter().enumerate() {
        let id = if at == 0 { "mat-annex-first" } else { "mat-annex-next" };
        doc.add(Line::Hanging, &lang.say(id, &[("n", (at + 1).into()), ("title", title.into())]));
    }
    doc.add(Line::Right, "");
    doc.add(Line::Right, "");
    doc.add(Line::Right, &lang.text("mat-signed-by"));
    doc.add(Line::Right, &lang.text("mat-signed-on"));
}
