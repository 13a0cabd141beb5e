//! Without a command: a conversation for somebody who double-clicked the program or dropped a
//! folder on it. One file per entry of the menu; [`MENU`] is the list of them.

mod book;
mod check;
mod demo;
mod run;
mod sheets;
mod talk;

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::args::RuleArgs;
use super::{CliError, DONE, FAILED};
use crate::desk;
use crate::lang::Lang;
use crate::say;
use talk::{Stop, Talk};

/// Where the conversation takes place, and what it may touch.
pub struct Desk<'a> {
    pub lang: Lang,
    /// What is typed.
    pub input: &'a mut dyn BufRead,
    /// What is shown.
    pub output: &'a mut dyn Write,
    /// Shows a finished report to the reader; an error is told and no more.
    pub open: &'a dyn Fn(&Path) -> Result<(), String>,
    /// Folders in which books are looked for and the demo is written: the working folder and, last,
    /// the program's own.
    pub places: Vec<PathBuf>,
    /// No progress on standard error.
    pub quiet: bool,
}

/// An entry of the menu: its message is `desk-menu-<id>`.
struct Entry {
    id: &'static str,
    /// Asks which book first, if none is chosen yet.
    needs_book: bool,
    act: fn(&mut Guide) -> Result<(), Trouble>,
}

/// The menu, numbered from 1 in this order; 0 leaves. A further task is a further line.
const MENU: &[Entry] = &[
    Entry { id: "check", needs_book: true, act: check::act },
    Entry { id: "run", needs_book: true, act: run::act },
    Entry { id: "materials", needs_book: true, act: run::materials },
    Entry { id: "return", needs_book: true, act: sheets::back },
    Entry { id: "templates", needs_book: false, act: sheets::templates },
    Entry { id: "demo", needs_book: false, act: demo::act },
    Entry { id: "other", needs_book: false, act: book::another },
];

/// The state of a conversation.
struct Guide<'a> {
    talk: Talk<'a>,
    open: &'a dyn Fn(&Path) -> Result<(), String>,
    places: Vec<PathBuf>,
    quiet: bool,
    book: Option<PathBuf>,
    /// A policy that was dropped together with the book.
    policy: Option<PathBuf>,
}

/// Why an entry did not finish.
enum Trouble {
    /// The conversation is over.
    Stop(Stop),
    /// Told, and back to the menu.
    Told(CliError),
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Trouble::Stop(stop)
    }
}

impl From<CliError> for Trouble {
    fn from(error: CliError) -> Self {
        Trouble::Told(error)
    }
}

/// Holds the conversation about `given` files and folders until the reader leaves or the input ends.
///
/// # Errors
/// The screen or the keyboard fails.
pub fn guide(desk: Desk, given: Vec<PathBuf>) -> io::Result<()> {
    let mut guide = Guide {
        talk: Talk { lang: desk.lang, input: desk.input, output: desk.output },
        open: desk.open,
        places: desk.places,
        quiet: desk.quiet,
        book: None,
        policy: None,
    };
    match guide.converse(given) {
        Ok(()) | Err(Stop::Left | Stop::Back) => Ok(()),
        Err(Stop::Failed(error)) => Err(error),
    }
}

impl Guide<'_> {
    fn converse(&mut self, given: Vec<PathBuf>) -> Result<(), Stop> {
        let lang = self.talk.lang;
        self.talk.say(&say!(lang, "desk-welcome", version = env!("CARGO_PKG_VERSION")))?;
        self.choose_book(given)?;
        loop {
            let entry = self.choose_entry()?;
            if entry.needs_book && self.book.is_none() {
                self.choose_book(Vec::new())?;
                if self.book.is_none() {
                    continue;
                }
            }
            match (entry.act)(self) {
                Ok(()) | Err(Trouble::Stop(Stop::Back)) => {}
                Err(Trouble::Stop(stop)) => return Err(stop),
                Err(Trouble::Told(error)) => {
                    self.talk.say(&error.render(lang))?;
                    self.talk.pause()?;
                }
            }
        }
    }

    /// Shows the menu until one of its entries is chosen.
    fn choose_entry(&mut self) -> Result<&'static Entry, Stop> {
        let lang = self.talk.lang;
        let mut shown = false;
        loop {
            if !shown {
                self.talk.say("")?;
                if let Some(book) = &self.book {
                    self.talk.say(&say!(lang, "desk-book", path = book.display().to_string()))?;
                }
                for (at, entry) in MENU.iter().enumerate() {
                    self.talk.say(&format!("  {} {}", at + 1, lang.text(&format!("desk-menu-{}", entry.id))))?;
                }
                self.talk.say(&format!("  0 {}", lang.text("desk-menu-leave")))?;
                shown = true;
            }
            let line = self.talk.ask(&lang.text("desk-menu-ask"))?;
            let typed = desk::answer(&line);
            match typed.parse::<usize>() {
                Ok(0) => return Err(Stop::Left),
                Ok(n) if n <= MENU.len() => return Ok(&MENU[n - 1]),
                _ if matches!(typed.as_str(), "q" | "exit" | "quit" | "退出") => return Err(Stop::Left),
                _ if typed.is_empty() => {}
                _ => match desk::typed_paths(&line) {
                    // Somebody drops the next folder on the window without being asked.
                    Ok(paths) if !paths.is_empty() => {
                        self.choose_book(paths)?;
                        shown = false;
                    }
                    _ => self.talk.say(&say!(lang, "desk-menu-wrong", most = MENU.len()))?,
                },
            }
        }
    }

    /// The rules of a run: the county's own policy where it lies at hand. Says which.
    fn rules(&mut self, book: &Path) -> Result<RuleArgs, Stop> {
        let lang = self.talk.lang;
        let program = self.places.last().map(PathBuf::as_path);
        let policy = self.policy.clone().or_else(|| desk::policy_for(book, program));
        match &policy {
            Some(path) => self.talk.say(&say!(lang, "desk-policy-own", path = path.display().to_string()))?,
            None => self.talk.say(&lang.text("desk-policy-default"))?,
        }
        Ok(RuleArgs { policy, as_of: None, seed: 1, threads: None, corrections: None })
    }

    /// Shows a file in the program that belongs to it, and says where it lies in any case.
    fn show(&mut self, file: &Path) -> Result<(), Stop> {
        let lang = self.talk.lang;
        let path = file.display().to_string();
        match (self.open)(file) {
            Ok(()) => self.talk.say(&say!(lang, "desk-opened", path = path)),
            Err(_) => self.talk.say(&say!(lang, "desk-open-yourself", path = path)),
        }
    }
}

/// The conversation at this process's own terminal. The window of a double-click closes with the
/// program, so every task waits for the Enter key, and only the reader leaves.
pub fn at_terminal(lang: Lang, given: Vec<PathBuf>) -> u8 {
    let (stdin, stdout) = (io::stdin(), io::stdout());
    let seen = stdout.is_terminal();
    let program = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let places = [std::env::current_dir().ok(), program].into_iter().flatten().collect();
    // Into a pipe nobody looks for a window.
    let open = |path: &Path| match seen {
        true => opener::open(path).map_err(|e| e.to_string()),
        false => Err(String::new()),
    };
    let (mut input, mut output) = (stdin.lock(), stdout);
    let desk = Desk { lang, input: &mut input, output: &mut output, open: &open, places, quiet: !seen };
    match guide(desk, given) {
        Ok(()) => {}
        // Whoever read the other end of the pipe has gone.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return DONE,
        Err(error) => {
            eprintln!("{}", say!(lang, "error", text = error.to_string()));
            return FAILED;
        }
    }
    DONE
}
