//! The policy's reference, `docs/policy.md`: every key with its type, its default and its meaning,
//! made from the JSON schema and so from the code. A test compares it with the file.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::Policy;

/// Longest default that is shown in full.
const WIDEST: usize = 60;

/// Markdown that lists every key of the policy.
pub fn reference() -> String {
    let schema = serde_json::to_value(schemars::schema_for!(Policy)).unwrap_or_default();
    let default = serde_json::to_value(Policy::default()).unwrap_or_default();
    document(&schema, &default)
}

/// Families of methods of the engine of indices, of which `docs/score.md` tells: a county's page points
/// there, and lists the points rules alone.
const ELSEWHERE: [&str; 6] = ["Aggregate", "Impute", "Outliers", "Rule", "Uncertainty", "Weighting"];

fn document(schema: &Value, default: &Value) -> String {
    let mut text = String::from(
        "<!-- Generated from the code; `TOUYAN_BLESS=1 cargo test --release --test it policy` writes it anew. -->\n\n\
         # Policy reference\n\n\
         Every key of the policy file. `touyan init` writes the commented default; a county's own file holds only\n\
         what differs: tables are laid over the default key by key, lists replace lists, and a table that changes\n\
         its `type` replaces the whole table. A dash stands where the default file sets nothing, or\n\
         sets it in each named table apart.\n",
    );
    text.push_str(&sections(schema, default, 2, &ELSEWHERE));
    text
}

/// Every key of a schema, section by section, with headings from `depth` on.
pub(crate) fn keys(schema: &Value, default: &Value, depth: usize) -> String {
    sections(schema, default, depth, &[])
}

fn sections(schema: &Value, default: &Value, depth: usize, elsewhere: &[&str]) -> String {
    let mut text = String::new();
    let defs = schema.get("$defs").unwrap_or(&Value::Null);
    let mut pages = Pages { defs, text: &mut text, open: Vec::new(), elsewhere, told: Vec::new() };
    for (key, value) in properties(schema) {
        pages.section(key, value, default.get(key), depth);
    }
    text
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// A schema with references followed and `null` taken apart.
struct View<'a> {
    node: &'a Value,
    /// Name of the definition it came from, if any.
    name: Option<&'a str>,
    /// Nearest description on the way.
    doc: &'a str,
    optional: bool,
}

enum Shape<'a> {
    /// A value that stands in one row.
    Plain,
    Table,
    /// Tables of one shape, by name.
    Named(&'a Value),
    /// A list of tables.
    List(&'a Value),
    /// A table whose `type` (or other tag) decides its keys.
    Tagged(&'a [Value]),
}

struct Pages<'a, 'o> {
    defs: &'a Value,
    text: &'o mut String,
    /// Definitions being written: a shape that holds itself ends there.
    open: Vec<&'a str>,
    /// Definitions that another page tells of, except an indicator's own rule.
    elsewhere: &'o [&'o str],
    /// Families of methods that were written, with their place: each is written once.
    told: Vec<(&'a str, String)>,
}

impl<'a> Pages<'a, '_> {
    fn view(&self, schema: &'a Value) -> View<'a> {
        let mut view = View { node: schema, name: None, doc: "", optional: false };
        // References form no circle without a table between them; the bound is for a broken schema.
        for _ in 0..16 {
            if view.doc.is_empty() {
                view.doc = view.node.get("description").and_then(Value::as_str).unwrap_or_default();
            }
            let choices = view.node.get("anyOf").and_then(Value::as_array);
            let solid = choices.map(|c| c.iter().filter(|v| v.get("type") != Some(&"null".into())).collect::<Vec<_>>());
            if let (Some(all), Some([only])) = (choices, solid.as_deref()) {
                view.optional |= all.len() > 1;
                view.node = only;
            } else if let Some(name) = reference_of(view.node)
                && view.node.get("properties").is_none()
            {
                view.name = Some(name);
                view.node = self.defs.get(name).unwrap_or(&Value::Null);
            } else {
                break;
            }
        }
        view.optional |= types(view.node).contains(&"null");
        view
    }

    fn shape(&self, node: &'a Value) -> Shape<'a> {
        let is_table = |schema: &'a Value| !matches!(self.shape(self.view(schema).node), Shape::Plain);
        if node.get("properties").is_some() {
            return Shape::Table;
        }
        if let Some(variants) = node.get("oneOf").or_else(|| node.get("anyOf")).and_then(Value::as_array)
            && variants.iter().any(|v| self.view(v).node.get("properties").is_some())
        {
            return Shape::Tagged(variants);
        }
        match (node.get("additionalProperties"), node.get("items")) {
            (Some(item @ Value::Object(_)), _) if is_table(item) => Shape::Named(item),
            (_, Some(item @ Value::Object(_))) if is_table(item) => Shape::List(item),
            _ => Shape::Plain,
        }
    }

    /// A table of the policy: heading, meaning, one row per plain key, then its own tables.
    fn section(&mut self, path: &str, schema: &'a Value, default: Option<&Value>, depth: usize) {
        let view = self.view(schema);
        if view.name.is_some_and(|name| self.elsewhere.contains(&name)) && !path.ends_with(".indicators.<name>.rule") {
            self.heading(&format!("[{path}]"), view.doc, depth);
            self.text.push_str("\nFor its methods and their keys see [score.md](score.md#every-key).\n");
            return;
        }
        match self.shape(view.node) {
            Shape::Table => {
                self.heading(&format!("[{path}]"), view.doc, depth);
                self.body(path, &view, default, depth);
            }
            Shape::Named(item) => {
                let item_view = self.view(item);
                self.heading(&format!("[{path}.<name>]"), view.doc, depth);
                self.names_of(default);
                match self.shape(item_view.node) {
                    Shape::Tagged(variants) => self.variants(&format!("{path}.<name>"), variants, depth),
                    _ => self.body(&format!("{path}.<name>"), &item_view, None, depth),
                }
            }
            Shape::List(item) => {
                let item_view = self.view(item);
                let doc = if view.doc.is_empty() { item_view.doc } else { view.doc };
                self.heading(&format!("[[{path}]]"), doc, depth);
                match self.shape(item_view.node) {
                    Shape::Tagged(variants) => self.family(path, item_view.name, variants, depth),
                    _ => self.body(path, &item_view, None, depth),
                }
            }
            Shape::Tagged(variants) => {
                self.heading(&format!("[{path}]"), view.doc, depth);
                self.family(path, view.name, variants, depth);
            }
            Shape::Plain => {
                self.heading(path, view.doc, depth);
                self.rows(&[self.row(path.rsplit('.').next().unwrap_or(path), schema, default)]);
            }
        }
    }

    fn heading(&mut self, title: &str, doc: &str, depth: usize) {
        let _ = write!(self.text, "\n{} `{title}`\n", "#".repeat(depth.min(5)));
        if !doc.is_empty() {
            let _ = write!(self.text, "\n{doc}\n");
        }
    }

    /// Which named tables the default file holds.
    fn names_of(&mut self, default: Option<&Value>) {
        let names: Vec<String> =
            default.and_then(Value::as_object).into_iter().flatten().map(|(name, _)| format!("`{name}`")).collect();
        if !names.is_empty() {
            let _ = write!(self.text, "\nIn the default file: {}.\n", names.join(", "));
        }
    }

    fn body(&mut self, path: &str, view: &View<'a>, default: Option<&Value>, depth: usize) {
        if view.name.is_some_and(|name| self.open.contains(&name)) {
            let _ = write!(self.text, "\nAs above.\n");
            return;
        }
        self.open.extend(view.name);
        let at = |key: &str| default.and_then(|d| d.get(key));
        let mut rows = Vec::new();
        let mut tables = Vec::new();
        for (key, schema) in properties(view.node) {
            match self.shape(self.view(schema).node) {
                Shape::Plain => rows.push(self.row(key, schema, at(key))),
                _ => tables.push((key, schema)),
            }
        }
        self.rows(&rows);
        for (key, schema) in tables {
            self.section(&format!("{path}.{key}"), schema, at(key), depth + 1);
        }
        self.open.truncate(self.open.len() - usize::from(view.name.is_some()));
    }

    /// The methods of a family, or where they stand.
    fn family(&mut self, path: &str, name: Option<&'a str>, variants: &'a [Value], depth: usize) {
        let before = self.told.iter().find(|(told, _)| name == Some(*told));
        if let Some((_, place)) = before {
            let _ = write!(self.text, "\nThe keys are those of [`[{place}]`](#{}).\n", anchor(place));
            return;
        }
        self.told.extend(name.map(|name| (name, path.to_owned())));
        self.variants(path, variants, depth);
    }

    fn variants(&mut self, path: &str, variants: &'a [Value], depth: usize) {
        for variant in variants {
            let tag = properties(variant).find_map(|(key, v)| Some((key, v.get("const")?.as_str()?)));
            let outer = self.view(variant);
            let inner = reference_of(variant).map_or(&Value::Null, |name| self.defs.get(name).unwrap_or(&Value::Null));
            let doc = if outer.doc.is_empty() { self.view(inner).doc } else { outer.doc };
            match tag {
                Some((key, value)) => {
                    let _ = write!(self.text, "\n- `{key} = \"{value}\"`: {}\n", line(doc));
                }
                None => {
                    let _ = write!(self.text, "\n- {}\n", line(doc));
                }
            }
            let mut rows = Vec::new();
            let mut tables = Vec::new();
            for (key, schema) in properties(variant).chain(properties(inner)) {
                if schema.get("const").is_some() {
                    continue;
                }
                match self.shape(self.view(schema).node) {
                    Shape::Plain => rows.push(self.row(key, schema, None)),
                    _ => tables.push((key, schema)),
                }
            }
            self.rows(&rows);
            for (key, schema) in tables {
                self.section(&format!("{path}.{key}"), schema, None, depth + 1);
            }
        }
    }

    fn rows(&mut self, rows: &[[String; 4]]) {
        if rows.is_empty() {
            return;
        }
        self.text.push_str("\n| key | type | default | meaning |\n|---|---|---|---|\n");
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
    }

    fn row(&self, key: &str, schema: &'a Value, default: Option<&Value>) -> [String; 4] {
        let view = self.view(schema);
        let default = default.filter(|d| !d.is_null()).or_else(|| schema.get("default").filter(|d| !d.is_null()));
        let mut meaning = line(view.doc);
        for (word, doc) in words(view.node) {
            if !doc.is_empty() {
                let _ = write!(meaning, " `{word}`: {}", line(doc));
            }
        }
        let optional = if view.optional { ", optional" } else { "" };
        [
            format!("`{key}`"),
            format!("{}{optional}", self.type_of(view.node)),
            default.map_or_else(|| "—".to_owned(), shown),
            meaning,
        ]
    }

    fn type_of(&self, node: &'a Value) -> String {
        let choices: Vec<String> = words(node).iter().map(|(word, _)| format!("`{word}`")).collect();
        if !choices.is_empty() {
            return choices.join(", ");
        }
        let kind = types(node).into_iter().find(|t| *t != "null").unwrap_or("any");
        match kind {
            "string" => "text".to_owned(),
            "integer" => "whole number".to_owned(),
            "number" => "number".to_owned(),
            "boolean" => "true or false".to_owned(),
            "array" => {
                let item =
                    node.get("items").map_or_else(|| "any".to_owned(), |item| self.type_of(self.view(item).node));
                match (node.get("minItems"), node.get("maxItems")) {
                    (Some(least), Some(most)) if least == most => format!("list of {most}: {item}"),
                    _ => format!("list: {item}"),
                }
            }
            "object" => {
                let item = node.get("additionalProperties").filter(|v| v.is_object());
                item.map_or_else(|| "table".to_owned(), |item| format!("name → {}", self.type_of(self.view(item).node)))
            }
            other => other.to_owned(),
        }
    }
}

/// The anchor that a heading of a dotted path gets: letters, digits, `_` and `-` alone.
fn anchor(path: &str) -> String {
    path.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect::<String>().to_lowercase()
}

fn reference_of(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

fn types(node: &Value) -> Vec<&str> {
    match node.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Words of a closed list with their meanings.
fn words(node: &Value) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let alone = std::slice::from_ref(node);
    for choice in node.get("oneOf").and_then(Value::as_array).map_or(alone, Vec::as_slice) {
        let doc = if std::ptr::eq(choice, node) { "" } else { text(choice, "description") };
        found.extend(choice.get("const").and_then(Value::as_str).map(|word| (word, doc)));
        let listed = choice.get("enum").and_then(Value::as_array).into_iter().flatten();
        found.extend(listed.filter_map(Value::as_str).map(|word| (word, "")));
    }
    found
}

fn text<'v>(node: &'v Value, key: &str) -> &'v str {
    node.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A default as TOML writes it, shortened.
fn shown(value: &Value) -> String {
    let full = match value {
        Value::Object(table) => return names(table),
        Value::Array(items) if items.iter().any(Value::is_object) => return format!("{} entries", items.len()),
        other => other.to_string(),
    };
    let short = if full.chars().count() > WIDEST {
        let head: String = full.chars().take(WIDEST).collect();
        format!("{head}…")
    } else {
        full
    };
    format!("`{}`", short.replace('|', "\\|"))
}

fn names(table: &Map<String, Value>) -> String {
    match table.len() {
        0 => "—".to_owned(),
        n if n <= 8 => table.keys().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", "),
        n => format!("{n} entries"),
    }
}

/// Text on one line of a table.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn every_shape_is_written() {
        let schema = json!({
            "properties": {
                "score": { "$ref": "#/$defs/Score" },
                "words": { "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } },
            },
            "$defs": {
                "Score": {
                    "description": "The section.",
                    "type": "object",
                    "properties": {
                        "scope": { "description": "Where.", "$ref": "#/$defs/Scope" },
                        "share": { "type": ["array", "null"], "items": { "type": "number" }, "minItems": 2, "maxItems": 2 },
                        "rule": { "$ref": "#/$defs/When" },
                        "second_rule": { "description": "Another.", "$ref": "#/$defs/When" },
                        "nodes": { "description": "The tree.", "type": "object", "additionalProperties": { "$ref": "#/$defs/Node" } },
                        "bands": { "type": "array", "items": { "$ref": "#/$defs/Node" } },
                        "small": { "anyOf": [{ "$ref": "#/$defs/Scope" }, { "type": "null" }] },
                    }
                },
                "Scope": { "oneOf": [
                    { "const": "county", "description": "All of a county." },
                    { "const": "all" }
                ]},
                "When": { "oneOf": [
                    { "type": "object", "properties": { "type": { "const": "each" } }, "$ref": "#/$defs/Each" },
                    { "description": "Steps.", "type": "object",
                      "properties": { "type": { "const": "steps" }, "at": { "type": "integer" } } }
                ]},
                "Each": { "description": "Points for each.", "type": "object",
                          "properties": { "base": { "type": "number", "description": "Start | end." } } },
                "Node": { "description": "A node.", "type": "object",
                          "properties": { "weight": { "type": "number" }, "below": { "$ref": "#/$defs/Node" } } }
            }
        });
        let default =
            json!({ "score": { "scope": "county", "nodes": { "party": { "weight": 1 } } }, "words": { "a": [] } });
        let text = document(&schema, &default);
        for wanted in [
            "## `[score]`\n\nThe section.",
            "| `scope` | `county`, `all` | `\"county\"` | Where. `county`: All of a county. |",
            "| `share` | list of 2: number, optional | — |  |",
            "| `small` | `county`, `all`, optional |",
            "### `[score.rule]`",
            "- `type = \"each\"`: Points for each.\n",
            "| `base` | number | — | Start \\| end. |",
            "- `type = \"steps\"`: Steps.\n",
            "### `[score.nodes.<name>]`\n\nThe tree.\n\nIn the default file: `party`.",
            "### `[[score.bands]]`",
            "As above.",
            "### `[score.second_rule]`\n\nAnother.\n\nThe keys are those of [`[score.rule]`](#scorerule).\n",
            "| `words` | name → list: text | `a` |",
        ] {
            assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
        }
    }
}
