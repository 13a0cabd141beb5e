//! What people wrote freely: reasons and bodies of decisions, and numbers of filings.
//!
//! Such a text may name anybody, also people whom no book knows, so that no search can clear it. A
//! summary tells that it is there and keeps it for the internal edition.

use std::collections::BTreeSet;

use super::cells::Outputs;
use super::columns::{column_names, rewrite};
use super::names::{MASK, Names};
use super::registry::{self, Class};
use super::vocabulary::Vocabulary;
use super::who::likely_names;
use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::lang::Lang;
use crate::run::Options;
use crate::say;

/// Keeps the free text of decisions: its presence stands in its place. Words of the lists that a
/// sheet offers stay.
pub(super) fn keep(tables: &mut Outputs, words: &Vocabulary, options: &Options) -> FrameResult<()> {
    let lang = options.lang;
    doubts(tables)?;
    waived(tables, options)?;
    for (name, table) in tables.iter_mut() {
        let Some(form) = registry::form(name) else { continue };
        for column in column_names(table) {
            if form.class(&column) == Some(Class::Free) {
                let said = kept(lang, &column);
                rewrite(table, &column, |_, text| (!text.is_empty() && !words.has(text)).then(|| said.clone()))?;
            }
        }
    }
    Ok(())
}

/// What stands for a text that the internal edition has.
fn kept(lang: Lang, column: &str) -> String {
    lang.text(if column == "reason" { "privacy-reason-kept" } else { "privacy-text-kept" })
}

/// Remarks on the sheets of decisions repeat what stood in the cell.
fn doubts(tables: &mut Outputs) -> FrameResult<()> {
    let Some(table) = tables.get_mut("decision_findings") else { return Ok(()) };
    let values: Vec<String> = frame::words(table, "value")?.into_iter().map(str::to_owned).collect();
    let value = |row: usize| values.get(row).map(|v| v.trim()).filter(|v| !v.is_empty());
    rewrite(table, "doubt", |row, text| value(row).filter(|v| text.contains(*v)).map(|v| text.replace(v, MASK)))
}

/// A waived bar tells who waived it and why, in every list that names the bar.
fn waived(tables: &mut Outputs, options: &Options) -> FrameResult<()> {
    let Ok(waivers) = options.decisions.waivers() else { return Ok(()) };
    let lang = options.lang;
    let (reasons, bodies) = (frame::words(&waivers, "reason")?, frame::words(&waivers, "body")?);
    let days = frame::dates(&waivers, "date")?;
    // The sentence without its bar, as it is and as it may be.
    let bar = "\u{1}";
    let said = |body: &str, day: chrono::NaiveDate, reason: &str| {
        say!(lang, "reserve-waived", bar = bar, body = body, day = day, reason = reason)
    };
    let mut tails: BTreeSet<(String, String)> = BTreeSet::new();
    for ((reason, body), day) in reasons.iter().zip(&bodies).zip(days) {
        let Some(day) = day else { continue };
        let (told, may) = (said(body, day, reason), said(MASK, day, &kept(lang, "reason")));
        if let (Some((_, told)), Some((_, may))) = (told.split_once(bar), may.split_once(bar)) {
            tails.insert((told.to_owned(), may.to_owned()));
        }
    }
    if tails.is_empty() {
        return Ok(());
    }
    for (name, table) in tables.iter_mut() {
        let Some(form) = registry::form(name) else { continue };
        for column in column_names(table) {
            if matches!(form.class(&column), Some(Class::Text | Class::Counted)) {
                rewrite(table, &column, |_, text| {
                    let hit = tails.iter().filter(|(told, _)| text.contains(told.as_str()));
                    hit.fold(None, |text_now: Option<String>, (told, may)| {
                        Some(text_now.as_deref().unwrap_or(text).replace(told.as_str(), may))
                    })
                })?;
            }
        }
    }
    Ok(())
}

// ─── numbers of filings ──────────────────────────────────────────────────────

/// Characters of document numbers besides letters and digits: brackets, signs, and the words of
/// offices and documents (组备〔2025〕3号, 县委组织部干任字第12号).
const DOCUMENT: &str = "〔〕[]（）()【】《》-—–_/.·、:：#№字第号备案组织部干任免职函发文件通知令批复决定公示党委办政县市区乡镇街道旗州盟村民会议纪要年月日省人社公";

/// Is this the number of a document and nothing else? Letters, digits, signs and words of documents,
/// the abbreviation or name of a place of the book; no bare name.
fn is_document(number: &str, places: &BTreeSet<char>) -> bool {
    let fine = |c: char| {
        c.is_ascii_digit()
            || ('０'..='９').contains(&c)
            || c.is_whitespace()
            || DOCUMENT.contains(c)
            || places.contains(&c)
    };
    // Letters abbreviate an office (ZZB-2025-003); a longer word may be a name.
    let letters = number.split(|c: char| !c.is_alphabetic() || !c.is_ascii()).all(|word| word.len() <= 4);
    let mut rest = number.chars().filter(|c| !c.is_ascii_alphabetic());
    let named = |part: &str| likely_names(part).any(|p| p.chars().skip(1).any(|c| !DOCUMENT.contains(c)));
    let bare = number.split(|c: char| !c.is_alphabetic() || c.is_ascii()).any(named);
    letters && rest.all(fine) && !bare
}

/// Takes filing numbers out that are more than a number: from the book's column and the sentence
/// that repeats it.
pub(super) struct Filings {
    odd: Names,
}

impl Filings {
    /// The odd numbers of a book.
    pub(super) fn of(tables: &Tables) -> FrameResult<Filings> {
        let villages = tables.get("villages");
        let mut places: BTreeSet<char> = BTreeSet::new();
        for column in ["county", "township"] {
            places.extend(frame::words(villages, column)?.into_iter().filter_map(|name| name.chars().next()));
        }
        let numbers: BTreeSet<&str> = frame::words(tables.get("posts"), "filing_number")?.into_iter().collect();
        let odd = numbers.into_iter().filter(|n| !n.is_empty() && !is_document(n, &places));
        Ok(Filings { odd: Names::new(odd, []) })
    }

    /// The text without odd numbers; `None` if it has none.
    pub(super) fn clear(&self, text: &str) -> Option<String> {
        match self.odd.mask(text) {
            std::borrow::Cow::Owned(masked) => Some(masked),
            std::borrow::Cow::Borrowed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_documents_are_told_from_names() {
        let places: BTreeSet<char> = "青石".chars().collect();
        for number in ["青组备〔2025〕3号", "县委组织部干任字第12号", "ZZB-2025-003", "２０２５—１２", "组备[2024]7号"]
        {
            assert!(is_document(number, &places), "{number}");
        }
        for number in ["张三备案2号", "青组备〔2025〕3号（李四）", "见王五处", "Zhangsan 3", "石青"]
        {
            assert!(!is_document(number, &places), "{number}");
        }
    }
}
