//! The message catalogue: complete in both languages, and exactly what the program uses. Every
//! problem is reported at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use touyan::book::schema::Vocab;
use touyan::lang::{Lang, sources};
use touyan::policy::Policy;

/// Messages that only English needs: Chinese takes the policy's own words.
const ENGLISH_ONLY: &str = "word-";

/// Full-width marks that have no place in an English sentence.
const FULL_WIDTH: [char; 8] = ['，', '。', '；', '：', '！', '？', '（', '）'];

// ─── the catalogue ───────────────────────────────────────────────────────────

#[derive(Default)]
struct Message {
    file: String,
    line: usize,
    text: String,
}

impl Message {
    /// Names of the arguments.
    fn arguments(&self) -> BTreeSet<&str> {
        names_after(&self.text, '$')
    }

    /// The words a reader meets: without placeables that are arguments, functions or selectors.
    fn words(&self) -> String {
        let mut words = String::new();
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find('$') {
            words.push_str(&rest[..at]);
            rest = rest[at + 1..].trim_start_matches(is_name);
        }
        words.push_str(rest);
        // Variant keys are no words either.
        let mut plain = String::new();
        for line in words.lines() {
            let line = line.trim_start().trim_start_matches('*');
            plain.push_str(match line.strip_prefix('[').and_then(|l| l.split_once(']')) {
                Some((_, text)) => text,
                None => line,
            });
            plain.push('\n');
        }
        plain
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn names_after(text: &str, mark: char) -> BTreeSet<&str> {
    text.match_indices(mark)
        .map(|(at, _)| {
            let rest = &text[at + mark.len_utf8()..];
            &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]
        })
        .filter(|name| !name.is_empty())
        .collect()
}

fn is_cjk(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Messages of one language by ID; problems of form go to `problems`.
fn catalogue(lang: Lang, problems: &mut Vec<String>) -> BTreeMap<String, Message> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("i18n").join(lang.tag());
    let mut messages: BTreeMap<String, Message> = BTreeMap::new();
    let embedded = sources(lang);
    for path in files(&folder, "ftl") {
        let source = fs::read_to_string(&path).unwrap();
        let file = format!("i18n/{}/{}", lang.tag(), path.file_name().unwrap().to_string_lossy());
        if !embedded.contains(&source.as_str()) {
            problems.push(format!("{file}: not embedded by src/lang.rs"));
        }
        if let Err((_, errors)) = FluentResource::try_new(source.clone()) {
            problems.extend(errors.iter().map(|e| {
                let line = source[..e.pos.start.min(source.len())].matches('\n').count() + 1;
                format!("{file}:{line}: {e}")
            }));
        }
        let mut open: Option<String> = None;
        for (at, line) in source.lines().enumerate() {
            let id = line.split_once('=').map(|(id, text)| (id.trim_end(), text));
            match id {
                Some((id, text)) if id.starts_with(|c: char| c.is_ascii_alphabetic()) && id.chars().all(is_name) => {
                    let message = Message { file: file.clone(), line: at + 1, text: text.trim().to_owned() };
                    if let Some(first) = messages.insert(id.to_owned(), message) {
                        problems.push(format!(
                            "{file}:{}: `{id}` again; first in {}:{}",
                            at + 1,
                            first.file,
                            first.line
                        ));
                    }
                    open = Some(id.to_owned());
                }
                _ if line.starts_with('#') => open = None,
                _ => {
                    if let Some(message) = open.as_ref().and_then(|id| messages.get_mut(id)) {
                        message.text.push('\n');
                        message.text.push_str(line);
                    }
                }
            }
        }
    }
    messages
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

// ─── the program ─────────────────────────────────────────────────────────────

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A string literal's contents, escapes as written.
    Text(String),
    Word(String),
    Mark(char),
}

/// Tokens of Rust source, good enough to find calls and literals: comments are left out.
fn tokens(source: &str) -> Vec<(Token, usize)> {
    let chars: Vec<char> = source.chars().collect();
    let (mut at, mut line) = (0, 1);
    let mut tokens = Vec::new();
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() {
        let c = chars[at];
        match c {
            '\n' => line += 1,
            '/' if peek(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
                continue;
            }
            '/' if peek(at + 1) == '*' => {
                at += 2;
                while at < chars.len() && !(chars[at] == '*' && peek(at + 1) == '/') {
                    line += usize::from(chars[at] == '\n');
                    at += 1;
                }
                at += 1;
            }
            '"' => {
                let (from, first) = (at + 1, line);
                at += 1;
                while at < chars.len() && chars[at] != '"' {
                    at += usize::from(chars[at] == '\\');
                    line += usize::from(peek(at) == '\n');
                    at += 1;
                }
                tokens.push((Token::Text(chars[from..at.min(chars.len())].iter().collect()), first));
            }
            'r' if peek(at + 1) == '"' || (peek(at + 1) == '#' && matches!(peek(at + 2), '"' | '#')) => {
                let mut hashes = 0;
                while peek(at + 1 + hashes) == '#' {
                    hashes += 1;
                }
                let (from, first) = (at + 2 + hashes, line);
                at = from;
                while at < chars.len() && !(chars[at] == '"' && (1..=hashes).all(|i| peek(at + i) == '#')) {
                    line += usize::from(chars[at] == '\n');
                    at += 1;
                }
                tokens.push((Token::Text(chars[from..at.min(chars.len())].iter().collect()), first));
                at += hashes;
            }
            // A character, not a lifetime.
            '\'' if peek(at + 1) == '\\' => {
                at += 3;
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
            }
            '\'' if peek(at + 2) == '\'' => at += 2,
            c if c.is_alphanumeric() || c == '_' => {
                let from = at;
                while peek(at + 1).is_alphanumeric() || peek(at + 1) == '_' {
                    at += 1;
                }
                tokens.push((Token::Word(chars[from..=at].iter().collect()), line));
            }
            c if c.is_whitespace() => {}
            c => tokens.push((Token::Mark(c), line)),
        }
        at += 1;
    }
    tokens
}

/// The arguments of a call whose opening bracket stands before `tokens[from]`.
fn arguments(tokens: &[(Token, usize)], from: usize) -> Vec<&[(Token, usize)]> {
    let (mut depth, mut start) = (0, from);
    let mut found = Vec::new();
    for (at, (token, _)) in tokens.iter().enumerate().skip(from) {
        match token {
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') if depth == 0 => {
                if at > start {
                    found.push(&tokens[start..at]);
                }
                return found;
            }
            Token::Mark(')' | ']' | '}') => depth -= 1,
            Token::Mark(',') if depth == 0 => {
                found.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// One place where a message is asked for by a literal ID, with the arguments it is given.
struct Use {
    place: String,
    id: String,
    given: BTreeSet<String>,
}

#[derive(Default)]
struct Program {
    uses: Vec<Use>,
    /// Every literal, wherever it stands: it may be handed to a message later.
    literals: BTreeSet<String>,
    /// Beginnings of IDs that are built: `"flag-{…}"`, `"flag-"`.
    prefixes: BTreeSet<String>,
}

fn program() -> Program {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut program = Program::default();
    for path in files(&root.join("src"), "rs") {
        let tokens = tokens(&fs::read_to_string(&path).unwrap());
        let file = path.strip_prefix(root).unwrap().display().to_string();
        for (at, (token, line)) in tokens.iter().enumerate() {
            let place = || format!("{file}:{line}");
            let next = |offset: usize| tokens.get(at + offset).map(|(t, _)| t);
            match token {
                Token::Text(text) => {
                    program.literals.insert(text.clone());
                    let start = text.split('{').next().unwrap_or_default();
                    if (start.len() < text.len() || start.ends_with('-'))
                        && start.len() > 1
                        && start.ends_with('-')
                        && start.chars().all(is_name)
                    {
                        program.prefixes.insert(start.to_owned());
                    }
                }
                // say!(lang, "id", name = value, …)
                Token::Word(word) if word == "say" && next(1) == Some(&Token::Mark('!')) => {
                    let call = arguments(&tokens, at + 3);
                    let given: BTreeSet<String> = call.iter().skip(2).filter_map(|a| name_of(a)).collect();
                    let ids = call.get(1).into_iter().flat_map(|id| ids_of(id));
                    program.uses.extend(ids.map(|id| Use { place: place(), id, given: given.clone() }));
                }
                // lang.text("id"), ctx.lang.text(…), lang().text(…)
                Token::Word(word)
                    if word == "text"
                        && at > 1
                        && tokens[at - 1].0 == Token::Mark('.')
                        && next(1) == Some(&Token::Mark('(')) =>
                {
                    let call = arguments(&tokens, at + 2);
                    let of_lang = tokens[at.saturating_sub(4)..at]
                        .iter()
                        .any(|(t, _)| matches!(t, Token::Word(w) if w == "lang" || w == "Zh" || w == "En"));
                    if of_lang && call.len() == 1 {
                        let ids = ids_of(call[0]);
                        program.uses.extend(ids.into_iter().map(|id| Use {
                            place: place(),
                            id,
                            given: BTreeSet::new(),
                        }));
                    }
                }
                _ => {}
            }
        }
    }
    program
}

/// The name in `name = value`.
fn name_of(argument: &[(Token, usize)]) -> Option<String> {
    match argument {
        [(Token::Word(name), _), (Token::Mark('='), _), ..] => Some(name.clone()),
        _ => None,
    }
}

/// Literals of an expression that are IDs: all branches of an `if` or `match`, but neither patterns
/// nor parts of `format!`.
fn ids_of(expression: &[(Token, usize)]) -> Vec<String> {
    if expression.iter().any(|(t, _)| matches!(t, Token::Word(w) if w == "format")) {
        return Vec::new();
    }
    expression
        .iter()
        .filter_map(|(t, _)| match t {
            Token::Text(text) if text.contains('-') && text.chars().all(is_name) => Some(text.clone()),
            _ => None,
        })
        .collect()
}

// ─── the tests ───────────────────────────────────────────────────────────────

fn report(problems: Vec<String>) {
    assert!(problems.is_empty(), "{} problems in the catalogue:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn both_languages_say_the_same() {
    let mut problems = Vec::new();
    let zh = catalogue(Lang::Zh, &mut problems);
    let en = catalogue(Lang::En, &mut problems);
    for (id, message) in &zh {
        let place = format!("{}:{}", message.file, message.line);
        match en.get(id) {
            None => problems.push(format!("{place}: `{id}` is missing in English")),
            Some(other) if other.arguments() != message.arguments() => problems.push(format!(
                "{place}: `{id}` takes {:?}, in English {:?}",
                message.arguments(),
                other.arguments()
            )),
            Some(_) => {}
        }
        let words = message.words();
        let longest = words.split(|c: char| !c.is_ascii_alphabetic()).map(str::len).max().unwrap_or(0);
        if longest > 2 && !words.chars().any(is_cjk) {
            problems.push(format!("{place}: `{id}` is not Chinese: {}", message.text));
        }
        if message.text.is_empty() {
            problems.push(format!("{place}: `{id}` is empty"));
        }
    }
    for (id, message) in &en {
        let place = format!("{}:{}", message.file, message.line);
        if !zh.contains_key(id) && !id.starts_with(ENGLISH_ONLY) {
            problems.push(format!("{place}: `{id}` is missing in Chinese"));
        }
        let words = message.words();
        let cjk = words.chars().any(is_cjk) && !words.chars().any(|c| c.is_ascii_alphabetic());
        if cjk || words.contains(FULL_WIDTH) {
            problems.push(format!("{place}: `{id}` is not English: {}", message.text));
        }
        if message.text.is_empty() {
            problems.push(format!("{place}: `{id}` is empty"));
        }
    }
    report(problems);
}

#[test]
fn every_message_formats_with_its_arguments() {
    let mut problems = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        let messages = catalogue(lang, &mut Vec::new());
        let mut bundle = FluentBundle::new(vec![if lang == Lang::Zh { "zh-CN" } else { "en-US" }.parse().unwrap()]);
        for source in sources(lang) {
            if let Ok(resource) = FluentResource::try_new(source.to_owned()) {
                bundle.add_resource_overriding(resource);
            }
        }
        for (id, message) in &messages {
            let place = format!("{}:{}", message.file, message.line);
            let Some(pattern) = bundle.get_message(id).and_then(|m| m.value()) else {
                problems.push(format!("{place}: `{id}` does not parse"));
                continue;
            };
            for number in [1, 2] {
                let mut args = FluentArgs::new();
                for name in message.arguments() {
                    args.set(name.to_owned(), number);
                }
                let mut errors = Vec::new();
                bundle.format_pattern(pattern, Some(&args), &mut errors);
                problems.extend(errors.iter().map(|e| format!("{place}: `{id}`: {e}")));
            }
        }
    }
    report(problems);
}

#[test]
fn the_program_asks_for_what_there_is() {
    let mut problems = Vec::new();
    let zh = catalogue(Lang::Zh, &mut Vec::new());
    let en = catalogue(Lang::En, &mut Vec::new());
    let program = program();
    for Use { place, id, given } in &program.uses {
        let Some(message) = zh.get(id).or_else(|| en.get(id)) else {
            problems.push(format!("{place}: no message `{id}`"));
            continue;
        };
        let wanted: BTreeSet<String> = message.arguments().into_iter().map(str::to_owned).collect();
        if wanted != *given {
            problems.push(format!("{place}: `{id}` takes {wanted:?} and is given {given:?}"));
        }
    }
    // Messages may use one another: { other }.
    let inner: BTreeSet<&str> = zh
        .values()
        .chain(en.values())
        .flat_map(|m| m.text.split('{').skip(1))
        .filter_map(|rest| rest.split_once('}').map(|(inside, _)| inside.trim()))
        .collect();
    for (id, message) in zh.iter().chain(&en) {
        let built = program.prefixes.iter().any(|prefix| id.starts_with(prefix.as_str()));
        if !built && !program.literals.contains(id) && !inner.contains(id.as_str()) {
            problems.push(format!("{}:{}: nobody asks for `{id}`", message.file, message.line));
        }
    }
    problems.dedup();
    report(problems);
}

#[test]
fn every_code_has_an_english_word_and_every_word_a_code() {
    let mut problems = Vec::new();
    let en = catalogue(Lang::En, &mut Vec::new());
    let words = Policy::default().words;
    let mut wanted = BTreeSet::new();
    for vocab in Vocab::ALL {
        for code in words.list(vocab).keys() {
            let id = format!("word-{}-{}", vocab.key(), code).replace('_', "-");
            if !en.contains_key(&id) {
                problems.push(format!("i18n/en/words.ftl: `{id}` is missing"));
            }
            if words.label(Lang::En, vocab, code).chars().any(is_cjk) {
                problems.push(format!("i18n/en/words.ftl: `{id}` is not English"));
            }
            wanted.insert(id);
        }
    }
    for (id, message) in en.iter().filter(|(id, _)| id.starts_with(ENGLISH_ONLY)) {
        if !wanted.contains(id) {
            problems.push(format!("{}:{}: `{id}` names no code", message.file, message.line));
        }
    }
    report(problems);
}

/// The scanner itself: what it must see, and what it must not take for a use.
#[test]
fn the_scanner_reads_rust() {
    let source = r##"
        // say!(lang, "in-a-comment")
        let quote = '"'; let life: &'static str = r#"raw " text"#;
        say!(ctx.lang, if few { "area-one" } else { "area-two" }, n = f(a, b), day = *day);
    "##;
    let tokens = tokens(source);
    let texts: Vec<&str> =
        tokens.iter().filter_map(|(t, _)| if let Token::Text(text) = t { Some(text.as_str()) } else { None }).collect();
    assert_eq!(texts, ["raw \" text", "area-one", "area-two"]);
    let say = tokens.iter().position(|(t, _)| *t == Token::Word("say".into())).unwrap();
    assert_eq!(tokens[say].1, 4);
    let call = arguments(&tokens, say + 3);
    assert_eq!(ids_of(call[1]), ["area-one", "area-two"]);
    let given: Vec<String> = call.iter().skip(2).filter_map(|a| name_of(a)).collect();
    assert_eq!(given, ["n", "day"]);
}

#[test]
fn sheets_of_a_workbook_have_names_of_their_own() {
    for lang in [Lang::Zh, Lang::En] {
        let mut seen = std::collections::BTreeMap::new();
        let sources = touyan::lang::sources(lang);
        let ids = sources.iter().flat_map(|s| s.lines()).filter_map(|l| l.split_once(" = "));
        for (id, name) in ids.filter(|(id, _)| id.starts_with("sheet-")) {
            assert!(name.chars().count() <= 31, "{id} is longer than a sheet's name may be");
            // Excel takes names that differ in case alone for the same.
            if let Some(other) = seen.insert(name.to_lowercase(), id) {
                panic!("{id} and {other} are both {name}");
            }
        }
    }
}
