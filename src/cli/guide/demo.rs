//! "Show me": the invented county, in a folder of its own.

use super::{Guide, Trouble, check};
use crate::cli::session::Session;
use crate::cli::{CliError, demo};
use crate::run::{Audience, Formats, Stage};
use crate::say;

pub(super) fn act(guide: &mut Guide) -> Result<(), Trouble> {
    let lang = guide.talk.lang;
    // The working folder of something dropped may be the system's own.
    let mut written = Err(CliError::Said(lang.text("desk-no-place")));
    for place in &guide.places {
        let book = place.join(lang.text("desk-demo-folder")).join(lang.text("desk-demo-book"));
        written = demo::write_book(&book).map(|()| book);
        if written.is_ok() {
            break;
        }
    }
    let book = written?;
    guide.talk.say(&say!(lang, "demo-begin", path = book.display().to_string()))?;
    let rules = guide.rules(&book)?;
    let session = Session::open(&book, &rules, lang, guide.quiet)?.with(&Stage::ALL, Audience::Summary);
    check::tell(&mut guide.talk, &session.book, check::TOLD_BRIEFLY)?;
    guide.finish(&book, &session, &Formats { report: true, ..Formats::default() })?;
    guide.talk.say(&lang.text("demo-synthetic"))?;
    guide.talk.pause()?;
    Ok(())
}
