//! Who reads an output, as the command line names them.

use crate::report::Audience;

/// Words for the three audiences, canonical first.
const INTERNAL: [&str; 3] = ["internal", "内部", "内部资料"];
const TOWNSHIP: [&str; 2] = ["township", "乡镇"];
const SUMMARY: [&str; 3] = ["summary", "汇总", "摘要"];

/// What a word of `--for` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    Audience(Audience),
    /// `township`, whose name is the next word.
    TownshipNamedNext,
}

/// Reads a word of `--for`: `internal`, `summary`, `township`, `township:NAME`, or their Chinese
/// words; `None` for anything else.
pub fn word(text: &str) -> Option<Word> {
    let text = text.trim();
    if INTERNAL.contains(&text) {
        return Some(Word::Audience(Audience::Internal));
    }
    if SUMMARY.contains(&text) {
        return Some(Word::Audience(Audience::Summary));
    }
    if TOWNSHIP.contains(&text) {
        return Some(Word::TownshipNamedNext);
    }
    let named = TOWNSHIP.iter().find_map(|word| text.strip_prefix(word)?.strip_prefix([':', '：']));
    named.map(str::trim).filter(|name| !name.is_empty()).map(|name| Word::Audience(Audience::Township(name.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_both_languages() {
        let township = |name: &str| Some(Word::Audience(Audience::Township(name.to_owned())));
        assert_eq!(word("汇总"), Some(Word::Audience(Audience::Summary)));
        assert_eq!(word("内部"), Some(Word::Audience(Audience::Internal)));
        assert_eq!(word("乡镇"), Some(Word::TownshipNamedNext));
        assert_eq!(word("township:青石镇"), township("青石镇"));
        assert_eq!(word("乡镇：某县/青石镇"), township("某县/青石镇"));
        assert_eq!(word("township:"), None);
        assert_eq!(word("everybody"), None);
    }
}
