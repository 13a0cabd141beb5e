//! Text: what Excel, WPS and copying from documents leave around and inside it.

use std::borrow::Cow;

use super::{Repair, Repairs};
use crate::book::raw::Cell;

/// Spaces of any width, tabs and line breaks.
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Zero-width characters, direction marks, soft hyphens, byte-order marks, control characters.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}'
        | '\u{fe00}'..='\u{fe0f}')
        || (c.is_control() && !is_space(c))
}

/// A Chinese character (〇 included).
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{323af}' | '\u{f900}'..='\u{faff}' | '〇')
}

/// The half-width form of a full-width sign (`１` → `1`, `（` → `(`).
pub(super) fn half_width(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        '￥' => Some('¥'),
        _ => None,
    }
}

fn is_full_width_alphanumeric(c: char) -> bool {
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// Nothing to clean: the usual case, decided without allocating.
fn is_clean(text: &str) -> bool {
    let mut before = ' ';
    for c in text.chars() {
        let special = if c.is_ascii() {
            c.is_ascii_control() || (c == ' ' && before == ' ')
        } else {
            is_space(c) || is_invisible(c) || is_full_width_alphanumeric(c)
        };
        if special {
            return false;
        }
        before = c;
    }
    before != ' ' || text.is_empty()
}

/// Text as it is shown and stored: outer spaces, tabs and invisible characters gone, inner runs of
/// spaces and line breaks one space (none beside a Chinese character where a line broke),
/// full-width digits and letters half-width. Chinese punctuation and brackets stay.
pub fn clean_text(text: &str) -> (Cow<'_, str>, Repairs) {
    let mut repairs = Repairs::NONE;
    if is_clean(text) {
        return (Cow::Borrowed(text), repairs);
    }
    let mut out = String::with_capacity(text.len());
    // Spaces that wait for a character behind them: how many, and whether a line broke.
    let (mut waiting, mut broke) = (0_usize, false);
    for c in text.chars() {
        if is_invisible(c) {
            repairs.add(Repair::Invisible);
            continue;
        }
        if is_space(c) {
            match c {
                '\t' => repairs.add(Repair::Tab),
                c if is_break(c) => repairs.add(Repair::LineBreak),
                ' ' if waiting == 0 && !out.is_empty() => {}
                _ => repairs.add(Repair::Padding),
            }
            broke |= is_break(c);
            waiting += 1;
            continue;
        }
        if waiting > 0 {
            let glued = out.is_empty() || (broke && (!c.is_ascii() || out.ends_with(|b: char| !b.is_ascii())));
            if !glued {
                out.push(' ');
            }
            (waiting, broke) = (0, false);
        }
        if is_full_width_alphanumeric(c) {
            repairs.add(Repair::FullWidth);
            out.push(half_width(c).unwrap_or(c));
        } else {
            out.push(c);
        }
    }
    if waiting > 0 && text.ends_with(' ') {
        repairs.add(Repair::Padding);
    }
    (Cow::Owned(out), repairs)
}

/// A person's name: [`clean_text`], and the space that pads a two-character name is gone
/// (张　三 → 张三). Two whole names in one cell stay apart; the dot of a minority name is `·`.
pub fn clean_name(text: &str) -> (Cow<'_, str>, Repairs) {
    let (cleaned, mut repairs) = clean_text(text);
    let dotted = |c: char| matches!(c, '•' | '・' | '‧' | '∙' | '．');
    if !cleaned.contains(' ') && !cleaned.contains(dotted) {
        return (cleaned, repairs);
    }
    let mut name: String = cleaned.chars().map(|c| if dotted(c) { '·' } else { c }).collect();
    let parts: Vec<&str> = name.split(' ').collect();
    let single = parts.iter().any(|p| p.chars().count() == 1);
    let short = parts.iter().map(|p| p.chars().count()).sum::<usize>() <= 4;
    if parts.len() > 1 && single && short && parts.iter().all(|p| p.chars().all(is_han)) {
        name = parts.concat();
        repairs.add(Repair::Padding);
    }
    (Cow::Owned(name), repairs)
}

/// The names of several people in one cell, as 、，； / and spaces separate them.
pub fn split_names(name: &str) -> Vec<&str> {
    name.split(|c: char| matches!(c, '、' | '，' | ',' | ';' | '；' | '/' | '／') || is_space(c))
        .filter(|n| !n.is_empty())
        .collect()
}

/// Codes, numbers and dates: every space and invisible character gone, everything half-width, the
/// apostrophe before the text gone.
pub fn compact(text: &str) -> (Cow<'_, str>, Repairs) {
    let mut repairs = Repairs::NONE;
    let special = |c: char| is_space(c) || is_invisible(c) || half_width(c).is_some();
    let apostrophe = |c: char| matches!(c, '\'' | '‘' | '’' | '`');
    if !text.contains(special) && !text.starts_with(apostrophe) {
        return (Cow::Borrowed(text), repairs);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            repairs.add(Repair::Invisible);
        } else if is_space(c) {
            repairs.add(match c {
                '\t' => Repair::Tab,
                c if is_break(c) => Repair::LineBreak,
                _ => Repair::Padding,
            });
        } else if out.is_empty() && apostrophe(c) {
            repairs.add(Repair::Apostrophe);
        } else if let Some(half) = half_width(c) {
            repairs.add(Repair::FullWidth);
            out.push(half);
        } else {
            out.push(c);
        }
    }
    (Cow::Owned(out), repairs)
}

/// Text for comparison only: [`compact`], lower case, every kind of bracket round, and the
/// punctuation of both scripts one. Never shown.
pub fn fold(text: &str) -> String {
    compact(text)
        .0
        .chars()
        .map(|c| match c {
            '〔' | '【' | '[' | '{' | '「' | '『' => '(',
            '〕' | '】' | ']' | '}' | '」' | '』' => ')',
            '、' | '，' | ';' => ',',
            '。' => '.',
            '—' | '–' | '−' | '－' | '﹣' => '-',
            '〇' | '○' => '〇',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

/// What a cell shows: whole numbers without a point, dates as `1975-06-03`, TRUE and FALSE as
/// spreadsheets write them.
pub fn shown(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) | Cell::Error(text) => Cow::Borrowed(text),
        // Beyond what a column shows, as spreadsheets do.
        Cell::Number(n) if *n != 0.0 && !(1e-9..1e21).contains(&n.abs()) => Cow::Owned(format!("{n:e}")),
        Cell::Number(n) => Cow::Owned(n.to_string()),
        Cell::YesNo(true) => Cow::Borrowed("TRUE"),
        Cell::YesNo(false) => Cow::Borrowed("FALSE"),
        Cell::Date(day) => Cow::Owned(day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Repair::*;

    fn codes(repairs: Repairs) -> Vec<Repair> {
        repairs.iter().collect()
    }

    #[test]
    fn text_is_cleaned_and_every_repair_counted() {
        let table: &[(&str, &str, &[Repair])] = &[
            ("", "", &[]),
            ("大泉村", "大泉村", &[]),
            ("a b", "a b", &[]),
            (" 大泉村 ", "大泉村", &[Padding]),
            ("大泉村\t", "大泉村", &[Tab]),
            ("大泉村\u{a0}", "大泉村", &[Padding]),
            ("\u{feff}大泉\u{200b}村", "大泉村", &[Invisible]),
            ("８４年（初中）", "84年（初中）", &[FullWidth]),
            ("经营性\r\n收入", "经营性收入", &[LineBreak]),
            ("net\nincome", "net income", &[LineBreak]),
            ("a  b", "a b", &[Padding]),
            ("a\u{3000}b", "a b", &[Padding]),
            ("\t \n", "", &[Tab, Padding, LineBreak]),
            ("a\u{0}b", "ab", &[Invisible]),
        ];
        for (text, clean, repairs) in table {
            let (found, made) = clean_text(text);
            assert_eq!((found.as_ref(), codes(made)), (*clean, repairs.to_vec()), "{text:?}");
            assert_eq!(clean_text(&found).0, found, "{text:?} cleaned twice");
        }
    }

    #[test]
    fn padded_names_are_joined_and_two_people_are_not() {
        let table: &[(&str, &str)] = &[
            ("张　三", "张三"),
            ("张 三", "张三"),
            ("张   三", "张三"),
            ("王 小 二", "王小二"),
            ("欧阳 娜", "欧阳娜"),
            ("张三 李四", "张三 李四"),
            ("张三", "张三"),
            ("买买提•艾力", "买买提·艾力"),
            ("John Smith", "John Smith"),
        ];
        for (text, name) in table {
            assert_eq!(clean_name(text).0, *name, "{text:?}");
        }
        assert!(clean_name("张　三").1.has(Padding));
        assert_eq!(split_names("张三、李四 王五"), ["张三", "李四", "王五"]);
    }

    #[test]
    fn codes_lose_spaces_and_width() {
        let table: &[(&str, &str, &[Repair])] = &[
            ("990121100200", "990121100200", &[]),
            ("'990121\t", "990121", &[Tab, Apostrophe]),
            ("９９０１２１", "990121", &[FullWidth]),
            ("9901 21", "990121", &[Padding]),
        ];
        for (text, code, repairs) in table {
            let (found, made) = compact(text);
            assert_eq!((found.as_ref(), codes(made)), (*code, repairs.to_vec()), "{text:?}");
        }
    }

    #[test]
    fn folding_joins_what_people_write_differently() {
        for (a, b) in [("乡（镇）", "乡(镇)"), ("【无】", "(无)"), ("A、b", "a,B"), ("－", "—")] {
            assert_eq!(fold(a), fold(b));
        }
    }

    #[test]
    fn numbers_show_as_codes_do() {
        assert_eq!(shown(&Cell::Number(990_121_100_200.0)), "990121100200");
        assert_eq!(shown(&Cell::Number(7.5)), "7.5");
    }
}
