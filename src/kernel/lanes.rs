//! Logarithm and exponential of eight numbers at once: the same polynomials as FreeBSD's msun (which
//! `libm` has from there), without branches, so that the compiler can do several lanes in one
//! instruction. Error below 1 unit in the last place; the same bits on every machine.

// The constants are written as msun writes them, to its last digit.
#![allow(clippy::excessive_precision)]

/// Numbers that are worked on together.
pub const LANES: usize = 8;

/// Eight numbers.
pub type Lanes = [f64; LANES];

const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-01;
const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;
/// Coefficients of log's polynomial, `e_log.c`.
const LG: [f64; 7] = [
    6.666_666_666_666_735_130e-01,
    3.999_999_999_940_941_908e-01,
    2.857_142_874_366_239_149e-01,
    2.222_219_843_214_978_396e-01,
    1.818_357_216_161_805_012e-01,
    1.531_383_769_920_937_332e-01,
    1.479_819_860_511_658_591e-01,
];
/// Coefficients of exp's polynomial, `e_exp.c`.
const P: [f64; 5] = [
    1.666_666_666_666_660_190_37e-01,
    -2.777_777_777_701_559_338_42e-03,
    6.613_756_321_437_934_361_17e-05,
    -1.653_390_220_546_525_153_90e-06,
    4.138_136_797_057_238_460_39e-08,
];
/// Adding it leaves the nearest whole number in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// 2⁵²: a whole number below it, or-ed in, is a number above it.
const WHOLE: f64 = 4_503_599_627_370_496.0;
/// Bits of √½, where the mantissa's range begins.
const ROOT: u64 = 0x3fe6_a09e_667f_3bcd;

/// Natural logarithms: −∞ of 0, NaN of negative numbers and of NaN.
#[inline]
pub fn ln(x: &Lanes) -> Lanes {
    let plain = |x: &f64| *x >= f64::MIN_POSITIVE && *x <= f64::MAX;
    if x.iter().fold(true, |all, x| all & plain(x)) { ln_plain(x) } else { x.map(libm::log) }
}

/// Of positive, finite, normal numbers.
#[inline]
fn ln_plain(x: &Lanes) -> Lanes {
    let mut out = [0.0; LANES];
    for (slot, x) in out.iter_mut().zip(x) {
        // x = 2^k · m, m from √½ to √2.
        let shifted = x.to_bits().wrapping_sub(ROOT).wrapping_add(0x3ff0_0000_0000_0000);
        let k = f64::from_bits((shifted >> 52) | WHOLE.to_bits()) - (WHOLE + 1023.0);
        let m = f64::from_bits((shifted & 0x000f_ffff_ffff_ffff).wrapping_add(ROOT));
        let f = m - 1.0;
        let half = 0.5 * f * f;
        let s = f / (2.0 + f);
        let z = s * s;
        let w = z * z;
        let even = w * (LG[1] + w * (LG[3] + w * LG[5]));
        let odd = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
        *slot = s * (half + (odd + even)) + k * LN2_LOW - half + f + k * LN2_HIGH;
    }
    out
}

/// e to the power of each; NaN of NaN, 0 of −∞.
#[inline]
pub fn exp(x: &Lanes) -> Lanes {
    // Within these bounds no result is subnormal or infinite.
    if x.iter().fold(true, |all, x| all & (x.abs() <= 700.0)) { exp_plain(x) } else { x.map(libm::exp) }
}

#[inline]
fn exp_plain(x: &Lanes) -> Lanes {
    let mut out = [0.0; LANES];
    for (slot, x) in out.iter_mut().zip(x) {
        let shifted = x * std::f64::consts::LOG2_E + ROUND;
        let k = shifted - ROUND;
        let (high, low) = (x - k * LN2_HIGH, k * LN2_LOW);
        let r = high - low;
        let rr = r * r;
        let c = r - rr * (P[0] + rr * (P[1] + rr * (P[2] + rr * (P[3] + rr * P[4]))));
        let y = 1.0 + (r * c / (2.0 - c) - low + high);
        *slot = f64::from_bits(y.to_bits().wrapping_add(shifted.to_bits() << 52));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ulps(a: f64, b: f64) -> f64 {
        if a == b || (a.is_nan() && b.is_nan()) { 0.0 } else { (a - b).abs() / (b.abs() * f64::EPSILON) }
    }

    #[test]
    fn special_values_are_those_of_libm() {
        let special = [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, f64::MAX];
        for (mine, x) in ln(&special).iter().zip(special) {
            assert_eq!(ulps(*mine, libm::log(x)), 0.0, "ln {x}");
        }
        for (mine, x) in exp(&special).iter().zip(special) {
            assert_eq!(ulps(*mine, libm::exp(x)), 0.0, "exp {x}");
        }
        assert_eq!(ln(&[1.0; 8]), [0.0; 8]);
        assert_eq!(exp(&[0.0; 8]), [1.0; 8]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn logarithm_and_exponential_are_within_two_units_of_libm(
            x in prop::array::uniform8(prop_oneof![1e-3..1e3_f64, 0.5..2.0_f64, 0.999..1.001_f64, (-700.0..700.0_f64).prop_map(libm::exp)]),
            y in prop::array::uniform8(prop_oneof![-5.0..5.0_f64, -700.0..700.0_f64, -1e-3..1e-3_f64]),
        ) {
            for (mine, x) in ln(&x).iter().zip(x) {
                prop_assert!(ulps(*mine, libm::log(x)) <= 2.0, "ln {} {} {}", x, mine, libm::log(x));
            }
            for (mine, y) in exp(&y).iter().zip(y) {
                prop_assert!(ulps(*mine, libm::exp(y)) <= 2.0, "exp {} {} {}", y, mine, libm::exp(y));
            }
        }
    }
}
