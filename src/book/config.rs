//! `book.toml` in the book's folder: what the county says about its own sheets.

use std::path::Path;

use chrono::NaiveDate;
use serde::Deserialize;

use super::forms::Form;

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    /// Date of filling in, `YYYY-MM-DD`.
    #[serde(default)]
    as_of: Option<String>,
    #[serde(default)]
    sheet: Vec<SheetLine>,
}

/// `[[sheet]]`: which table a file's sheet is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetLine {
    /// File, relative to the book.
    file: String,
    /// Sheet name; without it every sheet of the file.
    #[serde(default)]
    sheet: Option<String>,
    /// Canonical or Chinese table name.
    table: String,
}

impl Config {
    /// Reads the file; without one everything is found by content.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn load(root: &Path) -> Result<Config, String> {
        let path = root.join("book.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Config::default()),
            Err(e) => return Err(e.kind().to_string()),
        };
        let config: Config = toml::from_str(&text).map_err(|e| {
            let line = e.span().map(|s| text[..s.start.min(text.len())].matches('\n').count() + 1);
            let line = line.map(|l| format!("{l}: ")).unwrap_or_default();
            format!("{line}{}", e.message().replace('\n', " "))
        })?;
        if let Some(day) = &config.as_of
            && day.parse::<NaiveDate>().is_err()
        {
            return Err(format!("as_of = \"{day}\""));
        }
        if let Some(line) = config.sheet.iter().find(|l| Form::named(&l.table).is_none()) {
            let known = super::schema::TABLES.iter().map(|t| t.name).collect::<Vec<_>>().join(", ");
            return Err(format!("table = \"{}\" ({known})", line.table));
        }
        Ok(config)
    }

    pub fn as_of(&self) -> Option<NaiveDate> {
        self.as_of.as_deref().and_then(|d| d.parse().ok())
    }

    /// The form that the file sets for a sheet.
    pub fn form(&self, file: &str, sheet: &str) -> Option<&'static Form> {
        let line = self
            .sheet
            .iter()
            .find(|l| l.file.replace('\\', "/") == file && l.sheet.as_deref().is_none_or(|s| s == sheet))?;
        Form::named(&line.table)
    }
}
