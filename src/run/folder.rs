//! The output folder appears whole or not at all: it is written as a hidden sibling and put in
//! place in one step at the end. What a killed run leaves, the next one to the same place removes.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{RunError, stale};
use crate::disk::{held, held_file, patiently};

/// The log that marks a finished output folder.
pub(super) const LOG: &str = "run.json";

/// Is this a finished output of touyan?
pub fn is_output(path: &Path) -> bool {
    path.join(LOG).is_file()
}

/// An output folder under way.
pub struct Folder {
    target: PathBuf,
    temporary: TempDir,
}

impl Folder {
    /// Opens a temporary sibling of `target`. An older output there stays as it is until
    /// [`Folder::publish`].
    ///
    /// # Errors
    /// `target` holds something that is no output of touyan, or its parent cannot be written.
    pub fn create(target: &Path) -> Result<Folder, RunError> {
        Folder::marked(target, LOG)
    }

    /// The same for a folder whose last file is `marker`: only a folder that holds one is replaced.
    ///
    /// # Errors
    /// See [`Folder::create`].
    pub fn marked(target: &Path, marker: &str) -> Result<Folder, RunError> {
        let occupied = match fs::read_dir(target) {
            Ok(mut entries) => entries.next().is_some(),
            Err(_) => target.exists(),
        };
        if occupied && !target.join(marker).is_file() {
            return Err(RunError::NotAnOutput(target.to_owned()));
        }
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(RunError::io(&parent))?;
        let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        stale::sweep(&parent, &name);
        let temporary = tempfile::Builder::new()
            .prefix(&stale::prefix(&name))
            .tempdir_in(&parent)
            .map_err(RunError::io(&parent))?;
        Ok(Folder { target: target.to_owned(), temporary })
    }

    /// Writes one file of the folder; `name` may lead through folders (`a/b.xlsx`), which are made.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), RunError> {
        let path = self.temporary.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(RunError::io(&self.target.join(name)))?;
        }
        fs::write(&path, bytes).map_err(RunError::io(&self.target.join(name)))
    }

    /// Puts the folder in place: by an atomic exchange with an older one where the system can,
    /// else by two renames.
    ///
    /// # Errors
    /// The disk refuses; the older folder is then still there. Where a program holds a file of the
    /// older folder open ([`RunError::InUse`]), the new one is kept under the next free name.
    pub fn publish(self) -> Result<(), RunError> {
        let rename = |from: &Path, to: &Path| patiently(|| fs::rename(from, to));
        let failed = |error| RunError::Io { path: self.target.clone(), error };
        open_to_readers(self.temporary.path()).map_err(failed)?;
        if !self.target.exists() {
            return rename(&self.temporary.keep(), &self.target).map_err(RunError::io(&self.target));
        }
        if exchange(self.temporary.path(), &self.target) {
            // What lies in the temporary place now is the older folder; dropping it removes it.
            return Ok(());
        }
        if let Some(file) = held_file(&self.target) {
            return Err(self.keep_beside(file));
        }
        let aside = next_name(self.temporary.path());
        match rename(&self.target, &aside) {
            Err(error) if held(&error) => {
                let whole = self.target.clone();
                return Err(self.keep_beside(whole));
            }
            result => result.map_err(failed)?,
        }
        let new = self.temporary.keep();
        if let Err(error) = rename(&new, &self.target) {
            // Back to how it was; if even that fails, the older folder still exists beside it.
            let _ = rename(&aside, &self.target);
            return Err(RunError::Io { path: self.target, error });
        }
        patiently(|| fs::remove_dir_all(&aside)).map_err(|error| RunError::Leftover { path: aside, error })
    }

    /// What cannot take its place, for `held` is in use, gets a place of its own: nobody should
    /// have to run again because of an open window.
    fn keep_beside(self, held: PathBuf) -> RunError {
        let kept = next_name(&self.target);
        let new = self.temporary.keep();
        match patiently(|| fs::rename(&new, &kept)) {
            Ok(()) => RunError::InUse { path: held, kept },
            Err(error) => RunError::Io { path: kept, error },
        }
    }
}

/// The first of `path_2`, `path_3` … that does not exist.
pub fn next_name(path: &Path) -> PathBuf {
    let numbered = |n: u32| {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!("_{n}"));
        path.with_file_name(name)
    };
    (2..).map(numbered).find(|p| !p.exists()).unwrap_or_else(|| numbered(2))
}

/// Temporary folders are private to their owner; an output is as readable as any new folder.
#[cfg(unix)]
fn open_to_readers(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_readers(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn exchange(new: &Path, old: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appears_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let unfinished = Folder::create(&out).unwrap();
        unfinished.put("scores.parquet", b"1").unwrap();
        assert!(!out.exists());
        drop(unfinished);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "an abandoned run leaves nothing");

        for content in ["old", "new"] {
            let folder = Folder::create(&out).unwrap();
            folder.put(LOG, content.as_bytes()).unwrap();
            folder.publish().unwrap();
            assert_eq!(fs::read_to_string(out.join(LOG)).unwrap(), content);
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "the older folder is gone");
    }

    #[test]
    fn spares_what_is_not_ours() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.docx"), "x").unwrap();
        assert!(matches!(Folder::create(dir.path()), Err(RunError::NotAnOutput(_))));
    }
}
