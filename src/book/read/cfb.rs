//! A look into a compound file (MS-CFB: .xls, and every password-protected workbook) before the
//! workbook reader may. That reader follows sector chains without a bound and reserves room for
//! what a sheet declares, so a chain that bites its tail, or a sheet of four thousand million
//! declared rows, would take all memory; both are found here first.

use super::limits::{CELLS, Refusal};

/// From here on sector numbers are marks: free, end of chain, part of a table.
const FREE_FROM: u32 = 0xffff_fffa;

/// Columns of a BIFF sheet.
const BIFF_COLUMNS: u32 = 256;

pub(super) fn is_cfb(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// Refuses what is encrypted, what holds no workbook, and what the workbook reader cannot survive.
pub(super) fn look(bytes: &[u8]) -> Result<(), Refusal> {
    let file = File::new(bytes).ok_or_else(|| Refusal::damaged("compound file"))?;
    if file.entries.iter().any(|e| e.name == "encryptedpackage" || e.name == "encryptioninfo") {
        return Err(Refusal::encrypted());
    }
    let Some(book) = file.entries.iter().find(|e| e.name == "workbook" || e.name == "book") else {
        let document = file.entries.iter().any(|e| e.name == "worddocument" || e.name == "powerpoint document");
        return Err(if document { Refusal::new("not-read-document", "") } else { Refusal::damaged("no workbook") });
    };
    let stream = file.stream(book).ok_or_else(|| Refusal::damaged("workbook stream"))?;
    records(&stream)
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

struct File<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    entries: Vec<Entry>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]))
}

/// The numbers of a chain; `None` if it leaves the table or is longer than it (a circle).
fn chain(start: u32, fat: &[u32]) -> Option<Vec<u32>> {
    let mut found = Vec::new();
    let mut next = start;
    while next < FREE_FROM {
        found.push(next);
        if found.len() > fat.len() {
            return None;
        }
        next = *fat.get(next as usize)?;
    }
    Some(found)
}

impl<'a> File<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = File { bytes, sector, fat: vec![], mini_fat: vec![], mini: vec![], entries: vec![] };
        let most = bytes.len() / sector;
        let mut tables: Vec<u32> = words(bytes.get(76..512)?).collect();
        let mut next = u32_at(bytes, 68)?;
        let mut seen = 0;
        while next < FREE_FROM {
            seen += 1;
            if seen > most {
                return None;
            }
            tables.extend(words(file.sector(next)?));
            next = tables.pop()?;
        }
        for table in tables.into_iter().filter(|t| *t < FREE_FROM) {
            if file.fat.len() > most + sector {
                return None;
            }
            file.fat.extend(words(file.sector(table)?));
        }
        let directory = file.chained(u32_at(bytes, 48)?)?;
        file.mini_fat = words(&file.chained(u32_at(bytes, 60)?)?).collect();
        for entry in directory.chunks_exact(128) {
            let length = usize::from(u16_at(entry, 64)?).clamp(2, 64) - 2;
            let units: Vec<u16> = entry[..length].chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]])).collect();
            let high = if sector == 512 { 0 } else { u64::from(u32_at(entry, 124)?) << 32 };
            let size = high | u64::from(u32_at(entry, 120)?);
            // Empty slots say nothing; a stream cannot be larger than the file.
            if entry[66] != 0 && size > bytes.len() as u64 {
                return None;
            }
            let name = String::from_utf16_lossy(&units).to_lowercase();
            file.entries.push(Entry { name, start: u32_at(entry, 116)?, size });
        }
        let root = file.entries.first()?.start;
        file.mini = if file.mini_fat.is_empty() { vec![] } else { file.chained(root)? };
        Some(file)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let from = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        // The last sector of a file may be cut short.
        self.bytes.get(from..(from + self.sector).min(self.bytes.len()))
    }

    fn chained(&self, start: u32) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        for number in chain(start, &self.fat)? {
            content.extend_from_slice(self.sector(number)?);
        }
        Some(content)
    }

    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        let size = usize::try_from(entry.size).ok()?;
        let mut content = if entry.size < 4096 {
            let mut content = Vec::with_capacity(size);
            for number in chain(entry.start, &self.mini_fat)? {
                let from = (number as usize).checked_mul(64)?;
                content.extend_from_slice(self.mini.get(from..(from + 64).min(self.mini.len()))?);
            }
            content
        } else {
            self.chained(entry.start)?
        };
        content.truncate(size);
        Some(content)
    }
}

/// Walks the records of a workbook stream: protection, declared sizes, the places of cells.
fn records(stream: &[u8]) -> Result<(), Refusal> {
    /// `FilePass`: the rest is encrypted.
    const FILE_PASS: u16 = 0x002f;
    const BEGIN: u16 = 0x0809;
    const DIMENSIONS: u16 = 0x0200;
    /// Formula, Number, Label, RString, `BoolErr`, Rk, `LabelSst`, `MulRk`.
    const CELL: [u16; 8] = [0x0006, 0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x00fd, 0x00bd];
    let damaged = || Refusal::damaged("workbook records");
    let (mut at, mut last_row, mut last_column) = (0, 0_u64, 0_u64);
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let data = stream.get(at + 4..at + 4 + usize::from(length)).ok_or_else(damaged)?;
        at += 4 + data.len();
        match kind {
            FILE_PASS => return Err(Refusal::encrypted()),
            BEGIN => (last_row, last_column) = (0, 0),
            DIMENSIONS if data.len() >= 14 => {
                let (rows, columns) = (u32_at(data, 4).unwrap_or(0), u32::from(u16_at(data, 10).unwrap_or(0)));
                let first = u32_at(data, 0).unwrap_or(0);
                if rows > 65_536 || columns > BIFF_COLUMNS || (rows > 0 && first >= rows) {
                    return Err(Refusal::damaged("sheet dimensions"));
                }
            }
            kind if CELL.contains(&kind) => {
                let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { return Err(damaged()) };
                // A run of numbers ends at the column in its last two bytes.
                let column = if kind == 0x00bd { u16_at(data, data.len() - 2).unwrap_or(column) } else { column };
                last_row = last_row.max(u64::from(row));
                last_column = last_column.max(u64::from(column));
                if last_column >= u64::from(BIFF_COLUMNS) {
                    return Err(Refusal::new("not-read-too-wide", format!("{} > {BIFF_COLUMNS}", last_column + 1)));
                }
                let cells = (last_row + 1) * (last_column + 1);
                if cells > CELLS as u64 {
                    return Err(Refusal::too_large(cells, CELLS));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: u32 = 0xffff_fffe;

    #[test]
    fn chains_that_circle_are_refused() {
        assert_eq!(chain(0, &[1, 2, END]), Some(vec![0, 1, 2]));
        assert_eq!(chain(0, &[1, 0]), None);
        assert_eq!(chain(0, &[7]), None);
        assert_eq!(chain(END, &[]), Some(vec![]));
    }

    #[test]
    fn records_are_bounded() {
        let record = |kind: u16, data: &[u8]| {
            let length = u16::try_from(data.len()).unwrap_or(0).to_le_bytes();
            [&kind.to_le_bytes()[..], &length[..], data].concat()
        };
        assert_eq!(records(&record(0x002f, &[0; 6])).map_err(|r| r.reason), Err("not-read-encrypted"));
        let mut wide = vec![0; 14];
        wide[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(records(&record(0x0200, &wide)).map_err(|r| r.reason), Err("not-read-damaged"));
        assert_eq!(records(&record(0x0203, &[1, 0, 0, 1, 0, 0])).map_err(|r| r.reason), Err("not-read-too-wide"));
        assert_eq!(records(&record(0x0203, &[1, 0, 1, 0, 0, 0])), Ok(()));
        assert_eq!(records(&record(0x0203, &[1])).map_err(|r| r.reason), Err("not-read-damaged"));
    }
}
