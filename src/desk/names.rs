//! Where results go: beside the book, under a name that takes nothing away from anybody.

use std::fs;
use std::path::{Path, PathBuf};

use crate::disk::held_file;
use crate::run::{is_output, next_name};

/// What a name beside the book means for a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing lies there.
    Free,
    /// A result of touyan, which the run replaces.
    Ours,
    /// A result of touyan, one file of which another program holds open.
    Held(PathBuf),
    /// Something else, which stays.
    Taken,
}

/// A folder beside `book` for a result, and what lies under `name` itself: that one if it is free
/// or may be replaced, else the first such of `name_2`, `name_3` …
pub fn result_folder(book: &Path, name: &str) -> (PathBuf, Place) {
    let wanted = book.with_file_name(name);
    let found = place(&wanted);
    if matches!(found, Place::Free | Place::Ours) {
        return (wanted, found);
    }
    // An earlier run may have stood aside in the same way.
    let beside = (2..100)
        .map(|n| book.with_file_name(format!("{name}_{n}")))
        .find(|path| matches!(place(path), Place::Free | Place::Ours))
        .unwrap_or_else(|| next_name(&wanted));
    (beside, found)
}

fn place(path: &Path) -> Place {
    let empty = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !path.exists(),
    };
    match is_output(path) {
        true => held_file(path).map_or(Place::Ours, Place::Held),
        false if empty => Place::Free,
        false => Place::Taken,
    }
}

/// `folder/name`, or with `_2`, `_3` … before the ending if such a file exists.
pub fn free_name(path: &Path) -> PathBuf {
    let ending = path.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let numbered = |n: u32| path.with_file_name(format!("{stem}_{n}{ending}"));
    (2..).map(numbered).find(|p| !p.exists()).unwrap_or_else(|| numbered(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_only_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let (book, name) = (folder.path().join("台账"), "研判结果_2025-12-31");
        let first = folder.path().join(name);
        assert_eq!(result_folder(&book, name), (first.clone(), Place::Free));
        fs::create_dir(&first).unwrap();
        assert_eq!(result_folder(&book, name), (first.clone(), Place::Free), "an empty folder is as good as none");
        fs::write(first.join("run.json"), "{}").unwrap();
        assert_eq!(result_folder(&book, name), (first.clone(), Place::Ours), "an output is replaced");
        fs::remove_file(first.join("run.json")).unwrap();
        fs::write(first.join("批注.docx"), "x").unwrap();
        let second = folder.path().join("研判结果_2025-12-31_2");
        assert_eq!(result_folder(&book, name), (second.clone(), Place::Taken));
        fs::write(&second, "a file").unwrap();
        assert_eq!(result_folder(&book, name).0, folder.path().join("研判结果_2025-12-31_3"));
    }

    #[test]
    fn numbers_stand_before_the_ending() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("存疑清单.csv");
        fs::write(folder.path().join("存疑清单_2.csv"), "x").unwrap();
        assert_eq!(free_name(&list), folder.path().join("存疑清单_3.csv"));
    }
}
