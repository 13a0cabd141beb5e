//! The demo county: 云溪县（虚构）, 28 townships and 413 villages, embedded in the program.

use super::Options;

/// The options that the demo county was drawn with: `touyan synth --townships 28 --villages 413`.
pub fn demo_options() -> Options {
    Options { townships: Some(28), villages_per_county: Some(413), ..Options::default() }
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$((
            concat!($name, ".parquet"),
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/notebooks-data/demo-county/", $name, ".parquet")),
        )),*]
    };
}

/// The demo county's files, name and bytes, in the order of the schema: write them to a folder and it
/// is a county book.
pub fn demo() -> &'static [(&'static str, &'static [u8])] {
    files![
        "townships",
        "villages",
        "indicators",
        "people",
        "posts",
        "pool",
        "appraisals",
        "events",
        "targets",
        "kin",
        "wishes",
        "activities",
        "measures",
        "pay",
    ]
}

/// The demo county's salt, in the form of the file beside a book. Nobody in the demo exists, so its
/// codes need no secret, and everybody's demo shows the same ones.
pub const DEMO_SALT: &str = "746f7579616e2064656d6f20636f756e747920e4ba91e6baaae58ebf00000000\n";
