//! Which book: dropped, typed, or found at hand.

use std::path::PathBuf;

use super::talk::Stop;
use super::{Guide, Trouble};
use crate::desk;
use crate::say;

/// How many books at hand are offered.
const OFFERED: usize = 9;

/// The menu's "another book".
pub(super) fn another(guide: &mut Guide) -> Result<(), Trouble> {
    Ok(guide.choose_book(Vec::new())?)
}

impl Guide<'_> {
    /// Settles the book: `given` if that is one, else what the reader says. Enter without a choice
    /// leaves things as they are.
    pub(super) fn choose_book(&mut self, given: Vec<PathBuf>) -> Result<(), Stop> {
        if self.settle(given)? {
            return Ok(());
        }
        let lang = self.talk.lang;
        let found = desk::candidates(&self.places, OFFERED);
        self.talk.say("")?;
        self.talk.say(&lang.text(if found.is_empty() { "desk-which-none" } else { "desk-which" }))?;
        for (at, path) in found.iter().enumerate() {
            self.talk.say(&format!("  {} {}", at + 1, path.display()))?;
        }
        let question = match (&self.book, found.is_empty()) {
            (Some(_), _) => "desk-which-ask-keep",
            (None, false) => "desk-which-ask-first",
            (None, true) => "desk-which-ask",
        };
        loop {
            let line = self.talk.ask(&lang.text(question))?;
            let typed = desk::answer(&line);
            if typed.is_empty() {
                if let (None, Some(first)) = (&self.book, found.first()) {
                    self.book = Some(desk::whole_path(first));
                }
                return Ok(());
            }
            match typed.parse::<usize>() {
                Ok(0) => return Ok(()),
                Ok(n) if n <= found.len() => {
                    self.book = Some(desk::whole_path(&found[n - 1]));
                    return Ok(());
                }
                _ => {}
            }
            match desk::typed_paths(&line) {
                Ok(paths) => {
                    if self.settle(paths)? {
                        return Ok(());
                    }
                }
                Err(path) => self.talk.say(&say!(lang, "desk-which-missing", path = path))?,
            }
        }
    }

    /// Takes one book out of some paths; a policy among them is kept for the runs. False if there
    /// is none.
    fn settle(&mut self, mut paths: Vec<PathBuf>) -> Result<bool, Stop> {
        let lang = self.talk.lang;
        paths.iter_mut().for_each(|p| *p = desk::whole_path(p));
        let is_policy = |p: &PathBuf| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) && p.is_file();
        if let Some(policy) = paths.iter().find(|p| is_policy(p)) {
            self.policy = Some(policy.clone());
        }
        paths.retain(|p| !is_policy(p));
        paths.dedup();
        // Some files of one folder: most likely the whole folder is the book.
        let parent = paths.first().and_then(|p| p.parent()).map(PathBuf::from);
        if let Some(parent) = parent
            && paths.len() > 1
            && paths.iter().all(|p| p.parent() == Some(&parent))
        {
            paths.insert(0, parent);
        }
        let chosen = match paths.len() {
            0 => return Ok(false),
            1 => 0,
            _ => {
                let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
                match self.talk.choose(&say!(lang, "desk-which-of", count = names.len()), &names) {
                    Err(Stop::Back) => return Ok(false),
                    chosen => chosen?,
                }
            }
        };
        self.book = Some(paths.swap_remove(chosen));
        Ok(true)
    }
}
