//! Who is considered for which post: own village first, others as the policy allows. Never all
//! pairs: people are looked up by village, township or county.

use std::cmp::Reverse;
use std::collections::HashMap;

use rayon::prelude::*;

use crate::stage::Context;

use super::chains;
use super::facts::Facts;
use super::fit::{Fits, cost};
use super::gates::{Bits, Finding, Level, bar_level, guarding, missing_level};
use super::policy::{CrossVillage, SoftRule, Test};
use super::vacancies::{Vacancies, Vacancy};
use super::waived::Waived;

/// One person considered for one post.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// Place in `facts.candidates`.
    pub candidate: u32,
    pub own_village: bool,
    pub bits: Bits,
    /// Hundredths of a point.
    pub fit: i64,
}

/// Everybody considered for one post.
#[derive(Clone, Debug, Default)]
pub(super) struct Considered {
    /// May be suggested; best fit first.
    pub eligible: Vec<Pair>,
    /// Held back by one soft gate alone: (gate, pair).
    pub waivable: Vec<(usize, Pair)>,
    /// Gate → how many it bars, in the policy's order of gates.
    pub barred: Vec<(usize, usize)>,
    /// How many were looked at.
    pub total: usize,
    /// People of other villages were left out beyond the bound on edges.
    pub pruned: bool,
    /// Those who hold a post that they would leave, and would be eligible at once or with one soft gate
    /// waived; the bound on edges does not count.
    pub movers: Vec<u32>,
}

/// What pairing needs to look up.
pub(super) struct Lookup<'f, 'a> {
    facts: &'f Facts<'a>,
    fits: &'f Fits,
    bits: Vec<Bits>,
    guards: Vec<u64>,
    by_village: HashMap<&'a str, Vec<u32>>,
    by_area: HashMap<(&'a str, &'a str), Vec<u32>>,
    residence: Vec<(usize, Level)>,
    willing: Vec<usize>,
    kin: u64,
    /// Gates waived for each candidate, as bits.
    waived: Vec<u64>,
    /// By candidate: place in `facts.posts` of the post that they would leave.
    pub held: Vec<Option<usize>>,
}

/// Gathers what pairing looks up.
pub(super) fn lookup<'f, 'a>(
    vacancies: &Vacancies<'a>,
    facts: &'f Facts<'a>,
    findings: &[Vec<Finding<'a>>],
    fits: &'f Fits,
    waived: &Waived<'_>,
    ctx: &Context,
) -> Lookup<'f, 'a> {
    let policy = &ctx.policy.reserve;
    let of_test =
        |test: Test| policy.gates.values().enumerate().filter(move |(_, gate)| gate.test == test).collect::<Vec<_>>();
    let kin = of_test(Test::Kin).iter().fold(0, |bits, (at, _)| bits | 1 << at);
    let bits = findings
        .iter()
        .map(|found| {
            // Kinship bars in one village only and is added per pair.
            let mut bits = Bits::default();
            found.iter().filter(|f| kin & 1 << f.gate == 0).for_each(|f| bits.add(f.gate, f.level));
            bits
        })
        .collect();
    let mut lookup = Lookup {
        facts,
        fits,
        bits,
        guards: vacancies.kinds.iter().map(|(post, dual)| guarding(ctx, post, *dual)).collect(),
        by_village: HashMap::new(),
        by_area: HashMap::new(),
        residence: of_test(Test::Residence).into_iter().map(|(at, gate)| (at, missing_level(gate))).collect(),
        willing: of_test(Test::Willing).into_iter().map(|(at, _)| at).collect(),
        kin,
        waived: facts.candidates.iter().map(|person| waived.gates(person.id)).collect(),
        held: chains::held(vacancies, facts, ctx),
    };
    for (at, person) in facts.candidates.iter().enumerate() {
        if !person.village.is_empty() {
            lookup.by_village.entry(person.village).or_default().push(at as u32);
        }
        let area = match policy.cross_village {
            CrossVillage::None => continue,
            CrossVillage::Township if person.township.is_empty() => continue,
            CrossVillage::Township => (person.county, person.township),
            CrossVillage::County => (person.county, ""),
        };
        lookup.by_area.entry(area).or_default().push(at as u32);
    }
    lookup
}

/// The order of the eligible: best fit first.
pub(super) fn order(pair: &Pair) -> (Reverse<i64>, Reverse<bool>, u32) {
    (Reverse(pair.fit), Reverse(pair.own_village), pair.candidate)
}

/// The gates that keep a person from a post, as bits.
fn blocking(pair: &Pair, ctx: &Context) -> u64 {
    match ctx.policy.reserve.soft {
        SoftRule::Exclude => pair.bits.hard | pair.bits.soft,
        SoftRule::AllowMarked => pair.bits.hard,
    }
}

impl<'a> Lookup<'_, 'a> {
    /// Considers people for vacancies; one entry per vacancy, in its order.
    pub fn consider_all(&self, vacancies: &[Vacancy<'a>], ctx: &Context) -> Vec<Considered> {
        vacancies.par_iter().map(|vacancy| self.consider(vacancy, ctx)).collect()
    }

    /// Everybody who is looked at for a vacancy, and whether it lies in their own village; its holder, who
    /// may stay, is no matter of looking.
    fn people(&self, vacancy: &Vacancy<'a>, ctx: &Context) -> impl Iterator<Item = (u32, bool)> {
        let policy = &ctx.policy.reserve;
        let own = self.by_village.get(vacancy.village).map_or(&[][..], Vec::as_slice);
        let area = match policy.cross_village {
            CrossVillage::None => None,
            CrossVillage::Township => self.by_area.get(&(vacancy.county, vacancy.township)),
            CrossVillage::County => self.by_area.get(&(vacancy.county, "")),
        };
        let others = area.map_or(&[][..], Vec::as_slice).iter().filter(|at| {
            let person = &self.facts.candidates[**at as usize];
            // Whoever named villages is considered in those alone.
            person.village != vacancy.village
                && self.facts.wished.get(person.id).is_none_or(|wished| wished.contains(vacancy.village))
        });
        let all = own.iter().map(|at| (*at, true)).chain(others.map(|at| (*at, false)));
        all.filter(|(at, _)| vacancy.stays != Some(*at))
    }

    /// Eligible people whom the bound on edges left out and whose cost lies below what `price` says
    /// of them: a best solution may need them.
    pub fn improving(
        &self,
        vacancy: &Vacancy<'a>,
        known: &Considered,
        price: impl Fn(u32) -> i64,
        ctx: &Context,
    ) -> Vec<Pair> {
        if !known.pruned {
            return Vec::new();
        }
        let mut here: Vec<u32> = known.eligible.iter().map(|pair| pair.candidate).collect();
        here.sort_unstable();
        let pairs = self.people(vacancy, ctx).filter(|(at, own)| !own && here.binary_search(at).is_err());
        let pairs = pairs.map(|(at, own)| self.pair(vacancy, at, own, ctx));
        pairs.filter(|pair| blocking(pair, ctx) == 0 && cost(pair.fit) < price(pair.candidate)).collect()
    }

    fn consider(&self, vacancy: &Vacancy<'a>, ctx: &Context) -> Considered {
        let policy = &ctx.policy.reserve;
        let mut found = Considered::default();
        let mut barred = vec![0usize; policy.gates.len()];
        for (at, own_village) in self.people(vacancy, ctx) {
            let pair = self.pair(vacancy, at, own_village, ctx);
            found.total += 1;
            let blocking = blocking(&pair, ctx);
            let one_gate = pair.bits.hard == 0 && pair.bits.soft.is_power_of_two();
            if self.held[at as usize].is_some() && (blocking == 0 || one_gate) {
                found.movers.push(at);
            }
            if blocking == 0 {
                found.eligible.push(pair);
                continue;
            }
            for (gate, count) in barred.iter_mut().enumerate() {
                *count += usize::from(blocking & 1 << gate != 0);
            }
            if one_gate {
                found.waivable.push((pair.bits.soft.trailing_zeros() as usize, pair));
            }
        }
        found.barred = barred.into_iter().enumerate().filter(|(_, n)| *n > 0).collect();
        if let Some(holder) = vacancy.stays {
            let person = &self.facts.candidates[holder as usize];
            found.eligible.push(chains::staying(holder, person, vacancy, self.fits));
        }
        found.eligible.sort_by_key(order);
        found.waivable.sort_by_key(|(gate, pair)| (*gate, order(pair)));
        let most = policy.edges_per_post;
        let mut strangers = 0;
        let all = found.eligible.len();
        found.eligible.retain(|pair| {
            strangers += usize::from(!pair.own_village);
            pair.own_village || strangers <= most
        });
        found.pruned = found.eligible.len() < all;
        let (mut gate, mut strangers) = (usize::MAX, 0);
        found.waivable.retain(|(of, pair)| {
            if *of != gate {
                (gate, strangers) = (*of, 0);
            }
            strangers += usize::from(!pair.own_village);
            pair.own_village || strangers <= most
        });
        found
    }

    fn pair(&self, vacancy: &Vacancy<'a>, at: u32, own_village: bool, ctx: &Context) -> Pair {
        let person = &self.facts.candidates[at as usize];
        let mut bits = self.bits[at as usize];
        if !own_village {
            self.residence.iter().for_each(|(gate, level)| bits.add(*gate, *level));
        }
        if let Some(willing) = self.facts.wishes.get(&(person.id, vacancy.village)) {
            for gate in &self.willing {
                // A wish for this very village answers the general question.
                bits.mark &= !(1 << gate);
                if !willing {
                    bits.add(*gate, Level::Hard);
                }
            }
        }
        if self.kin != 0 {
            for relative in self.facts.relatives.get(person.id).into_iter().flatten() {
                if relative.village == vacancy.village {
                    let gate = &ctx.policy.reserve.gates[relative.gate];
                    let level = if relative.relation.is_some() { bar_level(gate) } else { missing_level(gate) };
                    bits.add(relative.gate, level);
                }
            }
        }
        // What holds for this village alone (residence, kinship) may be waived too.
        let lifted = bits.soft & self.waived[at as usize];
        bits.soft &= !lifted;
        bits.waived |= lifted;
        Pair {
            candidate: at,
            own_village,
            bits: bits.only(self.guards[vacancy.kind]),
            fit: self.fits.fit(at as usize, person, vacancy.post, own_village),
        }
    }
}
