//! What caused a change: data, policy or date. A change is laid to a factor if switching that factor
//! alone turns the old state into the change, or switching it alone back undoes it; if no single one
//! suffices, to several together.

use super::compare::{Change, Kind};
use super::side::Member;

/// What can cause a change between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Data,
    Policy,
    Date,
    /// No single factor suffices.
    Together,
    /// Data, policy and date are the same: the seed or the program differs.
    Other,
}

impl Cause {
    /// Its code in the tables.
    pub const fn code(self) -> &'static str {
        match self {
            Cause::Data => "data",
            Cause::Policy => "policy",
            Cause::Date => "date",
            Cause::Together => "together",
            Cause::Other => "other",
        }
    }
}

/// A set of factors: which of them are the new ones.
pub(super) type Factors = u8;

/// The factors that can be switched.
pub(super) const FACTORS: [(Factors, Cause); 3] = [(1, Cause::Data), (2, Cause::Policy), (4, Cause::Date)];
/// Data alone.
pub(super) const DATA: Factors = 1;
/// Policy alone.
pub(super) const POLICY: Factors = 2;
/// Date alone.
pub(super) const DATE: Factors = 4;

/// What a row of a list is in one world: on the list or not, saying what.
pub(super) type State<'m> = Option<&'m Member>;

/// The causes of a change. `known` is the state under a set of new factors, `None` where that world
/// cannot be replayed; the old world is 0, the new one `changed`.
pub(super) fn causes<'m>(
    change: &Change,
    changed: Factors,
    known: &dyn Fn(Factors) -> Option<State<'m>>,
) -> Vec<Cause> {
    let factors: Vec<(Factors, Cause)> = FACTORS.into_iter().filter(|(f, _)| changed & f != 0).collect();
    match factors[..] {
        [] => return vec![Cause::Other],
        [(_, only)] => return vec![only],
        _ => {}
    }
    let (old, new) = (known(0).flatten(), known(changed).flatten());
    let found: Vec<Cause> = factors
        .into_iter()
        .filter(|(factor, _)| {
            let alone = known(*factor).is_some_and(|state| made(change, old, new, state));
            alone || known(changed ^ factor).is_some_and(|state| undone(change, old, new, state))
        })
        .map(|(_, cause)| cause)
        .collect();
    if found.is_empty() { vec![Cause::Together] } else { found }
}

fn on(state: State) -> bool {
    state.is_some_and(|m| m.on)
}

/// Which way a number moved.
fn way(from: State, to: State) -> Option<std::cmp::Ordering> {
    let number = |s: State| s.filter(|m| m.on)?.number;
    Some(number(to)?.total_cmp(&number(from)?))
}

fn numeric(old: State, new: State) -> bool {
    [old, new].iter().all(|s| s.is_some_and(|m| m.number.is_some()))
}

/// Is `state` the change? A number needs to have moved the same way, not as far.
fn made(change: &Change, old: State, new: State, state: State) -> bool {
    match change.kind {
        Kind::New => on(state),
        Kind::Gone => !on(state),
        Kind::Moved if numeric(old, new) => way(old, state) == way(old, new),
        Kind::Moved => on(state) && state.map(|m| &m.says) == new.map(|m| &m.says),
    }
}

/// Is the change undone in `state`? A number need not be what it was, but must not have moved that way.
fn undone(change: &Change, old: State, new: State, state: State) -> bool {
    match change.kind {
        Kind::New => !on(state),
        Kind::Gone => on(state),
        Kind::Moved if numeric(old, new) => way(old, state).is_some_and(|w| Some(w) != way(old, new)),
        Kind::Moved => on(state) && state.map(|m| &m.says) == old.map(|m| &m.says),
    }
}
