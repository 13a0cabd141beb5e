//! What the first page says, counted once for the page and the workbook.

mod counties;
mod cultivate;
mod decided;
mod matters;
mod pay;
mod posts;
mod sources;
mod unjudged;

use std::collections::HashMap;

use super::Input;
use super::label::Labels;
use super::people::People;
use super::view::Source;
use crate::lang::Lang;
use crate::say;

pub(super) use self::counties::CountyRow;
pub(super) use self::matters::LISTED;
pub(super) use self::pay::Pay;
pub(super) use self::sources::{FileRow, Sources};

/// Items named on the first page; the rest is found in the section.
const TOP: usize = 2;
/// Items of the four blocks below the matters.
const BLOCK: usize = 3;
/// Width of a reason on the first page, in Latin letters; the section holds the whole of it.
const REASON: usize = 100;
/// A further clause is begun if so much of it can be shown.
const ROOM: usize = 30;

/// One figure of the strip under the heading.
pub(super) struct Figure {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) note: String,
    /// Does it ask for attention?
    pub(super) alert: bool,
}

/// A place (or person) that a matter is about.
pub(super) struct Item {
    pub(super) place: String,
    pub(super) reason: String,
}

/// One matter for the meeting: how many, what, and the first few.
pub(super) struct Matter {
    /// Anchor of the section that holds the full list.
    pub(super) section: &'static str,
    pub(super) title: String,
    /// 0 among the matters, which all have a case: too few to be told.
    pub(super) count: usize,
    pub(super) text: String,
    /// On what basis: clauses of the policy and document numbers.
    pub(super) basis: String,
    pub(super) items: Vec<Item>,
    /// How many there are beyond the items.
    pub(super) more: usize,
}

/// Something that could not be judged, and why.
pub(super) struct Unjudged {
    pub(super) what: String,
    /// `None` where a whole stage is missing.
    pub(super) count: Option<usize>,
    pub(super) why: String,
}

/// The first page.
pub(super) struct Digest {
    pub(super) figures: Vec<Figure>,
    /// For this meeting.
    pub(super) matters: Vec<Matter>,
    pub(super) talks: Matter,
    pub(super) open: Matter,
    pub(super) overdue: Matter,
    pub(super) ladder: Matter,
    /// Pay and cover.
    pub(super) pay: Pay,
    pub(super) unjudged: Vec<Unjudged>,
    pub(super) sources: Sources,
    pub(super) counties: Vec<CountyRow>,
}

/// What the digest is made with.
pub(super) struct Desk<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) lang: Lang,
    pub(super) source: &'a Source,
    pub(super) labels: &'a Labels<'a>,
    pub(super) people: &'a People,
    pub(super) villages: &'a HashMap<String, String>,
    /// Are there several counties?
    pub(super) several: bool,
}

impl Desk<'_> {
    /// Name of a place: township and village, with the county where there are several.
    fn place(&self, county: &str, township: &str, village: &str) -> String {
        let county = if self.several { county } else { "" };
        join(self.lang, &[county, township, village])
    }
}

/// A place and who or what there is meant.
pub(super) fn at(place: &str, what: &str) -> String {
    if what.is_empty() { place.to_owned() } else { format!("{place} {what}") }
}

/// Parts of a place's name in the language's order and spacing.
pub(super) fn join(lang: Lang, parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|p| !p.is_empty()).collect();
    match lang {
        Lang::Zh => parts.concat(),
        Lang::En => parts.join(" · "),
    }
}

impl Digest {
    pub(super) fn new(desk: &Desk) -> Digest {
        let overdue = posts::overdue(desk);
        let open = posts::open(desk);
        let ladder = posts::ladder(desk);
        let pay = Pay::new(desk);
        let mut matters = matters::all(desk);
        matters.extend(pay.matter(desk.lang));
        let mut unjudged = unjudged::all(desk);
        unjudged.extend(pay.gaps(desk.lang));
        Digest {
            figures: figures(desk, &open, &overdue, &ladder),
            matters,
            talks: matters::talks(desk),
            unjudged,
            pay,
            sources: Sources::new(desk.input.check, desk.input.tables),
            counties: if desk.several { counties::all(desk) } else { Vec::new() },
            open,
            overdue: overdue.matter,
            ladder,
        }
    }
}

fn figures(desk: &Desk, open: &Matter, overdue: &posts::Overdue, ladder: &Matter) -> Vec<Figure> {
    let lang = desk.lang;
    let scores = desk.source.rows("scores");
    let rated = scores.numbers("score").iter().flatten().count();
    let supervision = desk.source.rows("supervision");
    let kinds = supervision.words("kind");
    let listed = supervision.which("status", matters::LISTED).into_iter().filter(|&i| kinds[i] != "cultivate").count();
    let suggested = supervision.which("status", &["suggested"]).len();
    let vacancies = desk.source.rows("vacancies").height();
    let villages = super::view::Rows::of(desk.source.book("villages")).height();
    let figure = |id: &str, value: usize, note: String, alert: bool| Figure {
        label: lang.text(&format!("report-figure-{id}")),
        value: value.to_string(),
        note,
        alert,
    };
    let mut figures = vec![
        figure(
            "villages",
            villages,
            say!(lang, "report-figure-villages-note", rated = rated, open = scores.height() - rated),
            false,
        ),
        figure("supervised", listed, say!(lang, "report-figure-supervised-note", n = suggested), false),
        figure(
            "vacancies",
            vacancies,
            say!(
                lang,
                "report-figure-vacancies-note",
                filled = vacancies.saturating_sub(open.count),
                open = open.count
            ),
            false,
        ),
        figure("talks", desk.source.rows("talks").height(), lang.text("report-figure-talks-note"), false),
        figure(
            "overdue",
            overdue.matter.count,
            say!(
                lang,
                "report-figure-overdue-note",
                measures = posts::number(overdue.measures),
                appraise = posts::number(overdue.appraise),
                unfiled = posts::number(overdue.unfiled)
            ),
            overdue.matter.count > 0,
        ),
        figure("broken", ladder.count, lang.text("report-figure-broken-note"), ladder.count > 0),
    ];
    // A stage that did not run has no figure, rather than a nought that looks like good news.
    let ran = [
        true,
        !supervision_missing(desk),
        has(desk, "vacancies"),
        has(desk, "talks"),
        has(desk, "supervision_measures"),
        has(desk, "ladder"),
    ];
    for (figure, ran) in figures.iter_mut().zip(ran) {
        if !ran {
            figure.value = "—".to_owned();
            figure.note = lang.text("report-figure-missing");
            figure.alert = false;
        }
    }
    // Nor is nothing late where no sheet says what was done.
    if overdue.matter.count == 0 && overdue.unsure() {
        figures[4].value = "—".to_owned();
    }
    figures
}

fn supervision_missing(desk: &Desk) -> bool {
    !has(desk, "supervision")
}

fn has(desk: &Desk, table: &str) -> bool {
    desk.source.outcome(table).is_some()
}
