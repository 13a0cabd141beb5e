//! The reasons a reader meets, in the language of the run.

use super::consequence::{Follows, Why};
use super::policy::When;
use super::result::Assessment;
use super::units::{Compared, UNCLASSIFIED};
use super::veto::Hit;
use crate::book::schema::Vocab;
use crate::index::grade::Award;
use crate::kernel::round::show;
use crate::lang::Lang;
use crate::say;
use crate::stage::Context;

/// Several reasons in one text.
fn joined(lang: Lang, reasons: &[String]) -> String {
    reasons.join(match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    })
}

/// Words in a list.
fn listed(lang: Lang, words: &[String]) -> String {
    words.join(match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}

fn percent(share: f64) -> String {
    format!("{}%", show(share * 100.0, 1))
}

/// A label in the language of the run.
pub(super) fn label<'a>(lang: Lang, zh: &'a str, en: Option<&'a String>) -> &'a str {
    match (lang, en) {
        (Lang::En, Some(en)) => en,
        _ => zh,
    }
}

/// The text with its basis, where the policy names one.
fn with_basis(lang: Lang, text: String, source: Option<&String>) -> String {
    match source.filter(|s| !s.is_empty()) {
        Some(source) => say!(lang, "score-with-basis", text = text, source = source),
        None => text,
    }
}

/// Why a village has its grade, or none.
pub(super) fn grade(result: &Assessment, ctx: &Context, unit: usize) -> String {
    let lang = ctx.lang;
    let mut reasons = Vec::new();
    match result.awards[unit] {
        None => reasons.push(not_rated(result, ctx, unit)),
        Some(award) => {
            let vetoed = &result.vetoed[unit];
            reasons.extend(vetoed.hits.iter().map(|hit| veto(result, ctx, hit)));
            reasons.push(band(result, ctx, unit, award));
        }
    }
    for passed in &result.vetoed[unit].passed {
        let what = label(lang, &passed.rule.label, passed.rule.label_en.as_ref());
        if passed.predecessor > 0 {
            reasons.push(say!(lang, "score-veto-predecessor", what = what, count = passed.predecessor));
        }
        if passed.unclear > 0 {
            reasons.push(say!(lang, "score-veto-unclear", what = what, count = passed.unclear));
        }
    }
    if result.rated[unit] {
        reasons.extend(class(result, ctx, unit));
    }
    joined(lang, &reasons)
}

fn not_rated(result: &Assessment, ctx: &Context, unit: usize) -> String {
    let lang = ctx.lang;
    if result.period.is_none() {
        return lang.text("score-grade-no-period");
    }
    let missing: Vec<String> = result
        .reading_order()
        .into_iter()
        .filter(|leaf| result.points[*leaf][unit].is_nan() || result.imputed[*leaf][unit])
        .map(|leaf| result.indicator(leaf).1)
        .map(|indicator| label(lang, &indicator.label, indicator.label_en.as_ref()).to_owned())
        .collect();
    let measured = result.measured[unit];
    if measured <= 0.0 {
        return lang.text("score-grade-nothing-measured");
    }
    say!(
        lang,
        "score-grade-not-rated",
        measured = percent(measured),
        least = percent(result.policy.min_measured_weight),
        missing = listed(lang, &missing),
    )
}

fn veto(result: &Assessment, ctx: &Context, hit: &Hit) -> String {
    let lang = ctx.lang;
    let events: Vec<String> = hit
        .events
        .iter()
        .map(|e| {
            let kind = ctx.policy.words.label(lang, Vocab::EventKind, e.kind);
            say!(lang, "score-veto-event", kind = kind, date = e.date)
        })
        .collect();
    let what = label(lang, &hit.rule.label, hit.rule.label_en.as_ref());
    let grade = result.grade_word(ctx, &hit.rule.grade);
    let text = say!(lang, "score-veto", what = what, events = listed(lang, &events), grade = grade);
    with_basis(lang, text, hit.rule.source.as_ref())
}

fn band(result: &Assessment, ctx: &Context, unit: usize, award: Award) -> String {
    let lang = ctx.lang;
    let bands = &result.policy.grades;
    let word = |band: usize| result.grade_word(ctx, &bands[band].grade);
    let score = result.score[unit];
    if let Some(held) = award.held {
        let text = say!(
            lang,
            "score-grade-capped",
            score = score,
            wanted = word(held.band),
            line = bands[held.band].low(),
            places = held.places,
            rated = held.rated,
            share = percent(bands[held.band].cap.unwrap_or(1.0)),
            grade = word(award.band),
        );
        return with_basis(lang, text, bands[held.band].source.as_ref());
    }
    let bounded = result.bounded(unit);
    if score < bounded {
        return say!(lang, "score-grade-held", bounded = bounded, score = score);
    }
    if award.band > award.reached {
        return say!(
            lang,
            "score-grade-forced",
            score = score,
            reached = word(award.reached),
            grade = word(award.band)
        );
    }
    match award.band.checked_sub(1) {
        Some(above) if award.band + 1 == bands.len() => {
            say!(lang, "score-grade-lowest", score = score, above = word(above), line = bands[above].low())
        }
        _ => say!(lang, "score-grade-band", score = score, grade = word(award.band), line = bands[award.band].low()),
    }
}

/// With whom the village is compared, where that is not its own class.
fn class(result: &Assessment, ctx: &Context, unit: usize) -> Option<String> {
    let units = &result.units;
    let name = match units.class[unit] {
        UNCLASSIFIED => ctx.lang.text("score-class-unclassified"),
        code => ctx.policy.words.label(ctx.lang, Vocab::VillageClass, code),
    };
    let id = match units.compared[unit] {
        Compared::Class => return None,
        Compared::Merged => "score-class-merged",
        Compared::County => "score-class-county",
    };
    let (count, least) = (units.class_size[unit], result.policy.class.min_units);
    Some(say!(ctx.lang, id, class = name, count = count, least = least))
}

/// Why a consequence is advised: for each advice, the gravest first, the rules that lead to it. A
/// line of the class that a graver rule has drawn closer is not told again.
pub(super) fn consequence(result: &Assessment, ctx: &Context, unit: usize) -> Option<String> {
    let rules = &result.follows[unit];
    let mut told_bottom = false;
    let mut advices: Vec<String> = Vec::new();
    for same in rules.chunk_by(|a, b| a.rule.consequence == b.rule.consequence) {
        let mut reasons = Vec::new();
        for follows in same {
            let bottom = matches!(follows.why, Why::Bottom { .. });
            if !(bottom && told_bottom) {
                reasons.push(why(result, ctx, unit, follows));
            }
            told_bottom |= bottom;
        }
        if !reasons.is_empty() {
            let advice = same[0].rule.consequence.code().replace('_', "-");
            let advice = ctx.lang.text(&format!("score-advice-{advice}"));
            advices.push(say!(ctx.lang, "score-follows", reasons = reasons.join(comma(ctx.lang)), advice = advice));
        }
    }
    (!advices.is_empty()).then(|| joined(ctx.lang, &advices))
}

fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "，",
        Lang::En => ", ",
    }
}

fn why(result: &Assessment, ctx: &Context, unit: usize, follows: &Follows) -> String {
    let lang = ctx.lang;
    let text = match (&follows.why, &follows.rule.when) {
        (Why::Consecutive { first, last, computed }, When::Consecutive { grade, .. }) => {
            let id = if *computed { "score-why-consecutive-computed" } else { "score-why-consecutive" };
            say!(lang, id, first = first.to_string(), last = last.to_string(), grade = result.grade_word(ctx, grade))
        }
        (Why::Bottom { places, rated }, _) => say!(lang, "score-why-bottom", places = *places, rated = *rated),
        (Why::Below, When::Below { score }) => {
            say!(lang, "score-why-below", score = result.score[unit], line = *score)
        }
        (Why::Veto, _) => lang.text("score-why-veto"),
        _ => say!(lang, "score-why-grade", grade = result.grade_word(ctx, result.grade(unit))),
    };
    with_basis(lang, text, follows.rule.source.as_ref())
}
