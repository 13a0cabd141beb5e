//! County filing (县级备案): posts without a date or a number, and new heads not filed anew.

use chrono::{Days, NaiveDate};
use polars::prelude::DataFrame;

use super::joined;
use super::roll::{Holder, Roll, Seat};
use crate::frame::{Build, FrameResult};
use crate::say;
use crate::stage::{Context, add_months};

/// Table `unfiled`: county, township, village, village_name, post, person, since, problem, detail.
/// One row per held post that the policy wants filed and that is not; `problem` is the gravest:
///
/// - `changed_unfiled`: the holder began within the policy's last months, and no filing of theirs
///   is on record: none at all, or one from before their time (a filing up to `lead_days` before
///   the start is theirs: filing may precede the start);
/// - `no_date`: no filing date (nor, perhaps, a number: `detail` says);
/// - `no_number`: a date without a number;
/// - `unrecorded`: the county's book holds no filing of any post, so nobody can tell whether this one
///   was filed: a sheet without the column is neither clean nor late.
///
/// A filing dated after the reference date counts as none, its number included.
pub fn unfiled(roll: &Roll, ctx: &Context) -> FrameResult<DataFrame> {
    let rules = &ctx.policy.structure.filing;
    let changed = add_months(ctx.as_of, -i32::try_from(rules.changed_months).unwrap_or(i32::MAX));
    let mut recorded = vec![false; roll.counties.len()];
    for seat in &roll.seats {
        recorded[roll.villages[seat.village].county] |= seat.filed_on.is_some() || seat.filing_number.is_some();
    }
    let mut text: [Vec<&str>; 7] = Default::default();
    let [county, township, key, name, post, person, problem] = &mut text;
    let (mut since, mut detail) = (Vec::new(), Vec::new());
    for seat in &roll.seats {
        let Holder::Person(holder) = seat.holder else { continue };
        if !rules.posts.iter().any(|p| p == seat.post) {
            continue;
        }
        let Some(found) = problem_of(seat, changed, rules.lead_days) else { continue };
        let village = &roll.villages[seat.village];
        let found = if recorded[village.county] { found } else { "unrecorded" };
        county.push(roll.counties[village.county]);
        township.push(village.township);
        key.push(village.key);
        name.push(village.name);
        post.push(seat.post);
        person.push(roll.people[holder].code);
        problem.push(found);
        since.push(seat.since);
        detail.push(explain(seat, found, ctx));
    }
    Build::new()
        .str("county", county)
        .str("township", township)
        .str("village", key)
        .str("village_name", name)
        .str("post", post)
        .str("person", person)
        .date("since", since)
        .str("problem", problem)
        .str("detail", &detail)
        .done()
}

fn problem_of(seat: &Seat, changed: NaiveDate, lead_days: u32) -> Option<&'static str> {
    let own = |filed: NaiveDate, since: NaiveDate| {
        filed.checked_add_days(Days::new(u64::from(lead_days))).is_none_or(|until| until >= since)
    };
    match (seat.since, seat.filed_on) {
        (Some(since), filed) if since > changed && !filed.is_some_and(|f| own(f, since)) => Some("changed_unfiled"),
        (_, None) => Some("no_date"),
        (_, Some(_)) if seat.filing_number.is_none() => Some("no_number"),
        _ => None,
    }
}

fn explain(seat: &Seat, problem: &str, ctx: &Context) -> String {
    let lang = ctx.lang;
    if problem == "unrecorded" {
        return say!(lang, "structure-filing-unrecorded");
    }
    let mut said = Vec::new();
    if let (Some(since), "changed_unfiled") = (seat.since, problem) {
        let days = (ctx.as_of - since).num_days();
        said.push(say!(lang, "structure-filing-changed", since = since, days = days));
    }
    match (seat.filed_on, seat.filing_number) {
        (Some(day), _) if problem == "changed_unfiled" => said.push(say!(lang, "structure-filing-older", day = day)),
        (Some(day), None) => said.push(say!(lang, "structure-filing-no-number", day = day)),
        (None, Some(number)) => said.push(say!(lang, "structure-filing-no-date", number = number)),
        (None, None) => said.push(say!(lang, "structure-filing-none")),
        (Some(_), Some(_)) => {}
    }
    joined(lang, &said)
}
