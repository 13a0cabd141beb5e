//! The columns of the two sheets, and the words that they are known by when they come back.

use crate::book::raw::Cell;
use crate::book::value::{fold, is_blank, shown};
use crate::lang::Lang;

/// Which of the two sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One row per recommendation.
    Decisions,
    /// One row per candidate and soft gate.
    Waivers,
}

/// A column: its name, and further headings that people write over it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    /// A sheet without it cannot be read.
    pub needed: bool,
    /// Filled in by whoever decides.
    pub fill: bool,
    /// Width in letters.
    pub width: f64,
}

const fn given(name: &'static str, width: f64, aliases: &'static [&'static str]) -> Column {
    Column { name, aliases, needed: false, fill: false, width }
}

const fn fill(name: &'static str, width: f64, aliases: &'static [&'static str]) -> Column {
    Column { name, aliases, needed: false, fill: true, width }
}

const fn needed(column: Column) -> Column {
    Column { needed: true, ..column }
}

pub(super) const DECISIONS: &[Column] = &[
    needed(given("rec_id", 12.0, &["编号", "建议编码"])),
    given("list", 11.0, &["清单", "名单"]),
    given("county", 8.0, &["县区", "县（市、区）"]),
    given("township", 9.0, &["乡镇名称", "镇", "乡镇街道"]),
    given("village", 9.0, &["村名", "行政村"]),
    given("whom", 9.0, &["姓名", "人员"]),
    given("advice", 40.0, &["建议", "建议内容"]),
    needed(fill("decision", 9.0, &["决定", "采纳情况", "是否采纳", "研究意见"])),
    fill("reason", 18.0, &["原因", "说明"]),
    fill("body", 11.0, &["会议", "研究会议", "研究单位"]),
    fill("date", 11.0, &["日期", "研究时间", "会议日期"]),
    fill("due", 11.0, &["时限", "办理时限", "截止日期"]),
    fill("done", 11.0, &["完成时间", "办结日期", "办结时间"]),
    fill("outcome", 14.0, &["结果", "落实情况"]),
    given("code", 15.0, &["人员编码"]),
    given("check", 11.0, &["校验"]),
];

pub(super) const WAIVERS: &[Column] = &[
    needed(given("candidate", 10.0, &["姓名", "对象"])),
    given("county", 8.0, &["县区", "县（市、区）"]),
    given("township", 9.0, &["乡镇名称", "镇", "乡镇街道"]),
    given("village", 9.0, &["村名", "行政村"]),
    needed(fill("gate", 16.0, &["不宜事项", "豁免事项", "情形"])),
    given("bar", 44.0, &["情况"]),
    fill("reason", 30.0, &["豁免理由", "原因", "说明"]),
    fill("body", 16.0, &["会议", "研究会议", "研究单位"]),
    fill("date", 11.0, &["日期", "研究时间", "会议日期"]),
    given("code", 15.0, &["人员编码"]),
    given("check", 11.0, &["校验"]),
];

impl Kind {
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Kind::Decisions => DECISIONS,
            Kind::Waivers => WAIVERS,
        }
    }
}

/// Heading of a column.
pub(super) fn heading(lang: Lang, name: &str) -> String {
    lang.text(&format!("decisions-col-{name}"))
}

/// The header row of a sheet and where its columns stand.
pub(super) struct Head {
    pub kind: Kind,
    /// Row, from 0.
    pub row: usize,
    /// Place of each column of the kind, in its order.
    places: Vec<Option<usize>>,
}

/// Rows from the top among which the header is looked for.
const DEPTH: usize = 40;

/// As many known headings make a row a header.
const ENOUGH: usize = 3;

impl Head {
    /// Finds the header row by content, whatever stands above it and in whatever order its columns
    /// are. `None`: no row knows three headings.
    pub fn find(rows: &[Vec<Cell>]) -> Option<Head> {
        let mut best: Option<(usize, Head)> = None;
        for (row, cells) in rows.iter().enumerate().take(DEPTH) {
            let words: Vec<String> = cells.iter().map(|c| bare(&shown(c))).collect();
            for kind in [Kind::Decisions, Kind::Waivers] {
                let places: Vec<Option<usize>> = kind.columns().iter().map(|c| place(c, &words)).collect();
                // Headings of its own tell the sheets apart; both have reason, body and date.
                let own = if kind == Kind::Decisions { "rec_id" } else { "gate" };
                let known = places.iter().flatten().count();
                let bonus = usize::from(kind.columns().iter().zip(&places).any(|(c, p)| c.name == own && p.is_some()));
                let score = 2 * known + 3 * bonus;
                if known >= ENOUGH && best.as_ref().is_none_or(|(least, _)| score > *least) {
                    best = Some((score, Head { kind, row, places }));
                }
            }
        }
        best.map(|(_, head)| head)
    }

    /// Place of a column.
    pub fn place(&self, name: &str) -> Option<usize> {
        let at = self.kind.columns().iter().position(|c| c.name == name)?;
        self.places[at]
    }

    /// The cell of a column in a row.
    pub fn cell<'r>(&self, row: &'r [Cell], name: &str) -> &'r Cell {
        self.place(name).and_then(|at| row.get(at)).unwrap_or(&Cell::Empty)
    }

    /// Needed columns that the sheet does not have.
    pub fn missing(&self) -> Vec<&'static str> {
        let columns = self.kind.columns().iter().zip(&self.places);
        columns.filter(|(c, p)| c.needed && p.is_none()).map(|(c, _)| c.name).collect()
    }

    /// Columns to be filled in that the sheet does not have, and its headings that no column knows:
    /// one that was renamed stands in both.
    pub fn renamed(&self, cells: &[Cell]) -> (Vec<&'static str>, Vec<String>) {
        let columns = self.kind.columns().iter().zip(&self.places);
        let lacking = columns.filter(|(c, p)| c.fill && !c.needed && p.is_none()).map(|(c, _)| c.name).collect();
        let headings = cells.iter().enumerate().filter(|(at, _)| !self.places.contains(&Some(*at)));
        (lacking, headings.filter(|(_, c)| !is_blank(c)).map(|(_, c)| shown(c).trim().to_owned()).collect())
    }

    /// Does a row repeat the header?
    pub fn repeats(&self, row: &[Cell]) -> bool {
        let words: Vec<String> = row.iter().map(|c| bare(&shown(c))).collect();
        let known = self.kind.columns().iter().zip(&self.places);
        let same = known.filter(|(c, p)| p.is_some() && place(c, &words) == **p).count();
        same >= ENOUGH && same * 2 >= row.iter().filter(|c| !is_blank(c)).count()
    }
}

/// Where among the headings of a row a column stands.
fn place(column: &Column, words: &[String]) -> Option<usize> {
    let own = [bare(&heading(Lang::Zh, column.name)), bare(&heading(Lang::En, column.name)), bare(column.name)];
    let known = own.into_iter().chain(column.aliases.iter().map(|a| bare(a)));
    known.into_iter().find_map(|name| words.iter().position(|w| *w == name))
}

/// A heading without brackets, spaces, stars and case.
fn bare(text: &str) -> String {
    let folded = fold(text);
    let before = folded.split('(').next().unwrap_or_default();
    before.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
