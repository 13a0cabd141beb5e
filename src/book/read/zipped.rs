//! A look into a ZIP container before a workbook reader may: what it is, and whether it would
//! burst.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::limits::{DEFLATE_RATIO, PART_BYTES, PARTS, Refusal, WORKBOOK_BYTES};

/// What a container holds, by the names of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Xlsx,
    Xlsb,
    Ods,
    /// A text document or slides under the wrong name, or any other archive.
    Other,
}

pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Checks a container against the limits.
pub(super) fn look(bytes: &[u8]) -> Result<Container, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(Refusal::damaged)?;
    if archive.len() > PARTS {
        return Err(Refusal::too_large(archive.len(), PARTS));
    }
    let (mut total, mut packed) = (0_u64, 0_u64);
    let mut names = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at).map_err(Refusal::damaged)?;
        if part.encrypted() {
            return Err(Refusal::encrypted());
        }
        let name = part.name().map_err(Refusal::damaged)?.to_lowercase();
        if part.size() > PART_BYTES {
            return Err(Refusal::too_large(megabytes(part.size()), megabytes(PART_BYTES)));
        }
        total = total.saturating_add(part.size());
        packed = packed.saturating_add(part.compressed_size());
        names.push((name, part.size()));
    }
    if total > WORKBOOK_BYTES {
        return Err(Refusal::too_large(megabytes(total), megabytes(WORKBOOK_BYTES)));
    }
    // The directory may lie about sizes. Where even the best compression cannot burst the limit
    // the lie is harmless; a larger file is inflated once, into nothing, to see.
    if packed.saturating_mul(DEFLATE_RATIO) > PART_BYTES {
        names.iter().enumerate().try_for_each(|(at, (_, size))| measure(&mut archive, at, *size))?;
    }
    strings_as_declared(&mut archive, &names)?;
    let has = |wanted: &str| names.iter().any(|(name, _)| name == wanted);
    Ok(if has("xl/workbook.bin") {
        Container::Xlsb
    } else if has("content.xml") && has("mimetype") {
        Container::Ods
    } else if has("word/document.xml") || has("ppt/presentation.xml") || !has("[content_types].xml") {
        Container::Other
    } else {
        Container::Xlsx
    })
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1 << 20))
}

/// Inflates a part and compares its size with what the directory says.
fn measure(archive: &mut Archive<'_>, at: usize, declared: u64) -> Result<(), Refusal> {
    let part = archive.by_index(at).map_err(Refusal::damaged)?;
    let found = std::io::copy(&mut part.take(declared + 1), &mut std::io::sink()).map_err(Refusal::damaged)?;
    if found == declared { Ok(()) } else { Err(Refusal::damaged("part sizes")) }
}

/// The reader of workbooks reserves room for as many shared strings as their table says; no
/// allocator survives a table that says a million million. A string takes four bytes at least.
fn strings_as_declared(archive: &mut Archive<'_>, names: &[(String, u64)]) -> Result<(), Refusal> {
    for (at, (name, size)) in names.iter().enumerate() {
        if !name.ends_with("sharedstrings.xml") {
            continue;
        }
        let mut head = Vec::new();
        archive.by_index(at).map_err(Refusal::damaged)?.take(4096).read_to_end(&mut head).map_err(Refusal::damaged)?;
        let head = String::from_utf8_lossy(&head);
        let declared = head.split("uniqueCount").nth(1).map(|behind| {
            let digits: String =
                behind.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
            digits.parse::<u64>().unwrap_or(u64::MAX)
        });
        if declared.is_some_and(|count| count > size / 4) {
            return Err(Refusal::damaged("sharedStrings uniqueCount"));
        }
    }
    Ok(())
}

/// One part, inflated, within the limit.
pub(super) fn part(bytes: &[u8], name: &str) -> Result<Vec<u8>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(Refusal::damaged)?;
    let part = archive.by_name(name).map_err(Refusal::damaged)?;
    let mut content = Vec::new();
    part.take(PART_BYTES + 1).read_to_end(&mut content).map_err(Refusal::damaged)?;
    if content.len() as u64 > PART_BYTES {
        return Err(Refusal::too_large(megabytes(content.len() as u64), megabytes(PART_BYTES)));
    }
    Ok(content)
}
