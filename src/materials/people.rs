//! The two tables that `run` writes for readers who see names, so that meeting materials can be
//! made from an output folder alone: `people` and `person_files`. A summary run writes neither.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use crate::book::Tables;
use crate::explain::Sources;
use crate::frame::{self, Build, FrameResult};

/// Names of the tables.
pub const TABLES: [&str; 2] = ["people", "person_files"];

/// Both tables.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn tables(sources: &Sources) -> FrameResult<[(&'static str, DataFrame); 2]> {
    let [people, files] = TABLES;
    Ok([(people, roll(&sources.book.tables)?), (files, sources.person_files()?)])
}

/// One row per person of the book: who they are, the posts they hold and their place in the pool.
/// Neither identity number nor telephone.
fn roll(tables: &Tables) -> FrameResult<DataFrame> {
    let people = tables.get("people");
    let mut posts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let held = tables.get("posts");
    for (person, post) in frame::words(held, "person")?.into_iter().zip(frame::words(held, "post")?) {
        let known = posts.entry(person).or_default();
        if !known.contains(&post) {
            known.push(post);
        }
    }
    let pool = tables.get("pool");
    let places: HashMap<&str, usize> =
        frame::words(pool, "person")?.into_iter().enumerate().map(|(at, person)| (person, at)).collect();
    let villages = tables.get("villages");
    let names: HashMap<&str, &str> =
        frame::words(villages, "village")?.into_iter().zip(frame::words(villages, "village_name")?).collect();
    let persons = frame::words(people, "person")?;
    let in_pool: Vec<Option<usize>> = persons.iter().map(|p| places.get(p).copied()).collect();
    fn pooled<T: Clone>(values: &[Option<T>], rows: &[Option<usize>]) -> Vec<Option<T>> {
        rows.iter().map(|row| row.and_then(|at| values.get(at).cloned().flatten())).collect()
    }
    let homes = frame::words(people, "village")?;
    let held: Vec<Option<String>> = persons.iter().map(|p| posts.get(p).map(|posts| posts.join(";"))).collect();
    let mut build = Build::new();
    for column in ["county", "township", "village"] {
        build = build.text(column, frame::texts(people, column)?);
    }
    build = build
        .text("village_name", homes.iter().map(|key| names.get(key).copied()).collect())
        .str("person", &persons)
        .text("name", frame::texts(people, "name")?);
    build = build.text("sex", frame::texts(people, "sex")?).date("birth", frame::dates(people, "birth")?);
    build = build
        .text("political_status", frame::texts(people, "political_status")?)
        .date("party_joined", frame::dates(people, "party_joined")?)
        .text("education", frame::texts(people, "education")?)
        .text("school", frame::texts(people, "school")?)
        .text("pool_source", frame::texts(people, "source")?)
        .flag("veteran", frame::flags(people, "veteran")?)
        .flag("in_village", frame::flags(people, "in_village")?)
        .date("reviewed", frame::dates(people, "reviewed")?)
        .flag("review_passed", frame::flags(people, "review_passed")?)
        .text("posts_held", held);
    for column in ["status", "target_post", "recommended_by", "mentor", "thinking", "work", "potential"] {
        let name = if column == "status" { "pool_status" } else { column };
        build = build.text(name, pooled(&frame::texts(pool, column)?, &in_pool));
    }
    for column in ["entered", "appraised"] {
        build = build.date(column, pooled(&frame::dates(pool, column)?, &in_pool));
    }
    build.done()
}
