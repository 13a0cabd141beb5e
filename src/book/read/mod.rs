//! From bytes to sheets: the only place that knows a file format.
//!
//! [`open`] takes a folder or one file and gives back every sheet as a grid of cells or a typed
//! frame, and every file that could not be read with the reason. One bad file never stops the
//! others. What the sheets mean is decided elsewhere.

mod cfb;
mod columns;
mod csv;
mod decode;
mod grid;
mod limits;
mod ods;
mod walk;
mod workbook;
mod zipped;

use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::NotRead;
use super::raw::{Body, Opened, RawSheet};
use crate::lang::Lang;
use crate::say;
use grid::Grid;
pub use limits::in_guarded_reader;
pub(crate) use limits::quietly;
use limits::{FILE_BYTES, Refusal};
use walk::{Entry, Format, Role, refused};

/// Is this, by its name, a file that a book would be made of? Plain text may be anything, so it
/// does not count here.
pub fn is_sheet(name: &str) -> bool {
    matches!(walk::role(name), Role::Table(_)) && !name.to_lowercase().ends_with(".txt")
}

/// The book as a whole cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is nothing at this path.
    #[error("`{}` does not exist", .0.display())]
    Missing(PathBuf),
    /// The system refuses access.
    #[error("`{}` cannot be read: {why}", .0.display(), why = .1)]
    NoAccess(PathBuf, std::io::Error),
    /// The path is a folder that touyan wrote.
    #[error("`{}` is an output folder of touyan, not a county book", .0.display())]
    Output(PathBuf),
    /// Not one table could be read; the list says why, file by file.
    #[error("`{}` holds no table that can be read", .0.display())]
    NothingRead(PathBuf, Vec<NotRead>),
}

impl ReadError {
    /// What is wrong, where, and how to mend it.
    pub fn say(&self, lang: Lang) -> String {
        let path = |p: &Path| p.display().to_string();
        match self {
            ReadError::Missing(p) => say!(lang, "read-error-missing", path = path(p)),
            ReadError::NoAccess(p, e) => say!(lang, "read-error-no-access", path = path(p), why = e.kind().to_string()),
            ReadError::Output(p) => say!(lang, "read-error-output", path = path(p)),
            ReadError::NothingRead(p, files) if files.is_empty() => say!(lang, "read-error-nothing", path = path(p)),
            ReadError::NothingRead(p, files) => {
                let mut text = say!(lang, "read-error-none-read", path = path(p), count = files.len());
                for file in files.iter().take(10) {
                    text.push_str("\n  ");
                    text.push_str(&file.say(lang));
                }
                text
            }
        }
    }
}

impl NotRead {
    /// Does it speak of the moment (a program has a file open) rather than of the book? Such a line
    /// is for the screen: a report that held it could not be made again later.
    pub fn passing(&self) -> bool {
        matches!(self.reason.as_str(), "not-read-lock-file" | "not-read-open-elsewhere")
    }

    /// The file, why it was not read, and what to do.
    pub fn say(&self, lang: Lang) -> String {
        let why = say!(lang, &self.reason, detail = &self.detail);
        say!(lang, "not-read-line", file = &self.file, why = why)
    }
}

/// Opens a book: a folder with everything below it, or a single file.
///
/// Left out without a word: hidden files and folders, folders that touyan wrote (they hold a
/// `run.json`), and touyan's own files (`book.toml`, `journal.jsonl`, `*.touyan-salt`,
/// `truth*.json`). Everything else is read, or listed in [`Opened::not_read`]. The order is that
/// of the names, whatever the number of threads.
///
/// # Errors
/// The path does not exist, cannot be accessed, is an output of touyan, or holds nothing that can
/// be read.
pub fn open(path: &Path) -> Result<Opened, ReadError> {
    let no_access = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => ReadError::Missing(path.to_owned()),
        _ => ReadError::NoAccess(path.to_owned(), e),
    };
    let (root, entries, mut not_read) = if std::fs::metadata(path).map_err(no_access)?.is_dir() {
        if path.join("run.json").is_file() {
            return Err(ReadError::Output(path.to_owned()));
        }
        let (entries, not_read) = walk::walk(path).map_err(no_access)?;
        (path.to_owned(), entries, not_read)
    } else {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let root = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match walk::role(&name) {
            Role::Table(format) => {
                let open = walk::lock_of(path, &name).into_iter().collect();
                (root.to_owned(), vec![Entry { name, path: path.to_owned(), format }], open)
            }
            Role::Listed(reason) => (root.to_owned(), vec![], vec![refused(&name, Refusal::new(reason, ""))]),
            Role::Silent => (root.to_owned(), vec![], vec![refused(&name, Refusal::new("not-read-unknown", ""))]),
        }
    };

    let files: Vec<Result<FileRead, Refusal>> = entries.par_iter().map(read).collect();
    let mut opened = Opened { root, ..Opened::default() };
    for (entry, file) in entries.iter().zip(files) {
        match file {
            Ok(file) => {
                not_read.extend(file.refused.into_iter().map(|r| refused(&entry.name, r)));
                if !file.sheets.is_empty() {
                    opened.hashes.push((entry.name.clone(), file.hash));
                }
                opened.sheets.extend(file.sheets);
            }
            Err(refusal) => not_read.push(refused(&entry.name, refusal)),
        }
    }
    // Stable: what one file's sheets said stays in the order of the sheets.
    not_read.sort_by(|a, b| a.file.cmp(&b.file));
    if opened.sheets.is_empty() {
        return Err(ReadError::NothingRead(path.to_owned(), not_read));
    }
    opened.not_read = not_read;
    Ok(opened)
}

/// Opens one workbook or text file that is no part of a book, such as a sheet of decisions: whatever
/// its name, its sheets are read with the readers of the book.
///
/// # Errors
/// The file does not exist, cannot be accessed, or holds nothing that can be read.
pub fn file(path: &Path) -> Result<Opened, ReadError> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    match std::fs::metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(ReadError::Missing(path.to_owned())),
        Err(e) => return Err(ReadError::NoAccess(path.to_owned(), e)),
        Ok(_) => {}
    }
    let lower = name.to_lowercase();
    let text = [".csv", ".tsv", ".txt"].iter().any(|end| lower.ends_with(end));
    let format = if text { Format::Text } else { Format::Workbook };
    let entry = Entry { name, path: path.to_owned(), format };
    match read(&entry) {
        Ok(file) => Ok(Opened {
            sheets: file.sheets,
            not_read: file.refused.into_iter().map(|r| refused(&entry.name, r)).collect(),
            hashes: vec![(entry.name, file.hash)],
            root: path.parent().map(Path::to_owned).unwrap_or_default(),
        }),
        Err(refusal) => Err(ReadError::NothingRead(path.to_owned(), vec![refused(&entry.name, refusal)])),
    }
}

/// Adds the corrected copies of a folder to an opened book; a file without a mark is no copy and is
/// listed as not read. Names begin with the folder's.
///
/// # Errors
/// See [`open`].
pub fn corrections(folder: &Path, opened: &mut Opened) -> Result<(), ReadError> {
    let (copies, nothing) = match open(folder) {
        Ok(copies) => (copies, Vec::new()),
        // Nothing has come back yet: what lies there is listed all the same.
        Err(ReadError::NothingRead(_, not_read)) => (Opened::default(), not_read),
        Err(error) => return Err(error),
    };
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let single = folder.is_file();
    let named = |file: &str| if single || name.is_empty() { file.to_owned() } else { format!("{name}/{file}") };
    let marked: std::collections::BTreeSet<&str> = copies
        .sheets
        .iter()
        .filter(|s| matches!(&s.body, Body::Grid { rows, .. } if super::marker::Marker::read(rows).is_some()))
        .map(|s| s.file.as_str())
        .collect();
    let mut unmarked: Vec<&str> = copies.sheets.iter().map(|s| s.file.as_str()).collect();
    unmarked.dedup();
    unmarked.retain(|f| !marked.contains(f));
    let why = |file: &str| {
        let own: Vec<&RawSheet> = copies.sheets.iter().filter(|s| s.file == file).collect();
        match super::marker::trace(&own) {
            Some(trace) => Refusal::new("not-read-correction-no-mark", trace),
            None => Refusal::new("not-read-correction-unmarked", ""),
        }
    };
    let refusals = unmarked.iter().map(|f| refused(&named(f), why(f)));
    let others = copies.not_read.iter().chain(&nothing).map(|n| NotRead { file: named(&n.file), ..n.clone() });
    opened.not_read.extend(refusals.chain(others));
    for (file, hash) in copies.hashes.iter().filter(|(f, _)| marked.contains(f.as_str())) {
        opened.hashes.push((named(file), hash.clone()));
    }
    let own = copies.sheets.iter().filter(|s| marked.contains(s.file.as_str()));
    opened.sheets.extend(own.map(|s| RawSheet { file: named(&s.file), ..s.clone() }));
    opened.hashes.sort();
    opened.not_read.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(())
}

/// One file, read.
struct FileRead {
    sheets: Vec<RawSheet>,
    /// Sheets and columns of it that were not.
    refused: Vec<Refusal>,
    hash: String,
}

/// A sheet under its name, before it knows its file.
struct Sheet {
    name: String,
    hidden: bool,
    body: Body,
}

impl Sheet {
    fn only(body: Body) -> Self {
        Sheet { name: String::new(), hidden: false, body }
    }
}

/// Sheets, and what was not read of them.
#[derive(Default)]
struct Contents {
    sheets: Vec<Sheet>,
    refused: Vec<Refusal>,
}

impl Contents {
    /// The one sheet of a text file.
    fn of_grid(grid: Grid) -> Self {
        let sheets = if grid.is_empty() { vec![] } else { vec![Sheet::only(grid.into_body(vec![]))] };
        Contents { sheets, refused: vec![] }
    }
}

fn read(entry: &Entry) -> Result<FileRead, Refusal> {
    let no_access = Refusal::no_access;
    let size = std::fs::metadata(&entry.path).map_err(no_access)?.len();
    if size == 0 {
        return Err(Refusal::new("not-read-empty", ""));
    }
    if size > FILE_BYTES {
        return Err(Refusal::too_large(format!("{} MB", size >> 20), format!("{} MB", FILE_BYTES >> 20)));
    }
    let (hash, contents) = match entry.format {
        Format::Parquet => (hash_of(&entry.path).map_err(no_access)?, columns::parquet(&entry.path, &entry.name)?),
        format => {
            let bytes = std::fs::read(&entry.path).map_err(no_access)?;
            let contents = match format {
                Format::Workbook => workbook::read(&bytes, &entry.name)?,
                Format::Arrow => columns::ipc(&bytes, &entry.name)?,
                Format::Text | Format::Parquet => text(&bytes, &entry.name)?,
            };
            (blake3::hash(&bytes).to_hex().to_string(), contents)
        }
    };
    if contents.sheets.is_empty() && contents.refused.is_empty() {
        return Err(Refusal::new("not-read-empty", ""));
    }
    let sheets = contents
        .sheets
        .into_iter()
        .map(|s| RawSheet { file: entry.name.clone(), sheet: s.name, hidden: s.hidden, body: s.body })
        .collect();
    Ok(FileRead { sheets, refused: contents.refused, hash })
}

/// Separated text; a workbook under a wrong name is read as what it is.
fn text(bytes: &[u8], name: &str) -> Result<Contents, Refusal> {
    if zipped::is_zip(bytes) || cfb::is_cfb(bytes) {
        return workbook::read(bytes, name);
    }
    let grid = csv::read(&decode::decode(bytes)?, name.to_lowercase().ends_with(".tsv"))?;
    Ok(Contents::of_grid(grid))
}

fn hash_of(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 17];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            n => hasher.update(&buffer[..n]),
        };
    }
}
