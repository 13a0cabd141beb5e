//! Names of files as a reader may see them.
//!
//! A file that is named after somebody (张三_台账.xlsx) keeps what is left of its name, the first
//! digits of its hash and its ending (＊_台账#3fa2c1.xlsx): whoever has the book finds it by the hash,
//! which `run.json` holds whole.

use std::collections::BTreeMap;

use super::names::Names;

/// Digits of the hash that stand in a name.
const DIGITS: usize = 6;

/// Files by their own names.
pub(super) struct Files<'a> {
    names: &'a Names,
    shown: BTreeMap<String, String>,
}

impl<'a> Files<'a> {
    /// From files and their hashes.
    pub(super) fn new<'f>(hashes: impl IntoIterator<Item = &'f (String, String)>, names: &'a Names) -> Files<'a> {
        let mut shown = BTreeMap::new();
        for (file, hash) in hashes {
            let masked = names.mask(file);
            if masked != *file {
                let print: String = hash.chars().take(DIGITS).collect();
                shown.insert(file.clone(), marked(&masked, &print));
            }
        }
        Files { names, shown }
    }

    /// The name of one file; of one whose hash is not known, its name without people's.
    pub(super) fn show(&self, file: &str) -> String {
        self.shown.get(file).cloned().unwrap_or_else(|| self.names.mask(file).into_owned())
    }

    /// Files and their hashes; copies that then share a name are numbered.
    pub(super) fn hashes(&self, hashes: &[(String, String)]) -> Vec<(String, String)> {
        let mut sorted: Vec<(String, &String, bool)> =
            hashes.iter().map(|(file, hash)| (self.show(file), hash, self.shown.contains_key(file))).collect();
        // Files that kept their name keep it; then by hash, so that the order tells nothing.
        sorted.sort_by(|a, b| (&a.0, a.2, a.1).cmp(&(&b.0, b.2, b.1)));
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let numbered = sorted.into_iter().map(|(file, hash, _)| {
            let n = seen.entry(file.clone()).or_default();
            *n += 1;
            let name = if *n == 1 { file } else { format!("{file} ({n})") };
            (name, hash.clone())
        });
        numbered.collect()
    }
}

/// A name with a mark before its ending.
fn marked(file: &str, mark: &str) -> String {
    let name = file.rfind('/').map_or(0, |at| at + 1);
    match file[name..].rfind('.') {
        Some(dot) if dot > 0 => format!("{}#{mark}{}", &file[..name + dot], &file[name + dot..]),
        _ => format!("{file}#{mark}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_named_after_somebody_is_found_by_its_hash() {
        let names = Names::new(["张三"], []);
        let hashes = [
            ("甲/张三_台账.xlsx".to_owned(), "3fa2c1ffff".to_owned()),
            ("张 三".to_owned(), "001122ffff".to_owned()),
            ("村情.csv".to_owned(), "ab".to_owned()),
        ];
        let files = Files::new(&hashes, &names);
        assert_eq!(files.show("甲/张三_台账.xlsx"), "甲/＊_台账#3fa2c1.xlsx");
        assert_eq!(files.show("张 三"), "＊#001122");
        assert_eq!(files.show("村情.csv"), "村情.csv");
        assert_eq!(files.show("张三.docx"), "＊.docx", "a file that was not read");
        let twice = [hashes[0].clone(), hashes[0].clone()];
        let shown: Vec<String> = files.hashes(&twice).into_iter().map(|h| h.0).collect();
        assert_eq!(shown, ["甲/＊_台账#3fa2c1.xlsx", "甲/＊_台账#3fa2c1.xlsx (2)"]);
    }
}
