//! A line that somebody typed, pasted or piped in.

use std::io::{self, BufRead, ErrorKind, Read};

use encoding_rs::GB18030;

use crate::book::value::compact;

/// More than any path or answer; what is longer comes as several lines.
const LONGEST: u64 = 1 << 16;

/// Lines in a row that a console may garble before it counts as gone.
const GARBLED: u32 = 3;

/// The next line without its end; `None` when there are no more. Consoles give Unicode; what a
/// script pipes in may be GBK. No bytes stop it: what is neither becomes question marks.
///
/// # Errors
/// The input fails.
pub fn read_line(input: &mut dyn BufRead) -> io::Result<Option<String>> {
    let mut garbled = 0;
    let mut bytes = Vec::new();
    loop {
        match input.take(LONGEST).read_until(b'\n', &mut bytes) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            // Half a character on a Windows console.
            Err(error) if error.kind() == ErrorKind::InvalidData && garbled < GARBLED => garbled += 1,
            Err(error) => return Err(error),
        }
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    };
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// An answer for comparison: no spaces, half-width, lower case. `１ ` is `1`.
pub fn answer(line: &str) -> String {
    let plain: String = line.chars().filter(|c| !c.is_control()).collect();
    compact(&plain).0.trim_end_matches(['.', '、', '。']).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn utf8_and_gbk_lines() {
        let mut piped = "\u{feff}台账（终稿）\r\n\n".as_bytes().to_vec();
        piped.extend(GB18030.encode("头雁 县\n").0.iter());
        piped.extend(b"1");
        let mut input = piped.as_slice();
        let lines: Vec<String> = std::iter::from_fn(|| read_line(&mut input).unwrap()).collect();
        assert_eq!(lines, ["台账（终稿）", "", "头雁 县", "1"]);
    }

    #[test]
    fn answers_however_they_are_typed() {
        for typed in ["1", " １ ", "1.", "1、", "1。"] {
            assert_eq!(answer(typed), "1", "{typed}");
        }
        assert_eq!(answer("Ｑ"), "q");
    }

    proptest! {
        #[test]
        fn no_bytes_stop_it(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut input = bytes.as_slice();
            let mut lines = 0;
            while let Some(line) = read_line(&mut input).unwrap() {
                answer(&line);
                lines += 1;
            }
            prop_assert!(lines <= bytes.len());
        }
    }
}
