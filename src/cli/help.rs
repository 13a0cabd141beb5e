//! Help in both languages: texts come from the catalogue, the shape from clap.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Command, CommandFactory};

use super::args::Cli;
use crate::lang::Lang;
use crate::say;

/// The command tree with its help in one language.
pub fn command(lang: Lang) -> Command {
    let mut root = localise(Cli::command(), lang, "");
    // `build` settles the names of subcommands in usage lines.
    root.build();
    root
}

fn localise(command: Command, lang: Lang, path: &str) -> Command {
    let key = if path.is_empty() { "touyan" } else { path };
    let is_root = path.is_empty();
    let ids: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    let mut command = command
        .about(lang.text(&format!("cli-{key}")))
        .after_help(lang.text(&format!("cli-{key}-example")))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .help_template(template(lang, is_root))
        .subcommand_help_heading(lang.text("help-commands"))
        .arg(flag("help", 'h', ArgAction::Help, lang).global(false))
        .next_help_heading(lang.text("help-options"));
    if is_root {
        command = command
            .arg(flag("version", 'V', ArgAction::Version, lang))
            .subcommand_required(true)
            .arg_required_else_help(true);
    }
    for id in ids {
        let own = format!("arg-{key}-{}", id.replace('_', "-"));
        let text = if lang.has(&own) { own } else { format!("arg-{}", id.replace('_', "-")) };
        let (options, arguments) = (lang.text("help-options"), lang.text("help-arguments"));
        command = command.mut_arg(&id, |arg| {
            let heading = if arg.is_positional() { arguments } else { options };
            arg.help(lang.text(&text)).help_heading(heading).hide_possible_values(true)
        });
    }
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| localise(sub, lang, &name));
    }
    command
}

fn flag(name: &'static str, short: char, action: ArgAction, lang: Lang) -> clap::Arg {
    clap::Arg::new(name)
        .short(short)
        .long(name)
        .action(action)
        .help(lang.text(&format!("arg-{name}")))
        .help_heading(lang.text("help-options"))
}

fn template(lang: Lang, is_root: bool) -> String {
    let usage = lang.text("help-usage");
    let middle = if is_root {
        format!("{}:\n{{subcommands}}\n\n{}:\n{{options}}", lang.text("help-commands"), lang.text("help-options"))
    } else {
        "{all-args}".to_owned()
    };
    format!("{{about-with-newline}}\n{usage}: {{usage}}\n\n{middle}{{after-help}}")
}

/// Prints help, version or a usage error, and gives the exit code that belongs to it.
pub fn finish(error: &clap::Error, lang: Lang) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            print!("{}", error.render());
            ExitCode::from(super::DONE)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{}", error.render());
            ExitCode::from(super::FAILED)
        }
        _ => {
            eprintln!("{}", usage_error(error, lang));
            ExitCode::from(super::FAILED)
        }
    }
}

/// A usage error in the reader's language: what is wrong, what would be right, where help is.
fn usage_error(error: &clap::Error, lang: Lang) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let for_audience = error.kind() == ErrorKind::ValueValidation && argument.starts_with("--for");
    let value = context(ContextKind::InvalidValue);
    let mut text = match error.kind() {
        ErrorKind::UnknownArgument => say!(lang, "usage-unknown-argument", argument = argument),
        ErrorKind::InvalidSubcommand => {
            say!(lang, "usage-unknown-command", command = context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => say!(lang, "usage-missing-argument", argument = argument),
        ErrorKind::MissingSubcommand => lang.text("usage-missing-command"),
        ErrorKind::InvalidValue if value.is_empty() => say!(lang, "usage-missing-value", argument = argument),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            say!(lang, "usage-bad-value", argument = argument, value = value)
        }
        ErrorKind::ArgumentConflict => say!(lang, "usage-twice", argument = argument),
        _ => error.render().to_string(),
    };
    if for_audience {
        text.push_str(&say!(lang, "usage-allowed", words = lang.text("privacy-audiences")));
    }
    let known = context(ContextKind::ValidValue);
    if !known.is_empty() {
        text.push_str(&say!(lang, "usage-allowed", words = known));
    }
    let near = [
        context(ContextKind::SuggestedArg),
        context(ContextKind::SuggestedSubcommand),
        context(ContextKind::SuggestedValue),
    ]
    .into_iter()
    .find(|s| !s.is_empty());
    if let Some(near) = near {
        text.push_str(&say!(lang, "usage-nearest", word = near));
    }
    format!("{text}\n{}", lang.text("usage-help"))
}

/// The whole command-line reference as Markdown; `docs/cli.md` is this text.
pub fn reference(lang: Lang) -> String {
    let mut root = command(lang);
    let mut text = format!("# {}\n\n{}\n", lang.text("cli-reference-title"), lang.text("cli-reference-note"));
    let mut add = |title: &str, command: &mut Command| {
        let help = command.clone().term_width(100).render_help().to_string();
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        text.push_str(&format!("\n## {title}\n\n```text\n{}\n```\n", help.join("\n").trim_end()));
    };
    add("touyan", &mut root);
    for sub in root.clone().get_subcommands_mut() {
        add(&format!("touyan {}", sub.get_name()), sub);
    }
    text
}
