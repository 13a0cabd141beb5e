//! Progress on standard error: a spinner on a terminal, one line per step elsewhere.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

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
}
