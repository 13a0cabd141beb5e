//! 一村一策: a page per village under escalated supervision — the facts, why, what to do by when,
//! the three ones, what clears it.

use std::collections::HashMap;

use super::MaterialsError;
use super::desk::{Desk, LISTED};
use super::docx::{Doc, Form, Line};
use crate::report::format::fixed;
use crate::say;

/// Rows of `supervision` that get a page, by township.
pub(super) fn listed(desk: &Desk) -> Vec<usize> {
    let rows = desk.rows("supervision");
    let kinds = rows.words("kind");
    let mut picked = rows.which("status", LISTED);
    picked.retain(|&i| kinds[i] != "cultivate");
    picked
}

/// Weakest indicators that a page names.
const WEAKEST: usize = 4;

/// The bytes of the .docx file.
pub(super) fn document(desk: &Desk) -> Result<Vec<u8>, MaterialsError> {
    let mut doc = Doc::new(Form::Sheet, desk.lang);
    let pages = Pages::new(desk);
    for (at, row) in listed(desk).into_iter().enumerate() {
        if at > 0 {
            doc.page();
        }
        pages.page(&mut doc, row);
    }
    doc.pack(&desk.lang.text("mat-villages-title"), desk.input.as_of)
}

/// The columns of `contributions`, the one table with many rows per village.
struct Parts<'d> {
    areas: Vec<&'d str>,
    labels: Vec<&'d str>,
    values: Vec<Option<f64>>,
    points: Vec<Option<f64>>,
    weights: Vec<Option<f64>>,
    parts: Vec<Option<f64>>,
}

impl<'d> Parts<'d> {
    fn new(desk: &'d Desk<'d>) -> Parts<'d> {
        let rows = desk.rows("contributions");
        Parts {
            areas: rows.words("area"),
            labels: rows.words("label"),
            values: rows.numbers("value"),
            points: rows.numbers("points"),
            weights: rows.numbers("weight"),
            parts: rows.numbers("contribution"),
        }
    }
}

/// What pages are made from, read once.
struct Pages<'d> {
    desk: &'d Desk<'d>,
    scores: HashMap<&'d str, Vec<usize>>,
    parts: HashMap<&'d str, Vec<usize>>,
    columns: Parts<'d>,
    measures: HashMap<&'d str, Vec<usize>>,
    ladder: HashMap<&'d str, Vec<usize>>,
}

impl<'d> Pages<'d> {
    fn new(desk: &'d Desk<'d>) -> Pages<'d> {
        Pages {
            desk,
            scores: desk.index("scores", "village"),
            parts: desk.index("contributions", "village"),
            columns: Parts::new(desk),
            measures: desk.index("supervision_measures", "village"),
            ladder: desk.index("ladder", "village"),
        }
    }

    fn page(&self, doc: &mut Doc, row: usize) {
        let desk = self.desk;
        let lang = desk.lang;
        let rows = desk.rows("supervision");
        let word = |column: &str| rows.words(column)[row];
        let village = word("village");
        let place = desk.place(word("township"), word("village_name"));
        if desk.sees_names() {
            doc.add(Line::Mark, &lang.text("report-internal"));
        }
        doc.add(Line::Title, &say!(lang, "mat-village-title", place = &place));
        doc.add(Line::Subtitle, &say!(lang, "mat-as-of", day = desk.day(desk.input.as_of)));
        self.facts(doc, row, village);
        doc.add(Line::Heading, &heading(desk, 1, "mat-village-state"));
        for text in self.state(village) {
            doc.add(Line::Body, &text);
        }
        doc.add(Line::Heading, &heading(desk, 2, "mat-village-why"));
        let reasons = desk.weave(word("reasons"));
        doc.add(Line::Body, &say!(lang, "mat-village-reasons", reasons = reasons, basis = desk.basis(word("basis"))));
        doc.add(Line::Heading, &heading(desk, 3, "mat-village-measures"));
        let policy = &desk.input.policy.supervise.measures;
        self.measures(doc, village, &policy.mechanisms, "mat-village-no-mechanisms");
        doc.add(Line::Heading, &heading(desk, 4, "mat-village-ones"));
        self.measures(doc, village, &policy.ones, "mat-village-no-ones");
        doc.add(Line::Heading, &heading(desk, 5, "mat-village-clears"));
        doc.add(Line::Body, &desk.weave(word("clears")));
        doc.add(Line::Heading, &heading(desk, 6, "mat-village-pairing"));
        let head = |id: &str| (Line::CellHead, lang.text(id));
        let blank = || (Line::Cell, String::new());
        doc.table(
            &[20, 30, 20, 30],
            &[
                vec![head("mat-village-county-leader"), blank(), head("mat-village-township-leader"), blank()],
                vec![head("mat-village-signed"), blank(), head("mat-village-checked"), blank()],
            ],
        );
    }

    /// Who, since when, which score.
    fn facts(&self, doc: &mut Doc, row: usize, village: &str) {
        let desk = self.desk;
        let rows = desk.rows("supervision");
        let scores = desk.rows("scores");
        let at = self.scores.get(village).and_then(|r| r.first()).copied();
        let of = |column: &str| at.map_or("", |i| scores.words(column)[i]);
        let score = at.and_then(|i| scores.numbers("score")[i]);
        let score = match score {
            Some(score) => {
                say!(desk.lang, "report-item-score", score = fixed(score, 1), grade = desk.grade(of("grade")))
            }
            None => desk.grade(of("grade")),
        };
        let whole = |column: &str| at.and_then(|i| scores.wholes(column)[i]);
        let rank = match (whole("rank"), whole("rank_low"), whole("rank_high")) {
            (Some(rank), Some(low), Some(high)) => {
                say!(desk.lang, "mat-village-rank", rank = rank, low = low, high = high)
            }
            _ => String::new(),
        };
        let head = |id: &str| (Line::CellHead, if desk.lang.has(id) { desk.lang.text(id) } else { desk.label(id) });
        let cell = |text: String| (Line::CellCentre, text);
        let word = |column: &str| rows.words(column)[row];
        let since = rows.dates("since")[row].map_or_else(String::new, |d| desk.day(d));
        let ladder = desk.rows("ladder");
        let state = self.ladder.get(village).and_then(|r| r.first()).map(|&i| ladder.words("state")[i]);
        doc.table(
            &[16, 34, 16, 34],
            &[
                vec![
                    head("person"),
                    cell(desk.show(word("person"))),
                    head("class"),
                    cell(desk.code("class", of("class"))),
                ],
                vec![
                    head("categories"),
                    cell(desk.code("category", word("categories"))),
                    head("status"),
                    cell(desk.code("status", word("status"))),
                ],
                vec![head("since"), cell(since), head("mat-village-score"), cell(score)],
                vec![
                    head("mat-village-rank-head"),
                    cell(rank),
                    head("table-ladder"),
                    cell(state.map_or_else(String::new, |s| desk.code("state", s))),
                ],
            ],
        );
    }

    /// The areas of the score, and the indicators in which the village is weakest.
    fn state(&self, village: &str) -> Vec<String> {
        let desk = self.desk;
        let nothing = Vec::new();
        let mine = self.parts.get(village).unwrap_or(&nothing);
        let Parts { areas, labels, values, points, weights, parts } = &self.columns;
        let measured: Vec<usize> = mine.iter().copied().filter(|&i| weights[i].is_some_and(|w| w > 0.0)).collect();
        if measured.is_empty() {
            return vec![desk.lang.text("mat-village-no-scores")];
        }
        let mut sums: Vec<(&str, f64, f64)> = Vec::new();
        for &i in &measured {
            let (weight, part) = (weights[i].unwrap_or(0.0), parts[i].unwrap_or(0.0));
            match sums.iter_mut().find(|(area, _, _)| *area == areas[i]) {
                Some(sum) => {
                    sum.1 += weight;
                    sum.2 += part;
                }
                None => sums.push((areas[i], weight, part)),
            }
        }
        let of_areas: Vec<String> = sums
            .iter()
            .filter(|(area, weight, _)| !area.is_empty() && *weight > 0.0)
            .map(|(area, weight, part)| {
                say!(desk.lang, "mat-village-area", area = desk.code("area", area), points = fixed(part / weight, 1))
            })
            .collect();
        let mut weakest = measured;
        weakest.sort_by(|&a, &b| points[a].unwrap_or(0.0).total_cmp(&points[b].unwrap_or(0.0)).then(a.cmp(&b)));
        let weakest: Vec<String> = weakest
            .iter()
            .filter(|&&i| points[i].is_some() && values[i].is_some())
            .take(WEAKEST)
            .map(|&i| {
                let value = crate::kernel::round::show(values[i].unwrap_or(0.0), 2);
                let points = fixed(points[i].unwrap_or(0.0), 1);
                say!(desk.lang, "mat-village-indicator", label = labels[i], value = value, points = points)
            })
            .collect();
        let mut texts = vec![say!(desk.lang, "mat-village-areas", list = desk.list(&of_areas))];
        if !weakest.is_empty() {
            texts.push(say!(desk.lang, "mat-village-weakest", list = desk.clauses(&weakest)));
        }
        texts
    }

    /// A table of measures of these codes; one that is not begun stands there too.
    fn measures(&self, doc: &mut Doc, village: &str, codes: &[String], none: &str) {
        let desk = self.desk;
        let rows = desk.rows("supervision_measures");
        let (kinds, people, states) = (rows.words("measure"), rows.words("responsible"), rows.words("state"));
        let (dues, dones) = (rows.dates("due"), rows.dates("done"));
        let nothing = Vec::new();
        let mine = self.measures.get(village).unwrap_or(&nothing);
        let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |d| d.to_string());
        let mut lines: Vec<Vec<(Line, String)>> = Vec::new();
        for code in codes {
            for &i in mine.iter().filter(|&&i| kinds[i] == code) {
                let who = if desk.sees_names() { desk.weave(people[i]) } else { String::new() };
                lines.push(vec![
                    (Line::Cell, desk.code("measure", kinds[i])),
                    (Line::Cell, who),
                    (Line::CellCentre, day(dues[i])),
                    (Line::CellCentre, day(dones[i])),
                    (Line::CellCentre, desk.code("state", states[i])),
                ]);
            }
        }
        if lines.is_empty() {
            doc.add(Line::Body, &desk.lang.text(none));
            return;
        }
        let heads = ["measure", "responsible", "due", "done", "state"];
        lines.insert(0, heads.iter().map(|id| (Line::CellHead, desk.label(id))).collect());
        doc.table(&[30, 28, 15, 15, 12], &lines);
    }
}

/// A numbered heading.
pub(super) fn heading(desk: &Desk, number: usize, id: &str) -> String {
    let text = desk.lang.text(id);
    match desk.lang {
        crate::lang::Lang::Zh => format!("{}、{text}", chinese(number)),
        crate::lang::Lang::En => format!("{number}. {text}"),
    }
}

/// A Chinese number up to 99.
pub(super) fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10 % 10, number % 10);
    let tens = match tens {
        0 => String::new(),
        1 => "十".to_owned(),
        n => format!("{}十", DIGITS[n]),
    };
    format!("{tens}{}", DIGITS[ones])
}

#[cfg(test)]
mod tests {
    use super::chinese;

    #[test]
    fn headings_count_in_chinese() {
        let words: Vec<String> = [1, 10, 11, 20, 35].map(chinese).to_vec();
        assert_eq!(words, ["一", "十", "十一", "二十", "三十五"]);
    }
}
