//! What became of earlier advice.

use maud::Markup;

use crate::report::Report;

/// The chapter; `None` if the run has no such tables.
pub(super) fn section(_report: &Report) -> Option<Markup> {
    None
}
