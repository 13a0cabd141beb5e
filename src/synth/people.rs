//! People: names, identity numbers, ages, education. Their area code is unassigned, so that no
//! number can belong to anyone.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::land::Land;
use super::{Options, days, names};
use crate::frame::{Build, FrameResult};
use crate::kernel::draw::{Draw, normal_quantile};

/// Index of a person in [`People`].
pub(super) type Id = usize;

/// Where a person belongs.
#[derive(Clone, Copy)]
pub(super) enum Home {
    Village(usize),
    /// A township office.
    Township(usize),
}

/// A person of the book.
pub(super) struct Person {
    pub home: Home,
    pub surname: usize,
    pub name: String,
    pub female: bool,
    pub ethnicity: &'static str,
    pub birth: NaiveDate,
    pub id_number: String,
    pub education: &'static str,
    pub status: &'static str,
    pub joined: Option<NaiveDate>,
    pub source: &'static str,
    pub veteran: bool,
    pub phone: String,
    pub in_village: Option<bool>,
    pub sanction: Option<(&'static str, NaiveDate)>,
    pub reviewed: Option<(NaiveDate, bool)>,
}

impl Person {
    /// Age in years at that day.
    pub fn age(&self, day: NaiveDate) -> f64 {
        days::years(self.birth, day)
    }
}

/// What is known of a person before they are drawn.
pub(super) struct Sketch {
    pub home: Home,
    /// Years at the reference date, with a fraction.
    pub age: f64,
    pub female: bool,
    pub surname: Option<usize>,
    pub education: &'static str,
    pub status: &'static str,
    pub source: &'static str,
    /// Member since at least that day, where the post asks for it.
    pub member_before: Option<NaiveDate>,
    pub in_village: Option<bool>,
}

/// Everyone in the county's book.
pub(super) struct People {
    pub all: Vec<Person>,
    draw: Draw,
    ids: BTreeSet<(NaiveDate, u32)>,
    as_of: NaiveDate,
    seed: u64,
    area: String,
    county: usize,
    minority: f64,
    /// Dominant surnames by village.
    clans: Vec<[usize; 2]>,
}

/// Education of secretaries in a national sample of 2019, ascending: code and share (高中 and 职高 are
/// one code).
const EDUCATION: [(&str, f64); 6] = [
    ("primary", 0.020),
    ("junior", 0.219),
    ("senior", 0.242),
    ("technical", 0.121),
    ("college", 0.356),
    ("bachelor", 0.043),
];

/// Education with the sample's shares, higher for the younger: `age_rank` is the person's age as a
/// standard normal.
pub(super) fn education(draw: &mut Draw, age_rank: f64) -> &'static str {
    const TIE: f64 = 0.55;
    let latent = -TIE * age_rank + libm::sqrt(1.0 - TIE * TIE) * draw.normal(0.0, 1.0);
    let mut upto = 0.0;
    for (code, share) in EDUCATION {
        upto += share;
        if latent < normal_quantile(upto.min(1.0)) {
            return code;
        }
    }
    "bachelor"
}

/// The check character of an identity number's first 17 digits (GB 11643-1999).
pub(super) fn check_character(digits: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(d, w)| u32::from(d.wrapping_sub(b'0')) * w).sum();
    b"10X98765432"[(sum % 11) as usize] as char
}

const SCHOOLS: [&str; 8] = [
    "省农业职业学院",
    "市广播电视大学",
    "省财经职业学院",
    "市师范专科学校",
    "省农业大学",
    "市工业职业学院",
    "国家开放大学",
    "县委党校函授班",
];
const FIELDS: [&str; 8] = ["行政管理", "农业经济管理", "会计", "园艺技术", "法学", "畜牧兽医", "机电技术", "电子商务"];

impl People {
    pub fn new(options: &Options, land: &Land) -> People {
        People {
            all: Vec::new(),
            draw: Draw::named(options.seed, "synth.people", land.index as u64),
            ids: BTreeSet::new(),
            as_of: options.as_of,
            seed: options.seed,
            area: land.code.clone(),
            county: land.index,
            minority: land.minority,
            clans: land.villages.iter().map(|v| v.clans).collect(),
        }
    }

    /// The book's own number: unique over all counties of one run.
    pub fn number(&self, id: Id) -> String {
        format!("R{:04}{:05}", self.county, id + 1)
    }

    /// A surname of that village: half of all people bear one of its two clans'.
    fn surname(&mut self, home: Home) -> usize {
        match home {
            Home::Village(v) if self.draw.chance(0.5) => self.clans[v][usize::from(self.draw.chance(0.35))],
            _ => names::surname(&mut self.draw),
        }
    }

    /// Draws the rest of a person and adds them.
    pub fn add(&mut self, sketch: Sketch) -> Id {
        let surname = match sketch.surname {
            Some(surname) => surname,
            None => self.surname(sketch.home),
        };
        let draw = &mut self.draw;
        let birth = days::plus(self.as_of, -sketch.age * 365.2425);
        let given = names::given(draw, sketch.female, birth.year());
        let member = matches!(sketch.status, "member" | "probationary");
        let joined = member.then(|| {
            if sketch.status == "probationary" {
                return days::plus(self.as_of, -draw.between(20.0, 360.0));
            }
            let latest = days::plus(sketch.member_before.unwrap_or(self.as_of), -730.0);
            let wanted = days::plus(birth, draw.between(20.5, 36.0) * 365.2425);
            let earliest = days::plus(birth, 18.2 * 365.2425);
            wanted.min(latest).max(earliest)
        });
        let ethnicity = if draw.chance(self.minority) {
            ["苗族", "土家族", "回族", "壮族", "满族"][self.county % 5]
        } else {
            "汉族"
        };
        let mut serial = draw.below(499) as u32 * 2 + 2 - u32::from(!sketch.female);
        while !self.ids.insert((birth, serial)) {
            serial = if serial + 2 > 999 { 2 - u32::from(!sketch.female) } else { serial + 2 };
        }
        let digits = format!("{}{}{serial:03}", self.area, birth.format("%Y%m%d"));
        let id_number = format!("{digits}{}", check_character(&digits));
        let phone = format!("1990000{:04}", draw.below(10_000));
        self.all.push(Person {
            home: sketch.home,
            surname,
            name: format!("{}{given}", names::SURNAMES[surname].0),
            female: sketch.female,
            ethnicity,
            birth,
            id_number,
            education: sketch.education,
            status: sketch.status,
            joined,
            veteran: sketch.source == "veteran" || draw.chance(0.03),
            source: sketch.source,
            phone,
            in_village: sketch.in_village,
            sanction: None,
            reviewed: None,
        });
        self.all.len() - 1
    }

    /// The people table, with the few faults that every real one has: identity numbers whose tail a
    /// spreadsheet turned into zeros, a birth date that is not the number's, a missing telephone.
    pub fn frame(&self, land: &Land) -> FrameResult<DataFrame> {
        let draw = &mut Draw::named(self.seed, "synth.people.faults", land.index as u64);
        let all = &self.all;
        let text = |f: &dyn Fn(&Person) -> Option<String>| all.iter().map(f).collect::<Vec<_>>();
        let village = |p: &Person| match p.home {
            Home::Village(v) => Some(land.villages[v].code.clone()),
            Home::Township(_) => None,
        };
        let township = |p: &Person| match p.home {
            Home::Village(v) => land.township(v).name.clone(),
            Home::Township(t) => land.townships[t].name.clone(),
        };
        let mut ids: Vec<String> = all.iter().map(|p| p.id_number.clone()).collect();
        let mut births: Vec<Option<NaiveDate>> = all.iter().map(|p| Some(p.birth)).collect();
        let mut phones: Vec<Option<String>> = text(&|p| Some(p.phone.clone()));
        let mut started: Vec<Option<NaiveDate>> = Vec::with_capacity(all.len());
        let mut schools: Vec<Option<String>> = Vec::with_capacity(all.len());
        for (row, person) in all.iter().enumerate() {
            match draw.uniform() {
                u if u < 0.003 => ids[row].replace_range(15..18, "000"),
                u if u < 0.0045 => births[row] = births[row].map(|b| days::plus(b, 31.0)),
                u if u < 0.02 => phones[row] = None,
                _ => {}
            }
            let learned = if matches!(person.education, "college" | "bachelor" | "master") { 22.0 } else { 18.0 };
            let start = days::month(days::plus(person.birth, draw.between(learned, learned + 3.0) * 365.2425));
            started.push(Some(start).filter(|&s| s <= self.as_of && !draw.chance(0.05)));
            let school = (learned > 20.0 && draw.chance(0.7)).then(|| {
                let (school, field) = (SCHOOLS[draw.index(8)], FIELDS[draw.index(8)]);
                format!("{school}{field}")
            });
            schools.push(school);
        }
        Build::new()
            .str("county", &vec![land.county.as_str(); all.len()])
            .str("township", &all.iter().map(township).collect::<Vec<_>>())
            .text("village", text(&village))
            .str("person", &(0..all.len()).map(|id| self.number(id)).collect::<Vec<_>>())
            .str("name", &all.iter().map(|p| p.name.as_str()).collect::<Vec<_>>())
            .str("sex", &all.iter().map(|p| if p.female { "female" } else { "male" }).collect::<Vec<_>>())
            .str("ethnicity", &all.iter().map(|p| p.ethnicity).collect::<Vec<_>>())
            .date("birth", births)
            .str("id_number", &ids)
            .str("education", &all.iter().map(|p| p.education).collect::<Vec<_>>())
            .str("political_status", &all.iter().map(|p| p.status).collect::<Vec<_>>())
            .date("party_joined", all.iter().map(|p| p.joined.map(days::month)).collect())
            .date("work_started", started)
            .text("school", schools)
            .str("source", &all.iter().map(|p| p.source).collect::<Vec<_>>())
            .flag("veteran", all.iter().map(|p| Some(p.veteran)).collect())
            .text("phone", phones)
            .flag("in_village", all.iter().map(|p| p.in_village).collect())
            .text("sanction", all.iter().map(|p| p.sanction.map(|s| s.0)).collect())
            .date("sanction_date", all.iter().map(|p| p.sanction.map(|s| s.1)).collect())
            .date("reviewed", all.iter().map(|p| p.reviewed.map(|r| r.0)).collect())
            .flag("review_passed", all.iter().map(|p| p.reviewed.map(|r| r.1)).collect())
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_characters_are_those_of_published_numbers() {
        // GB 11643-1999's own examples, and the two of the unassigned area 990121.
        for number in ["11010519491231002X", "34052419800101001X", "990121198002151017", "990121199511302041"] {
            assert_eq!(check_character(&number[..17]), number.chars().last().expect("18 digits"));
        }
    }

    #[test]
    fn education_keeps_the_published_shares() {
        let mut draw = Draw::new(3, 0);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..20_000 {
            let rank = draw.normal(0.0, 1.0);
            *counts.entry(education(&mut draw, rank)).or_insert(0) += 1;
        }
        for (code, share) in EDUCATION {
            assert!((f64::from(counts[code]) / 20_000.0 - share).abs() < 0.015, "{code}");
        }
    }
}
