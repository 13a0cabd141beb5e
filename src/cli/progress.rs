//! Progress on standard error: a spinner on a terminal, one line per step elsewhere.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::lang::Lang;
use crate::run::Progress;
use crate::say;

/// Draws progress and keeps the durations.
pub struct Meter {
    lang: Lang,
    quiet: bool,
    bars: MultiProgress,
    running: Mutex<BTreeMap<String, ProgressBar>>,
    timings: Mutex<BTreeMap<String, f64>>,
    /// When each part of a step began, and when it was last told of.
    parts: Mutex<BTreeMap<String, (Instant, Instant)>>,
}

/// How often a long step is told of where nothing can be drawn.
const SELDOM: Duration = Duration::from_secs(10);
/// How often where something can.
const OFTEN: Duration = Duration::from_millis(250);
/// Before this a rest cannot be told.
const SOON: Duration = Duration::from_secs(1);

/// Seconds that the rest takes if it goes on as it did.
fn rest(took: Duration, done: u64, of: u64) -> f64 {
    took.as_secs_f64() * of.saturating_sub(done) as f64 / done.max(1) as f64
}

impl Meter {
    /// A meter that speaks `lang`; `quiet` keeps the durations and draws nothing.
    pub fn new(lang: Lang, quiet: bool) -> Meter {
        Meter {
            lang,
            quiet,
            bars: MultiProgress::new(),
            running: Mutex::new(BTreeMap::new()),
            timings: Mutex::new(BTreeMap::new()),
            parts: Mutex::new(BTreeMap::new()),
        }
    }

    /// Seconds per step so far.
    pub fn timings(&self) -> BTreeMap<String, f64> {
        self.timings.lock().map(|t| t.clone()).unwrap_or_default()
    }
}

impl Progress for Meter {
    fn begin(&self, step: &str) {
        if self.quiet {
            return;
        }
        let bar = self.bars.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg}") {
            bar.set_style(style);
        }
        bar.set_message(self.lang.text(&format!("step-{step}")));
        bar.enable_steady_tick(Duration::from_millis(120));
        if let Ok(mut running) = self.running.lock() {
            running.insert(step.to_owned(), bar);
        }
    }

    fn end(&self, step: &str, took: Duration) {
        if let Ok(mut timings) = self.timings.lock() {
            timings.insert(step.to_owned(), took.as_secs_f64());
        }
        if self.quiet {
            return;
        }
        if let Some(bar) = self.running.lock().ok().and_then(|mut r| r.remove(step)) {
            bar.finish_and_clear();
        }
        let name = self.lang.text(&format!("step-{step}"));
        let line = say!(self.lang, "step-done", step = name, seconds = format!("{:.2}", took.as_secs_f64()));
        if self.bars.println(&line).is_err() || self.bars.is_hidden() {
            eprintln!("{line}");
        }
    }

    fn advance(&self, part: &str, done: u64, of: u64) {
        if self.quiet {
            return;
        }
        let now = Instant::now();
        let Ok(mut parts) = self.parts.lock() else { return };
        let (began, told) = parts.entry(part.to_owned()).or_insert((now, now));
        let hidden = self.bars.is_hidden();
        if done == 0 || now - *began < SOON || now - *told < if hidden { SELDOM } else { OFTEN } {
            return;
        }
        *told = now;
        let seconds = format!("{:.0}", rest(now - *began, done, of));
        let step = self.lang.text(&format!("step-{part}"));
        let percent = (100 * done / of.max(1)).to_string();
        let text = say!(self.lang, "step-rest", step = step, percent = percent, seconds = seconds);
        drop(parts);
        if hidden {
            eprintln!("  {text}");
        } else if let Ok(running) = self.running.lock()
            // A part that is no step of its own stands at the last step that runs.
            && let Some(bar) = running.get(part).or_else(|| running.values().next_back())
        {
            bar.set_message(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_told_in_proportion() {
        assert_eq!(rest(Duration::from_secs(10), 1, 4), 30.0);
        assert_eq!(rest(Duration::from_secs(10), 4, 4), 0.0);
        assert_eq!(rest(Duration::from_secs(2), 0, 4), 8.0);
    }
}
