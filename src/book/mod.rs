//! The county book: table contracts, header aliases, readers, checks and quarantine. Nothing but
//! this folder knows a file format of the county.

pub mod raw;
pub mod read;
mod report;
pub mod schema;
mod tables;
pub mod value;

pub use report::{CheckReport, Finding, NotRead, SheetReport};
pub use tables::{Tables, TablesError};
