//! The last step of a copied workbook: strings that no cell uses any more leave the file (they were
//! other townships' rows), formulas are computed anew when it is opened, and the bytes depend on
//! the contents alone.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Repacks a workbook that umya wrote. `None` if it is none, which would be a mistake in umya.
pub(super) fn repack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts: Vec<(String, Vec<u8>)> = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).ok()?;
        let mut content = Vec::new();
        let name = part.name().ok()?.into_owned();
        part.read_to_end(&mut content).ok()?;
        parts.push((name, content));
    }
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    let mut order: Vec<usize> = Vec::new();
    for (_, content) in parts.iter_mut().filter(|(name, _)| is_sheet(name)) {
        let text = std::str::from_utf8(content).ok()?;
        *content = renumber(text, &mut numbers, &mut order)?.into_bytes();
    }
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, mut content) in parts {
        if name == "xl/sharedStrings.xml" {
            content = strings(std::str::from_utf8(&content).ok()?, &order)?.into_bytes();
        } else if name == "xl/workbook.xml" {
            let text = std::str::from_utf8(&content).ok()?;
            content = text.replacen("<calcPr ", "<calcPr fullCalcOnLoad=\"1\" ", 1).into_bytes();
        }
        out.start_file(name, plain).ok()?;
        out.write_all(&content).ok()?;
    }
    Some(out.finish().ok()?.into_inner())
}

fn is_sheet(name: &str) -> bool {
    name.starts_with("xl/worksheets/") && name.ends_with(".xml")
}

/// Gives the shared strings of a sheet new numbers in the order of their use.
fn renumber(sheet: &str, numbers: &mut BTreeMap<usize, usize>, order: &mut Vec<usize>) -> Option<String> {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find("<c ") {
        let close = at + rest[at..].find('>')?;
        let tag = &rest[at..=close];
        let shared = tag.contains(" t=\"s\"") && !tag.ends_with("/>");
        out.push_str(&rest[..=close]);
        rest = &rest[close + 1..];
        if !shared {
            continue;
        }
        let value = rest.find("<v>")? + 3;
        let end = value + rest[value..].find("</v>")?;
        let old: usize = rest[value..end].trim().parse().ok()?;
        let new = *numbers.entry(old).or_insert_with(|| {
            order.push(old);
            order.len() - 1
        });
        out.push_str(&rest[..value]);
        out.push_str(&new.to_string());
        rest = &rest[end..];
    }
    out.push_str(rest);
    Some(out)
}

/// The strings that are still used, in their new order.
fn strings(table: &str, order: &[usize]) -> Option<String> {
    let open = table.find("<sst")?;
    let body = open + table[open..].find('>')? + 1;
    let mut items: Vec<&str> = Vec::new();
    let mut rest = table.get(body..).unwrap_or_default();
    while let Some(at) = rest.find("<si") {
        let tag = at + rest[at..].find('>')?;
        let end = if rest[..=tag].ends_with("/>") { tag + 1 } else { at + rest[at..].find("</si>")? + 5 };
        items.push(&rest[at..end]);
        rest = &rest[end..];
    }
    let mut out = String::with_capacity(table.len());
    out.push_str(&table[..open]);
    out.push_str(&format!(
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"{}\">",
        order.len()
    ));
    for old in order {
        out.push_str(items.get(*old)?);
    }
    out.push_str("</sst>");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_strings_leave() {
        let sheet = "<c r=\"A1\" t=\"s\"><v>2</v></c><c r=\"B1\"><v>2</v></c><c r=\"C1\" t=\"s\" s=\"3\"><v>0</v></c><c r=\"D1\" s=\"1\"/>";
        let (mut numbers, mut order) = (BTreeMap::new(), Vec::new());
        let sheet = renumber(sheet, &mut numbers, &mut order).unwrap_or_default();
        assert_eq!(
            sheet,
            "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>2</v></c><c r=\"C1\" t=\"s\" s=\"3\"><v>1</v></c><c r=\"D1\" s=\"1\"/>"
        );
        let table = "<?xml?><sst count=\"9\"><si><t>甲</t></si><si><t>乙</t></si><si><r><t>丙</t></r></si></sst>";
        let table = strings(table, &order).unwrap_or_default();
        assert!(table.ends_with("uniqueCount=\"2\"><si><r><t>丙</t></r></si><si><t>甲</t></si></sst>"), "{table}");
        assert!(!table.contains('乙'));
    }
}
