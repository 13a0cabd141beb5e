//! Arguments of every command. Texts of help live in the message catalogue (`cli-…`, `arg-…`).

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::lang::Lang;
use crate::privacy;
use crate::run::Audience;

/// The whole command line.
#[derive(Parser, Debug)]
#[command(name = "touyan", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangArg>,
}

/// One entry per command; each also answers to its Chinese name.
#[derive(Subcommand, Debug)]
pub enum Command {
    #[command(visible_alias = "检查")]
    Check(CheckArgs),
    #[command(visible_alias = "研判")]
    Run(RunArgs),
    #[command(visible_alias = "考评")]
    Score(ScoreArgs),
    #[command(visible_alias = "匹配")]
    Match(MatchArgs),
    #[command(visible_alias = "提级管理")]
    Supervise(StageArgs),
    #[command(visible_alias = "后备")]
    Reserve(StageArgs),
    #[command(visible_alias = "队伍结构")]
    Structure(StageArgs),
    #[command(visible_alias = "培育")]
    Cultivate(StageArgs),
    #[command(visible_alias = "激励")]
    Motivate(StageArgs),
    #[command(name = "whatif", visible_alias = "推演")]
    WhatIf(WhatIfArgs),
    #[command(visible_alias = "说明")]
    Explain(ExplainArgs),
    #[command(visible_alias = "审计")]
    Audit(AuditArgs),
    #[command(visible_alias = "核验")]
    Verify(VerifyArgs),
    #[command(visible_alias = "材料")]
    Materials(MaterialsArgs),
    #[command(visible_alias = "合成")]
    Synth(SynthArgs),
    #[command(visible_alias = "演示")]
    Demo(DemoArgs),
    #[command(visible_alias = "初始化")]
    Init(InitArgs),
    #[command(visible_alias = "退回")]
    Return(ReturnArgs),
}

/// `--lang`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangArg {
    Zh,
    En,
}

/// Reads `--for`; two words of the command line are one by now (see [`parse`]).
fn audience(text: &str) -> Result<Audience, String> {
    match privacy::word(text) {
        Some(privacy::Word::Audience(audience)) => Ok(audience),
        Some(privacy::Word::TownshipNamedNext) | None => Err(text.to_owned()),
    }
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    Parquet,
    Csv,
}

/// What decides a result besides the book.
#[derive(Args, Debug, Clone)]
pub struct RuleArgs {
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[arg(long, value_name = "DIR")]
    pub corrections: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct CheckArgs {
    #[arg(value_name = "BOOK")]
    pub book: PathBuf,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct RunArgs {
    #[arg(value_name = "BOOK")]
    pub book: PathBuf,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "DIR", default_value = "touyan-out")]
    pub out: PathBuf,
    #[arg(long = "for", value_parser = audience, value_name = "WHO", default_value = "summary")]
    pub audience: Audience,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: FormatArg,
    #[arg(long, value_name = "NAME")]
    pub county: Option<String>,
    #[arg(long, value_name = "OUT")]
    pub previous: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub decisions: Vec<PathBuf>,
    #[arg(long)]
    pub materials: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct WhatIfArgs {
    #[arg(value_name = "BOOK")]
    pub book: PathBuf,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub scenario: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long = "for", value_parser = audience, value_name = "WHO", default_value = "summary")]
    pub audience: Audience,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: FormatArg,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct MaterialsArgs {
    #[arg(value_name = "RESULT")]
    pub result: PathBuf,
    #[arg(long, value_name = "DIR", default_value = "touyan-materials")]
    pub out: PathBuf,
    #[arg(long, value_name = "NAME")]
    pub county: Option<String>,
    #[arg(long)]
    pub all_people: bool,
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Args, Debug)]
pub struct StageArgs {
    #[arg(value_name = "BOOK")]
    pub book: PathBuf,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long = "for", value_parser = audience, value_name = "WHO", default_value = "summary")]
    pub audience: Audience,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: FormatArg,
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub rows: usize,
}

/// `--as-of` of `score`: a day for a county book, a period for any other table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOfArg {
    Day(NaiveDate),
    Period(i64),
}

fn as_of(text: &str) -> Result<AsOfArg, String> {
    let day = text.parse().map(AsOfArg::Day);
    day.or_else(|_| text.parse().map(AsOfArg::Period)).map_err(|_| text.to_owned())
}

/// `score` runs on a county book and on any table of units.
#[derive(Args, Debug)]
pub struct ScoreArgs {
    #[arg(value_name = "BOOK|TABLE")]
    pub book: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    #[arg(long, value_name = "COLUMN")]
    pub class: Option<String>,
    #[arg(long, value_name = "COLUMN")]
    pub period: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    #[arg(long, value_name = "FITTED.json")]
    pub replay: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    #[arg(long, value_parser = as_of, value_name = "YYYY-MM-DD|PERIOD", allow_negative_numbers = true)]
    pub as_of: Option<AsOfArg>,
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[arg(long, value_name = "DIR")]
    pub corrections: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long = "for", value_parser = audience, value_name = "WHO", default_value = "summary")]
    pub audience: Audience,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: FormatArg,
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub rows: usize,
    #[arg(long)]
    pub json: bool,
}

/// `match` runs on any edge list.
#[derive(Args, Debug)]
pub struct MatchArgs {
    #[arg(value_name = "EDGES")]
    pub edges: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub vacancies: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub candidates: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub conflicts: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: FormatArg,
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub rows: usize,
    #[arg(long)]
    pub json: bool,
}

/// Whose file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WhatArg {
    #[value(alias = "村")]
    Village,
    #[value(alias = "人")]
    Person,
}

#[derive(Args, Debug)]
pub struct ExplainArgs {
    #[arg(value_enum, value_name = "village|person")]
    pub what: WhatArg,
    #[arg(value_name = "WHO")]
    pub who: String,
    #[arg(long, value_name = "BOOK")]
    pub book: PathBuf,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long = "for", value_parser = audience, value_name = "WHO", default_value = "summary")]
    pub audience: Audience,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct AuditArgs {
    #[arg(value_name = "BOOK")]
    pub book: PathBuf,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "FILE")]
    pub decisions: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long = "for", value_parser = audience, value_name = "WHO", default_value = "summary")]
    pub audience: Audience,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: FormatArg,
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub rows: usize,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct VerifyArgs {
    #[arg(value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long, value_name = "BOOK")]
    pub book: Option<PathBuf>,
    #[arg(long, value_name = "OUT")]
    pub previous: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub decisions: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub corrections: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

/// `--format` of `synth`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SynthFormatArg {
    Parquet,
    Xlsx,
    Csv,
}

impl From<SynthFormatArg> for crate::synth::Format {
    fn from(arg: SynthFormatArg) -> Self {
        match arg {
            SynthFormatArg::Parquet => crate::synth::Format::Parquet,
            SynthFormatArg::Xlsx => crate::synth::Format::Xlsx,
            SynthFormatArg::Csv => crate::synth::Format::Csv,
        }
    }
}

#[derive(Args, Debug)]
pub struct SynthArgs {
    #[arg(value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub counties: usize,
    #[arg(long, value_name = "N")]
    pub villages: Option<usize>,
    #[arg(long, value_name = "N")]
    pub townships: Option<usize>,
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub years: u32,
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: SynthFormatArg,
}

#[derive(Args, Debug)]
pub struct DemoArgs {
    #[arg(long, value_name = "DIR", default_value = "touyan-demo")]
    pub out: PathBuf,
    #[arg(long = "for", value_parser = audience, value_name = "WHO", default_value = "summary")]
    pub audience: Audience,
}

#[derive(Args, Debug)]
pub struct ReturnArgs {
    #[arg(value_name = "BOOK")]
    pub book: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long, value_name = "NAME")]
    pub township: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub corrections: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct InitArgs {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

/// The language: `--lang`, else the locale, else Chinese. Looked up before anything is parsed, so
/// that help and usage errors speak it too.
pub fn language(arguments: &[OsString]) -> Lang {
    let mut previous: Option<&OsStr> = None;
    for argument in arguments {
        let value = match (previous.and_then(OsStr::to_str), argument.to_str()) {
            (Some("--lang"), value) => value,
            (_, Some(text)) => text.strip_prefix("--lang="),
            _ => None,
        };
        match value {
            Some("en") => return Lang::En,
            Some("zh") => return Lang::Zh,
            _ => previous = Some(argument),
        }
    }
    match sys_locale::get_locale() {
        Some(locale) if locale.to_ascii_lowercase().starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}

/// Parses the arguments; help, version and usage errors come back as a message to print.
pub fn parse(arguments: &[OsString], lang: Lang) -> Result<Cli, clap::Error> {
    let mut command = super::help::command(lang);
    let matches = command.try_get_matches_from_mut(join_township(arguments))?;
    Cli::from_arg_matches(&matches).map_err(|e| e.format(&mut command))
}

/// `--for township NAME` is one option with two words, and `--for internal BOOK` is not: the name is
/// joined to its word before clap, which counts words by option, sees them.
fn join_township(arguments: &[OsString]) -> Vec<OsString> {
    let waits = |text: &str| privacy::word(text) == Some(privacy::Word::TownshipNamedNext);
    let mut joined: Vec<OsString> = Vec::with_capacity(arguments.len());
    let mut rest = arguments.iter().peekable();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            joined.push(argument.clone());
            joined.extend(rest.cloned());
            break;
        }
        let text = argument.to_str().unwrap_or_default();
        let word = match text.strip_prefix("--for=") {
            Some(word) => Some(word.to_owned()),
            None if text == "--for" => rest.peek().and_then(|w| w.to_str()).map(str::to_owned),
            None => None,
        };
        let Some(word) = word.filter(|w| waits(w)) else {
            joined.push(argument.clone());
            continue;
        };
        if text == "--for" {
            rest.next();
        }
        // What begins with a dash is the next option: the name is missing, and clap's error says so.
        match rest.next_if(|name| !name.to_string_lossy().starts_with('-')) {
            Some(name) => {
                let mut whole = OsString::from("--for=township:");
                whole.push(name);
                joined.push(whole);
            }
            None => joined.push(format!("--for={word}").into()),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audience_of(arguments: &[&str]) -> Option<(Audience, PathBuf)> {
        let arguments: Vec<OsString> = ["touyan", "run"].iter().chain(arguments).map(OsString::from).collect();
        match parse(&arguments, Lang::En).ok()?.command {
            Command::Run(run) => Some((run.audience, run.book)),
            _ => None,
        }
    }

    #[test]
    fn a_township_takes_one_word_more_and_nobody_else_does() {
        let book = PathBuf::from("BOOK");
        let township = Audience::Township("青石镇".into());
        for given in [
            &["--for", "township", "青石镇", "BOOK"][..],
            &["BOOK", "--for", "乡镇", "青石镇"],
            &["BOOK", "--for=township", "青石镇"],
            &["--for=township:青石镇", "BOOK"],
            &["BOOK", "--for", "乡镇：青石镇"],
        ] {
            assert_eq!(audience_of(given), Some((township.clone(), book.clone())), "{given:?}");
        }
        assert_eq!(audience_of(&["--for", "internal", "BOOK"]), Some((Audience::Internal, book.clone())));
        assert_eq!(audience_of(&["--for", "汇总", "BOOK"]), Some((Audience::Summary, book.clone())));
        assert_eq!(audience_of(&["BOOK"]), Some((Audience::Summary, book)));
        for wrong in
            [&["BOOK", "--for", "township"][..], &["BOOK", "--for", "township", "--json"], &["BOOK", "--for", "x"]]
        {
            assert_eq!(audience_of(wrong), None, "{wrong:?}");
        }
    }
}
