//! The generated parts of the manual, `docs/match.md`: output tables and keys. A test puts them between
//! their marks and compares the whole with the file.

use std::fmt::Write;

use super::policy::MatchFile;
use super::tables;
use crate::policy::keys;

/// Where a generated part begins: the mark, its name, and the mark's end.
const BEGIN: (&str, &str) = ("<!-- generated: ", " -->");
/// Where it ends.
const END: &str = "<!-- end -->";

/// The manual with its generated parts made anew; all else stays as it is.
pub fn render(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(BEGIN.0) {
        let Some((name, body)) = behind.split_once(BEGIN.1) else { break };
        let Some((_, after)) = body.split_once(END) else { break };
        out.push_str(before);
        let part = match name {
            "tables" => tables::documentation(),
            "keys" => reference(),
            _ => String::new(),
        };
        let _ = write!(out, "{}{name}{}\n{part}\n{END}", BEGIN.0, BEGIN.1);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The JSON schema of a policy for any edge list, as text that ends with a line break.
pub fn schema_json() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(MatchFile)).expect("a schema is plain data");
    text.push('\n');
    text
}

/// Markdown that lists every key of the policy, with its default.
fn reference() -> String {
    let schema = serde_json::to_value(schemars::schema_for!(MatchFile)).unwrap_or_default();
    let default = serde_json::to_value(MatchFile::default()).unwrap_or_default();
    keys(&schema, &default, 3)
}
