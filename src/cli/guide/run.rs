//! "Everything, with a report": who reads it, which day, then the run and its report.

use std::path::Path;

use chrono::NaiveDate;

use super::talk::Stop;
use super::{Guide, Trouble, check};
use crate::book::value::{Precision, date_text};
use crate::cli::CliError;
use crate::cli::session::Session;
use crate::desk::{self, Place};
use crate::run::{AsOfSource, Audience, Formats, RunError, Stage, reference_date};
use crate::say;

/// Who may read the result, as messages; the first is the default.
const READERS: [&str; 3] = ["desk-reader-summary", "desk-reader-internal", "desk-reader-township"];

pub(super) fn act(guide: &mut Guide) -> Result<(), Trouble> {
    judge(guide, false)
}

/// The same, with the materials of the meeting in a folder within the result.
pub(super) fn materials(guide: &mut Guide) -> Result<(), Trouble> {
    judge(guide, true)
}

fn judge(guide: &mut Guide, materials: bool) -> Result<(), Trouble> {
    let Some(path) = guide.book.clone() else { return Ok(()) };
    let rules = guide.rules(&path)?;
    let session = Session::open(&path, &rules, guide.talk.lang, guide.quiet)?;
    check::tell(&mut guide.talk, &session.book, check::TOLD_BRIEFLY)?;
    let audience = guide.reader(&session)?;
    let mut session = session.with(&Stage::ALL, audience);
    session.options.as_of = guide.day(&session)?;
    guide.finish(&path, &session, &Formats { report: true, materials, ..Formats::default() })?;
    guide.talk.pause()?;
    Ok(())
}

impl Guide<'_> {
    fn reader(&mut self, session: &Session) -> Result<Audience, Stop> {
        let lang = self.talk.lang;
        let words: Vec<String> = READERS.iter().map(|id| lang.text(id)).collect();
        match self.talk.choose(&lang.text("desk-reader"), &words)? {
            0 => Ok(Audience::Summary),
            1 => Ok(Audience::Internal),
            _ => self.township(session),
        }
    }

    /// The one township that may read the result. 0 goes back.
    fn township(&mut self, session: &Session) -> Result<Audience, Stop> {
        let lang = self.talk.lang;
        loop {
            let typed = desk::answer(&self.talk.ask(&lang.text("desk-township"))?);
            if typed == "0" {
                return Err(Stop::Back);
            }
            let audience = Audience::Township(typed);
            match audience.find(&session.book).map_err(RunError::from) {
                Ok(_) => return Ok(audience),
                Err(error) => self.talk.say(&error.render(lang))?,
            }
        }
    }

    /// The day to count from; `None` leaves it to the book. 0 goes back.
    fn day(&mut self, session: &Session) -> Result<Option<NaiveDate>, Stop> {
        let lang = self.talk.lang;
        let found = reference_date(&session.book, None).ok();
        let question = match found {
            Some((day, AsOfSource::Reported)) => say!(lang, "desk-day-reported", day = day),
            Some((day, _)) => say!(lang, "desk-day-latest", day = day),
            None => lang.text("desk-day-none"),
        };
        loop {
            let line = self.talk.ask(&question)?;
            if line.trim().is_empty() && found.is_some() {
                return Ok(None);
            }
            if desk::answer(&line) == "0" {
                return Err(Stop::Back);
            }
            match date_text(&line, &[]).ok().and_then(|parsed| parsed.value) {
                Some(dated) if dated.precision == Precision::Day => return Ok(Some(dated.date)),
                _ => self.talk.say(&lang.text("desk-day-wrong"))?,
            }
        }
    }

    /// Runs all stages, writes the result beside the book and shows the report.
    pub(super) fn finish(&mut self, book: &Path, session: &Session, formats: &Formats) -> Result<(), Trouble> {
        let lang = self.talk.lang;
        let (day, _) = reference_date(&session.book, session.options.as_of).map_err(CliError::Run)?;
        let name = say!(lang, "desk-result-folder", day = day);
        let (out, place) = desk::result_folder(book, &name);
        match place {
            Place::Free => {}
            Place::Ours => self.talk.say(&say!(lang, "desk-replaces", name = name))?,
            Place::Taken => self.talk.say(&say!(lang, "desk-name-taken", name = name))?,
            Place::Held(file) => {
                self.talk.say(&say!(lang, "desk-name-held", name = name, file = file.display().to_string()))?;
            }
        }
        let folder = match crate::cli::run::finish(session, formats, &out) {
            Ok(outcome) => {
                self.talk.say("")?;
                self.talk.say(&crate::cli::run::summary(session, &outcome, &out))?;
                out
            }
            // The older result is open in Excel: the new one lies beside it, and nothing is lost.
            Err(CliError::Run(error @ RunError::InUse { .. })) => {
                self.talk.say(&error.render(lang))?;
                match error {
                    RunError::InUse { kept, .. } => kept,
                    _ => out,
                }
            }
            Err(error) => return Err(error.into()),
        };
        if formats.materials {
            let materials = folder.join(crate::run::MATERIALS.trim_end_matches('/'));
            self.talk.say(&say!(lang, "desk-materials", path = materials.display().to_string()))?;
        }
        Ok(self.show(&folder.join("report.html"))?)
    }
}
