//! Synthetic books: one county drawn, and 1, 10 and 100 counties written as Parquet.

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use touyan::synth::{self, Options};

fn draw(c: &mut Criterion) {
    let options = synth::demo_options();
    let mut group = c.benchmark_group("synth/draw");
    group.throughput(Throughput::Elements(413));
    group.bench_function("county of 413 villages", |b| b.iter(|| synth::county(&options, 0)));
    group.finish();
}

fn write(c: &mut Criterion) {
    let mut group = c.benchmark_group("synth/write");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for counties in [1, 10, 100] {
        let options = Options { counties, ..Options::default() };
        group.throughput(Throughput::Elements(counties as u64));
        group.bench_with_input(BenchmarkId::from_parameter(counties), &options, |b, options| {
            b.iter_batched(
                || tempfile::tempdir().expect("a temporary folder"),
                |folder| {
                    synth::write(options, &folder.path().join("book")).expect("a book");
                    folder
                },
                criterion::BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, draw, write);
criterion_main!(benches);
