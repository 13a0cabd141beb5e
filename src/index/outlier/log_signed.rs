use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Tame, Treatment};
use crate::index::method::{Method, Named};

/// Logarithm on both sides of zero, which stays zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogSigned {
    /// Below this the scale is nearly linear; positive.
    #[serde(default = "one")]
    pub scale: f64,
}

fn one() -> f64 {
    1.0
}

impl Named for LogSigned {
    const METHOD: Method = Method {
        name: "log_signed",
        formula: "sign(x) · ln(1 + |x| / scale)",
        source: "John & Draper (1980), An alternative family of transformations, Applied Statistics 29(2) (modulus, lambda 0)",
    };
}

impl Tame for LogSigned {
    fn check(&self) -> Result<(), String> {
        if self.scale > 0.0 && self.scale.is_finite() { Ok(()) } else { Err("`scale` must be positive".into()) }
    }

    fn fit(&self, _: &[f64]) -> Treatment {
        Treatment::LogSigned { scale: self.scale }
    }
}
