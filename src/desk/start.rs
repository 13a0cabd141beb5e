//! How the program was started.

use std::ffi::OsString;
use std::path::PathBuf;

/// What a start asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// A command line.
    Commands,
    /// A conversation about these files and folders, perhaps none.
    Guided(Vec<PathBuf>),
}

/// Nothing but existing paths: they were dropped on the program, and it asks what to do with them.
/// Nothing at all: it asks too, if somebody sits at a terminal (`seen`); a script gets the help as
/// ever. A path that is also a command is the command: what is dropped comes as a whole path.
pub fn start(arguments: &[OsString], is_command: impl Fn(&str) -> bool, seen: bool) -> Start {
    let mut paths = Vec::new();
    let mut rest = arguments.iter().skip(1);
    while let Some(argument) = rest.next() {
        match argument.to_str() {
            Some("--lang") => {
                rest.next();
            }
            Some(text) if text.starts_with("--lang=") => {}
            Some(text) if text.starts_with('-') => return Start::Commands,
            Some(text) if paths.is_empty() && is_command(text) => return Start::Commands,
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    let guided = if paths.is_empty() { seen } else { paths.iter().all(|p| p.exists()) };
    if guided { Start::Guided(paths) } else { Start::Commands }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn double_click_drop_and_command_line() {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("台账（终稿） 2");
        std::fs::create_dir(&book).unwrap();
        let path = book.to_str().unwrap();
        let began = |arguments: &[&str], seen: bool| {
            let arguments: Vec<OsString> = ["touyan"].iter().chain(arguments).map(OsString::from).collect();
            start(&arguments, |word| word == "run" || word == "研判", seen)
        };
        assert_eq!(began(&[], true), Start::Guided(vec![]));
        assert_eq!(began(&["--lang", "zh"], true), Start::Guided(vec![]));
        assert_eq!(began(&[], false), Start::Commands);
        for seen in [true, false] {
            assert_eq!(began(&[path], seen), Start::Guided(vec![book.clone()]));
            assert_eq!(began(&["--lang=en", path, path], seen), Start::Guided(vec![book.clone(), book.clone()]));
            assert_eq!(began(&["run", path], seen), Start::Commands);
            assert_eq!(began(&["研判"], seen), Start::Commands);
            assert_eq!(began(&[path, "没有这个"], seen), Start::Commands);
            assert_eq!(began(&[path, "--out"], seen), Start::Commands);
            assert_eq!(began(&["--help"], seen), Start::Commands);
        }
    }
}
