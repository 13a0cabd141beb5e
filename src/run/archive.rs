//! Archives (`.xlsx`, `.docx`) that are the same on every system.

/// The system that an entry's attributes belong to, as the format numbers them.
const UNIX: u8 = 3;

/// Rewrites what an archive says of the system it was made on: writers put "MS-DOS" there on
/// Windows and "Unix" elsewhere, and nothing that reads a workbook looks at it. What is no complete
/// archive stays as it is.
pub fn same_on_every_system(bytes: &mut [u8]) {
    let Some(entries) = entries(bytes) else { return };
    for at in entries {
        bytes[at + 5] = UNIX;
        // The DOS half of the attributes: "a folder", "read only".
        bytes[at + 38] = 0;
        bytes[at + 39] = 0;
    }
}

/// Where the entries of the central directory begin; `None` if it is not whole.
fn entries(bytes: &[u8]) -> Option<Vec<usize>> {
    let number = |at: usize, width: usize| -> Option<usize> {
        let part = bytes.get(at..at.checked_add(width)?)?;
        Some(part.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    };
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    // The end record stands at the end, unless a comment follows it.
    let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06")?;
    bytes.get(end..end.checked_add(22)?)?;
    let (count, mut at) = (number(end + 10, 2)?, number(end + 16, 4)?);
    let mut found = Vec::with_capacity(count);
    for _ in 0..count {
        if bytes.get(at..at.checked_add(46)?)?.get(..4)? != b"PK\x01\x02" {
            return None;
        }
        found.push(at);
        at += 46 + number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?;
    }
    (at <= end).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read, Write};
    use zip::System;
    use zip::write::SimpleFileOptions;

    fn archive(system: System) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().system(system);
        writer.add_directory("xl/", options).unwrap();
        writer.start_file("xl/表.xml", options).unwrap();
        writer.write_all("头雁".repeat(100).as_bytes()).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_system_leaves_no_trace_and_the_content_stays() {
        let (mut dos, mut unix) = (archive(System::Dos), archive(System::Unix));
        assert_ne!(dos, unix, "writers mark the system");
        same_on_every_system(&mut dos);
        same_on_every_system(&mut unix);
        assert!(dos == unix);
        let mut read = zip::ZipArchive::new(Cursor::new(dos)).unwrap();
        let mut text = String::new();
        read.by_name("xl/表.xml").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "头雁".repeat(100));
    }

    #[test]
    fn anything_else_is_left_alone() {
        let whole = archive(System::Dos);
        for cut in 0..whole.len() {
            let mut part = whole[..cut].to_vec();
            same_on_every_system(&mut part);
            assert!(part == whole[..cut], "cut at {cut}");
        }
        let mut text = b"PK\x03\x04 PK\x05\x06".to_vec();
        same_on_every_system(&mut text);
        assert_eq!(text, b"PK\x03\x04 PK\x05\x06");
    }
}
