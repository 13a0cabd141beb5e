//! Saying and asking.

use std::io::{self, BufRead, Write};

use crate::desk;
use crate::lang::Lang;

/// Why a conversation ends.
pub(super) enum Stop {
    /// The reader left, or there is nothing more to read.
    Left,
    /// The reader thought better of it: back to the menu.
    Back,
    /// Screen or keyboard failed.
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Failed(error)
    }
}

/// A screen and a keyboard.
pub(super) struct Talk<'a> {
    pub lang: Lang,
    pub input: &'a mut dyn BufRead,
    pub output: &'a mut dyn Write,
}

impl Talk<'_> {
    /// Shows a line, or several.
    pub fn say(&mut self, text: &str) -> Result<(), Stop> {
        writeln!(self.output, "{text}")?;
        Ok(())
    }

    /// Asks, and gives back what was typed.
    pub fn ask(&mut self, question: &str) -> Result<String, Stop> {
        write!(self.output, "{question}")?;
        self.output.flush()?;
        match desk::read_line(self.input)? {
            Some(line) => Ok(line),
            None => {
                writeln!(self.output)?;
                Err(Stop::Left)
            }
        }
    }

    /// One of some numbered choices; Enter takes the first, 0 goes back.
    pub fn choose(&mut self, question: &str, choices: &[String]) -> Result<usize, Stop> {
        self.say(question)?;
        for (at, choice) in choices.iter().enumerate() {
            self.say(&format!("  {} {choice}", at + 1))?;
        }
        loop {
            let typed = desk::answer(&self.ask(&self.lang.text("desk-choose"))?);
            match typed.parse::<usize>() {
                _ if typed.is_empty() => return Ok(0),
                Ok(0) => return Err(Stop::Back),
                Ok(n) if (1..=choices.len()).contains(&n) => return Ok(n - 1),
                _ => self.say(&crate::say!(self.lang, "desk-choose-wrong", most = choices.len()))?,
            }
        }
    }

    /// Waits for the Enter key, so that what stands on the screen can be read.
    pub fn pause(&mut self) -> Result<(), Stop> {
        self.ask(&self.lang.text("desk-pause")).map(|_| ())
    }
}
