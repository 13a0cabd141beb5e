//! Which files a book consists of, in an order that does not depend on the file system.

use std::path::{Path, PathBuf};

use super::limits::{DEPTH, Refusal};
use crate::book::NotRead;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Anything that a spreadsheet program writes; its content says which.
    Workbook,
    /// Separated text.
    Text,
    Parquet,
    Arrow,
}

/// A file of the book.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Relative to the book, with `/`.
    pub name: String,
    pub path: PathBuf,
    pub format: Format,
}

/// What a file is to a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Table(Format),
    /// No table, and the reader says why.
    Listed(&'static str),
    /// touyan's own, the system's, or hidden: not spoken of.
    Silent,
}

/// How spreadsheet programs name the file that says "I have this open": Excel, LibreOffice, WPS.
const LOCKS: [(&str, &str); 3] = [("~$", ""), (".~lock.", "#"), (".~", "")];

/// The file that a lock file speaks of.
fn locked(name: &str) -> Option<&str> {
    LOCKS.iter().find_map(|(before, after)| name.strip_prefix(before)?.strip_suffix(after))
}

/// The note that a single file is open elsewhere, if a lock file lies beside it.
pub(super) fn lock_of(path: &Path, name: &str) -> Option<NotRead> {
    let locks = LOCKS.iter().map(|(before, after)| format!("{before}{name}{after}"));
    locks
        .filter(|lock| path.with_file_name(lock).exists())
        .map(|lock| refused(&lock, Refusal::new("not-read-open-elsewhere", name)))
        .next()
}

/// The lists of findings that a check writes: their rows quote the book and are none of it.
const OWN_LISTS: [&str; 4] = ["存疑清单", "隔离清单", "flags", "quarantine"];

/// The role of a file, by its name alone.
pub(super) fn role(name: &str) -> Role {
    let lower = name.to_lowercase();
    if locked(name).is_some() {
        return Role::Listed("not-read-lock-file");
    }
    let truth = lower.starts_with("truth") && lower.ends_with(".json");
    if truth
        || name.starts_with('.')
        || lower.ends_with(".touyan-salt")
        || lower.ends_with(".journal.jsonl")
        || matches!(
            lower.as_str(),
            "book.toml"
                | "policy.toml"
                | "journal.jsonl"
                | "touyan.exe"
                | "使用说明.txt"
                | "thumbs.db"
                | "desktop.ini"
                | "_success"
                | "_metadata"
        )
    {
        return Role::Silent;
    }
    if lower.starts_with("decisions") && (lower.ends_with(".xlsx") || lower.ends_with(".csv")) {
        return Role::Listed("not-read-decisions");
    }
    if OWN_LISTS.iter().any(|list| lower.starts_with(list)) && lower.ends_with(".csv") {
        return Role::Listed("not-read-own-list");
    }
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "xlsx" | "xlsm" | "xlsb" | "xltx" | "xls" | "ods" | "et" => Role::Table(Format::Workbook),
        "csv" | "tsv" | "txt" | "tab" => Role::Table(Format::Text),
        "parquet" | "pq" => Role::Table(Format::Parquet),
        "arrow" | "feather" | "ipc" | "arrows" => Role::Table(Format::Arrow),
        "zip" | "rar" | "7z" | "gz" | "tar" | "tgz" | "xz" | "bz2" => Role::Listed("not-read-archive"),
        "doc" | "docx" | "wps" | "rtf" | "odt" | "pdf" | "ofd" | "caj" | "ppt" | "pptx" | "dps" | "md" | "html"
        | "htm" | "png" | "jpg" | "jpeg" | "gif" | "bmp" | "tif" | "tiff" | "webp" | "heic" | "mp4" | "mp3" | "wav" => {
            Role::Listed("not-read-document")
        }
        _ => Role::Listed("not-read-unknown"),
    }
}

/// All files under a folder: hidden ones, and folders that are outputs of touyan, left out.
pub(super) fn walk(root: &Path) -> std::io::Result<(Vec<Entry>, Vec<NotRead>)> {
    let (mut entries, mut not_read) = (Vec::new(), Vec::new());
    descend(root, "", 0, &mut entries, &mut not_read)?;
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((entries, not_read))
}

fn descend(
    folder: &Path,
    prefix: &str,
    depth: usize,
    entries: &mut Vec<Entry>,
    not_read: &mut Vec<NotRead>,
) -> std::io::Result<()> {
    for item in std::fs::read_dir(folder)? {
        let item = item?;
        let name = item.file_name().to_string_lossy().into_owned();
        let relative = format!("{prefix}{name}");
        let path = item.path();
        let mut refuse =
            |reason: &'static str, detail: String| not_read.push(refused(&relative, Refusal::new(reason, detail)));
        let kind = item.file_type()?;
        // A link to a folder may lead round in a circle; a link to a file may not.
        let kind = if kind.is_symlink() {
            match std::fs::metadata(&path) {
                Ok(target) if target.is_file() => target.file_type(),
                _ => {
                    refuse("not-read-link", String::new());
                    continue;
                }
            }
        } else {
            kind
        };
        if kind.is_dir() {
            if name.starts_with('.') || name == "__MACOSX" || path.join("run.json").is_file() {
                continue;
            }
            if depth + 1 >= DEPTH {
                refuse("not-read-too-deep", DEPTH.to_string());
            } else if let Err(error) = descend(&path, &format!("{relative}/"), depth + 1, entries, not_read) {
                not_read.push(refused(&relative, Refusal::new("not-read-no-access", error.kind().to_string())));
            }
            continue;
        }
        match role(&name) {
            Role::Table(format) => entries.push(Entry { name: relative, path, format }),
            Role::Listed(reason) => match locked(&name) {
                Some(owner) if folder.join(owner).is_file() => refuse("not-read-open-elsewhere", owner.to_owned()),
                _ => refuse(reason, String::new()),
            },
            Role::Silent => {}
        }
    }
    Ok(())
}

pub(super) fn refused(file: &str, refusal: Refusal) -> NotRead {
    NotRead { file: file.to_owned(), reason: refusal.reason.to_owned(), detail: refusal.detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_by_name() {
        let table = [
            ("村情.xlsx", Role::Table(Format::Workbook)),
            ("村情.XLS", Role::Table(Format::Workbook)),
            ("a.b.csv", Role::Table(Format::Text)),
            ("county=990121.parquet", Role::Table(Format::Parquet)),
            ("~$村情.xlsx", Role::Listed("not-read-lock-file")),
            (".~lock.村情.xlsx#", Role::Listed("not-read-lock-file")),
            (".~村情.et", Role::Listed("not-read-lock-file")),
            ("使用说明.txt", Role::Silent),
            ("存疑清单_2.csv", Role::Listed("not-read-own-list")),
            ("quarantine.csv", Role::Listed("not-read-own-list")),
            ("通知.docx", Role::Listed("not-read-document")),
            ("扫描.PDF", Role::Listed("not-read-document")),
            ("全部.zip", Role::Listed("not-read-archive")),
            ("无后缀", Role::Listed("not-read-unknown")),
            (".DS_Store", Role::Silent),
            ("book.toml", Role::Silent),
            ("county.touyan-salt", Role::Silent),
            ("truth_990121.json", Role::Silent),
        ];
        for (name, expected) in table {
            assert_eq!(role(name), expected, "{name}");
        }
    }
}
