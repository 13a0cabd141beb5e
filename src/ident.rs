//! Stable identifiers: surrogate codes of people and IDs of recommendations.

/// Digits of Crockford's base 32: no I, L, O or U to misread.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code with so many decimal digits in a row would look like somebody's number, and be masked as one
/// wherever text is searched for those.
const LIKE_A_NUMBER: usize = 7;

fn code(prefix: char, hash: &blake3::Hash, length: usize) -> String {
    let mut text = String::with_capacity(length + 1);
    text.push(prefix);
    let mut bits = u128::from_be_bytes(hash.as_bytes()[..16].try_into().expect("a hash has 32 bytes"));
    for _ in 0..length {
        text.push(DIGITS[(bits >> 123) as usize] as char);
        bits <<= 5;
    }
    let like_a_number = text.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= LIKE_A_NUMBER);
    if like_a_number { code(prefix, &blake3::hash(hash.as_bytes()), length) } else { text }
}

/// The secret that keeps surrogate codes from being guessed: one per book, kept beside it.
#[derive(Clone)]
pub struct Salt(pub [u8; 32]);

impl Salt {
    /// Surrogate code of a person: `R` and 12 digits (60 bits), from whatever identifies them in
    /// the book.
    pub fn person(&self, identity: &str) -> String {
        code('R', &blake3::keyed_hash(&self.0, identity.as_bytes()), 12)
    }

    /// Tells whether two runs used the same salt, and nothing else: a keyed hash of a fixed text, so
    /// that neither the salt nor anybody's code can be had from it.
    pub fn fingerprint(&self) -> String {
        let hash = blake3::keyed_hash(&self.0, b"touyan 2026 fingerprint of a salt");
        hash.to_hex()[..16].to_owned()
    }

    /// The key of this book's check codes: it tells nothing about the salt.
    pub fn seal(&self) -> Seal {
        Seal(blake3::derive_key("touyan 2026 check codes of a decisions sheet", &self.0))
    }
}

/// The key of a book's check codes: a row of a sheet that comes back can be told to be the book's
/// own, and unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seal([u8; 32]);

impl Seal {
    /// Check code over the parts of a row: `K` and 7 digits (35 bits).
    pub fn check(&self, parts: &[&str]) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        code('K', &hasher.finalize(), 7)
    }
}

impl Seal {
    /// Short print over words that a reader may change by mistake: 3 digits (15 bits).
    pub fn print(&self, parts: &[&str]) -> String {
        self.check(parts)[1..4].to_owned()
    }
}

/// Stable ID of a recommendation: `T` and 10 digits, from what is recommended, for whom and by
/// which rule. The same advice has the same ID in every run.
pub fn recommendation(what: &str, whom: &str, rule: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [what, whom, rule] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    code('T', &hasher.finalize(), 10)
}

/// Stable ID of a vacancy: `V` and 10 digits, from the village and the post.
pub fn vacancy(village: &str, post: &str, seat: usize) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{village}\u{1f}{post}\u{1f}{seat}").as_bytes());
    code('V', &hasher.finalize(), 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_looks_like_a_number_of_a_person() {
        let codes: Vec<String> = (0..20_000).map(|i| Salt([7; 32]).person(&i.to_string())).collect();
        assert!(codes.iter().all(|code| crate::book::value::mask(code) == *code));
        assert_eq!(codes.iter().collect::<std::collections::HashSet<_>>().len(), codes.len());
        assert!((0..20_000).all(|seat| crate::book::value::mask(&vacancy("x", "y", seat)) == vacancy("x", "y", seat)));
    }

    #[test]
    fn codes_differ_by_salt_and_by_part() {
        assert_ne!(Salt([0; 32]).person("x"), Salt([1; 32]).person("x"));
        assert_ne!(recommendation("a", "bc", "d"), recommendation("ab", "c", "d"));
        assert_eq!(Salt([0; 32]).person("x").len(), 13);
    }
}
