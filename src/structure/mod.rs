//! Stage structure.

mod policy;

pub use policy::StructurePolicy;
