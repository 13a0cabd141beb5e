//! Bytes to text. Excel saves CSV as GBK without a mark, editors as UTF-8 with or without one,
//! "Unicode text" as UTF-16.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::limits::Refusal;

/// Three-byte UTF-8 sequences before a fault that settle that the text is broken UTF-8: GBK bytes
/// form one by chance now and then, not eight in a row of the file's beginning.
const SURELY_UTF8: usize = 8;

/// The text of a file: by its byte-order mark, else UTF-8 if it is valid, else GB18030 if that is
/// valid to the last byte. Nothing is replaced: a byte that fits neither refuses the file and is
/// named by its offset.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if let Some(body) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return std::str::from_utf8(body).map(Cow::Borrowed).map_err(|e| invalid("UTF-8", e.valid_up_to() + 3));
    }
    if let Some(body) = bytes.strip_prefix(b"\xff\xfe") {
        return strictly(UTF_16LE, body, 2).map(Cow::Owned);
    }
    if let Some(body) = bytes.strip_prefix(b"\xfe\xff") {
        return strictly(UTF_16BE, body, 2).map(Cow::Owned);
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return strictly(encoding, bytes, 0).map(Cow::Owned);
    }
    // A stray NUL is cleaned from its cell; many are no text.
    let nuls = bytes.iter().filter(|b| **b == 0).count();
    if nuls > 8 && nuls * 100 > bytes.len() {
        return Err(Refusal::new("not-read-damaged", format!("{nuls} × NUL")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let valid = &bytes[..error.valid_up_to()];
            let wide = valid.iter().filter(|b| **b >= 0xe0).count();
            if wide >= SURELY_UTF8 {
                return Err(invalid("UTF-8", error.valid_up_to()));
            }
            strictly(GB18030, bytes, 0).map(Cow::Owned)
        }
    }
}

fn invalid(encoding: &str, offset: usize) -> Refusal {
    Refusal::new("not-read-encoding", format!("{encoding}, {offset}"))
}

/// UTF-16 without a mark: every other byte of the beginning is NUL, as with digits and commas.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(256) & !1];
    if head.len() < 8 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let nuls = |at: usize| head.iter().skip(at).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let many = head.len() / 8;
    match (even > many, odd > many) {
        (false, true) if even == 0 => Some(UTF_16LE),
        (true, false) if odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}

fn strictly(encoding: &'static Encoding, bytes: &[u8], skipped: usize) -> Result<String, Refusal> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(capacity);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => {
            text.shrink_to_fit();
            Ok(text)
        }
        DecoderResult::Malformed(length, behind) => {
            let back = usize::from(length) + usize::from(behind);
            Err(invalid(encoding.name(), skipped + read.saturating_sub(back)))
        }
        DecoderResult::OutputFull => Err(invalid(encoding.name(), skipped + read)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn every_encoding_of_one_text() {
        let text = "村名,姓名\n大泉村,张三\n";
        let mut marked = b"\xef\xbb\xbf".to_vec();
        marked.extend(text.as_bytes());
        let little = [b"\xff\xfe".to_vec(), utf16(text, false)].concat();
        let big = [b"\xfe\xff".to_vec(), utf16(text, true)].concat();
        for bytes in [text.as_bytes().to_vec(), marked, little, big, GB18030.encode(text).0.into_owned()] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
        assert_eq!(decode(&utf16("id,value\n1,2\n", false)).as_deref(), Ok("id,value\n1,2\n"));
        assert_eq!(decode(&utf16("id,value\n1,2\n", true)).as_deref(), Ok("id,value\n1,2\n"));
    }

    #[test]
    fn faults_name_the_byte() {
        let broken = [b"a,b\n1,".to_vec(), vec![0xff, b'\n']].concat();
        assert_eq!(decode(&broken), Err(Refusal::new("not-read-encoding", "gb18030, 6")));
        let mut broken = "村名,姓名,乡镇,大泉村".as_bytes().to_vec();
        broken.truncate(broken.len() - 1);
        assert_eq!(decode(&broken), Err(Refusal::new("not-read-encoding", "UTF-8, 27")));
        assert!(decode(&[0; 4096]).is_err());
    }
}
