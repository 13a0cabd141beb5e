//! Where the rows of a grid come from, once corrected copies have been laid over a sheet.

/// One row of a grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// 0 for the sheet itself, else one more than the place of the copy in [`Lines::parts`].
    pub part: u32,
    /// 1-based row in its own file.
    pub row: u32,
    /// 1-based row of the sheet whose place it took; 0 for a row of the sheet itself or an added one.
    pub over: u32,
    /// Fingerprint of the row of the sheet as it was before (see [`super::marker::fingerprint`]).
    pub was: u64,
    /// A row of the sheet that a copy took out.
    pub gone: bool,
}

/// The origin of every row of a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// By row of the grid.
    pub lines: Vec<Line>,
    /// File and sheet of every copy that rows came from.
    pub parts: Vec<(String, String)>,
}

impl Lines {
    /// The file, sheet and 1-based row that a 1-based row of the grid stands for.
    pub(super) fn origin<'a>(&'a self, own: (&'a str, &'a str), row: usize) -> (&'a str, &'a str, usize) {
        let Some(line) = row.checked_sub(1).and_then(|at| self.lines.get(at)) else { return (own.0, own.1, row) };
        let place = (line.part as usize).checked_sub(1).and_then(|at| self.parts.get(at));
        let (file, sheet) = place.map_or(own, |(file, sheet)| (file.as_str(), sheet.as_str()));
        (file, sheet, line.row as usize)
    }
}
