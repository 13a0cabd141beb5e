//! Where results go: beside the book, under a name that takes nothing away from anybody.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{is_output, next_name};

/// The folder called `name` beside `book`. One that touyan wrote is replaced by the run; if it
/// holds anything else, `name_2`, `name_3` … is taken.
pub fn result_folder(book: &Path, name: &str) -> PathBuf {
    let wanted = book.with_file_name(name);
    if usable(&wanted) {
        return wanted;
    }
    // An earlier run may have stood aside in the same way.
    (2..100)
        .map(|n| book.with_file_name(format!("{name}_{n}")))
        .find(|path| usable(path))
        .unwrap_or_else(|| next_name(&wanted))
}

fn usable(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(mut entries) => is_output(path) || entries.next().is_none(),
        Err(_) => !path.exists(),
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
        assert_eq!(result_folder(&book, name), first);
        fs::create_dir(&first).unwrap();
        assert_eq!(result_folder(&book, name), first, "an empty folder is as good as none");
        fs::write(first.join("run.json"), "{}").unwrap();
        assert_eq!(result_folder(&book, name), first, "an output is replaced");
        fs::remove_file(first.join("run.json")).unwrap();
        fs::write(first.join("批注.docx"), "x").unwrap();
        let second = folder.path().join("研判结果_2025-12-31_2");
        assert_eq!(result_folder(&book, name), second);
        fs::write(&second, "a file").unwrap();
        assert_eq!(result_folder(&book, name), folder.path().join("研判结果_2025-12-31_3"));
    }

    #[test]
    fn numbers_stand_before_the_ending() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("存疑清单.csv");
        fs::write(folder.path().join("存疑清单_2.csv"), "x").unwrap();
        assert_eq!(free_name(&list), folder.path().join("存疑清单_3.csv"));
    }
}
