//! Stage reserve.

mod policy;

pub use policy::ReservePolicy;
