//! What can be wrong when an edge list is matched.

use super::solve::Solved;
use crate::book::read::ReadError;
use crate::index::read::TableError;
use crate::lang::Lang;
use crate::policy::PolicyError;
use crate::run::RunError;
use crate::say;

/// An edge list cannot be matched; nothing that looks finished is left behind.
#[derive(Debug, thiserror::Error)]
pub enum MatchError {
    /// The policy is wrong, by itself or for these tables.
    #[error("{0}")]
    Policy(#[from] PolicyError),
    /// A file cannot be read.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// A table is not what the policy asks for.
    #[error("{0}")]
    Table(#[from] TableError),
    /// What the tables say contradicts itself.
    #[error("{}", .0.render(Lang::En))]
    Fault(Fault),
    /// No solution satisfies every rule: in the reader's language.
    #[error("{0}")]
    Unsolvable(String),
    /// A table of the output cannot be made.
    #[error("{0}")]
    Frame(String),
    /// The output folder cannot be read or written.
    #[error("{0}")]
    Run(#[from] RunError),
}

/// A contradiction in the tables: what and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A pair stands twice in the edge list.
    PairTwice { vacancy: String, candidate: String, first: usize, second: usize },
    /// A key stands twice in a table of attributes.
    KeyTwice { file: String, key: String, first: usize, second: usize },
    /// The edge list names what the table of attributes does not have.
    Unknown { file: String, key: String, row: usize },
    /// A cell that cannot be what the policy says it is.
    Cell { file: String, row: usize, column: String, value: String, wanted: &'static str },
    /// A fit beyond the grid.
    Beyond { row: usize, value: String },
    /// More rows than 32-bit indices hold.
    TooMany { rows: usize },
    /// A quota on a group to which nobody belongs.
    NobodyOf { key: String },
    /// A quota on vacancies of which there are none.
    NoneWhere { key: String },
    /// A price of the policy with more decimals than count.
    Price { key: String, value: String, decimals: u32 },
    /// A pair is forced, but the candidate is not willing.
    ForcedUnwilling { row: usize },
    /// A table was given that no key of the policy reads.
    Unread { option: &'static str, key: &'static str },
    /// An attribute table that the policy reads was not given.
    NoTable { key: String, option: &'static str },
    /// Cells of a column of numbers are blank: numbers of the first rows, and how many more.
    Blank { file: String, column: String, rows: Vec<usize>, more: usize },
    /// Names that look like numbers of people.
    Personal { column: String, value: String, count: usize },
    /// A folder stands where a file is read.
    Folder { path: String },
}

impl Fault {
    /// The message in the reader's language.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            Fault::PairTwice { vacancy, candidate, first, second } => say!(
                lang,
                "match-fault-pair-twice",
                vacancy = vacancy,
                candidate = candidate,
                first = *first,
                second = *second
            ),
            Fault::KeyTwice { file, key, first, second } => {
                say!(lang, "match-fault-key-twice", file = file, key = key, first = *first, second = *second)
            }
            Fault::Unknown { file, key, row } => {
                say!(lang, "match-fault-unknown", file = file, key = key, row = *row)
            }
            Fault::Cell { file, row, column, value, wanted } => {
                let wanted = lang.text(wanted);
                say!(lang, "match-fault-cell", file = file, row = *row, column = column, value = value, wanted = wanted)
            }
            Fault::Beyond { row, value } => say!(lang, "match-fault-beyond", row = *row, value = value),
            Fault::Blank { file, column, rows, more } => {
                let rows = rows.iter().map(usize::to_string).collect::<Vec<_>>().join(&lang.text("list-comma"));
                say!(lang, "match-fault-blank", file = file, column = column, rows = rows, more = *more)
            }
            Fault::Personal { column, value, count } => {
                say!(lang, "match-fault-personal", column = column, value = value, count = *count)
            }
            Fault::Folder { path } => say!(lang, "match-fault-folder", path = path),
            Fault::TooMany { rows } => say!(lang, "match-fault-too-many", rows = *rows),
            Fault::NobodyOf { key } => say!(lang, "match-fault-nobody-of", key = key),
            Fault::NoneWhere { key } => say!(lang, "match-fault-none-where", key = key),
            Fault::Price { key, value, decimals } => {
                say!(lang, "match-fault-price", key = key, value = value, decimals = *decimals)
            }
            Fault::ForcedUnwilling { row } => say!(lang, "match-fault-forced-unwilling", row = *row),
            Fault::Unread { option, key } => say!(lang, "match-fault-unread", option = *option, key = *key),
            Fault::NoTable { key, option } => say!(lang, "match-fault-no-table", key = key, option = *option),
        }
    }
}

impl From<Fault> for MatchError {
    fn from(fault: Fault) -> MatchError {
        MatchError::Fault(fault)
    }
}

impl MatchError {
    /// The message in the reader's language: what, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            MatchError::Policy(error) => error.render(lang),
            MatchError::Read(error) => error.say(lang),
            MatchError::Table(error) => error.render(lang),
            MatchError::Fault(fault) => fault.render(lang),
            MatchError::Unsolvable(text) => text.clone(),
            MatchError::Frame(error) => say!(lang, "error-report", error = error),
            MatchError::Run(error) => error.render(lang),
        }
    }
}

/// Why an instance has no solution; posts and people by number.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SolveError {
    /// Numbers beyond exact arithmetic.
    #[error("the numbers leave the range of exact arithmetic: {0}")]
    TooLarge(String),
    /// Fits or parts of them beyond what draws reckon with.
    #[error("fits or parts of them are beyond what draws reckon with")]
    WideDraws,
    /// A person is forced into two posts.
    #[error("person {person} is forced into posts {} and {}", posts.0, posts.1)]
    ForcedTwice { person: u32, posts: (u32, u32) },
    /// People who must have a place are eligible for none.
    #[error("{} people who must have a place have no eligible pair", .0.len())]
    Nowhere(Vec<u32>),
    /// People who must have a place share too few seats (the post of each).
    #[error("{} people who must have a place share {} seats", people.len(), seats.len())]
    Held { people: Vec<u32>, seats: Vec<u32> },
    /// Bounds that cannot all be met.
    #[error("the bounds cannot all be met")]
    Unmet(Box<Unmet>),
    /// No solution that keeps the bounds was found, and none was proved impossible.
    #[error("no solution that keeps all bounds was found")]
    NotFound,
    /// The solution shall be near an earlier one, and is no best one that prices prove.
    #[error("a solution near an earlier one is sought without bounds on groups and stability alone")]
    Earlier,
    /// A stable solution was asked for where none need exist.
    #[error("{0}")]
    Stable(String),
}

/// Bounds that cannot be met together.
#[derive(Clone, Debug)]
pub struct Unmet {
    /// Places among the instance's bounds; beyond their number: people who must have a place.
    pub bounds: Vec<u32>,
    /// Without any one of them the others of this list can be met: proved. Of rules that are not in
    /// the list it says nothing.
    pub irreducible: bool,
    /// The least relaxation that works: bound, people too few, people too many.
    pub relax: Vec<(u32, i64, i64)>,
    /// It is proved that no relaxation is less.
    pub least: bool,
    /// Nobody placed, with the prices that prove the contradiction.
    pub refuted: Box<Solved>,
}
