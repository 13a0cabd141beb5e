//! A matching as output tables. Every table is registered once, with what its columns mean: from
//! there come its file, its documentation and the test that keeps them in step.

use polars::prelude::DataFrame;

use super::explain::{Cause, Explained};
use super::load::Loaded;
use super::policy::MatchPolicy;
use super::solve::Solved;
use crate::frame::{Build, FrameResult};
use crate::index::tables::ColumnDoc;
use crate::lang::Lang;
use crate::say;

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
            col("next_best", "as read", "Who takes the seat in the best whole solution without this candidate; null: nobody."),
            col("next_best_loss", "number", "What that solution loses, in points of fit over all vacancies; null if one seat more stays open then."),
            col("tied", "yes/no", "Another solution that is just as good treats the seat differently (并列)."),
        ],
        make: assignment,
    },
    TableDoc {
        name: "open_posts",
        meaning: "Vacancies with open seats and why, by vacancy.",
        columns: &[
            VACANCY,
            col("open", "whole number", "Seats that stay open."),
            col("cause", "text", "`no_candidate`: nobody is eligible. `shortage`: the vacancies that share its candidates have more seats than candidates. `price`: filling it would lose more than `open_price`."),
            col("posts", "whole number", "Of a shortage: vacancies that share too few candidates."),
            col("people", "whole number", "Of a shortage: all candidates eligible for them."),
            col("detail", "text", "The same as a sentence."),
        ],
        make: open_posts,
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
            col("missing", "number", "Points by which the fit would have had to be greater for the pair to be part of a best solution; 0 for those that are."),
            col("placed_at", "as read", "Vacancy that the candidate is recommended for; null: none."),
        ],
        make: shortlists,
    },
    TableDoc {
        name: "edges",
        meaning: "Every eligible pair, by vacancy and candidate.",
        columns: &[VACANCY, CANDIDATE, FIT, col("cost", "whole number", "−fit in grid units.")],
        make: edges,
    },
    TableDoc {
        name: "prices",
        meaning: "The prices that prove the solution the best.",
        columns: &[
            col("side", "text", "`vacancy` or `candidate`."),
            col("id", "text", "Its name."),
            col("seats", "whole number", "Seats of a vacancy; 1 for a candidate."),
            col("price", "whole number", "Price of a seat or of a candidate, in grid units."),
            col("used", "whole number", "Seats that are filled; 1 for a candidate who is placed."),
        ],
        make: prices,
    },
    TableDoc {
        name: "match_summary",
        meaning: "The solution in figures, in grid units where they are fits or prices.",
        columns: &[col("item", "text", "What."), col("value", "whole number", "How much.")],
        make: summary,
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

fn assignment(made: &Made) -> FrameResult<DataFrame> {
    let (grid, placed) = (made.loaded.instance.grid, &made.solved.placed);
    let mut seat = 0;
    let mut last = None;
    let seats: Vec<Option<i64>> = placed
        .iter()
        .map(|p| {
            seat = if last.replace(p.post) == Some(p.post) { seat + 1 } else { 1 };
            Some(seat)
        })
        .collect();
    let next = &made.explained.next;
    let loss = next.iter().map(|n| n.filter(|n| !n.opens).map(|n| grid.points(n.loss))).collect();
    let others: Vec<Option<u32>> = next.iter().map(|n| n.and_then(|n| n.column)).collect();
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &placed.iter().map(|p| p.post).collect::<Vec<_>>()))
        .column(made.loaded.candidates.column("candidate", &placed.iter().map(|p| p.person).collect::<Vec<_>>()))
        .number("fit", placed.iter().map(|p| Some(grid.points(p.fit))).collect())
        .whole("seat", seats)
        .whole("cost", placed.iter().map(|p| Some(-p.fit)).collect())
        .column(made.loaded.candidates.column_or_none("next_best", &others))
        .number("next_best_loss", loss)
        .flag("tied", made.explained.tied.iter().map(|t| Some(*t)).collect())
        .done()
}

fn open_posts(made: &Made) -> FrameResult<DataFrame> {
    let open = &made.explained.open;
    let of_shortage = |count: usize, cause: Cause| (cause == Cause::Shortage).then_some(count as i64);
    let lang = made.lang;
    let detail = |o: &super::explain::OpenPost| match o.cause {
        Cause::Nobody => lang.text("match-open-nobody"),
        Cause::Price => lang.text("match-open-price"),
        Cause::Shortage => say!(lang, "match-open-shortage", posts = o.posts.len(), people = o.people.len()),
    };
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &open.iter().map(|o| o.post).collect::<Vec<_>>()))
        .whole("open", open.iter().map(|o| Some(i64::from(o.open))).collect())
        .str("cause", &open.iter().map(|o| o.cause.code()).collect::<Vec<_>>())
        .whole("posts", open.iter().map(|o| of_shortage(o.posts.len(), o.cause)).collect())
        .whole("people", open.iter().map(|o| of_shortage(o.people.len(), o.cause)).collect())
        .str("detail", &open.iter().map(detail).collect::<Vec<_>>())
        .done()
}

fn shortlists(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let mut at_post: Vec<Option<u32>> = vec![None; instance.people];
    made.solved.placed.iter().for_each(|p| at_post[p.person as usize] = Some(p.post));
    let mut rows: Vec<(u32, usize, i64)> = Vec::new();
    for post in 0..instance.posts() {
        let here = |edge: &usize| at_post[instance.heads[*edge] as usize] == Some(post as u32);
        let mut edges: Vec<usize> = instance.range(post).collect();
        let key = |e: &usize| (!here(e), made.explained.missing[*e], -instance.fits[*e], instance.heads[*e]);
        let wanted = made.policy.shortlist.max(instance.seats[post] as usize).min(edges.len());
        if wanted < edges.len() {
            edges.select_nth_unstable_by_key(wanted, key);
            edges.truncate(wanted);
        }
        edges.sort_unstable_by_key(key);
        rows.extend(edges.into_iter().zip(1..).map(|(edge, order)| (post as u32, edge, order)));
    }
    let people: Vec<u32> = rows.iter().map(|(_, edge, _)| instance.heads[*edge]).collect();
    let placed: Vec<Option<u32>> = people.iter().map(|p| at_post[*p as usize]).collect();
    let points = |units: i64| Some(instance.grid.points(units));
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &rows.iter().map(|r| r.0).collect::<Vec<_>>()))
        .column(made.loaded.candidates.column("candidate", &people))
        .number("fit", rows.iter().map(|r| points(instance.fits[r.1])).collect())
        .whole("order", rows.iter().map(|r| Some(r.2)).collect())
        .flag("recommended", rows.iter().zip(&people).map(|(r, p)| Some(at_post[*p as usize] == Some(r.0))).collect())
        .number("missing", rows.iter().map(|r| points(made.explained.missing[r.1])).collect())
        .column(made.loaded.vacancies.column_or_none("placed_at", &placed))
        .done()
}

fn edges(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let mut posts = Vec::with_capacity(instance.fits.len());
    (0..instance.posts()).for_each(|post| posts.extend(instance.range(post).map(|_| post as u32)));
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &posts))
        .column(made.loaded.candidates.column("candidate", &instance.heads))
        .number("fit", instance.fits.iter().map(|f| Some(instance.grid.points(*f))).collect())
        .whole("cost", instance.fits.iter().map(|f| Some(-f)).collect())
        .done()
}

fn prices(made: &Made) -> FrameResult<DataFrame> {
    let (instance, prices) = (&made.loaded.instance, &made.solved.prices);
    let (posts, people) = (made.loaded.vacancies.len(), made.loaded.candidates.len());
    let names = (0..posts as u32).map(|p| made.loaded.vacancies.name(p));
    let names: Vec<String> = names.chain((0..people as u32).map(|p| made.loaded.candidates.name(p))).collect();
    let mut used = vec![0_i64; posts + people];
    for placed in &made.solved.placed {
        used[placed.post as usize] += 1;
        used[posts + placed.person as usize] += 1;
    }
    let side = std::iter::repeat_n("vacancy", posts).chain(std::iter::repeat_n("candidate", people));
    let seats = instance.seats.iter().map(|s| Some(i64::from(*s))).chain(std::iter::repeat_n(Some(1), people));
    Build::new()
        .str("side", &side.collect::<Vec<_>>())
        .str("id", &names)
        .whole("seats", seats.collect())
        .whole("price", prices.posts.iter().chain(&prices.people).map(|p| Some(*p)).collect())
        .whole("used", used.into_iter().map(Some).collect())
        .done()
}

fn summary(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let wide = |value: i128| i64::try_from(value).ok();
    let items: Vec<(&str, Option<i64>)> = vec![
        ("grid", Some(instance.grid.unit())),
        ("vacancies", Some(instance.posts() as i64)),
        ("seats", Some(instance.all_seats() as i64)),
        ("candidates", Some(instance.people as i64)),
        ("edges", Some(instance.fits.len() as i64)),
        ("filled", Some(made.solved.filled() as i64)),
        ("open", Some(instance.all_seats() as i64 - made.solved.filled() as i64)),
        ("total_fit", wide(made.solved.fit())),
        ("open_price", Some(made.solved.prices.open)),
    ];
    Build::new()
        .str("item", &items.iter().map(|i| i.0).collect::<Vec<_>>())
        .whole("value", items.iter().map(|i| i.1).collect())
        .done()
}
