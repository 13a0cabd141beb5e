//! Stage supervise.

mod policy;

pub use policy::SupervisePolicy;
