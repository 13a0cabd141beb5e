//! Heads, seats and reserves of each county, as the statistics form counts them.

use super::roll::{Holder, Person, Roll, Seat};
use crate::stage::Context;

/// What the form counts in one county.
#[derive(Default)]
pub struct Team<'r> {
    pub villages: usize,
    /// Holders of the main post, each once.
    pub heads: Vec<&'r Person<'r>>,
    /// Main posts that are empty.
    pub empty: usize,
    /// Villages without a row of the main post.
    pub no_record: usize,
    /// Villages whose main post the book knows only at a later day.
    pub later: usize,
    /// Villages whose head also heads the committee, and those where the book says either way.
    pub dual: usize,
    pub dual_known: usize,
    /// Everybody in the pool, each once.
    pub reserves: Vec<&'r Person<'r>>,
    /// Target post, people in the pool for it, seats of that post.
    pub by_post: Vec<(&'r str, usize, usize)>,
    /// Villages with somebody in the pool besides the sitting head.
    pub with_reserve: usize,
    /// Reserves of no village that the book knows.
    pub placeless: usize,
}

/// One per county, in the order of `roll.counties`.
pub fn teams<'r>(roll: &'r Roll, ctx: &Context) -> Vec<Team<'r>> {
    let main = &ctx.policy.structure.main_post;
    let mut teams: Vec<Team> = roll.counties.iter().map(|_| Team::default()).collect();
    for (village, person) in roll.holders(main) {
        teams[roll.villages[village].county].heads.push(&roll.people[person]);
    }
    seats(&mut teams, roll, main);
    let mut reserved = vec![false; roll.villages.len()];
    let mut listed = Vec::new();
    for reserve in &roll.reserves {
        let team = &mut teams[reserve.county];
        listed.push((reserve.county, reserve.post, reserve.person));
        match reserve.village {
            Some(at) => {
                let sitting =
                    roll.seats_of(at).iter().any(|s| s.post == *main && s.holder == Holder::Person(reserve.person));
                reserved[at] |= !sitting;
            }
            None => team.placeless += 1,
        }
        let person = &roll.people[reserve.person];
        if team.reserves.last().is_none_or(|last| last.code != person.code) {
            team.reserves.push(person);
        }
    }
    for (village, reserved) in roll.villages.iter().zip(reserved) {
        teams[village.county].with_reserve += usize::from(reserved);
    }
    listed.sort_unstable();
    listed.dedup();
    for same in listed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (county, post, _) = same[0];
        teams[county].by_post.push((post, same.len(), 0));
    }
    for seat in &roll.seats {
        let team = &mut teams[roll.villages[seat.village].county];
        if let Some((_, _, seats)) = team.by_post.iter_mut().find(|(post, ..)| *post == seat.post) {
            *seats += 1;
        }
    }
    teams
}

/// Main posts: empty, without record, known only later; and whether one person holds both offices.
fn seats(teams: &mut [Team], roll: &Roll, main: &str) {
    for (at, village) in roll.villages.iter().enumerate() {
        let team = &mut teams[village.county];
        team.villages += 1;
        let seats = roll.seats_of(at);
        let head = |seat: &&Seat| seat.post == main;
        let Some(seat) = seats.iter().find(head) else {
            team.no_record += 1;
            continue;
        };
        match seat.holder {
            Holder::Empty => team.empty += 1,
            Holder::Unknown => team.later += 1,
            Holder::Person(_) => {
                // Two rows of one person say the same as the column.
                let director = seats.iter().find(|s| s.post == "director" && matches!(s.holder, Holder::Person(_)));
                let dual = seat.dual.or(director.map(|d| d.holder == seat.holder));
                team.dual_known += usize::from(dual.is_some());
                team.dual += usize::from(dual == Some(true));
            }
        }
    }
}
