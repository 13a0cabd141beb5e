//! The lie of the land: townships, villages, and what changes slowly in them.

use polars::prelude::DataFrame;

use super::bodies::Bodies;
use super::people::People;
use super::world::World;
use super::{FIRST_CODE, MOST_VILLAGES_PER_TOWNSHIP, Options, names};
use crate::frame::{Build, FrameResult};
use crate::kernel::draw::Draw;

/// Who reports events, in the order of [`Township::looks`].
pub(super) const DEPARTMENTS: [&str; 7] =
    ["县纪委监委", "县信访局", "县委组织部", "县公安局", "县应急管理局", "生态环境分局", "县农业农村局"];
/// Indices into [`DEPARTMENTS`].
pub(super) mod dept {
    pub const DISCIPLINE: usize = 0;
    pub const PETITIONS: usize = 1;
    pub const ORGANISATION: usize = 2;
    pub const POLICE: usize = 3;
    pub const EMERGENCY: usize = 4;
    pub const ENVIRONMENT: usize = 5;
    pub const AGRICULTURE: usize = 6;
}

/// A township.
pub(super) struct Township {
    pub name: String,
    /// 9 digits.
    pub code: String,
    /// How hard each department looks here; 1 is usual. Hidden: it decides what is *seen*.
    pub looks: [f64; DEPARTMENTS.len()],
    /// What the township adds to its own villages' points when it assesses them.
    pub lenient: f64,
    /// Township cadres who mentor reserves and answer for measures.
    pub mentors: Vec<String>,
    /// County leader paired with it.
    pub leader: String,
}

/// A village.
pub(super) struct Village {
    pub township: usize,
    pub name: String,
    /// 12 digits.
    pub code: String,
    pub class: &'static str,
    pub urban_rural: &'static str,
    pub households: i64,
    pub population: i64,
    pub resident: i64,
    pub party_members: i64,
    pub seats: i64,
    /// Standing wealth of the collective, standard normal.
    pub wealth: f64,
    /// Surnames of the two clans that half the village bears.
    pub clans: [usize; 2],
}

/// The county before anything happens in it.
pub(super) struct Land {
    pub index: usize,
    pub county: String,
    pub code: String,
    pub townships: Vec<Township>,
    pub villages: Vec<Village>,
    /// Share of minority people, small in most counties.
    pub minority: f64,
    /// Disposable income per head of the county relative to the country.
    pub income: f64,
}

impl Land {
    pub fn township(&self, village: usize) -> &Township {
        &self.townships[self.villages[village].township]
    }

    /// The first key columns of a frame: county, township and village of each row.
    pub fn keys(&self, villages: impl Iterator<Item = usize> + Clone) -> Build {
        let count = villages.clone().count();
        Build::new()
            .str("county", &vec![self.county.as_str(); count])
            .str("township", &villages.clone().map(|v| self.township(v).name.as_str()).collect::<Vec<_>>())
            .str("village", &villages.map(|v| self.villages[v].code.as_str()).collect::<Vec<_>>())
    }

    pub fn townships_frame(&self, bodies: &Bodies, people: &People) -> FrameResult<DataFrame> {
        let of = |f: fn(&Township) -> &str| self.townships.iter().map(f).collect::<Vec<_>>();
        Build::new()
            .str("county", &vec![self.county.as_str(); self.townships.len()])
            .str("township", &of(|t| &t.name))
            .str("code", &of(|t| &t.code))
            .str("secretary", &bodies.township_heads.iter().map(|&p| people.number(p)).collect::<Vec<_>>())
            .str("leader", &of(|t| &t.leader))
            .done()
    }

    pub fn villages_frame(&self, world: &World, options: &Options) -> FrameResult<DataFrame> {
        let all = &self.villages;
        let whole = |f: fn(&Village) -> i64| all.iter().map(|v| Some(f(v))).collect();
        let weak = |v: usize| Some(world.villages[v].weak_at(options.as_of));
        self.keys(0..all.len())
            .str("village_name", &all.iter().map(|v| v.name.as_str()).collect::<Vec<_>>())
            .str("code", &all.iter().map(|v| v.code.as_str()).collect::<Vec<_>>())
            .str("class", &all.iter().map(|v| v.class).collect::<Vec<_>>())
            .str("urban_rural", &all.iter().map(|v| v.urban_rural).collect::<Vec<_>>())
            .whole("households", whole(|v| v.households))
            .whole("population", whole(|v| v.population))
            .whole("resident_population", whole(|v| v.resident))
            .whole("party_members", whole(|v| v.party_members))
            .whole("seats", whole(|v| v.seats))
            .flag("weak", (0..all.len()).map(weak).collect())
            .done()
    }
}

/// Townships of a county: the published quantiles (p5 6, p25 9, p50 12, p75 17, p95 25, max 46), joined
/// by straight lines; the upper tail bends, so that the mean comes near the published 13.7.
fn township_count(u: f64) -> usize {
    const KNOTS: [(f64, f64); 6] = [(0.0, 3.0), (0.05, 6.0), (0.25, 9.0), (0.5, 12.0), (0.75, 17.0), (0.95, 25.0)];
    if u >= 0.95 {
        let into = (u - 0.95) / 0.05;
        return (25.0 + 21.0 * into * into).round() as usize;
    }
    let place = KNOTS.iter().rposition(|k| u >= k.0).unwrap_or(0).min(KNOTS.len() - 2);
    let ((u0, n0), (u1, n1)) = (KNOTS[place], KNOTS[place + 1]);
    (n0 + (n1 - n0) * (u - u0) / (u1 - u0)).round() as usize
}

/// Villages of every township: log-normal sizes around 16.5, scaled to the total if one is given,
/// each at least 1.
fn sizes(draw: &mut Draw, options: &Options) -> Vec<usize> {
    let drawn = township_count(draw.uniform());
    let count = match (options.townships, options.villages_per_county) {
        (Some(townships), _) => townships,
        (None, Some(villages)) => {
            let usual = (villages as f64 / 16.5).round() as usize;
            usual.clamp(villages.div_ceil(MOST_VILLAGES_PER_TOWNSHIP).max(1), 300)
        }
        (None, None) => drawn,
    };
    const SIGMA: f64 = 0.42;
    let mu = libm::log(16.5) - SIGMA * SIGMA / 2.0;
    let weights: Vec<f64> = (0..count).map(|_| draw.lognormal(mu, SIGMA).clamp(4.0, 60.0)).collect();
    let Some(villages) = options.villages_per_county else {
        return weights.iter().map(|w| w.round() as usize).collect();
    };
    // Everyone gets one; the rest goes out by shares, rounded on the running total.
    let total: f64 = weights.iter().sum();
    let spare = villages.saturating_sub(count);
    let (mut run, mut given) = (0.0, 0);
    let mut sizes: Vec<usize> = weights
        .iter()
        .map(|w| {
            run += w;
            let upto = (run / total * spare as f64).round() as usize;
            let own = 1 + upto - given;
            given = upto;
            own
        })
        .collect();
    // What overflows the village codes of one township moves on to the next with room.
    let mut over = 0;
    for size in &mut sizes {
        over += size.saturating_sub(MOST_VILLAGES_PER_TOWNSHIP);
        *size = (*size).min(MOST_VILLAGES_PER_TOWNSHIP);
    }
    for size in &mut sizes {
        let more = over.min(MOST_VILLAGES_PER_TOWNSHIP - *size);
        *size += more;
        over -= more;
    }
    sizes
}

const POSITIONS: [&str; 4] = ["镇党委副书记", "党委组织委员", "党委委员", "人大主席"];
const LEADERS: [&str; 5] = ["县委副书记", "县委常委", "副县长", "县人大副主任", "县政协副主席"];

fn township(draw: &mut Draw, county_code: &str, stem: &str, number: usize, towns: usize) -> Township {
    let town = number < towns;
    let serial = if town { 100 + number } else { 200 + number - towns };
    let mut looks = [0.0; DEPARTMENTS.len()];
    // A common part (a township that reports much reports everything) and one per department.
    let common = draw.normal(0.0, 0.25);
    looks.iter_mut().for_each(|l| *l = libm::exp(common + draw.normal(0.0, 0.3)));
    let title = |draw: &mut Draw, position: &str| {
        let (female, born) = (draw.chance(0.25), draw.whole(1972, 1990) as i32);
        format!("{}（{position}）", names::full(draw, female, born))
    };
    let mentors = POSITIONS.iter().map(|p| title(draw, if town { p } else { p.trim_start_matches('镇') })).collect();
    let leader = draw.choose(&LEADERS).copied().unwrap_or(LEADERS[0]);
    Township {
        name: format!("{stem}{}", if town { "镇" } else { "乡" }),
        code: format!("{county_code}{serial:03}"),
        looks,
        lenient: draw.normal(0.0, 2.5),
        mentors,
        leader: title(draw, leader),
    }
}

fn village(draw: &mut Draw, township: usize, code: String, name: String) -> Village {
    let population = draw.lognormal(libm::log(1_620.0), 0.45).clamp(180.0, 9_000.0).round();
    let wealth = draw.normal(0.0, 1.0);
    let suburban = draw.chance(0.06);
    // The class follows wealth, and not always.
    let seen = wealth + draw.normal(0.0, 0.6);
    let class = match seen {
        _ if suburban => "suburban",
        s if s > 1.0 => "strong",
        s if s < -0.8 => "weak",
        _ => "ordinary",
    };
    let urban_rural = if suburban {
        ["112", "121", "122"][draw.index(3)]
    } else {
        ["220", "210", "123"][draw.weighted(&[0.86, 0.08, 0.06]).unwrap_or(0)]
    };
    let seats = if population > 2_600.0 { [5, 7][draw.index(2)] } else { [3, 3, 4, 5, 5][draw.index(5)] };
    Village {
        township,
        name,
        code,
        class,
        urban_rural,
        households: (population / draw.between(3.2, 4.2)).round() as i64,
        population: population as i64,
        resident: (population * draw.between(0.45, if suburban { 1.3 } else { 0.95 })).round() as i64,
        party_members: (population * draw.between(0.022, 0.05)).round().max(9.0) as i64,
        seats,
        wealth,
        clans: [names::surname(draw), names::surname(draw)],
    }
}

/// Lays out county number `index`.
pub(super) fn draw(options: &Options, index: usize) -> Land {
    let draw = &mut Draw::named(options.seed, "synth.land", index as u64);
    let code = (FIRST_CODE + index).to_string();
    let sizes = sizes(draw, options);
    // About half of all townships are towns (镇), with at most 100 codes for them.
    let towns = ((sizes.len() as f64 * draw.between(0.45, 0.75)).round() as usize).clamp(1, 100);
    let towns = towns.max(sizes.len().saturating_sub(200));
    let township_stems = names::townships(draw);
    let stems = names::villages(draw);
    let townships: Vec<Township> = (0..sizes.len())
        .map(|number| township(draw, &code, &township_stems[number % township_stems.len()], number, towns))
        .collect();
    let mut villages: Vec<Village> = Vec::new();
    for (t, &size) in sizes.iter().enumerate() {
        for serial in 0..size {
            let place = villages.len();
            // One name in a hundred stands in two townships, as names do; never twice in one.
            let again = t > 0 && serial == 0 && draw.chance(0.15);
            let stem = if again { place - draw.index(sizes[t - 1]) - 1 } else { place };
            let name = format!("{}村", stems[stem % stems.len()]);
            let code = format!("{}{:03}", townships[t].code, 200 + serial);
            villages.push(village(draw, t, code, name));
        }
    }
    Land {
        index,
        county: names::county(index),
        code,
        townships,
        villages,
        minority: if draw.chance(0.12) { draw.between(0.15, 0.6) } else { draw.between(0.002, 0.04) },
        income: draw.lognormal(0.0, 0.18),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn township_counts_have_the_published_quantiles() {
        for (u, n) in [(0.05, 6), (0.25, 9), (0.5, 12), (0.75, 17), (0.95, 25), (0.999_999, 46)] {
            assert_eq!(township_count(u), n);
        }
        let mean = (0..10_000).map(|i| township_count((f64::from(i) + 0.5) / 10_000.0) as f64).sum::<f64>() / 1e4;
        assert!((mean - 13.7).abs() < 0.4, "{mean}");
    }

    #[test]
    fn sizes_add_up_to_what_was_asked() {
        for (townships, villages) in [(1, 1), (1, 800), (28, 413), (3, 2_400), (300, 300), (7, 5_000)] {
            let options =
                Options { townships: Some(townships), villages_per_county: Some(villages), ..Options::default() };
            let sizes = sizes(&mut Draw::new(1, 0), &options);
            assert_eq!((sizes.len(), sizes.iter().sum::<usize>()), (townships, villages));
            assert!(sizes.iter().all(|&s| (1..=MOST_VILLAGES_PER_TOWNSHIP).contains(&s)));
        }
    }
}
