//! Which village is meant: by 12-digit code, or by township and name, with or without 村.

use std::collections::BTreeMap;

use polars::datatypes::{InitHashMaps, PlHashMap};

/// A village as the canonical tables know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub county: String,
    pub township: String,
    /// Key: code, or `township/name`.
    pub village: String,
    /// Name, with 村.
    pub name: String,
}

/// What a row says about its village.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said<'a> {
    pub county: Option<&'a str>,
    pub township: Option<&'a str>,
    /// Name or code.
    pub village: Option<&'a str>,
    pub code: Option<&'a str>,
}

/// Whom the words meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The row names no village.
    Nothing,
    /// The village, by its number in the registry.
    One(u32),
    /// The village of that code, though the row names another township.
    OtherTownship(u32),
    /// No village of the book.
    Unknown,
}

/// All villages of the book.
#[derive(Debug, Default)]
pub(super) struct Villages {
    pub places: Vec<Place>,
    by_code: PlHashMap<String, u32>,
    by_both: PlHashMap<(String, String), Vec<u32>>,
    by_name: PlHashMap<String, Vec<u32>>,
    townships: BTreeMap<String, String>,
}

/// The 12 digits of a village code, however they were typed; `None` if it is none.
pub(super) fn code_of(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches(".0");
    (text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// A township's name without what offices add or leave out.
pub(super) fn township_core(name: &str) -> &str {
    let name = name.trim();
    for suffix in ["街道办事处", "民族乡", "街道", "镇", "乡", "办事处"] {
        if let Some(core) = name.strip_suffix(suffix).filter(|c| c.chars().count() >= 1) {
            return core;
        }
    }
    name
}

/// A village's name without 村, 村委会, 社区 and brackets.
pub(super) fn village_core(name: &str) -> String {
    let bare: String = name.split(['(', '（']).next().unwrap_or_default().split_whitespace().collect();
    let mut core = if bare.is_empty() { name.trim() } else { bare.as_str() };
    for suffix in ["村党总支部", "村党总支", "村党支部", "村党委", "党总支", "党支部", "党委"] {
        if let Some(shorter) = core.strip_suffix(suffix).filter(|c| !c.is_empty()) {
            core = shorter;
            break;
        }
    }
    for suffix in [
        "村村民委员会",
        "村民委员会",
        "社区居民委员会",
        "居民委员会",
        "村委会",
        "社区居委会",
        "居委会",
        "行政村",
        "社区",
        "村",
    ] {
        if let Some(shorter) = core.strip_suffix(suffix).filter(|c| !c.is_empty()) {
            core = shorter;
            break;
        }
    }
    core.to_owned()
}

/// A village's name as it is shown: with 村, unless it is a community or has a longer name.
pub(super) fn full_name(name: &str) -> String {
    let bare: String = name.split_whitespace().collect();
    let bare = ["村民委员会", "村委会", "党总支部", "党总支", "党支部", "党委"]
        .iter()
        .find_map(|s| bare.strip_suffix(s).filter(|c| !c.is_empty()).map(|c| format!("{}村", c.trim_end_matches('村'))))
        .unwrap_or(bare);
    let whole = ["村", "社区", "居委会", "居民委员会", "林场", "农场", "渔场"].iter().any(|s| bare.ends_with(s));
    if whole || bare.is_ascii() { bare } else { format!("{bare}村") }
}

impl Villages {
    /// A registry of these villages.
    pub fn new(places: Vec<Place>) -> Villages {
        let mut all = Villages { by_code: PlHashMap::with_capacity(places.len()), ..Villages::default() };
        for (i, place) in places.iter().enumerate() {
            let Ok(i) = u32::try_from(i) else { break };
            all.by_code.entry(place.village.clone()).or_insert(i);
            let (township, core) = (township_core(&place.township).to_owned(), village_core(&place.name));
            all.townships.entry(place.township.clone()).or_insert_with(|| place.township.clone());
            all.by_both.entry((township, core.clone())).or_default().push(i);
            all.by_name.entry(core).or_default().push(i);
        }
        all.places = places;
        all
    }

    pub fn get(&self, at: u32) -> Option<&Place> {
        self.places.get(at as usize)
    }

    /// The village of a key.
    pub fn by_key(&self, key: &str) -> Option<u32> {
        self.by_code.get(key).copied()
    }

    /// The only county of the book, if it has one alone.
    pub fn only_county(&self) -> Option<&str> {
        let first = self.places.first()?.county.as_str();
        self.places.iter().all(|p| p.county == first).then_some(first)
    }

    /// Who is meant by what a row says.
    pub fn find(&self, said: Said<'_>) -> Found {
        let village = said.village.map(str::trim).filter(|v| !v.is_empty());
        let code = said.code.and_then(code_of).or_else(|| village.and_then(code_of));
        if let Some(code) = code {
            if let Some(at) = self.by_key(code) {
                let other = said
                    .township
                    .is_some_and(|t| self.get(at).is_some_and(|p| township_core(&p.township) != township_core(t)));
                return if other { Found::OtherTownship(at) } else { Found::One(at) };
            }
            // An unknown code with a known name behind it.
            return match village.filter(|v| code_of(v).is_none()) {
                Some(name) => self.by_words(said, name),
                None => Found::Unknown,
            };
        }
        let Some(name) = village else { return Found::Nothing };
        if let Some(at) = self.by_key(name) {
            return Found::One(at);
        }
        if let Some((township, name)) = name.split_once('/') {
            return self.by_words(Said { township: Some(township), ..said }, name);
        }
        self.by_words(said, name)
    }

    fn by_words(&self, said: Said<'_>, name: &str) -> Found {
        if let Some(at) = self.within(said, name) {
            return Found::One(at);
        }
        // 青石镇大泉村 in the column of villages.
        for township in self.townships.keys() {
            if let Some(rest) = name.strip_prefix(township.as_str()).filter(|r| !r.is_empty())
                && said.township.is_none_or(|t| township_core(t) == township_core(township))
                && let Some(at) = self.within(Said { township: Some(township), ..said }, rest)
            {
                return Found::One(at);
            }
        }
        Found::Unknown
    }

    fn within(&self, said: Said<'_>, name: &str) -> Option<u32> {
        let core = village_core(name);
        let candidates = match said.township.map(str::trim).filter(|t| !t.is_empty()) {
            // A village sheet without townships knows the village under none.
            Some(township) => self
                .by_both
                .get(&(township_core(township).to_owned(), core.clone()))
                .or_else(|| self.by_both.get(&(String::new(), core))),
            None => self.by_name.get(&core),
        }?;
        let of_county = |at: &&u32| said.county.is_none_or(|c| self.get(**at).is_some_and(|p| p.county == c));
        let mut left: Vec<u32> = candidates.iter().filter(of_county).copied().collect();
        if left.is_empty() {
            left.clone_from(candidates);
        }
        if left.len() > 1 {
            // 大泉村 and 大泉社区, 青石镇 and 青石乡: the name as written decides.
            let written: Vec<u32> = left
                .iter()
                .copied()
                .filter(|at| {
                    self.get(*at).is_some_and(|p| {
                        p.name == full_name(name) && said.township.is_none_or(|t| t.trim() == p.township)
                    })
                })
                .collect();
            left = written;
        }
        if left.len() == 1 { left.first().copied() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry() -> Villages {
        let place = |township: &str, code: &str, name: &str| Place {
            county: "990121".into(),
            township: township.into(),
            village: code.into(),
            name: name.into(),
        };
        Villages::new(vec![
            place("青石镇", "990121100200", "大泉村"),
            place("青石镇", "990121100201", "大石村"),
            place("柳河镇", "990121102207", "大石村"),
            place("柳河镇", "990121102208", "大泉社区"),
            place("柳河镇", "990121102209", "大泉村"),
        ])
    }

    #[test]
    fn villages_are_found_by_code_and_by_name() {
        let v = registry();
        let find = |township, village| v.find(Said { township, village: Some(village), ..Said::default() });
        assert_eq!(find(None, "990121100200"), Found::One(0));
        assert_eq!(find(Some("青石镇"), "大泉"), Found::One(0));
        assert_eq!(find(Some("青石"), "大泉村委会"), Found::One(0));
        assert_eq!(find(Some("柳河镇"), "大石村"), Found::One(2));
        assert_eq!(find(None, "大石村"), Found::Unknown);
        assert_eq!(find(None, "柳河镇大石村"), Found::One(2));
        assert_eq!(find(Some("柳河镇"), "大泉社区"), Found::One(3));
        assert_eq!(find(Some("柳河镇"), "大泉"), Found::One(4));
        assert_eq!(find(Some("柳河镇"), "不存在村"), Found::Unknown);
        assert_eq!(find(Some("柳河镇"), "990121100200"), Found::OtherTownship(0));
        assert_eq!(find(None, "青石镇/大石村"), Found::One(1));
        assert_eq!(v.find(Said::default()), Found::Nothing);
    }

    #[test]
    fn names_keep_their_village() {
        assert_eq!(full_name("老林"), "老林村");
        assert_eq!(full_name("老林村民委员会"), "老林村");
        assert_eq!(full_name("大泉社区"), "大泉社区");
    }
}
