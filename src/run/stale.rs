//! What killed runs leave: hidden siblings `.NAME.unfinished-*` of an output folder.
//!
//! The next run to the same NAME removes those whose process is gone, and those that are older than a
//! day. Whether a process is gone can be told of one that ran on this machine since it was started,
//! among processes that this one can see: the folder's name carries a mark of these and the process's
//! number. All others are left for a day, since a run elsewhere may be writing to a shared disk.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Age from which a folder belongs to nobody.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Where the name of a temporary sibling begins.
fn stem(name: &str) -> String {
    format!(".{name}.unfinished-")
}

/// The beginning of the name of this process's temporary sibling of an output folder.
pub(super) fn prefix(name: &str) -> String {
    format!("{}{}-{}-", stem(name), here(), std::process::id())
}

/// Removes what killed runs to this NAME left in a folder. What cannot be removed stays: it is in
/// nobody's way.
pub(super) fn sweep(parent: &Path, name: &str) {
    let stem = stem(name);
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
        let own = entry.file_name();
        let Some(rest) = own.to_str().and_then(|own| own.strip_prefix(&stem)) else { continue };
        let age = entry.metadata().and_then(|meta| meta.modified()).map(|at| SystemTime::now().duration_since(at));
        let old = matches!(age, Ok(Ok(age)) if age > OLD);
        if old || is_gone(rest, &here()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Has the process that made a folder ended? `rest` is `HERE-PROCESS-…`; unknown is no.
fn is_gone(rest: &str, here: &str) -> bool {
    let mut parts = rest.split('-');
    let (Some(there), Some(Ok(process))) = (parts.next(), parts.next().map(str::parse::<u32>)) else { return false };
    !here.is_empty() && here != UNKNOWN && there == here && !runs(process)
}

/// A mark that is no machine's.
const UNKNOWN: &str = "0";

/// A mark of this start of the machine and of the processes that can be seen.
#[cfg(target_os = "linux")]
fn here() -> String {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id");
    let space = fs::read_link("/proc/self/ns/pid");
    match (boot, space) {
        (Ok(boot), Ok(space)) => {
            let mut hash = blake3::hash(format!("{boot}{}", space.display()).as_bytes()).to_hex().to_string();
            hash.truncate(8);
            hash
        }
        _ => UNKNOWN.to_owned(),
    }
}

#[cfg(not(target_os = "linux"))]
fn here() -> String {
    UNKNOWN.to_owned()
}

#[cfg(target_os = "linux")]
fn runs(process: u32) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}

#[cfg(not(target_os = "linux"))]
fn runs(_: u32) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_belongs_to_nobody_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let make = |name: String| fs::create_dir(dir.path().join(name)).unwrap();
        // Processes have numbers below 2^22.
        let gone = format!(".out.unfinished-{}-4294967295-a", here());
        let own = format!("{}b", prefix("out"));
        let elsewhere = ".out.unfinished-12345678-4294967295-c".to_owned();
        let plain = ".out.unfinished-Xy1".to_owned();
        let other = format!(".out2.unfinished-{}-4294967295-d", here());
        for name in [&gone, &own, &elsewhere, &plain, &other] {
            make(name.clone());
        }
        let old = ".out.unfinished-old".to_owned();
        make(old.clone());
        let then = SystemTime::now() - Duration::from_secs(25 * 60 * 60);
        fs::File::open(dir.path().join(&old)).unwrap().set_modified(then).unwrap();
        sweep(dir.path(), "out");
        let there = |name: &String| dir.path().join(name).exists();
        assert!(!there(&old), "older than a day");
        assert_eq!(there(&gone), !cfg!(target_os = "linux"), "its process is gone");
        assert!([&own, &elsewhere, &plain, &other].iter().all(|name| there(name)));
    }
}
