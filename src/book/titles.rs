//! What titles, notes and names say about a sheet: dates, years, the post that it is about.

use chrono::NaiveDate;

use super::cells::Reader;
use super::headers::Header;
use super::lexicon::Claim;
use super::rows::township_in;
use super::value;
use super::villages::township_core;

fn is_report_date(text: &str) -> bool {
    ["时间", "日期", "截至", "截止"].iter().any(|w| text.contains(w))
}

/// A year that stands anywhere in a name: 村情2025.xlsx, 2025年度.
fn year_in(text: &str) -> Option<i32> {
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            run.push(c);
        } else {
            // 20251231 is a date in a file name.
            if matches!(run.len(), 4 | 6 | 8)
                && let Some(year) = run.get(..4).and_then(|y| y.parse().ok()).filter(|y| (1990..=2100).contains(y))
            {
                return Some(year);
            }
            run.clear();
        }
    }
    None
}

/// The post that a roster without a column for it is about: 书记姓名, 村主任花名册.
pub(super) fn post_of<'a>(
    claims: &[Option<Claim>],
    headers: &'a [Header],
    names: impl Iterator<Item = &'a str>,
) -> &'static str {
    let header = headers
        .iter()
        .zip(claims)
        .find(|(_, c)| c.as_ref().is_some_and(|c| c.field.name == "name"))
        .map(|(h, _)| h.written.as_str());
    let names: Vec<&str> = header.into_iter().chain(names).collect();
    for text in &names {
        match (text.contains("书记") || text.contains("村主职"), text.contains("主任")) {
            (true, _) => return "secretary",
            (false, true) => return "director",
            _ => {}
        }
    }
    if claims.iter().flatten().any(|c| c.field.name == "dual") { "secretary" } else { "" }
}

/// 6月3日, 6月: a date without its year.
pub(super) fn month_and_day(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    (1..=2).contains(&digits) && text[digits..].starts_with('月') && text.chars().count() <= 6
}

/// A birth date in a finding keeps its shape and loses its month and day.
pub(super) fn hide_digits(text: &str) -> String {
    let mut seen = 0;
    text.chars()
        .map(|c| {
            if c.is_ascii_digit() {
                seen += 1;
                if seen > 4 { '*' } else { c }
            } else {
                c
            }
        })
        .collect()
}

/// The date of filling in that a title or note states: 填报时间：2026年1月, 截至2025年12月31日.
pub(super) fn report_date(text: &str, reader: &Reader<'_>) -> Option<NaiveDate> {
    const WORDS: &[&str] = &["填报", "填表", "统计", "制表", "报送", "上报", "截至", "截止", "时间", "日期"];
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    WORDS.iter().find_map(|word| {
        let behind = &text[text.find(word)? + word.len()..];
        let behind = behind.trim_start_matches(|c: char| !digit(c));
        let run: String = behind.chars().take_while(|c| digit(*c) || "年月日.-/ ".contains(*c)).collect();
        reader.report_date(run.trim())
    })
}

/// The township whose sheet this is, for a sheet without a column of townships: named by the sheet,
/// a title, the file or its folder. `known` are those that other sheets list.
pub(super) fn township_of(file: &str, sheet: &str, titles: &[String], known: &[String]) -> Option<String> {
    let among = |text: &str| {
        let named = known.iter().filter(|t| text.contains(t.as_str())).max_by_key(|t| t.chars().count());
        // A sheet called 青石 is that of 青石镇.
        named.or_else(|| known.iter().find(|t| township_core(t) == text.trim())).cloned()
    };
    let stem = file.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
    let places: Vec<&str> = [sheet].into_iter().chain(titles.iter().map(String::as_str)).chain([stem]).collect();
    places
        .iter()
        .find_map(|p| among(p))
        .or_else(|| places.iter().find_map(|p| township_in(p)))
        .or_else(|| file.rsplit('/').skip(1).find_map(township_in))
}

/// The year that titles, the sheet's name or the file's name give the sheet.
pub(super) fn sheet_year(titles: &[String], sheet: &str, file: &str) -> Option<i64> {
    let places = titles.iter().map(String::as_str).chain([sheet, file]);
    let year = places.filter(|t| !is_report_date(t)).find_map(|t| value::header(t).year.or_else(|| year_in(t)));
    year.map(i64::from)
}
