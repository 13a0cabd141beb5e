//! Arguments of every command. Texts of help live in the message catalogue (`cli-…`, `arg-…`).

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::lang::Lang;
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
    Score(StageArgs),
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
    #[command(visible_alias = "说明")]
    Explain(ExplainArgs),
    #[command(visible_alias = "核验")]
    Verify(VerifyArgs),
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

/// `--for`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum AudienceArg {
    Summary,
    Internal,
}

impl From<AudienceArg> for Audience {
    fn from(arg: AudienceArg) -> Self {
        match arg {
            AudienceArg::Summary => Audience::Summary,
            AudienceArg::Internal => Audience::Internal,
        }
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
    #[arg(long = "for", value_enum, default_value = "summary")]
    pub audience: AudienceArg,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: FormatArg,
    #[arg(long, value_name = "NAME")]
    pub county: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct StageArgs {
    #[arg(value_name = "BOOK")]
    pub book: PathBuf,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: FormatArg,
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub rows: usize,
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
    #[arg(long = "for", value_enum, default_value = "summary")]
    pub audience: AudienceArg,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct VerifyArgs {
    #[arg(value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long, value_name = "BOOK")]
    pub book: Option<PathBuf>,
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
    #[arg(long = "for", value_enum, default_value = "summary")]
    pub audience: AudienceArg,
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
    let matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches(&matches).map_err(|e| e.format(&mut command))
}
