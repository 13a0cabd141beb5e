//! Telephone and identity numbers that are written in pieces (138-0013-1234, 尾号1234).

use std::borrow::Cow;

use crate::book::value::mask as mask_numbers;

/// Words before the last digits of a number.
const TAILS: [&str; 14] = [
    "尾号",
    "末四位",
    "后四位",
    "末4位",
    "后4位",
    "末六位",
    "后六位",
    "末6位",
    "后6位",
    "尾数",
    "末尾",
    "last four",
    "ending in",
    "ends in",
];

/// Characters between a word of [`TAILS`] and the digits.
const GAP: usize = 4;

/// The fewest and most digits that are the end of a number.
const END: std::ops::RangeInclusive<usize> = 3..=6;

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

fn is_sign(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '－' | '–' | '—' | '.' | '·' | '_' | '(' | ')' | '（' | '）')
}

/// Lengths of telephone numbers (7, 8, 11 and with an area code) and identity numbers (15, 17 and
/// a letter, 18); 9 and 12 digits are codes of places.
fn is_personal(digits: usize) -> bool {
    matches!(digits, 7 | 8 | 10 | 11 | 13..)
}

/// What a text may hold, told without copying it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Signs {
    /// A run of digits, broken by spaces at most, as long as a number.
    whole: bool,
    /// Digits and signs that may be a number in pieces.
    pieces: bool,
    /// A few digits behind a word that says they are the end of a number.
    tail: bool,
}

fn signs(text: &str) -> Signs {
    let mut found = Signs::default();
    let (mut run, mut loose, mut any) = (0, 0, false);
    for c in text.chars() {
        if digit(c).is_some() {
            run += 1;
            loose += 1;
            any = true;
            continue;
        }
        if !c.is_whitespace() {
            found.whole |= is_personal(run);
            run = 0;
        }
        if !is_sign(c) {
            found.pieces |= loose >= 10;
            loose = 0;
        }
    }
    found.whole |= is_personal(run);
    found.pieces |= loose >= 10;
    found.tail = any && TAILS.iter().any(|word| text.contains(word));
    found
}

/// A text without the numbers of people: of long ones the ends stay, of their ends nothing.
pub(super) fn mask(text: &str) -> Cow<'_, str> {
    let found = signs(text);
    let mut masked = Cow::Borrowed(text);
    if found.tail {
        masked = Cow::Owned(tails(&masked));
    }
    if found.pieces {
        masked = Cow::Owned(pieces(&masked));
    }
    if found.whole { Cow::Owned(mask_numbers(&masked)) } else { masked }
}

/// Digits behind a word that says what they are.
fn tails(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, word)) = TAILS.iter().filter_map(|w| Some((rest.find(w)?, *w))).min() {
        let (before, after) = rest.split_at(at + word.len());
        out.push_str(before);
        let gap: usize = after.chars().take(GAP).take_while(|c| digit(*c).is_none()).map(char::len_utf8).sum();
        let number: String =
            after[gap..].chars().take_while(|c| digit(*c).is_some() || matches!(c, 'x' | 'X')).collect();
        if END.contains(&number.chars().count()) {
            out.push_str(&after[..gap]);
            out.push_str(&"*".repeat(number.chars().count()));
            rest = &after[gap + number.len()..];
        } else {
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Numbers in pieces, joined and masked.
fn pieces(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while at < chars.len() {
        if digit(chars[at]).is_none() {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        // The groups of digits from here on, with the place behind each.
        let mut groups: Vec<(String, usize)> = Vec::new();
        let mut end = at;
        loop {
            let mut group = String::new();
            while let Some(d) = chars.get(end).and_then(|c| digit(*c)) {
                group.push(d);
                end += 1;
            }
            groups.push((group, end));
            let next = (end..chars.len()).find(|i| !is_sign(chars[*i])).unwrap_or(chars.len());
            if next == end || chars.get(next).and_then(|c| digit(*c)).is_none() {
                break;
            }
            end = next;
        }
        // The most groups that make a number; what follows is looked at again.
        let hit = (2..=groups.len()).rev().find(|n| is_number(&groups[..*n]));
        match hit {
            Some(n) => {
                let joined: String = groups[..n].iter().map(|g| g.0.as_str()).collect();
                out.push_str(&mask_numbers(&joined));
                at = groups[n - 1].1;
            }
            None => {
                out.extend(&chars[at..groups[0].1]);
                at = groups[0].1;
            }
        }
    }
    out
}

/// Do these groups make a telephone or identity number? Dates and years do not.
fn is_number(groups: &[(String, usize)]) -> bool {
    let joined: String = groups.iter().map(|g| g.0.as_str()).collect();
    let sizes: Vec<usize> = groups.iter().map(|g| g.0.len()).collect();
    let (least, most) = (sizes.iter().min().copied().unwrap_or(0), sizes.iter().max().copied().unwrap_or(0));
    match joined.len() {
        // A mobile number, perhaps with its country.
        11 if joined.starts_with('1') => {
            !joined.starts_with("10") && !joined.starts_with("12") && least >= 2 && most <= 8 && !dated(&sizes)
        }
        13 => joined.starts_with("861") && sizes[0] == 2,
        // Area code and number.
        10..=12 => joined.starts_with('0') && (3..=4).contains(&sizes[0]),
        15 | 17 | 18 => sizes[0] == 6 && (sizes.len() <= 3 || sizes.get(1) == Some(&4)),
        _ => false,
    }
}

/// Year, month and day.
fn dated(sizes: &[usize]) -> bool {
    sizes.windows(3).any(|w| w[0] == 4 && w[1] <= 2 && w[2] <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_pieces_go_and_dates_stay() {
        let table = [
            ("138-0013-1234", "138****1234"),
            ("电话138 0013 1234。", "电话138****1234。"),
            ("１３８－００１３－１２３４", "138****1234"),
            ("+86-13800131234", "+86*********34"),
            ("0991-1234567", "099****4567"),
            ("990121-19800215-1017", "990121**********17"),
            ("990121 1980 0215 1017", "990121**********17"),
            ("手机尾号1234", "手机尾号****"),
            ("尾号为：１２３４，后四位是 567x", "尾号为：****，后四位是 ****"),
            ("2025-12-31", "2025-12-31"),
            ("2025-12-31 2026-01-01", "2025-12-31 2026-01-01"),
            ("1985-06-03 100", "1985-06-03 100"),
            ("2019—2025年 135户", "2019—2025年 135户"),
            ("990121100200", "990121100200"),
            ("青组备〔2025〕12号", "青组备〔2025〕12号"),
        ];
        for (text, masked) in table {
            assert_eq!(mask(text), masked, "{text:?}");
        }
    }
}
