//! `touyan`: parse, run, report, exit code.

fn main() -> std::process::ExitCode {
    touyan::cli::main(std::env::args_os())
}
