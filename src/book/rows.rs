//! What a row below the header is: data, or a blank, a repeated header, a total, a note, a title.

use super::headers::{Header, level, text};
use super::raw::Cell;
use super::value::{fold, is_blank};

/// What a row is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RowKind {
    Data,
    Blank,
    Header,
    /// A title between rows; if it names a township, the rows below belong to it.
    Title(Option<String>),
    /// All rows (合计), or those since the last subtotal (小计).
    Total {
        partial: bool,
    },
    Note,
}

impl RowKind {
    /// The reason under which an ignored row is counted.
    pub fn reason(&self) -> &'static str {
        match self {
            RowKind::Data => "data",
            RowKind::Blank => "blank",
            RowKind::Header => "header",
            RowKind::Title(_) => "title",
            RowKind::Total { .. } => "total",
            RowKind::Note => "note",
        }
    }
}

/// Classifies a row; `serial` says which columns only number the rows.
pub(super) fn classify(row: &[Cell], headers: &[Header], serial: &[bool]) -> RowKind {
    let filled: Vec<usize> = (0..row.len()).filter(|i| !is_blank(&row[*i])).collect();
    if filled.is_empty() || filled.iter().all(|i| serial.get(*i).copied().unwrap_or(false) && is_number(&row[*i])) {
        return RowKind::Blank;
    }
    let first = fold(&text(&row[filled[0]]));
    let lead: Vec<String> = filled.iter().take_while(|i| **i < 5).map(|i| fold(&text(&row[*i]))).collect();
    if let Some(partial) = lead.iter().take(3).find_map(|t| total(t)) {
        return RowKind::Total { partial };
    }
    if repeats_header(row, &filled, headers) {
        return RowKind::Header;
    }
    if note(&first) {
        return RowKind::Note;
    }
    if filled.len() == 1 {
        let words = text(&row[filled[0]]);
        if let Some(township) = township_in(&words) {
            return RowKind::Title(Some(township));
        }
        let folded = fold(&words);
        let title = ["表", "台账", "名册", "名单", "花名册", "续", "附件"]
            .iter()
            .any(|w| folded.trim_end_matches([')', '(']).ends_with(w));
        if title && words.chars().count() <= 40 {
            return RowKind::Title(None);
        }
        if words.chars().count() > 15 {
            return RowKind::Note;
        }
    }
    RowKind::Data
}

fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.trim().parse::<f64>().is_ok(),
        _ => false,
    }
}

/// Does the cell head a total? `Some(true)` for one of a part of the rows.
fn total(folded: &str) -> Option<bool> {
    let bare: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let short = bare.chars().count() <= 12;
    for (word, partial) in [("小计", true), ("合计", false), ("总计", false), ("共计", false), ("累计", false)]
    {
        if bare == word || (short && (bare.starts_with(word) || bare.ends_with(word))) {
            // 青石镇合计 and 本页合计 sum a part.
            let part = partial
                || (bare.ends_with(word)
                    && bare != word
                    && !["全县", "全市", "全区"].iter().any(|w| bare.starts_with(w)));
            return Some(part);
        }
    }
    matches!(bare.as_str(), "计" | "总数" | "平均" | "平均值" | "均值" | "全县平均").then_some(bare.contains('均'))
}

fn note(first: &str) -> bool {
    const ALWAYS: &[&str] = &[
        "填表人",
        "审核人",
        "填报人",
        "制表人",
        "制表",
        "填报单位",
        "填报时间",
        "填报日期",
        "单位负责人",
        "主要负责人签字",
        "分管领导签字",
        "联系人",
        "※",
        "填表说明",
        "备注说明",
        "审签",
    ];
    const BEFORE_COLON: &[&str] = &[
        "注",
        "备注",
        "说明",
        "附",
        "附注",
        "附件",
        "负责人",
        "联系电话",
        "电话",
        "统计口径",
        "数据来源",
        "来源",
        "截至",
        "单位",
        "签字",
        "盖章",
    ];
    if ALWAYS.iter().any(|w| first.starts_with(w)) {
        return true;
    }
    BEFORE_COLON.iter().any(|w| {
        first.strip_prefix(w).is_some_and(|rest| {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            rest.is_empty() && *w == "注" || rest.starts_with([':', '.', ')'])
        })
    }) || (first.starts_with('*') && first.chars().count() > 6)
}

fn repeats_header(row: &[Cell], filled: &[usize], headers: &[Header]) -> bool {
    let same = filled
        .iter()
        .filter(|i| {
            let l = level(&text(&row[**i]));
            headers.get(**i).is_some_and(|h| h.texts.iter().any(|t| !t.is_empty() && (*t == l.text || *t == l.full)))
        })
        .count();
    same >= 2 && same * 2 >= filled.len()
}

/// The township that a title names, such as （一）青石镇（12个村）or 青石镇2025年村情统计表.
pub(super) fn township_in(title: &str) -> Option<String> {
    let folded = fold(title);
    let mut bare = folded.as_str();
    if bare.starts_with('(')
        && let Some(close) = bare.find(')')
    {
        bare = &bare[close + 1..];
    }
    bare = bare.trim_start_matches(|c: char| "一二三四五六七八九十,.0123456789:".contains(c));
    let cut = bare.split(|c: char| !c.is_alphabetic()).find(|p| !p.is_empty())?;
    let end = ["街道办事处", "街道", "镇", "乡"]
        .iter()
        .filter_map(|s| cut.find(s).map(|at| (at, at + s.len())))
        .min_by_key(|(at, end)| (*at, usize::MAX - end))?;
    let name = &cut[..end.1];
    let letters = name.chars().count();
    let plain = !["乡镇", "各", "全", "所", "本", "某", "城乡", "下乡", "返乡", "村"].iter().any(|w| name.contains(w));
    let follows = cut[end.1..].chars().next();
    (plain && (2..=8).contains(&letters) && !matches!(follows, Some('村' | '级' | '贤' | '镇')))
        .then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<Cell> {
        cells.iter().map(|c| if c.is_empty() { Cell::Empty } else { Cell::Text((*c).to_owned()) }).collect()
    }

    #[test]
    fn rows_are_told_apart() {
        let headers: Vec<Header> =
            ["序号", "乡镇", "村名", "姓名"].iter().map(|h| super::super::headers::header([*h].into_iter())).collect();
        let serial = [true, false, false, false];
        let kind = |cells: &[&str]| classify(&row(cells), &headers, &serial);
        assert_eq!(kind(&["1", "青石镇", "大泉村", "张三"]), RowKind::Data);
        assert_eq!(kind(&["60", "", "", ""]), RowKind::Blank);
        assert_eq!(kind(&["序号", "乡镇", "村名", "姓名"]), RowKind::Header);
        assert_eq!(kind(&["合　计", "", "", "59"]), RowKind::Total { partial: false });
        assert_eq!(kind(&["", "青石镇小计", "", "12"]), RowKind::Total { partial: true });
        assert_eq!(kind(&["注：1. 不含征地补偿。", "", "", ""]), RowKind::Note);
        assert_eq!(kind(&["填表人：", "", "审核人：", ""]), RowKind::Note);
        assert_eq!(kind(&["（一）青石镇（12个村）", "", "", ""]), RowKind::Title(Some("青石镇".into())));
        assert_eq!(kind(&["3", "青石镇", "计家村", "合小计"]), RowKind::Data);
    }

    #[test]
    fn townships_in_titles() {
        assert_eq!(township_in("青石镇2025年村情统计表"), Some("青石镇".into()));
        assert_eq!(township_in("2025年度村情统计表（各乡镇汇总）"), None);
        assert_eq!(township_in("城关街道办事处"), Some("城关街道办事处".into()));
        assert_eq!(township_in("乡镇汇总"), None);
        assert_eq!(township_in("返乡人员"), None);
    }
}
