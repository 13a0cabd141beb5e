//! What a reader of a matching should know of its tables, and is no error.

use crate::lang::Lang;
use crate::say;

/// Something that was read otherwise than somebody may think.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A workbook has further sheets, which are not read.
    Sheets { file: String, sheet: String, others: usize },
    /// Fits have more decimals than count.
    Rounded { fits: usize, decimals: u32 },
    /// The weighted parts of pairs differ from their fits by more than rounding explains; the row of the
    /// first.
    Parts { pairs: usize, row: usize },
}

impl Notice {
    /// The message in the reader's language.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            Notice::Sheets { file, sheet, others } => {
                say!(lang, "match-notice-sheets", file = file, sheet = sheet, others = *others)
            }
            Notice::Rounded { fits, decimals } => {
                say!(lang, "match-notice-rounded", fits = *fits, decimals = *decimals as usize)
            }
            Notice::Parts { pairs, row } => say!(lang, "match-notice-parts", pairs = *pairs, row = *row),
        }
    }
}
