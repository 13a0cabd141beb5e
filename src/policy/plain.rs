//! Serde's messages about values in the policy's own words: what is allowed, with an example, and
//! which key of a method it is.

use toml::{Table, Value};

use crate::lang::Lang;
use crate::say;

/// A message about a value at `path`, in plain words, and the path of the key that is meant: methods
/// are read as a whole, so that serde knows the place of the method alone. Other messages stay.
pub(super) fn plain(message: &str, table: &Table, path: &str, lang: Lang) -> (String, String) {
    let Some((found, expected)) = parts(message) else {
        // A condition of the matching says itself what it may be.
        let own = message.starts_with("a condition is a list").then(|| lang.text("policy-condition"));
        let told = own.or_else(|| missing_type(message, path, lang));
        return (told.unwrap_or_else(|| message.to_owned()), path.to_owned());
    };
    let at = find(table, path);
    let (path, value) = match at {
        Some(Value::Table(inner)) if found != "map" => match inner.iter().find(|(_, v)| literal(v) == found) {
            Some((key, value)) => (format!("{path}.{key}"), Some(value)),
            None => (path.to_owned(), at),
        },
        other => (path.to_owned(), other),
    };
    let found = value.map_or_else(|| found.to_owned(), |value| shown(value, found, lang));
    (say!(lang, "policy-stands", found = found, wanted = wanted(expected, value, lang)), path)
}

/// What was found and what was expected.
fn parts(message: &str) -> Option<(&str, &str)> {
    let rest = ["invalid type: ", "invalid value: ", "invalid length "].iter().find_map(|s| message.strip_prefix(s))?;
    rest.split_once(", expected ")
}

/// A method without its name.
fn missing_type(message: &str, path: &str, lang: Lang) -> Option<String> {
    let last = path.rsplit('.').next().unwrap_or(path);
    (message == "missing field `type`").then(|| say!(lang, "policy-needs-type", key = last))
}

/// A value as serde names it.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("string {text:?}"),
        Value::Integer(n) => format!("integer `{n}`"),
        // As serde: a whole one with its decimal point.
        Value::Float(x) => format!("floating point `{}`", decimal(*x)),
        Value::Boolean(yes) => format!("boolean `{yes}`"),
        Value::Array(_) => "sequence".to_owned(),
        Value::Table(_) => "map".to_owned(),
        Value::Datetime(_) => String::new(),
    }
}

fn decimal(x: f64) -> String {
    let text = x.to_string();
    if x.is_finite() && !text.contains('.') { format!("{text}.0") } else { text }
}

/// A value as the policy has it.
fn shown(value: &Value, found: &str, lang: Lang) -> String {
    match value {
        Value::Table(_) => lang.text("policy-found-table"),
        Value::Array(_) if found == "sequence" => lang.text("policy-found-list"),
        Value::Array(list) => say!(lang, "policy-found-list-of", n = list.len()),
        Value::Datetime(_) => lang.text("policy-found-date"),
        other => format!("`{other}`"),
    }
}

/// What serde expects, in words and with an example.
fn wanted(expected: &str, value: Option<&Value>, lang: Lang) -> String {
    let text = value.and_then(Value::as_str);
    let is = |start: &str| expected.starts_with(start);
    if is("internally tagged enum") {
        return say!(lang, "policy-wanted-method", method = text.unwrap_or("…"));
    }
    if is("adjacently tagged") || is("struct ") || is("a map") || is("map") {
        return lang.text("policy-wanted-table");
    }
    if let Some(n) = expected.strip_prefix("an array of length ") {
        let some = ["0", "100", "0", "100"][..n.parse().unwrap_or(2).min(4)].join(", ");
        return say!(lang, "policy-wanted-list-of", n = n, example = some);
    }
    lang.text(match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "policy-wanted-count",
        "i8" | "i16" | "i32" | "i64" | "isize" => "policy-wanted-whole",
        "f32" | "f64" => "policy-wanted-number",
        "a boolean" | "bool" => "policy-wanted-yes-no",
        "a string" | "str" => "policy-wanted-text",
        "a sequence" => "policy-wanted-list",
        _ if is("unit variant") || is("variant") || is("enum") => "policy-wanted-word",
        other => return other.to_owned(),
    })
}

/// The value at a dotted path; indices of lists stand in brackets.
fn find<'a>(table: &'a Table, path: &str) -> Option<&'a Value> {
    let mut at: Option<&Value> = None;
    for part in path.split('.') {
        let (key, index) = match part.split_once('[') {
            Some((key, index)) => (key, Some(index)),
            None => (part, None),
        };
        at = match at {
            None => table.get(key),
            Some(value) => value.get(key),
        };
        for index in index.iter().flat_map(|i| i.split('[')) {
            at = at?.get(index.trim_end_matches(']').parse::<usize>().ok()?);
        }
        at?;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(message: &str, text: &str, path: &str) -> (String, String) {
        plain(message, &toml::from_str(text).expect("TOML"), path, Lang::En)
    }

    #[test]
    fn values_are_told_in_the_policys_words() {
        let told = of(
            "invalid type: string \"min_max\", expected internally tagged enum Rule",
            "s.rule = 'min_max'",
            "s.rule",
        );
        assert!(
            told.0.contains("`\"min_max\"` stands where a method") && told.0.contains("{ type = \"min_max\" }"),
            "{told:?}"
        );
        // Within a method the key is found by its value.
        let told = of("invalid type: string \"a\", expected f64", "r = { type = 'x', low = 'a', high = 1 }", "r");
        assert_eq!(
            told,
            ("`\"a\"` stands where a number, such as 0.5, without quotes, belongs".into(), "r.low".into())
        );
        let told = of("invalid value: integer `-1`, expected u32", "d = -1", "d");
        assert!(told.0.starts_with("`-1` stands where a whole number from 0 on"), "{told:?}");
        let told = of("invalid length 3, expected an array of length 2", "b = [1, 2, 3]", "b");
        assert_eq!(told.0, "a list of 3 stands where a list of 2 values, such as [0, 100], belongs");
        let told = of("invalid type: floating point `2.0`, expected u32", "f = [{ x = 2.0 }]", "f[0].x");
        assert!(told.0.starts_with("`2.0` stands"), "{told:?}");
        assert!(of("missing field `type`", "s.rule = {}", "s.rule").0.contains("rule = { type = "));
        assert_eq!(of("something else", "a = 1", "a"), ("something else".into(), "a".into()));
    }
}
