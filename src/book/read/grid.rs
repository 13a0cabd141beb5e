//! A grid of cells, grown cell by cell: what a sheet declares about its size is never believed.

use super::limits::{CELLS, COLUMNS, MERGES, ROWS, Refusal};
use crate::book::raw::{Body, Cell, Merge};

/// Rows of cells; each row ends with its last filled cell, the grid with its last filled row.
#[derive(Default)]
pub(super) struct Grid {
    rows: Vec<Vec<Cell>>,
    cells: usize,
    /// Length of the row before: the next one is likely as long.
    usual: usize,
    /// Fields by record, of separated text.
    fields: Vec<u32>,
}

impl Grid {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Puts a cell in its place; blanks leave no trace.
    pub fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), Refusal> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if column >= COLUMNS {
            return Err(Refusal::new("not-read-too-wide", format!("> {COLUMNS}")));
        }
        if row >= ROWS {
            return Err(Refusal::too_large(row + 1, ROWS));
        }
        if row >= self.rows.len() {
            self.usual = self.rows.last().map_or(0, Vec::len);
            self.rows.resize_with(row + 1, Vec::new);
        }
        let last = row + 1 == self.rows.len();
        let cells = &mut self.rows[row];
        if column >= cells.len() {
            self.cells += column + 1 - cells.len();
            if self.cells > CELLS {
                return Err(Refusal::too_large(self.cells, CELLS));
            }
            // Only at the end: rows out of order could each reserve what one long row had.
            if cells.is_empty() && last {
                cells.reserve_exact(self.usual.max(column + 1));
            }
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
        Ok(())
    }

    /// Notes how many fields the next record has.
    pub fn record(&mut self, fields: usize) {
        if self.fields.len() < ROWS {
            self.fields.push(u32::try_from(fields).unwrap_or(u32::MAX));
        }
    }

    /// The body of a sheet. Merged ranges are cut to the grid, so that nobody walks over a million
    /// merged rows of nothing; single cells are no merge.
    pub fn into_body(self, merges: Vec<Merge>) -> Body {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let height = self.rows.len();
        let merges = merges
            .into_iter()
            .filter(|m| m.top < height && m.left < width && m.top <= m.bottom && m.left <= m.right)
            .map(|m| Merge { bottom: m.bottom.min(height - 1), right: m.right.min(width - 1), ..m })
            .filter(|m| m.top < m.bottom || m.left < m.right)
            .take(MERGES)
            .collect();
        Body::Grid { rows: self.rows, merges, fields: self.fields }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_by_need_and_refuses_the_far_corner() {
        let mut grid = Grid::default();
        assert!(grid.put(5, 2, Cell::Number(1.0)).is_ok());
        assert!(grid.put(900_000, 9_000, Cell::Empty).is_ok());
        assert_eq!(grid.put(0, 4_096, Cell::Number(1.0)).map_err(|r| r.reason), Err("not-read-too-wide"));
        assert_eq!(grid.put(1_048_576, 0, Cell::Number(1.0)).map_err(|r| r.reason), Err("not-read-too-large"));
        assert_eq!(grid.cells, 3);
        let whole = Merge { top: 0, left: 0, bottom: 1_000_000, right: 16_000 };
        let Body::Grid { rows, merges, .. } = grid.into_body(vec![whole]) else { panic!("a grid") };
        assert_eq!((rows.len(), rows[5].len(), rows[0].len()), (6, 3, 0));
        assert_eq!(merges, [Merge { top: 0, left: 0, bottom: 5, right: 2 }]);
    }

    #[test]
    fn many_far_cells_are_too_many() {
        let mut grid = Grid::default();
        let refused = (0..ROWS).find_map(|row| grid.put(row, COLUMNS - 1, Cell::Number(1.0)).err());
        assert_eq!(refused.map(|r| r.reason), Some("not-read-too-large"));
    }
}
