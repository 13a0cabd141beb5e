//! `touyan synth`: synthetic books of any size.

use super::args::SynthArgs;
use super::progress::Meter;
use super::{CliError, DONE};
use crate::lang::Lang;
use crate::run::step;
use crate::say;
use crate::synth;

/// Runs the command.
pub fn run(args: &SynthArgs, lang: Lang) -> Result<u8, CliError> {
    let options = synth::Options {
        counties: args.counties,
        villages_per_county: args.villages,
        townships: args.townships,
        years: args.years,
        seed: args.seed.unwrap_or(synth::Options::default().seed),
        format: args.format.into(),
        ..synth::Options::default()
    };
    let meter = Meter::new(lang, false);
    let written =
        step(&meter, "synth", || synth::write(&options, &args.out)).map_err(|e| CliError::Said(e.to_string()))?;
    let rows = |table: &str| written.rows.iter().find(|(name, _)| *name == table).map_or(0, |(_, n)| *n);
    println!(
        "{}",
        say!(
            lang,
            "synth-done",
            counties = written.counties,
            villages = rows("villages"),
            people = rows("people"),
            path = args.out.display().to_string(),
            truth = written.truth.display().to_string()
        )
    );
    Ok(DONE)
}
