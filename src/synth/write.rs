//! Books to disk: Parquet partitions for machines, workbooks and GB18030 text for testing readers.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;
use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, FormatAlign, Workbook, XlsxError};

use super::sheets::{Cell, Sheet, sheets};
use super::{CountyBook, Options, SynthError, county, sheets};
use crate::book::schema::TABLES;
use crate::frame;
use crate::policy::{Policy, Words};

/// Form of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One Parquet file per table and county, canonical headers, Chinese words.
    #[default]
    Parquet,
    /// One workbook per county: titles, Chinese headers with units, villages by name.
    Xlsx,
    /// The same sheets as comma-separated text in GB18030, as a Chinese Excel saves it.
    Csv,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Counties.
    pub counties: usize,
    /// Rows by table, in the order of the schema, over all counties.
    pub rows: Vec<(&'static str, u64)>,
    /// Files of the book.
    pub files: usize,
    /// Bytes of the book.
    pub bytes: u64,
    /// The folder of the hidden truth, beside the book's.
    pub truth: PathBuf,
}

/// Writes the books of all counties under `dir`, and what is hidden beside it under `<dir>-truth`.
///
/// One county: `<dir>/<table>.parquet`; several: `<dir>/<table>/<county code>.parquet`. Workbooks are
/// `<dir>/<county code>.xlsx`, text files `<dir>/<table's Chinese name>.csv`, in a folder per county
/// when there are several. Counties are drawn in parallel, and no more are in memory than there are
/// threads. Both folders appear whole at the end or not at all.
///
/// # Errors
/// An option is outside its range, a folder holds something already, or the system refuses.
pub fn write(options: &Options, dir: &Path) -> Result<Written, SynthError> {
    options.check()?;
    let truth = beside(dir);
    let parent = dir.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(at(parent))?;
    for folder in [dir, &truth] {
        if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(SynthError::Occupied(folder.to_owned()));
        }
    }
    let staging = tempfile::Builder::new().prefix(".synth-").tempdir_in(parent).map_err(at(parent))?;
    let (book, hidden) = (staging.path().join("book"), staging.path().join("truth"));
    let words = Policy::default().words;
    let job = Job { options, words: &words, book: &book, hidden: &hidden };
    job.folders()?;
    let parts = (0..options.counties).into_par_iter().map(|index| job.county(index)).collect::<Result<Vec<_>, _>>()?;
    // The book comes last: where it stands, all of it stands.
    for (from, to) in [(&hidden, truth.as_path()), (&book, dir)] {
        if to.exists() {
            fs::remove_dir(to).map_err(at(to))?;
        }
        fs::rename(from, to).map_err(at(to))?;
    }
    let mut written = Written { counties: options.counties, truth, ..Written::default() };
    written.rows = TABLES.iter().filter(|t| job.wanted(t.name)).map(|t| (t.name, 0)).collect();
    for part in parts {
        written.files += part.files;
        written.bytes += part.bytes;
        for (total, rows) in written.rows.iter_mut().zip(part.rows) {
            total.1 += rows;
        }
    }
    Ok(written)
}

/// `<dir>-truth`.
fn beside(dir: &Path) -> PathBuf {
    let mut name = dir.file_name().unwrap_or_default().to_owned();
    name.push("-truth");
    dir.with_file_name(name)
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> SynthError {
    let path = path.to_owned();
    move |source| SynthError::Io { path: path.clone(), source }
}

/// What one county left.
#[derive(Default)]
struct Part {
    rows: Vec<u64>,
    files: usize,
    bytes: u64,
}

struct Job<'a> {
    options: &'a Options,
    words: &'a Words,
    book: &'a Path,
    hidden: &'a Path,
}

impl Job<'_> {
    fn many(&self) -> bool {
        self.options.counties > 1
    }

    fn wanted(&self, table: &str) -> bool {
        self.options.only.is_empty() || self.options.only.iter().any(|name| name == table)
    }

    fn folders(&self) -> Result<(), SynthError> {
        let mut folders = vec![self.book.to_owned(), self.hidden.to_owned()];
        if self.many() && self.options.format == Format::Parquet {
            folders.extend(TABLES.iter().filter(|t| self.wanted(t.name)).map(|t| self.book.join(t.name)));
        }
        folders.iter().try_for_each(|folder| fs::create_dir_all(folder).map_err(at(folder)))
    }

    fn county(&self, index: usize) -> Result<Part, SynthError> {
        let mut county = county(self.options, index)?;
        county.tables.retain(|(name, _)| self.wanted(name));
        let mut part = Part { rows: county.tables.iter().map(|t| t.1.height() as u64).collect(), ..Part::default() };
        let hidden = if self.many() { format!("{}.parquet", county.code) } else { "truth.parquet".to_owned() };
        parquet(&county.truth, &self.hidden.join(hidden))?;
        match self.options.format {
            Format::Parquet => self.partitions(&county, &mut part)?,
            Format::Xlsx => {
                let bytes = workbook(&self.sheets(&county)?, self.options).map_err(sheet_error)?;
                self.put(&mut part, &self.book.join(format!("{}.xlsx", county.code)), &bytes)?;
            }
            Format::Csv => {
                let folder = if self.many() { self.book.join(&county.code) } else { self.book.to_owned() };
                fs::create_dir_all(&folder).map_err(at(&folder))?;
                for sheet in self.sheets(&county)? {
                    let bytes = csv_gb18030(&sheet)?;
                    self.put(&mut part, &folder.join(format!("{}.csv", sheet.name)), &bytes)?;
                }
            }
        }
        Ok(part)
    }

    fn sheets(&self, county: &CountyBook) -> Result<Vec<Sheet>, SynthError> {
        sheets(&county.tables, &county.county, self.options.as_of, self.many(), self.words)
    }

    fn partitions(&self, county: &CountyBook, part: &mut Part) -> Result<(), SynthError> {
        for (name, frame) in sheets::worded(&county.tables, self.words)? {
            let path = if self.many() {
                self.book.join(name).join(format!("{}.parquet", county.code))
            } else {
                self.book.join(format!("{name}.parquet"))
            };
            part.bytes += parquet(&frame, &path)?;
            part.files += 1;
        }
        Ok(())
    }

    fn put(&self, part: &mut Part, path: &Path, bytes: &[u8]) -> Result<(), SynthError> {
        fs::write(path, bytes).map_err(at(path))?;
        part.files += 1;
        part.bytes += bytes.len() as u64;
        Ok(())
    }
}

fn parquet(frame: &DataFrame, path: &Path) -> Result<u64, SynthError> {
    let mut bytes = Vec::new();
    frame::write_parquet(frame, &mut bytes)?;
    fs::File::create(path).and_then(|mut file| file.write_all(&bytes)).map_err(at(path))?;
    Ok(bytes.len() as u64)
}

fn sheet_error(error: XlsxError) -> SynthError {
    SynthError::Sheet(error.to_string())
}

/// A workbook with one sheet per table: title over all columns, a line with the reporting day, the
/// header, the rows. The bytes depend on the tables alone: the day of creation is the reporting day.
fn workbook(sheets: &[Sheet], options: &Options) -> Result<Vec<u8>, XlsxError> {
    use chrono::Datelike;
    let day = options.as_of;
    let created = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let title = CellFormat::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let header = CellFormat::new().set_bold().set_align(FormatAlign::Center).set_text_wrap();
    for sheet in sheets {
        let page = workbook.add_worksheet().set_name(&sheet.name)?;
        let last = sheet.headers.len().saturating_sub(1) as u16;
        if last > 0 {
            page.merge_range(0, 0, 0, last, &sheet.title, &title)?;
        }
        page.write_string(1, 0, &sheet.subtitle)?;
        for (column, text) in sheet.headers.iter().enumerate() {
            page.write_string_with_format(2, column as u16, text, &header)?;
        }
        for (row, cells) in (3..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Blank => &mut *page,
                    Cell::Text(text) => page.write_string(row, column, text)?,
                    Cell::Number(value) => page.write_number(row, column, *value)?,
                };
            }
        }
        page.set_freeze_panes(3, 0)?;
    }
    workbook.save_to_buffer()
}

/// A sheet as text in GB18030 without a byte-order mark; long numbers end in a tab, as offices keep
/// Excel from shortening them.
fn csv_gb18030(sheet: &Sheet) -> Result<Vec<u8>, SynthError> {
    let refuse = |e: csv::Error| SynthError::Sheet(e.to_string());
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let width = sheet.headers.len();
    for line in [&sheet.title, &sheet.subtitle] {
        let mut record = vec![line.as_str()];
        record.resize(width, "");
        writer.write_record(&record).map_err(refuse)?;
    }
    writer.write_record(&sheet.headers).map_err(refuse)?;
    for row in &sheet.rows {
        let guard = |text: String| {
            let long = text.len() >= 15 && text.bytes().all(|b| b.is_ascii_digit() || b == b'X');
            if long { format!("{text}\t") } else { text }
        };
        writer.write_record(row.iter().map(|cell| guard(cell.text()))).map_err(refuse)?;
    }
    let text = writer.into_inner().map_err(|e| SynthError::Sheet(e.to_string()))?;
    let text = String::from_utf8_lossy(&text);
    Ok(encoding_rs::GB18030.encode(&text).0.into_owned())
}
