//! Finding people's names in text, and taking them out.
//!
//! The names are those of one book; texts are searched position by position, so that the work
//! grows with the length of the text alone: a position whose two characters begin no name costs
//! one look-up. Spaces inside a name (张　三) do not hide it. A name that is part of the name of a
//! place (大泉 in 大泉村) stays where that place is named; overlong masking is harmless, a leak is not.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::numbers;

/// What stands in place of a name or a withheld value.
pub const MASK: &str = "＊";

/// Names shorter than this are no names; one character would take half of every text out.
const SHORTEST: usize = 2;

/// A set of texts that can be found inside other texts.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    /// By the first two characters: the rest of each, longest first. Looked up, never iterated.
    by_start: HashMap<(char, char), Vec<Box<[char]>>>,
}

impl Patterns {
    /// Patterns of at least two characters; spaces do not count.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Patterns {
        let distinct: BTreeSet<Vec<char>> = texts
            .into_iter()
            .map(|text| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>())
            .filter(|chars| chars.len() >= SHORTEST)
            .collect();
        let mut by_start: HashMap<(char, char), Vec<Box<[char]>>> = HashMap::with_capacity(distinct.len());
        for chars in distinct {
            by_start.entry((chars[0], chars[1])).or_default().push(chars[2..].into());
        }
        #[allow(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for rests in by_start.values_mut() {
            rests.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        }
        Patterns { by_start }
    }

    /// Is there nothing to find?
    pub fn is_empty(&self) -> bool {
        self.by_start.is_empty()
    }

    /// How many characters the longest pattern that begins at `at` takes; 0 for none.
    fn at(&self, chars: &[char], at: usize) -> usize {
        let (Some(first), Some(second)) = (chars.get(at), chars.get(at + 1)) else { return 0 };
        let Some(rests) = self.by_start.get(&(*first, *second)) else { return 0 };
        rests.iter().find(|rest| chars[at + 2..].starts_with(rest)).map_or(0, |rest| rest.len() + 2)
    }
}

/// The names of people to be kept out of texts, and the places whose names may hold them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    people: Patterns,
    places: Patterns,
}

impl Names {
    /// From the names of people and of places.
    pub fn new<'a>(people: impl IntoIterator<Item = &'a str>, places: impl IntoIterator<Item = &'a str>) -> Names {
        Names { people: Patterns::new(people), places: Patterns::new(places) }
    }

    /// The byte ranges of names in a text, from the left, none overlapping.
    pub fn find(&self, text: &str) -> Vec<(usize, usize)> {
        if self.people.is_empty() || text.len() < SHORTEST {
            return Vec::new();
        }
        // Most texts hold no name: looked at without copying them first.
        let mut before = None;
        let mut possible = false;
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            if before.is_some_and(|b| self.people.by_start.contains_key(&(b, c))) {
                possible = true;
                break;
            }
            before = Some(c);
        }
        if !possible {
            return Vec::new();
        }
        let placed: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect();
        let chars: Vec<char> = placed.iter().map(|(_, c)| *c).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let (name, place) = (self.people.at(&chars, at), self.places.at(&chars, at));
            // A place that begins here and is at least as long keeps its name whole.
            if place > 0 && place >= name {
                at += place;
                continue;
            }
            if name > 0 {
                let (last, c) = placed[at + name - 1];
                found.push((placed[at].0, last + c.len_utf8()));
                at += name;
            } else {
                at += 1;
            }
        }
        found
    }

    /// Is the whole text a name?
    pub fn is_name(&self, text: &str) -> bool {
        let text = text.trim();
        !text.is_empty() && self.find(text) == [(0, text.len())]
    }

    /// A text without names: each becomes [`MASK`], and runs of seven or more digits keep their
    /// ends alone, unless they are the 12 digits of a place.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.find(text);
        if found.is_empty() {
            return numbers::mask(text);
        }
        let mut masked = String::with_capacity(text.len());
        let mut done = 0;
        for (from, to) in found {
            masked.push_str(&text[done..from]);
            masked.push_str(MASK);
            done = to;
        }
        masked.push_str(&text[done..]);
        Cow::Owned(numbers::mask(&masked).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(["张三", "欧阳建国", "大泉", "李建国", "建国"], ["大泉村", "青石镇"])
    }

    #[test]
    fn names_are_found_inside_longer_text() {
        let names = names();
        assert_eq!(names.mask("由张三推荐"), "由＊推荐");
        assert_eq!(names.mask("由张　三、欧阳建国推荐"), "由＊、＊推荐");
        assert_eq!(names.mask("青石镇副镇长李建国"), "青石镇副镇长＊");
        assert!(matches!(names.mask("没有名字"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_place_keeps_its_name_and_a_person_of_that_name_does_not() {
        let names = names();
        assert_eq!(names.mask("青石镇大泉村"), "青石镇大泉村");
        assert_eq!(names.mask("大泉任书记"), "＊任书记");
    }

    #[test]
    fn numbers_go_and_codes_of_places_stay() {
        let names = names();
        assert_eq!(names.mask("990121100200"), "990121100200");
        assert_eq!(names.mask("电话13800131234"), "电话138****1234");
        assert!(!names.mask("证990121198002151017").contains("19800215"));
        assert_eq!(names.mask("2025-12-31"), "2025-12-31");
    }
}
