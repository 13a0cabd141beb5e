//! Who sits where: secretaries, directors, committee seats, clerks and supervision heads.

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::land::Land;
use super::people::{Home, Id, People, Sketch, education};
use super::world::{Story, World};
use super::{Options, days};
use crate::frame::FrameResult;
use crate::kernel::draw::Draw;

/// A post and who holds it.
pub(super) struct Post {
    pub village: usize,
    pub post: &'static str,
    pub person: Option<Id>,
    pub since: Option<NaiveDate>,
    pub vacant_since: Option<NaiveDate>,
    /// Secretary and director in one; only said of secretaries.
    pub dual: Option<bool>,
    pub filed_on: Option<NaiveDate>,
    pub filing_number: Option<String>,
}

/// All posts of the county.
pub(super) struct Bodies {
    pub posts: Vec<Post>,
    /// By village: the range of its posts.
    pub of_village: Vec<std::ops::Range<usize>>,
    /// By township.
    pub township_heads: Vec<Id>,
}

impl Bodies {
    pub fn of(&self, village: usize) -> &[Post] {
        &self.posts[self.of_village[village].clone()]
    }

    /// Who holds that post of the village since before that day, if they still do.
    pub fn holder(&self, village: usize, post: &str, day: NaiveDate) -> Option<Id> {
        let held = |p: &&Post| p.post == post && p.since.is_some_and(|s| s <= day);
        self.of(village).iter().find(held).and_then(|p| p.person)
    }

    pub fn frame(&self, land: &Land, people: &People) -> FrameResult<DataFrame> {
        let all = &self.posts;
        land.keys(all.iter().map(|p| p.village))
            .str("post", &all.iter().map(|p| p.post).collect::<Vec<_>>())
            .text("person", all.iter().map(|p| p.person.map(|id| people.number(id))).collect())
            .date("since", all.iter().map(|p| p.since).collect())
            .date("vacant_since", all.iter().map(|p| p.vacant_since).collect())
            .flag("dual", all.iter().map(|p| p.dual).collect())
            .date("filed_on", all.iter().map(|p| p.filed_on).collect())
            .text("filing_number", all.iter().map(|p| p.filing_number.as_deref()).collect())
            .done()
    }
}

/// Sources of those in office, and their weights.
const SOURCES: [(&str, f64); 8] = [
    ("leader", 0.26),
    ("migrant", 0.22),
    ("veteran", 0.14),
    ("cadre", 0.15),
    ("cooperative", 0.10),
    ("graduate", 0.07),
    ("village_official", 0.03),
    ("other", 0.03),
];

/// Years of a secretary, after the national sample of 2019: mean 50.0, 28.4% up to 45, 52.9% over 50.
/// A younger and an older generation, mixed.
fn secretary_age(draw: &mut Draw) -> f64 {
    let (mean, deviation) = if draw.chance(0.27) { (40.0, 3.9) } else { (53.9, 4.8) };
    draw.normal(mean, deviation).clamp(25.0, 67.0)
}

/// The county's bodies while they are filled.
struct Filling<'a> {
    draw: Draw,
    people: &'a mut People,
    as_of: NaiveDate,
    /// First character of the county's name, for filing numbers.
    sign: char,
    /// The last election; everyone elected since sits from then.
    election: NaiveDate,
    posts: Vec<Post>,
}

impl Filling<'_> {
    fn source(&mut self) -> &'static str {
        let weights = SOURCES.map(|s| s.1);
        self.draw.weighted(&weights).map_or("other", |k| SOURCES[k].0)
    }

    /// Filing by the county: mostly within six weeks; a few posts have no number, no date, or the
    /// filing of the predecessor.
    fn file(&mut self, since: NaiveDate) -> (Option<NaiveDate>, Option<String>) {
        let day = days::plus(since, self.draw.between(4.0, 42.0));
        let fault = self.draw.uniform();
        if day > self.as_of || fault < 0.006 {
            return (None, None);
        }
        let batch = |day: NaiveDate| format!("{}组备〔{}〕{}号", self.sign, day.year(), day.ordinal().div_ceil(7));
        match fault {
            f if f < 0.016 => (Some(day), None),
            f if f < 0.022 => (None, Some(batch(day))),
            f if f < 0.030 => {
                let before = days::plus(since, -700.0);
                (Some(before), Some(batch(before)))
            }
            _ => (Some(day), Some(batch(day))),
        }
    }

    /// The start of a term: the last election, or a later by-election.
    fn start(&mut self) -> NaiveDate {
        let later = self.draw.chance(0.13);
        let (by, soon) = (self.draw.uniform(), self.draw.between(0.0, 60.0));
        let span = (self.as_of - self.election).num_days() as f64;
        let day = if later { days::plus(self.election, by * span) } else { days::plus(self.election, soon) };
        day.min(days::plus(self.as_of, -3.0))
    }

    fn seat(&mut self, village: usize, post: &'static str, person: Id, since: NaiveDate) -> &mut Post {
        let (filed_on, filing_number) = self.file(since);
        // The joint review precedes the post; some were never reviewed.
        let reviewed = self.draw.chance(0.88).then(|| (days::plus(since, -self.draw.between(12.0, 60.0)), true));
        self.people.all[person].reviewed = reviewed;
        let since = Some(since);
        let post = Post {
            village,
            post,
            person: Some(person),
            since,
            vacant_since: None,
            dual: None,
            filed_on,
            filing_number,
        };
        self.posts.push(post);
        let last = self.posts.len() - 1;
        &mut self.posts[last]
    }

    fn empty(&mut self, village: usize, post: &'static str, vacant: NaiveDate) {
        self.posts.push(Post {
            village,
            post,
            person: None,
            since: None,
            vacant_since: Some(vacant),
            dual: None,
            filed_on: None,
            filing_number: None,
        });
    }

    /// A secretary, or a director of their own.
    fn head(&mut self, village: usize, post: &'static str, since: NaiveDate) -> Id {
        let secretary = post == "secretary";
        let age = if secretary { secretary_age(&mut self.draw) } else { self.draw.normal(47.0, 7.5).clamp(25.0, 64.0) };
        let age = age.max(23.5 + days::years(since, self.as_of));
        let female = self.draw.chance(if secretary { 0.052 } else { 0.09 });
        let education = education(&mut self.draw, (age - 50.0) / 8.0);
        let member = secretary || self.draw.chance(0.9);
        let source = self.source();
        // One in five hundred joined the Party after taking the post: a fault of the sheet.
        let fault = self.draw.chance(0.002);
        let status = if member { "member" } else { "masses" };
        let member_before = (secretary && !fault).then_some(since);
        let in_village = Some(self.draw.chance(0.95));
        let home = Home::Village(village);
        self.people.add(Sketch {
            home,
            age,
            female,
            surname: None,
            education,
            status,
            source,
            member_before,
            in_village,
        })
    }

    /// A seat besides the heads'.
    fn member(&mut self, village: usize, post: &'static str, female: bool, since: NaiveDate) -> Id {
        let draw = &mut self.draw;
        let (mean, deviation, party) = match post {
            "supervision_head" => (53.0, 6.5, 0.85),
            "clerk" => (43.0, 8.5, 0.5),
            "deputy_secretary" => (46.0, 7.5, 1.0),
            _ => (44.0, 8.5, 0.62),
        };
        let age = draw.normal(mean, deviation).clamp(23.0, 64.0).max(20.5 + days::years(since, self.as_of));
        let education = education(draw, (age - 52.0) / 8.0);
        let status = if draw.chance(party) {
            "member"
        } else {
            ["probationary", "development", "activist", "masses"][draw.weighted(&[0.08, 0.06, 0.26, 0.6]).unwrap_or(3)]
        };
        let in_village = Some(draw.chance(0.93));
        let source = self.source();
        let home = Home::Village(village);
        let member_before = Some(since);
        self.people.add(Sketch {
            home,
            age,
            female,
            surname: None,
            education,
            status,
            source,
            member_before,
            in_village,
        })
    }

    /// Every post of one village.
    fn village(&mut self, v: usize, seats: i64, dual: bool, large: bool, story: &Story) {
        let before = days::plus(self.election, -self.draw.exponential(1_600.0));
        let since = story.changes.last().copied().unwrap_or(before).min(days::plus(self.as_of, -2.0));
        match story.vacant {
            Some(day) => {
                self.empty(v, "secretary", day);
                if dual {
                    self.empty(v, "director", day);
                }
            }
            None => {
                let person = self.head(v, "secretary", since);
                self.seat(v, "secretary", person, since).dual = Some(dual);
            }
        }
        if !dual {
            let since = self.start();
            let person = self.head(v, "director", since);
            self.seat(v, "director", person, since);
        }
        self.committee(v, seats, large);
    }

    fn committee(&mut self, v: usize, seats: i64, large: bool) {
        let mut posts: Vec<&'static str> = Vec::new();
        if large {
            posts.push("deputy_secretary");
        }
        let committee_from = posts.len();
        for seat in 1..seats {
            posts.push(if seat == 1 && seats >= 5 { "deputy_director" } else { "committee" });
        }
        let committee_to = posts.len();
        if self.draw.chance(0.85) {
            posts.push("clerk");
        }
        if self.draw.chance(0.95) {
            posts.push("supervision_head");
        }
        let mut women: Vec<bool> =
            posts.iter().map(|&p| self.draw.chance(if p == "clerk" { 0.4 } else { 0.2 })).collect();
        // The law wants a woman in every committee; nearly all have one.
        let committee = committee_from..committee_to;
        if !committee.is_empty() && !women[committee.clone()].contains(&true) && self.draw.chance(0.96) {
            women[committee_to - 1] = true;
        }
        for (post, female) in posts.into_iter().zip(women) {
            if self.draw.chance(0.022) {
                let day = days::plus(self.as_of, -self.draw.exponential(200.0) - 3.0);
                self.empty(v, post, day);
            } else {
                let since = self.start();
                let person = self.member(v, post, female, since);
                self.seat(v, post, person, since);
            }
        }
    }
}

/// Fills every post as of the reference date.
pub(super) fn draw(options: &Options, land: &Land, world: &World, people: &mut People) -> Bodies {
    let as_of = options.as_of;
    let mut filling = Filling {
        draw: Draw::named(options.seed, "synth.bodies", land.index as u64),
        people,
        as_of,
        sign: land.county.chars().next().unwrap_or('县'),
        election: world.elections.last().copied().unwrap_or_else(|| days::plus(as_of, -1_500.0)),
        posts: Vec::new(),
    };
    let mut of_village = Vec::with_capacity(land.villages.len());
    for (v, village) in land.villages.iter().enumerate() {
        let from = filling.posts.len();
        let dual = filling.draw.chance(0.78);
        filling.village(v, village.seats, dual, village.population > 2_600, &world.villages[v]);
        of_village.push(from..filling.posts.len());
    }
    let township_heads = (0..land.townships.len())
        .map(|t| {
            let age = filling.draw.between(36.0, 52.0);
            let female = filling.draw.chance(0.15);
            filling.people.add(Sketch {
                home: Home::Township(t),
                age,
                female,
                surname: None,
                education: if age < 42.0 { "bachelor" } else { "college" },
                status: "member",
                source: "cadre",
                member_before: Some(days::plus(as_of, -2_000.0)),
                in_village: None,
            })
        })
        .collect();
    Bodies { posts: filling.posts, of_village, township_heads }
}
