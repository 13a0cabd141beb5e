//! The whole job: read a book, run every stage, make every output. Sizes are villages.

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use touyan::policy::Policy;
use touyan::privacy::narrow;
use touyan::run::{Formats, Options, encode, manifest, pipeline, write};
use touyan::{book, synth};

fn demo(dir: &Path) -> std::path::PathBuf {
    let folder = dir.join("demo");
    std::fs::create_dir(&folder).expect("a fresh folder");
    for (name, bytes) in synth::demo() {
        std::fs::write(folder.join(name), bytes).expect("a fresh folder");
    }
    folder
}

fn counties(dir: &Path, counties: usize) -> std::path::PathBuf {
    let folder = dir.join(format!("counties{counties}"));
    let options =
        synth::Options { counties, villages_per_county: Some(413), townships: Some(28), ..Default::default() };
    synth::write(&options, &folder).expect("a fresh folder");
    folder
}

fn whole_job(c: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let policy = Policy::default();
    let options = Options::default();
    let formats = Formats { report: true, ..Formats::default() };
    let mut group = c.benchmark_group("run");
    group.sample_size(10);
    for (name, folder, villages) in [
        ("demo", demo(dir.path()), 413),
        ("1_county", counties(dir.path(), 1), 413),
        ("10_counties", counties(dir.path(), 10), 4_130),
    ] {
        group.throughput(Throughput::Elements(villages));
        group.bench_function(BenchmarkId::new(name, villages), |b| {
            b.iter(|| {
                let book = book::open(&folder, &policy).expect("a good book");
                let outcome = pipeline(&book, &policy, &options, &()).expect("a good book");
                let shown = narrow(&book, &outcome, &policy, &options).expect("a good outcome");
                let files = encode(&shown, &policy, &options, &formats, &()).expect("a good outcome");
                let log = manifest(&shown, &policy, &options, &formats, &files);
                write(&dir.path().join("out"), &files, &log, &Default::default()).expect("a writable folder");
                black_box(log)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, whole_job);
criterion_main!(benches);
