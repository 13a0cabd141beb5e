//! How much a file may hold, and how a refusal is worded. A county's largest real sheet has some
//! ten thousand rows and a hundred columns; the limits leave two orders of magnitude and keep a
//! file made to exhaust memory (a zip bomb, a single cell in the last corner) from doing so.

/// A file on disk: 1 GiB. National books come as Parquet, partitioned by county.
pub(super) const FILE_BYTES: u64 = 1 << 30;

/// One part of a workbook, inflated: 512 MiB, about ten million cells of XML.
pub(super) const PART_BYTES: u64 = 512 << 20;

/// All parts of a workbook, inflated: 1 GiB.
pub(super) const WORKBOOK_BYTES: u64 = 1 << 30;

/// Parts of a workbook: one with a sheet per village has some thousands.
pub(super) const PARTS: usize = 10_000;

/// Deflate can shrink 1,032-fold at most (258 bytes in two bits); sheets shrink ten- to fifty-fold.
pub(super) const DEFLATE_RATIO: u64 = 1_032;

/// Columns of a sheet. The widest wide form (ten years of forty indicators) has some hundreds.
pub(super) const COLUMNS: usize = 4_096;

/// Rows of a sheet: Excel's own limit.
pub(super) const ROWS: usize = 1_048_576;

/// Cells of one sheet, blanks up to a row's last filled cell included: one such cell takes 24 or
/// 32 bytes, so a sheet stays below 1 GiB.
pub(super) const CELLS: usize = 32_000_000;

/// Merged ranges of a sheet that are kept.
pub(super) const MERGES: usize = 100_000;

/// Rows × columns of a Parquet or Arrow file, after dictionaries and runs are unfolded: 3 GiB of
/// numbers. All 489,000 villages of the country over ten years in forty columns are 200 million.
pub(super) const TYPED_CELLS: u64 = 400_000_000;

/// Folders within folders.
pub(super) const DEPTH: usize = 16;

/// Why a file, or a part of one, is not read: the ID of the message, and what fills its `$detail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub reason: &'static str,
    pub detail: String,
}

impl Refusal {
    pub fn new(reason: &'static str, detail: impl Into<String>) -> Self {
        Refusal { reason, detail: detail.into() }
    }

    /// The system refuses; or another program has the file to itself for now.
    pub fn no_access(error: std::io::Error) -> Self {
        if crate::disk::in_use(&error) {
            return Refusal::new("not-read-in-use", "");
        }
        Refusal::new("not-read-no-access", error.kind().to_string())
    }

    /// The file is not what its format says.
    pub fn damaged(detail: impl std::fmt::Display) -> Self {
        // Library messages may quote what they met: one line, no long digits, no end.
        let line = detail.to_string().lines().next().unwrap_or_default().chars().take(160).collect::<String>();
        Refusal::new("not-read-damaged", crate::book::value::mask(&line))
    }

    /// More than the limit of that name.
    pub fn too_large(found: impl std::fmt::Display, limit: impl std::fmt::Display) -> Self {
        Refusal::new("not-read-too-large", format!("{found} > {limit}"))
    }

    pub fn encrypted() -> Self {
        Refusal::new("not-read-encrypted", "")
    }

    /// The same, said of one sheet.
    #[must_use]
    pub fn of_sheet(mut self, sheet: &str) -> Self {
        self.detail = if self.detail.is_empty() { sheet.to_owned() } else { format!("{sheet}: {}", self.detail) };
        self
    }
}

/// Runs a reader that meets a stranger's bytes. The readers of workbooks and Parquet index into
/// them and unwrap in places, so that a file damaged in the right spot makes them panic; here that
/// becomes a damaged file like any other. Nothing that the closure touched is used afterwards.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    GUARDED.set(true);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    GUARDED.set(false);
    result.unwrap_or_else(|_| Err(Refusal::damaged("unreadable structure")))
}

/// Runs somebody else's code over a stranger's bytes; `None` if it panics.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    guarded(|| Ok(work())).ok()
}

thread_local! {
    static GUARDED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Is this thread inside a reader whose panic becomes a refusal? A program's panic hook need not
/// print such a panic: the book's report says what became of the file.
pub fn in_guarded_reader() -> bool {
    GUARDED.get()
}
