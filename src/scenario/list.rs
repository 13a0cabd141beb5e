//! The lists and scores that are compared: one line each. A list whose table (or column) is missing
//! on a side is skipped.

use crate::run::Stage;

/// Which rows of a table are on the list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Only {
    /// All.
    Every,
    /// Those whose code in a column is one of these.
    Among(&'static str, &'static [&'static str]),
    /// Those whose code in a column is none of these, and not empty.
    Besides(&'static str, &'static [&'static str]),
}

/// What a row says: the part that can move while the row stays on the list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Says {
    /// Nothing: a row is on the list or not.
    Nothing,
    /// A code of a column.
    Code(&'static str),
    /// Yes or no.
    Flag(&'static str),
    /// A number, compared as shown with so many decimals.
    Number(&'static str, u32),
    /// Codes joined by semicolons: each of them is a membership of its own.
    Each(&'static str),
}

/// Where the reason of a change stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Why {
    /// In these columns of the side on which the row stands.
    Text(&'static [&'static str]),
    /// Which contributions to the score moved most, and then these columns.
    Contributions(&'static [&'static str]),
    /// How the score moved.
    Score,
}

/// One list.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// Code of the list; its name is the message `code-list-…`.
    pub name: &'static str,
    pub stage: Stage,
    pub table: &'static str,
    /// What makes a row the same row in both runs, besides its county.
    pub key: &'static [&'static str],
    pub only: Only,
    pub says: Says,
    /// Column that holds the person a row is about.
    pub who: &'static str,
    pub why: Why,
    /// Vocabulary of what a row says, as the report words it.
    pub words: &'static str,
}

/// Villages that are under supervision, as the report counts them.
const LISTED: &[&str] = &["listed", "relapse", "leaving"];

/// A list of rows that are there or not, with their reasons.
const fn list(
    name: &'static str,
    stage: Stage,
    table: &'static str,
    key: &'static [&'static str],
    why: &'static [&'static str],
) -> List {
    List { name, stage, table, key, only: Only::Every, says: Says::Nothing, who: "", why: Why::Text(why), words: "" }
}

impl List {
    const fn only(mut self, only: Only) -> List {
        self.only = only;
        self
    }
    const fn code(mut self, column: &'static str) -> List {
        self.says = Says::Code(column);
        self.words = column;
        self
    }
    const fn says(mut self, says: Says, words: &'static str) -> List {
        self.says = says;
        self.words = words;
        self
    }
    const fn who(mut self, column: &'static str) -> List {
        self.who = column;
        self
    }
    const fn why(mut self, why: Why) -> List {
        self.why = why;
        self
    }
}

use Stage::{Cultivate, Motivate, Reserve, Score, Structure, Supervise};

/// Every list, in the order in which a meeting asks for them.
pub(super) const LISTS: &[List] = &[
    list("supervision", Supervise, "supervision", &["village", "kind"], &["reasons"])
        .only(Only::Among("status", LISTED))
        .code("status")
        .who("person"),
    list("watch", Supervise, "supervision", &["village", "kind"], &["reasons"])
        .only(Only::Besides("status", LISTED))
        .code("status")
        .who("person"),
    list("categories", Supervise, "supervision", &["village", "kind"], &["reasons"])
        .only(Only::Among("status", LISTED))
        .says(Says::Each("categories"), "category")
        .who("person"),
    list("talks", Supervise, "talks", &["township"], &["reasons"]).who("secretary"),
    list("overdue", Supervise, "supervision_measures", &["village", "measure"], &[])
        .only(Only::Among("state", &["overdue"])),
    list("grades", Score, "scores", &["village"], &[])
        .only(Only::Besides("grade", &[]))
        .code("grade")
        .who("person")
        .why(Why::Contributions(&["grade_reason"])),
    list("consequences", Score, "scores", &["village"], &["consequence_reason"])
        .only(Only::Besides("consequence", &["none"]))
        .code("consequence")
        .who("person"),
    list("scores", Score, "scores", &["village"], &[])
        .says(Says::Number("score", 2), "")
        .who("person")
        .why(Why::Contributions(&[])),
    list("ranks", Score, "scores", &["village"], &[]).says(Says::Number("rank", 0), "").who("person").why(Why::Score),
    list("vacancies", Reserve, "vacancies", &["vacancy"], &["detail"]).code("cause").who("holder"),
    list("assignment", Reserve, "assignment", &["vacancy"], &["reasons"]).code("candidate").who("candidate"),
    list("shortlists", Reserve, "shortlists", &["vacancy", "candidate"], &["reasons_for", "reasons_against"])
        .says(Says::Flag("recommended"), "recommended")
        .who("candidate"),
    list("open_posts", Reserve, "open_posts", &["vacancy"], &["detail"]).code("cause"),
    list("bars", Reserve, "bars", &["candidate", "gate"], &["text"]).code("hardness").who("candidate"),
    list("pool_review", Reserve, "pool_review", &["candidate", "advice"], &["reason"]).code("advice").who("candidate"),
    list("ladder", Structure, "ladder", &["village"], &["reason"]).code("state"),
    list("unfiled", Structure, "unfiled", &["village", "post", "person", "problem"], &["detail"])
        .code("problem")
        .who("person"),
    list("training", Cultivate, "training_status", &["person"], &["reason"]).code("state").who("person"),
    list("placements", Cultivate, "placements", &["place"], &["reasons"])
        .says(Says::Code("person"), "candidate")
        .who("person"),
    list("pay", Motivate, "pay_formula", &["person", "post"], &[]).says(Says::Number("total", 0), "").who("person"),
    list("cover", Motivate, "cover_gaps", &["person"], &[])
        .only(Only::Besides("state", &["covered"]))
        .code("state")
        .who("person"),
    list("representation", Motivate, "honours", &["rule", "person"], &["reasons_for", "reasons_against"])
        .code("state")
        .who("person"),
    list("advancement", Motivate, "advancement", &["person"], &["reason"]).code("eligible").who("person"),
];

/// The list of that name.
pub(super) fn named(name: &str) -> Option<&'static List> {
    LISTS.iter().find(|l| l.name == name)
}
