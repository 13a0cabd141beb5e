//! Serde's messages about values in the policy's own words: what is allowed, with an example, and
//! which key of a method it is.

use toml::{Table, Value};

/// A message about a value at `path`, in plain words, and the path of the key that is meant: methods
/// are read as a whole, so that serde knows the place of the method alone. Other messages stay.
pub(super) fn plain(message: &str, table: &Table, path: &str) -> (String, String) {
    let Some((found, expected)) = parts(message) else {
        return (missing_type(message, path).unwrap_or_else(|| message.to_owned()), path.to_owned());
    };
    let at = find(table, path);
    let (path, value) = match at {
        Some(Value::Table(inner)) if found != "map" => match inner.iter().find(|(_, v)| literal(v) == found) {
            Some((key, value)) => (format!("{path}.{key}"), Some(value)),
            None => (path.to_owned(), at),
        },
        other => (path.to_owned(), other),
    };
    let found = value.map_or_else(|| found.to_owned(), |value| shown(value, found));
    (format!("{found} stands where {} belongs", wanted(expected, value)), path)
}

/// What was found and what was expected.
fn parts(message: &str) -> Option<(&str, &str)> {
    let rest = ["invalid type: ", "invalid value: ", "invalid length "].iter().find_map(|s| message.strip_prefix(s))?;
    rest.split_once(", expected ")
}

/// A method without its name.
fn missing_type(message: &str, path: &str) -> Option<String> {
    let last = path.rsplit('.').next().unwrap_or(path);
    (message == "missing field `type`")
        .then(|| format!("needs `type`, the name of the method: {last} = {{ type = \"…\" }}"))
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
fn shown(value: &Value, found: &str) -> String {
    match value {
        Value::Table(_) => "a table".to_owned(),
        Value::Array(list) if found == "sequence" => "a list".to_owned(),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Datetime(_) => "a date without quotes".to_owned(),
        other => format!("`{other}`"),
    }
}

/// What serde expects, in words and with an example.
fn wanted(expected: &str, value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str);
    let is = |start: &str| expected.starts_with(start);
    if is("internally tagged enum") {
        let method = text.unwrap_or("…");
        return format!("a method with its `type`, such as {{ type = \"{method}\" }},");
    }
    if is("adjacently tagged") || is("struct ") || is("a map") || is("map") {
        return "a table of keys, such as { key = value } or a [section] of its own,".to_owned();
    }
    if let Some(n) = expected.strip_prefix("an array of length ") {
        let some = ["0", "100", "0", "100"][..n.parse().unwrap_or(2).min(4)].join(", ");
        return format!("a list of {n} values, such as [{some}],");
    }
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0 on, such as 100, without quotes,".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number, such as 2024, without quotes,".to_owned(),
        "f32" | "f64" => "a number, such as 0.5, without quotes,".to_owned(),
        "a boolean" | "bool" => "true or false, without quotes,".to_owned(),
        "a string" | "str" => "a text in quotes, such as \"name\",".to_owned(),
        "a sequence" => "a list, such as [\"a\", \"b\"],".to_owned(),
        _ if is("unit variant") || is("variant") || is("enum") => "a word in quotes".to_owned(),
        other => other.to_owned(),
    }
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
        plain(message, &toml::from_str(text).expect("TOML"), path)
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
