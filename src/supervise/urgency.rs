//! How urgent a village is: parts that add up, each with a highest value, together at most 100.

use super::facts::Facts;
use super::policy::Urgency;
use super::year::Span;
use crate::kernel::round;

/// One part of a village's urgency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parts {
    /// Recent events, weighted by kind and age.
    pub events: f64,
    /// Number of categories.
    pub categories: f64,
    /// Grade of the assessment.
    pub grade: f64,
    /// Overdue measures.
    pub overdue: f64,
    /// Learned risk, by the village's place in its county.
    pub risk: f64,
}

impl Parts {
    /// Urgency: the sum. Each part has one decimal, so the sum has too.
    pub fn total(&self) -> f64 {
        round::to(self.events + self.categories + self.grade + self.overdue + self.risk, 1)
    }

    /// Codes and points, in the order of the table `urgency`.
    pub fn list(&self) -> [(&'static str, f64); 5] {
        [
            ("events", self.events),
            ("categories", self.categories),
            ("grade", self.grade),
            ("overdue", self.overdue),
            ("risk", self.risk),
        ]
    }
}

/// The parts of one village. `place` is its learned risk's place among the county's, 0 to 1.
pub(super) fn parts(
    facts: &Facts<'_>,
    policy: &Urgency,
    village: usize,
    categories: usize,
    overdue: usize,
    place: Option<f64>,
) -> Parts {
    let recent = Span::months(facts.as_of, policy.recent_months);
    let older = Span::months(facts.as_of, policy.older_months);
    let events = facts.events.of(village).iter().fold(0.0, |sum, event| {
        let points = policy.events.get(event.kind).copied().unwrap_or(0.0);
        if recent.holds(event.date) {
            sum + points
        } else if older.holds(event.date) {
            sum + points * policy.older_share
        } else {
            sum
        }
    });
    let grade = facts.scores[village].grade.and_then(|g| policy.grades.get(g)).copied().unwrap_or(0.0);
    let capped = |points: f64, most: f64| round::to(points.min(most), 1);
    Parts {
        events: capped(events, policy.events_most),
        categories: capped(categories as f64 * policy.per_category, policy.categories_most),
        grade: round::to(grade, 1),
        overdue: capped(overdue as f64 * policy.per_overdue, policy.overdue_most),
        risk: round::to(place.unwrap_or(0.0) * policy.risk_most, 1),
    }
}
