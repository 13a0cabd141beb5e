//! The generated parts of the manual, `docs/score.md`: methods, output tables, keys. A test puts them
//! between their marks and compares the whole with the file.

use std::fmt::Write;

use super::method::Method;
use super::{aggregate, impute, normalise, outlier, read, reference, tables, weight};

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
        let _ = write!(out, "{}{name}{}{}{END}", BEGIN.0, BEGIN.1, part(name));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A generated part; nothing for a name that is none.
fn part(name: &str) -> String {
    match name {
        "missing" => read::MISSING.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "),
        "methods" => methods(),
        "tables" => format!("\n{}\n", tables::documentation()),
        "keys" => format!("\n{}\n", reference(3)),
        _ => String::new(),
    }
}

fn methods() -> String {
    let families: [(&str, &[Method]); 5] = [
        ("Imputation: `impute`", impute::METHODS),
        ("Outliers and skew: `outliers`", outlier::METHODS),
        ("Normalisation: `rule`", normalise::METHODS),
        ("Weights: `weights`", weight::METHODS),
        ("Aggregation: `aggregate`", aggregate::METHODS),
    ];
    let mut text = String::new();
    for (title, methods) in families {
        let _ = write!(text, "\n### {title}\n\n| type | formula | source |\n|---|---|---|\n");
        for method in methods {
            let cell = |text: &str| text.replace('|', "\\|");
            let _ = writeln!(text, "| `{}` | {} | {} |", method.name, cell(method.formula), cell(method.source));
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_are_made_anew_between_their_marks() {
        let text = "a <!-- generated: missing -->old<!-- end --> b <!-- generated: nothing -->x<!-- end -->";
        let out = super::render(text);
        assert!(out.starts_with("a <!-- generated: missing -->`NA`") && out.contains("`未报`<!-- end --> b "));
        assert!(out.ends_with("<!-- generated: nothing --><!-- end -->"));
        assert_eq!(super::render(&out), out);
    }
}
