//! All integration tests, linked once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod assign;
mod assign_changes;
mod assign_further;
mod assign_options;
mod assign_ties;
mod book;
mod catalogue;
mod cli;
mod closed_loop;
mod cultivate;
mod desk;
mod index_aggr;
mod index_asem_ranges;
mod index_cli;
mod index_norm;
mod index_prep;
mod index_sobol;
mod matching;
mod matching_files;
mod matching_near;
mod matching_told;
mod materials;
mod motivate;
mod outputs;
mod policy;
mod privacy;
mod quota;
mod read;
mod report;
mod reserve;
mod reserve_chains;
mod reserve_orders;
mod returns;
mod robust;
mod robust_bounds;
mod scenario;
mod score;
mod stable;
mod structure;
mod supervise;
mod suppression;
mod synth;
mod templates;

/// Compares a checked-in file with what the code says it should be. `TOUYAN_BLESS=1` rewrites it.
fn bless(path: &str, expected: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("TOUYAN_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == expected, "{path} is out of date; TOUYAN_BLESS=1 cargo test --release rewrites it");
}
