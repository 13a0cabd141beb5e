//! The schema as a document: `docs/book.md` is generated from the code and tested against it.

use std::fmt::Write;

use super::schema::{Column, Kind, TABLES, Vocab};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::say;

/// The schema document in Markdown, in one language; allowed words come from the default policy.
pub fn schema_doc(lang: Lang) -> String {
    let policy = Policy::default();
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    line("<!-- Generated from the code; `TOUYAN_BLESS=1 cargo test --release --test it book` writes it anew. -->");
    line("");
    line(&lang.text("schema-doc-title"));
    line("");
    line(&lang.text("schema-doc-intro"));
    line("");
    line(&lang.text("schema-doc-rules"));
    for table in TABLES {
        line("");
        line(&format!("## `{}` {}", table.name, table.zh));
        line("");
        line(table.doc);
        line("");
        line(&lang.text("schema-doc-head"));
        line("|---|---|---|---|---|---|");
        for column in table.columns {
            line(&row(column, lang));
        }
    }
    line("");
    line(&lang.text("schema-doc-words"));
    for vocab in Vocab::ALL {
        line("");
        line(&format!("### `{}`", vocab.key()));
        line("");
        for (code, words) in policy.words.list(vocab) {
            line(&format!("- `{code}`: {}", words.join("、")));
        }
    }
    text
}

fn row(column: &Column, lang: Lang) -> String {
    let mut kind = match column.kind {
        Kind::Text => lang.text("schema-kind-text"),
        Kind::Word(vocab) => say!(lang, "schema-kind-word", list = vocab.key()),
        Kind::Whole => lang.text("schema-kind-whole"),
        Kind::Number(unit) if unit.sign().is_empty() => lang.text("schema-kind-number"),
        Kind::Number(unit) => format!("{} {}", lang.text("schema-kind-number"), unit.sign()),
        Kind::Date => lang.text("schema-kind-date"),
        Kind::YesNo => lang.text("schema-kind-yesno"),
        Kind::Year => lang.text("schema-kind-year"),
        Kind::Person => lang.text("schema-kind-person"),
        Kind::IdNumber => lang.text("schema-kind-id"),
        Kind::Phone => lang.text("schema-kind-phone"),
    };
    if column.protected {
        let _ = write!(kind, " {}", lang.text("schema-protected"));
    }
    let range = column.range.map(|(low, high)| format!("{low}–{high}")).unwrap_or_default();
    let key = if column.is_key() { "✓" } else { "" };
    let names = [column.zh].iter().chain(column.aliases).copied().collect::<Vec<_>>().join("、");
    format!("| `{}` | {kind} | {range} | {key} | {names} | {} |", column.name, column.doc)
}
