//! What the operating system says about files that another program uses.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Windows: "the file is in use by another process" and "a part of the file is locked".
const IN_USE: [i32; 2] = [32, 33];

/// Is the file held by another program, such as Excel, so that it cannot be read now?
pub fn in_use(error: &Error) -> bool {
    cfg!(windows) && error.raw_os_error().is_some_and(|code| IN_USE.contains(&code))
}

/// Does the system refuse, be it for another program's sake or for lack of a right?
pub fn refused(error: &Error) -> bool {
    in_use(error) || error.kind() == ErrorKind::PermissionDenied
}

/// May a folder not be moved because something in it is open? Windows then refuses access; other
/// systems move it all the same.
pub fn held(error: &Error) -> bool {
    cfg!(windows) && refused(error)
}

/// A file of a folder that another program holds so that it can be neither moved nor removed: a
/// workbook open in Excel. Only Windows knows such a state.
#[cfg(windows)]
pub fn held_file(folder: &Path) -> Option<PathBuf> {
    use std::os::windows::fs::OpenOptionsExt;
    /// The right to remove a file, asked for and not used.
    const DELETE: u32 = 0x0001_0000;
    let mut entries: Vec<_> = std::fs::read_dir(folder).ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    entries.sort();
    entries.into_iter().find_map(|path| match path.is_dir() {
        true => held_file(&path),
        false => match std::fs::OpenOptions::new().access_mode(DELETE).open(&path) {
            Err(error) if in_use(&error) => Some(path),
            _ => None,
        },
    })
}

/// Other systems let go of every file.
#[cfg(not(windows))]
pub fn held_file(_: &Path) -> Option<PathBuf> {
    None
}

/// Does `work`, and on Windows again for a second: virus scanners and indexers hold what has just
/// been written for some tenths of it.
///
/// # Errors
/// That of the last attempt.
pub fn patiently<T>(mut work: impl FnMut() -> std::io::Result<T>) -> std::io::Result<T> {
    let attempts = if cfg!(windows) { 5 } else { 1 };
    let mut result = work();
    for _ in 1..attempts {
        match &result {
            Err(error) if held(error) => std::thread::sleep(std::time::Duration::from_millis(200)),
            _ => break,
        }
        result = work();
    }
    result
}
