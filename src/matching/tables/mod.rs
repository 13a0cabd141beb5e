//! A matching as output tables. Every table is registered once, with what its columns mean: from
//! there come its file, its documentation and the test that keeps them in step.

mod basic;
mod proof;
mod rules;

pub(crate) use rules::OF_PROOF;

use polars::prelude::DataFrame;

use super::explain::Explained;
use super::load::Loaded;
use super::policy::MatchPolicy;
use super::solve::Solved;
use crate::frame::FrameResult;
use crate::index::tables::ColumnDoc;
use crate::lang::Lang;

/// What tables are made from.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    pub loaded: &'a Loaded,
    pub policy: &'a MatchPolicy,
    pub solved: &'a Solved,
    pub explained: &'a Explained,
    /// Language of texts.
    pub lang: Lang,
}

/// An output table.
#[derive(Clone, Copy, Debug)]
pub struct TableDoc {
    pub name: &'static str,
    pub meaning: &'static str,
    pub columns: &'static [ColumnDoc],
    make: fn(&Made) -> FrameResult<DataFrame>,
}

const fn col(name: &'static str, kind: &'static str, meaning: &'static str) -> ColumnDoc {
    ColumnDoc { name, kind, meaning }
}

const VACANCY: ColumnDoc = col("vacancy", "as read", "Vacancy, as the edge list names it.");
const CANDIDATE: ColumnDoc = col("candidate", "as read", "Candidate, as the edge list names them.");
const FIT: ColumnDoc = col("fit", "number", "Fit on the grid.");

/// Every output table of a matching, in the order of the documentation.
pub const TABLES: &[TableDoc] = &[
    TableDoc {
        name: "assignment",
        meaning: "Who is recommended for which vacancy; one row for each filled seat, by vacancy, the best fit first.",
        columns: &[
            VACANCY,
            CANDIDATE,
            FIT,
            col("seat", "whole number", "Seat of the vacancy, from 1."),
            col("cost", "whole number", "−fit in grid units."),
            col("wish", "whole number", "Rank of the candidate's wish; null where nobody was asked."),
            col(
                "next_best",
                "as read",
                "Who takes the seat in the best whole solution without this candidate; null: nobody, or not sought.",
            ),
            col(
                "next_best_loss",
                "number",
                "What that solution loses, in points of fit over all vacancies; null if one seat more stays open then, or if it was not sought.",
            ),
            col(
                "tied",
                "yes/no",
                "Another solution that is just as good treats the seat differently (并列); null where that is not known: in stable solutions, in those that lose points to an earlier result, and under quotas beyond 200 seats or without a proof.",
            ),
            col(
                "order",
                "text",
                "`force`: the policy's column of orders asks for the pair; `held`: the candidate keeps a place; else null.",
            ),
            col("kept", "number", "Share of the draws in which the pairing stays, 0 to 1; null without draws."),
            col("fragile", "yes/no", "It stays in fewer draws than the policy's `fragile`; null without draws."),
            col(
                "kept_from_previous",
                "yes/no",
                "The earlier result has the pair too, on whichever seat; the column is there with `--previous` alone.",
            ),
        ],
        make: basic::assignment,
    },
    TableDoc {
        name: "open_posts",
        meaning: "Vacancies with open seats and why, by vacancy.",
        columns: &[
            VACANCY,
            col("open", "whole number", "Seats that stay open."),
            col(
                "cause",
                "text",
                "`no_candidate`: nobody is eligible. `shortage`: the vacancies that share its candidates have more seats than candidates. `price`: filling it would lose more than `open_price`. `rule`: a quota, a conflict, an order, stability or a pairing kept from an earlier result stands against it.",
            ),
            col("posts", "whole number", "Of a shortage: vacancies that share too few candidates."),
            col("seats", "whole number", "Of a shortage: their seats."),
            col("people", "whole number", "Of a shortage: all candidates eligible for them."),
            col("detail", "text", "The same as a sentence."),
        ],
        make: basic::open_posts,
    },
    TableDoc {
        name: "shortlists",
        meaning: "The suggested candidates of each vacancy: those recommended first, then those who miss the least.",
        columns: &[
            VACANCY,
            CANDIDATE,
            FIT,
            col("order", "whole number", "Place on the list, from 1."),
            col("recommended", "yes/no", "Recommended for this vacancy."),
            col(
                "missing",
                "number",
                "Points by which the fit would have had to be greater for the pair to be chosen: its reduced cost at the lowest prices of seats that prove the solution. Exact for candidates who are recommended nowhere; for others at least so many, and 0 for some that are in no best solution. In a solution that loses points to an earlier result recommended pairs may miss some too. Under quotas and conflicts less what their prices leave unproved. Null where seats that come first or orders rule the pair out, and in stable solutions.",
            ),
            col("placed_at", "as read", "Vacancy that the candidate is recommended for; null: none."),
        ],
        make: basic::shortlists,
    },
    TableDoc {
        name: "edges",
        meaning: "Every eligible pair, by vacancy and candidate.",
        columns: &[
            VACANCY,
            CANDIDATE,
            FIT,
            col("cost", "whole number", "−fit in grid units."),
            col("wish", "whole number", "Rank of the candidate's wish; null where nobody was asked."),
        ],
        make: basic::edges,
    },
    TableDoc {
        name: "prices",
        meaning: "The prices that prove the solution the best; of stable solutions without prices.",
        columns: &[
            col("side", "text", "`vacancy` or `candidate`."),
            col("id", "text", "Its name."),
            col("seats", "whole number", "Seats of a vacancy; 1 for a candidate."),
            col("used", "whole number", "Seats that are filled; 1 for a candidate who is placed."),
            col(
                "price",
                "whole number",
                "Price of a seat or of a candidate, in steps of the grid of prices (`match_summary`, item `scale`: steps in a grid unit).",
            ),
            col(
                "class",
                "whole number",
                "Where seats come first: class of urgency of the vacancy, 1 the most urgent; else null.",
            ),
            col(
                "level",
                "whole number",
                "There, the class whose shortage the vacancy or candidate shares; null for none.",
            ),
            col("open_price", "whole number", "What an open seat costs, in grid units."),
            col("must", "yes/no", "The candidate must have a place."),
            col("only", "text", "The one vacancy that a candidate is forced into; else null."),
        ],
        make: proof::prices,
    },
    TableDoc {
        name: "quotas",
        meaning: "Every bound on a group: quotas by rule and group, conflicts, candidates who must have a place under bounds, and, where seats come first, how many are filled in each class.",
        columns: &[
            col("rule", "whole number", "Number of the bound, from 0."),
            col(
                "quota",
                "text",
                "Key of the rule; `conflict`, `must_place`, or `filled`: the seats of a class that must be filled, since so many can be (`seat_stages`).",
            ),
            col("per", "text", "Value of the rule's `per` column; of `filled` the class; null for one over all."),
            col("group_no", "whole number", "Number of the group of candidates in `quota_people`."),
            col("inside", "whole number", "What a chosen pair counts whose candidate is of the group."),
            col("outside", "whole number", "What any other chosen pair of the counted vacancies counts."),
            col("least", "whole number", "The sum must be at least this."),
            col("most", "whole number", "The sum must be at most this."),
            col("soft", "whole number", "What a unit too few or too many costs, in grid units; null: must hold."),
            col("sum", "whole number", "What the solution has."),
            col("seats", "whole number", "Seats of the counted vacancies."),
            col("sitting", "whole number", "Sitting members of the group, counted already."),
            col("sitting_all", "whole number", "Sitting members in all."),
            col(
                "multiplier",
                "whole number",
                "The price of the proof, in steps of the grid of prices: below 0 for the bound from below, above 0 for that from above. It tells about what one unit of the bound costs; where several prices prove as much, it is one of them.",
            ),
            col("price", "number", "The same in points of fit, without sign; null where the bounds cannot all be met."),
            col(
                "conflict",
                "yes/no",
                "Where the bounds cannot all be met: the bound is one of those that contradict each other; else null.",
            ),
            col(
                "relax",
                "whole number",
                "There, by how many units the bound gives way in the least relaxation that works: of shares of filled seats, in the units of `inside` and `outside`; else null.",
            ),
            col(
                "cost_low",
                "number",
                "Points of fit that the bound costs as a whole, the best solution without it less that with it: at least; null where it was not worked out, and where seats come first and other numbers of them would be filled without the bound.",
            ),
            col("cost_high", "number", "At most; equal where both solutions are proved."),
            col(
                "cost_seats",
                "whole number",
                "Seats that would be filled more without the bound: where seats come first, of the most urgent class of which the number differs; else of all, below 0 where better pairs would leave more open. Null where it was not worked out or not proved.",
            ),
        ],
        make: rules::quotas,
    },
    TableDoc {
        name: "quota_people",
        meaning: "Who belongs to the groups of `quotas`.",
        columns: &[col("group_no", "whole number", "Number of the group."), CANDIDATE],
        make: rules::quota_people,
    },
    TableDoc {
        name: "quota_posts",
        meaning: "Which vacancies count in the bounds of `quotas`.",
        columns: &[col("rule", "whole number", "Number of the bound."), VACANCY],
        make: rules::quota_posts,
    },
    TableDoc {
        name: "seat_stages",
        meaning: "Under quotas and conflicts, where seats come first: how many seats of each class can be filled, the most urgent first, with those of the classes before. Else empty.",
        columns: &[
            col("class", "whole number", "Class of urgency by its place, 1 the most urgent."),
            col("seats", "whole number", "Its seats."),
            col("filled", "whole number", "Seats that are filled."),
            col("most", "whole number", "No solution that fills the classes before as this one does, fills more."),
            col("scale", "whole number", "Steps of its prices in one open seat."),
            col(
                "proof",
                "whole number",
                "1: prices and multipliers (`seat_prices`). 2: these and an exhaustive search of what they leave open.",
            ),
        ],
        make: proof::stages,
    },
    TableDoc {
        name: "seat_prices",
        meaning: "The prices that prove `seat_stages`: an open seat of the class costs 1, everything else nothing. Those that are 0 have no row.",
        columns: &[
            col("class", "whole number", "Class of urgency by its place."),
            col("side", "text", "`vacancy`, `candidate`, or `rule`: a bound of `quotas`."),
            col("id", "text", "Its name, or the number of the bound."),
            col("price", "whole number", "Price of a seat or of a candidate, or multiplier of a bound, in steps."),
        ],
        make: proof::stage_prices,
    },
    TableDoc {
        name: "blocking_pairs",
        meaning: "Pairs who would both rather have each other than what the solution gives them; none in stable solutions. The first 100 000.",
        columns: &[VACANCY, CANDIDATE, FIT],
        make: rules::blocking,
    },
    TableDoc {
        name: "rank_profile",
        meaning: "How many candidates got which wish.",
        columns: &[
            col(
                "wish",
                "whole number",
                "Rank of the wish; without wishes the place of the vacancy by the candidate's own fits.",
            ),
            col("people", "whole number", "How many."),
        ],
        make: rules::ranks,
    },
    TableDoc {
        name: "orders",
        meaning: "What forced and forbidden pairs cost: the matching solved again without the order, for the first 200.",
        columns: &[
            VACANCY,
            CANDIDATE,
            col("order", "text", "`force` or `forbid`."),
            col(
                "cost",
                "number",
                "Points of fit that the order loses over all vacancies; null if another number of seats would be filled without it, or if it was not worked out.",
            ),
            col(
                "seats",
                "whole number",
                "Seats that would be filled more without it: where seats come first, of the most urgent class of which the number differs; else of all. Null if it was not worked out.",
            ),
        ],
        make: rules::orders,
    },
    TableDoc {
        name: "solutions",
        meaning: "The best whole solutions after the first, as far as the policy's `solutions` asks: how each differs from it.",
        columns: &[
            col("solution", "whole number", "Its place, from 2."),
            col("loss", "number", "Points of fit that it loses against the first."),
            VACANCY,
            CANDIDATE,
            col(
                "change",
                "text",
                "`in`: the pair is in this solution and not in the first; `out`: the other way round.",
            ),
        ],
        make: rules::solutions,
    },
    TableDoc {
        name: "robust_pairs",
        meaning: "Pairs that are chosen in draws: in the solution, or in at least 1 in 100 draws; and whether the solutions of greatest expected and of great worst-case fit have them.",
        columns: &[
            VACANCY,
            CANDIDATE,
            FIT,
            col("share", "number", "Share of the draws in which the pair is chosen."),
            col("recommended", "yes/no", "It is in the solution."),
            col("best_expected", "yes/no", "It is in the solution of greatest expected fit."),
            col("best_worst", "yes/no", "It is in the solution of great worst-case fit."),
        ],
        make: rules::robust_pairs,
    },
    TableDoc {
        name: "match_summary",
        meaning: "The solution in figures, in grid units where they are fits or prices. Items: `grid` (units in a point), `scale` (steps of prices in a unit), `objective` (0 total fit, 1 seats first), `mode` (0 optimal, 1 stable for vacancies, 2 for candidates, 3 of greatest fit), `seed`, sizes, `filled`, `open`, `total_fit`, `cost` (what was made least), `bound` (no solution costs less; where seats come first, none that fills as many), `gap`, `proof` (0 prices, 1 prices and multipliers, 2 these and an exhaustive search of what they leave open, 3 no blocking pair, 4 prices and multipliers that the bounds cannot all be met, 5 these and an exhaustive search; `missed` tells then by how much they are missed at least, all together, where `person` counts for one person: a share of filled seats is missed by parts of one), `more_seats` (under quotas, where seats come first: so many seats more can perhaps be filled in the first class of which that is not known; 0 where all is proved), `blocking_pairs`, `envious`; with draws `draws` (made: under quotas perhaps fewer than the policy asks for), `draws_proved` (of them, with a solution that is proved to be the best; all without quotas), `expected_fit` and `worst_fit` (of the solution; fits of draws are less what soft quotas cost), `best_expected_fit` (of the best solution found) and `best_expected_bound` (no solution has more), `best_worst_fit` and `best_worst_bound` likewise; with `--previous` the earlier pairings `previous`, of them `previous_unknown` with names that are not here, `changed` (no longer there), `changed_at_least` (so many in every solution within the loss), `changes_loss` (what the solution loses against the best) and `changes_most_loss` (what it may lose).",
        columns: &[col("item", "text", "What."), col("value", "whole number", "How much.")],
        make: proof::summary,
    },
];

/// Makes every table.
///
/// # Errors
/// A table cannot be made.
pub fn tables(made: &Made) -> FrameResult<Vec<(&'static str, DataFrame)>> {
    use rayon::prelude::*;
    TABLES.par_iter().map(|doc| Ok((doc.name, (doc.make)(made)?))).collect()
}

/// Makes one table.
///
/// # Errors
/// It cannot be made, or there is none of that name.
pub fn table(made: &Made, name: &str) -> FrameResult<DataFrame> {
    match TABLES.iter().find(|doc| doc.name == name) {
        Some(doc) => (doc.make)(made),
        None => Err(crate::frame::FrameError::Arrow(format!("there is no table {name}"))),
    }
}

/// The output tables as Markdown.
pub fn documentation() -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for doc in TABLES {
        let _ = write!(text, "\n### `{}`\n\n{}\n\n| column | type | meaning |\n|---|---|---|\n", doc.name, doc.meaning);
        for column in doc.columns {
            let _ = writeln!(text, "| `{}` | {} | {} |", column.name, column.kind, column.meaning);
        }
    }
    text
}
