//! Files and folders: as somebody types or drops them, and those that lie at hand.

use std::fs;
use std::path::{Path, PathBuf};

use crate::book::read::is_sheet;

/// Entries of a folder that are looked at when searching for sheets, and of all folders together:
/// a desktop may hold thousands, and somebody waits for the question.
const LOOKED_AT: usize = 500;
const ALL_LOOKED_AT: usize = 5_000;

/// The existing files and folders of a line: one path as it stands (spaces, brackets and all), or
/// several in quotes, as terminals write what is dropped on them.
///
/// # Errors
/// The first that does not exist, as it was understood.
pub fn typed_paths(line: &str) -> Result<Vec<PathBuf>, String> {
    let line = line.trim();
    // PowerShell puts its call sign before a dropped path.
    let line = line.strip_prefix("& ").map_or(line, str::trim);
    let whole = PathBuf::from(line);
    if whole.exists() {
        return Ok(vec![whole]);
    }
    let mut paths = Vec::new();
    for word in words(line) {
        let path = PathBuf::from(word.strip_prefix("file://").map_or(word.clone(), unescaped));
        if !path.exists() {
            // Of an unquoted path with spaces the whole is what was meant.
            return Err(if line.contains(['"', '\'']) { word } else { line.to_owned() });
        }
        paths.push(path);
    }
    Ok(paths)
}

/// Splits a line as terminals join paths: quotes of both kinds, Chinese ones too, and (where a
/// backslash is no separator) a backslash before what would split.
fn words(line: &str) -> Vec<String> {
    let escapes = !cfg!(windows);
    let (mut words, mut word, mut open) = (Vec::new(), String::new(), None);
    let mut quoted = false;
    let mut letters = line.chars();
    while let Some(c) = letters.next() {
        match (open, c) {
            (Some(end), c) if c == end => open = None,
            (None, '"' | '\'' | '“' | '‘') => {
                quoted = true;
                open = Some(match c {
                    '“' => '”',
                    '‘' => '’',
                    c => c,
                });
            }
            (None, '\\') if escapes => word.extend(letters.next()),
            (None, c) if c.is_whitespace() => {
                if quoted || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                quoted = false;
            }
            (_, c) => word.push(c),
        }
    }
    if quoted || !word.is_empty() {
        words.push(word);
    }
    words.retain(|w| !w.is_empty());
    words
}

/// `%E5%A4%B4` as the bytes that it stands for.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The path from the root down, so that "beside it" has a meaning for `.` and `..` too.
pub fn whole_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match absolute.file_name() {
        Some(_) => absolute,
        None => absolute.canonicalize().unwrap_or(absolute),
    }
}

/// What may be meant by "my sheets": of each place its folders that hold sheets, the place itself,
/// and its single workbooks if it has no such folder. No more than `most`.
pub fn candidates(places: &[PathBuf], most: usize) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut budget = ALL_LOOKED_AT;
    for place in places {
        let mut folders = entries(place, &mut budget);
        folders.retain(|p| p.is_dir() && is_book(p, true, &mut budget));
        let own = is_book(place, false, &mut budget).then(|| place.clone());
        for path in folders.into_iter().chain(own) {
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found.truncate(most);
    found
}

/// Does the folder hold sheets, or (one level `deeper`) folders with sheets? Outputs do not count,
/// nor do hidden folders.
fn is_book(folder: &Path, deeper: bool, budget: &mut usize) -> bool {
    let hidden = folder.file_name().is_none_or(|n| n.to_string_lossy().starts_with('.'));
    if hidden || folder.join("run.json").exists() || folder.join("Cargo.toml").exists() {
        return false;
    }
    let entries = entries(folder, budget);
    let sheet = |path: &Path| path.file_name().is_some_and(|n| is_sheet(&n.to_string_lossy())) && path.is_file();
    entries.iter().any(|p| sheet(p)) || deeper && entries.iter().any(|p| p.is_dir() && is_book(p, false, budget))
}

/// Some entries of a folder in the order of their names, as many as the budget allows.
fn entries(folder: &Path, budget: &mut usize) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let most = LOOKED_AT.min(*budget);
    let mut paths: Vec<PathBuf> = entries.take(most).filter_map(|e| Some(e.ok()?.path())).collect();
    *budget -= paths.len();
    paths.sort();
    paths
}

/// The county's own rules, if they lie where one would put them: in the book, beside it, or beside
/// the program.
pub fn policy_for(book: &Path, program: Option<&Path>) -> Option<PathBuf> {
    let places = [Some(book), book.parent(), program];
    places.into_iter().flatten().map(|place| place.join("policy.toml")).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_terminals_write_them() {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("头雁 县 '台账'（终稿）");
        let other = folder.path().join("b");
        for path in [&book, &other] {
            fs::create_dir(path).unwrap();
        }
        let (path, second) = (book.to_str().unwrap(), other.to_str().unwrap());
        let percent: String = path.bytes().map(|b| format!("%{b:02x}")).collect();
        let mut lines = vec![
            path.to_owned(),
            format!("  {path} "),
            format!("\"{path}\""),
            format!("“{path}”"),
            format!("& \"{path}\""),
        ];
        if !cfg!(windows) {
            // As a Linux terminal writes what is dropped on it; as a file manager copies it.
            lines.push(format!("'{}' ", path.replace('\'', "'\\''")));
            lines.push(path.replace(' ', "\\ ").replace('\'', "\\'"));
            lines.push(format!("file://{percent}"));
        }
        for line in lines {
            assert_eq!(typed_paths(&line), Ok(vec![book.clone()]), "{line}");
        }
        assert_eq!(typed_paths(&format!("\"{path}\" \"{second}\"")), Ok(vec![book, other]));
        assert_eq!(typed_paths("没有 这个"), Err("没有 这个".to_owned()));
        assert_eq!(typed_paths("\"没有 这个\""), Err("没有 这个".to_owned()));
        assert_eq!(typed_paths("  "), Ok(vec![]));
    }

    #[test]
    fn what_lies_at_hand() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("工具");
        for (path, content) in [
            ("工具/台账/村情.xlsx", "x"),
            ("工具/分乡镇/青石镇/村情.csv", "x"),
            ("工具/研判结果_2025-12-31/run.json", "{}"),
            ("工具/研判结果_2025-12-31/scores.csv", "x"),
            ("工具/照片/合影.jpg", "x"),
            ("工具/使用说明.txt", "x"),
            ("工具/空/~$村情.xlsx", "x"),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        assert_eq!(candidates(std::slice::from_ref(&here), 9), [here.join("分乡镇"), here.join("台账")]);
        assert_eq!(candidates(&[here.clone(), here.clone()], 1), [here.join("分乡镇")]);
        fs::write(here.join("花名册.xlsx"), "x").unwrap();
        assert_eq!(candidates(std::slice::from_ref(&here), 9).last(), Some(&here));
    }
}
