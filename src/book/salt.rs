//! The book's salt: 32 random bytes beside the book, without which surrogate codes of people could
//! be guessed from ID numbers.

use std::path::{Path, PathBuf};

use crate::ident::Salt;

/// Where a salt came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaltOrigin {
    /// The file beside the book.
    File,
    /// Drawn now, and written beside the book.
    New,
    /// The file cannot be written: derived from the book's content. Codes then change whenever the
    /// book does, and whoever holds the book can compute them.
    Derived,
}

/// The file that holds the salt of a book: `<book>.touyan-salt` beside it.
pub fn salt_file(book: &Path) -> PathBuf {
    sibling(book, ".touyan-salt")
}

/// A file of touyan's own beside a book: the book's name with something behind it.
pub fn sibling(book: &Path, suffix: &str) -> PathBuf {
    // `book/` and `.` name a folder whose own name is wanted.
    let whole = if book.file_name().is_none() {
        book.canonicalize().unwrap_or_else(|_| book.to_owned())
    } else {
        book.to_owned()
    };
    let mut name = whole.file_name().unwrap_or_default().to_os_string();
    name.push(suffix);
    whole.with_file_name(name)
}

/// The salt of a book: read, or drawn and written at first use, or derived from the content of its
/// `files` (names relative to `root`) where nothing can be written.
pub fn salt_of(book: &Path, root: &Path, files: &[(String, String)]) -> (Salt, SaltOrigin) {
    let path = salt_file(book);
    if let Some(salt) = std::fs::read_to_string(&path).ok().and_then(|text| parse(text.trim())) {
        return (salt, SaltOrigin::File);
    }
    let read_only = path
        .parent()
        .map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p })
        .is_none_or(|p| std::fs::metadata(p).map_or(true, |m| m.permissions().readonly()));
    let mut bytes = [0_u8; 32];
    if !read_only && getrandom::fill(&mut bytes).is_ok() {
        match create(&path, &hex(&bytes)) {
            Ok(()) => return (Salt(bytes), SaltOrigin::New),
            // Another run was quicker.
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                if let Some(salt) = std::fs::read_to_string(&path).ok().and_then(|text| parse(text.trim())) {
                    return (salt, SaltOrigin::File);
                }
            }
            Err(_) => {}
        }
    }
    (derived(root, files.iter().map(|(name, _)| name.as_str())), SaltOrigin::Derived)
}

/// A salt from the book's content: a keyed hash of the bytes, which nobody can compute from the
/// plain hashes that a run's log lists.
fn derived<'a>(root: &Path, files: impl Iterator<Item = &'a str>) -> Salt {
    let mut hasher = blake3::Hasher::new_derive_key("touyan 2026 salt of a county book from its content");
    for name in files {
        // A file that has gone since it was read counts as empty: the codes differ, nothing leaks.
        let bytes = std::fs::read(root.join(name)).unwrap_or_default();
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
    }
    Salt(*hasher.finalize().as_bytes())
}

fn create(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn parse(text: &str) -> Option<Salt> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0_u8; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(Salt(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_is_drawn_once_and_kept() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let book = folder.path().join("county");
        std::fs::create_dir(&book)?;
        let (first, origin) = salt_of(&book, &book, &[]);
        assert_eq!(origin, SaltOrigin::New);
        let (second, origin) = salt_of(&book, &book, &[]);
        assert_eq!((origin, first.0), (SaltOrigin::File, second.0));
        assert_ne!(first.0, [0; 32]);
        assert!(folder.path().join("county.touyan-salt").is_file());
        Ok(())
    }

    #[test]
    fn a_derived_salt_follows_the_content() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let salt = |content: &str| {
            std::fs::write(folder.path().join("a.csv"), content)?;
            Ok::<_, std::io::Error>(derived(folder.path(), ["a.csv"].into_iter()).0)
        };
        let first = salt("x")?;
        assert_ne!(first, salt("y")?);
        assert_eq!(first, salt("x")?);
        Ok(())
    }
}
