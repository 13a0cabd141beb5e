//! Stage structure, 队伍结构: does the generation ladder hold? Old, middle and young by post,
//! township, class and for the pool; the ladder of every village; who passes the age limit in the
//! coming years; the age pyramid; the national statistics form; posts that were not filed.
//!
//! Ages count in full years at the reference date; the age limit counts at 31 December of each
//! year, as written in the policy "in principle". Whoever has no (plausible) birth date is a group
//! of their own and is counted, never guessed. Sex is counted for the pyramid and the form alone.
//! What the book knows only of a later day is not used (module `roll` says how).

mod ages;
mod facts;
mod filing;
mod form;
mod generations;
mod ladder;
mod policy;
mod roll;
mod team;

use polars::prelude::DataFrame;

pub(crate) use generations::verdict;
pub use policy::{AgeLimit, Bands, FilingRules, FormRules, LadderRules, StructurePolicy, Target};

use crate::book::Tables;
use crate::lang::Lang;
use crate::stage::{Context, StageResult, StageTables};

/// What the stage found; each table's columns are documented at the function that makes it.
#[derive(Clone, Debug)]
pub struct Structure {
    /// dimension, key, county, post, group, people, share, target_low, target_high, state; sorted by
    /// county, dimension, key, post, group. A team is a post of the county (`post`), the holders of
    /// a post in a township or a class, or the pool by target post; `all` is every post together.
    pub structure: DataFrame,
    /// county, township, village, village_name, posts, in_pool, members_in_pool, secretary_age,
    /// years_to_limit, state (held/thin/broken), reason; one row per village.
    pub ladder: DataFrame,
    /// The reasons of `ladder` without ages and without counts of the village's reserves.
    pub ladder_plain: Vec<String>,
    /// county, year, secretaries, cumulative, share; one row per county and year ahead.
    pub age_limit: DataFrame,
    /// county, side (posts/pool), band, sex, people; a complete grid per county.
    pub pyramid: DataFrame,
    /// county, item, label, unit, value (null: the book cannot tell), note; in the form's order.
    pub statistics_form: DataFrame,
    /// county, township, village, village_name, post, person, since, problem
    /// (changed_unfiled/no_date/no_number/unrecorded), detail; one row per post.
    pub unfiled: DataFrame,
}

impl Structure {
    /// The tables by name, in a fixed order.
    pub fn tables(&self) -> StageTables {
        vec![
            ("structure", self.structure.clone()),
            ("ladder", self.ladder.clone()),
            ("age_limit", self.age_limit.clone()),
            ("pyramid", self.pyramid.clone()),
            ("statistics_form", self.statistics_form.clone()),
            ("unfiled", self.unfiled.clone()),
        ]
    }
}

/// Runs the stage on the tables `villages`, `posts`, `people`, `pool`, `indicators`, `events`,
/// `activities` and `pay`; any of them may be empty, and any cell missing. Counties are a key: each
/// county's rows are the same whatever other counties the tables hold.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn structure(tables: &Tables, ctx: &Context) -> StageResult<Structure> {
    let roll = roll::Roll::read(tables, ctx)?;
    let (ladder, ladder_plain) = ladder::ladder(&roll, ctx)?;
    Ok(Structure {
        structure: generations::generations(&roll, ctx)?,
        ladder,
        ladder_plain,
        age_limit: ages::age_limit(&roll, ctx)?,
        pyramid: ages::pyramid(&roll)?,
        statistics_form: form::form(&facts::Facts::gather(tables, &roll, ctx)?, &roll, ctx)?,
        unfiled: filing::unfiled(&roll, ctx)?,
    })
}

/// The word for a code of one of the stage's columns: `dimension`, `group`, `state` (of a team
/// against its target), `ladder` (the ladder's state), `side`, `problem`, or `key` (`all`,
/// `unspecified`, `unclassified`, `pool`). Another code stands for itself.
pub fn label(lang: Lang, column: &str, code: &str) -> String {
    let part = code.replace('_', "-");
    let id = match column {
        "dimension" => format!("structure-dimension-{part}"),
        "group" => format!("structure-group-{part}"),
        "state" => format!("structure-state-{part}"),
        "ladder" => format!("structure-ladder-{part}"),
        "side" => format!("structure-side-{part}"),
        "problem" => format!("structure-problem-{part}"),
        _ => format!("structure-key-{part}"),
    };
    if lang.has(&id) { lang.text(&id) } else { code.to_owned() }
}

/// Several reasons in one text, in the manner of the language.
fn joined(lang: Lang, parts: &[String]) -> String {
    parts.join(match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    })
}
