//! How methods are registered: each is a struct in a file of its own that names its formula and its
//! source, and one line of its family's table. From that table come the policy's words, the schema,
//! the error messages and the documentation.

/// What documentation and messages say of a method.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// The word in the policy.
    pub name: &'static str,
    /// The formula.
    pub formula: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// A method that has its entry.
pub trait Named {
    const METHOD: Method;
}

/// A family of methods: an enum tagged by `type`, the table `METHODS`, and the way from the one to
/// the trait that they implement.
macro_rules! family {
    ($(#[$outer:meta])* $family:ident: $behaviour:ident { $($(#[$doc:meta])* $method:ident),* $(,)? }) => {
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum $family {
            $($(#[$doc])* $method($method)),*
        }

        /// Every method of the family, in the order of the documentation.
        pub const METHODS: &[$crate::index::method::Method] =
            &[$(<$method as $crate::index::method::Named>::METHOD),*];

        impl $family {
            /// The method's entry in the table.
            pub const fn method(&self) -> $crate::index::method::Method {
                match self { $($family::$method(_) => <$method as $crate::index::method::Named>::METHOD),* }
            }

            /// What it does.
            pub fn get(&self) -> &dyn $behaviour {
                match self { $($family::$method(method) => method),* }
            }
        }
    };
}
pub(crate) use family;
