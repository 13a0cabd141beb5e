//! Without a command line: what a double-click, a folder dropped on the program and a line typed by
//! somebody who never saw a prompt mean. The conversation itself is in `cli::guide`.

mod line;
mod names;
mod places;
mod start;

pub use line::{answer, read_line};
pub use names::{Place, free_name, result_folder};
pub use places::{candidates, policy_for, typed_paths, whole_path};
pub use start::{Start, start};
