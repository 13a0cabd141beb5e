//! Counter-based random streams. A stream is named by (seed, replicate), or by (seed, purpose,
//! replicate), and its numbers depend on that name alone: never on threads, on the machine, or on
//! what else was drawn. ChaCha with 8 rounds is the generator; every transformation uses `libm`.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// One random stream.
///
/// ```
/// use touyan::kernel::draw::Draw;
/// let first: Vec<f64> = { let mut d = Draw::new(7, 0); (0..3).map(|_| d.uniform()).collect() };
/// let again: Vec<f64> = { let mut d = Draw::new(7, 0); (0..3).map(|_| d.uniform()).collect() };
/// assert_eq!(first, again);
/// assert_ne!(first[0], Draw::new(7, 1).uniform());
/// ```
#[derive(Clone, Debug)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream (seed, replicate). Different replicates never overlap: the replicate is the
    /// nonce of the cipher.
    pub fn new(seed: u64, replicate: u64) -> Draw {
        Draw::named(seed, "", replicate)
    }

    /// The stream (seed, purpose, replicate), for programs that draw for several purposes under one
    /// seed. The purpose enters through a hash, so any text will do.
    pub fn named(seed: u64, purpose: &str, replicate: u64) -> Draw {
        Streams::new(seed, purpose).at(replicate)
    }

    /// A field of random numbers, see [`Field`].
    pub fn field(&mut self) -> Field {
        Field { first: self.bits(), second: self.bits() }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform on [0, 1), on a grid of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform on (0, 1): the middles of 2⁵² equal cells, so that neither end can be drawn.
    pub fn open(&mut self) -> f64 {
        open(self.bits())
    }

    /// Uniform on [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A whole number below `n`, without bias (Lemire 2019); 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        let threshold = n.wrapping_neg() % n;
        loop {
            let wide = u128::from(self.bits()) * u128::from(n);
            if wide as u64 >= threshold {
                return (wide >> 64) as u64;
            }
        }
    }

    /// An index of a slice of that length; 0 when it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// A whole number from `low` to `high`, both included; `low` when the range is empty.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        // The width fits in u64 also for the widest range but one; that one wraps to 0.
        let width = (high.wrapping_sub(low) as u64).wrapping_add(1);
        let step = if width == 0 { self.bits() } else { self.below(width) };
        low.wrapping_add(step as i64)
    }

    /// True with that probability; never for NaN.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Normal with that mean and standard deviation, by inversion: one draw each, increasing in the
    /// uniform behind it.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * normal_quantile(self.open())
    }

    /// Exponential with that mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(self.open())
    }

    /// Log-normal: e to a normal with mean `mu` and standard deviation `sigma`.
    pub fn lognormal(&mut self, mu: f64, sigma: f64) -> f64 {
        libm::exp(self.normal(mu, sigma))
    }

    /// Poisson with that mean, by sums of draws by inversion with means of at most 16, so that e to
    /// the minus mean never underflows; the time grows with the mean. Above a million, where both
    /// agree to the fourth digit, a rounded normal. 0 unless the mean is positive and finite.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if !(mean > 0.0 && mean.is_finite()) {
            return 0;
        }
        if mean > 1e6 {
            return self.normal(mean, libm::sqrt(mean)).round() as u64;
        }
        let (mut left, mut total) = (mean, 0);
        while left > 0.0 {
            let part = left.min(16.0);
            left -= part;
            let (mut term, mut count) = (libm::exp(-part), 0_u64);
            let mut rest = self.uniform();
            // 200 is 46 standard deviations above 16: the guard only stops rounding error.
            while rest >= term && count < 200 {
                rest -= term;
                count += 1;
                term *= part / count as f64;
            }
            total += count;
        }
        total
    }

    /// An index with probability in proportion to its weight; `None` when no weight is positive.
    /// Negative and NaN weights count as zero.
    pub fn weighted(&mut self, weights: &[f64]) -> Option<usize> {
        let positive = |w: f64| if w > 0.0 { w } else { 0.0 };
        let total: f64 = weights.iter().map(|&w| positive(w)).sum();
        if !(total > 0.0 && total.is_finite()) {
            return None;
        }
        let mut rest = self.uniform() * total;
        let mut last = None;
        for (index, &weight) in weights.iter().enumerate() {
            if weight > 0.0 {
                last = Some(index);
                if rest < weight {
                    break;
                }
                rest -= weight;
            }
        }
        last
    }

    /// One element, all equally likely; `None` from an empty slice.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.index(items.len()))
    }

    /// Shuffles in place (Fisher–Yates): every order equally likely.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}

/// The middle of one of 2⁵² equal cells of (0, 1).
fn open(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

/// The streams of one seed and purpose, hashed once: [`Streams::at`] is [`Draw::named`].
#[derive(Clone, Copy, Debug)]
pub struct Streams([u8; 32]);

impl Streams {
    /// The streams (seed, purpose).
    pub fn new(seed: u64, purpose: &str) -> Streams {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        if !purpose.is_empty() {
            key[8..].copy_from_slice(&blake3::hash(purpose.as_bytes()).as_bytes()[..24]);
        }
        Streams(key)
    }

    /// The stream (seed, purpose, replicate).
    pub fn at(&self, replicate: u64) -> Draw {
        let mut rng = ChaCha8Rng::from_seed(self.0);
        rng.set_stream(replicate);
        Draw(rng)
    }
}

/// Random numbers at addresses: each is a function of two keys of its own and of two hashes, a unit's
/// and an indicator's, say, so that a row's number depends neither on the row's place nor on
/// what other rows there are. The hashes are mixed in one after the other by the finaliser of
/// SplitMix64 (Steele, Lea & Flood 2014, Stafford's variant 13), a bijection of full avalanche.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    first: u64,
    second: u64,
}

impl Field {
    /// 64 random bits.
    pub fn bits(&self, one: u64, other: u64) -> u64 {
        mix(mix(one ^ self.first).wrapping_add(other) ^ self.second)
    }

    /// A standard normal number.
    pub fn normal(&self, one: u64, other: u64) -> f64 {
        normal_quantile(open(self.bits(one, other)))
    }

    /// A whole number below `n`, with a bias of at most n/2⁶⁴; 0 when `n` is 0.
    pub fn below(&self, n: usize, one: u64, other: u64) -> usize {
        ((u128::from(self.bits(one, other)) * n as u128) >> 64) as usize
    }
}

fn mix(x: u64) -> u64 {
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// The hash of a name, for [`Field`].
pub fn hash(name: &str) -> u64 {
    let bytes: [u8; 32] = *blake3::hash(name.as_bytes()).as_bytes();
    bytes.iter().take(8).rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Quantile of the standard normal distribution: Wichura's algorithm AS 241 (Applied Statistics 37,
/// 1988), PPND16, relative error about 1e-16. ±∞ at 1 and 0, NaN outside.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return if tail == 0.0 { f64::INFINITY.copysign(q) } else { f64::NAN };
    }
    let r = libm::sqrt(-libm::log(tail));
    let value = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) };
    value.copysign(q)
}

/// Coefficients of numerator and denominator, lowest power first.
type Ratio = [[f64; 8]; 2];

fn ratio(x: f64, coefficients: &Ratio) -> f64 {
    let polynomial = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, &term| sum * x + term);
    polynomial(&coefficients[0]) / polynomial(&coefficients[1])
}

const CENTRE: Ratio = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_545,
    ],
];

const MIDDLE: Ratio = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR: Ratio = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_94e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 40_000;

    fn moments(values: &[f64]) -> (f64, f64) {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64;
        (mean, variance)
    }

    fn sample(mut draw: impl FnMut() -> f64) -> Vec<f64> {
        (0..N).map(|_| draw()).collect()
    }

    #[test]
    fn the_key_is_that_of_the_published_cipher() {
        // ChaCha8, 256-bit key of zeros, IV of zeros: Strombergson's test vector TC1.
        let mut draw = Draw::new(0, 0);
        let bytes: Vec<u8> = (0..2).flat_map(|_| draw.bits().to_le_bytes()).collect();
        assert_eq!(
            bytes,
            [0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6, 0x7f, 0x5b, 0xb8, 0xe8, 0x1f, 0x09, 0xa5, 0xa1]
        );
    }

    #[test]
    fn normal_quantiles_are_those_of_as_241() {
        // Wichura's own check values for PPND16.
        for (p, value) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.975, 1.959_963_984_540_054),
        ] {
            assert!((normal_quantile(p) - value).abs() < 1e-14 * value.abs().max(1.0), "{p}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(1.5).is_nan() && normal_quantile(f64::NAN).is_nan());
    }

    #[test]
    fn moments_fit_their_distributions() {
        let mut d = Draw::new(11, 3);
        // Tolerances are five standard errors.
        for (values, mean, variance) in [
            (sample(|| d.uniform()), 0.5, 1.0 / 12.0),
            (sample(|| Draw::normal(&mut d, 3.0, 2.0)), 3.0, 4.0),
            (sample(|| d.exponential(2.0)), 2.0, 4.0),
            (sample(|| d.poisson(0.7) as f64), 0.7, 0.7),
            (sample(|| d.poisson(90.0) as f64), 90.0, 90.0),
            (sample(|| d.below(6) as f64), 2.5, 35.0 / 12.0),
        ] {
            let (m, v) = moments(&values);
            assert!((m - mean).abs() < 5.0 * (variance / N as f64).sqrt(), "mean {m}, wanted {mean}");
            assert!((v / variance - 1.0).abs() < 0.08, "variance {v}, wanted {variance}");
        }
        let logs: Vec<f64> = sample(|| libm::log(d.lognormal(1.5, 0.5)));
        assert!((moments(&logs).0 - 1.5).abs() < 0.02);
    }

    #[test]
    fn weights_decide_and_nothing_weightless_is_drawn() {
        let mut d = Draw::new(5, 0);
        let mut counts = [0_usize; 5];
        for _ in 0..N {
            counts[d.weighted(&[1.0, 0.0, 3.0, f64::NAN, -2.0]).expect("a positive weight")] += 1;
        }
        assert_eq!((counts[1], counts[3], counts[4]), (0, 0, 0));
        assert!((counts[2] as f64 / N as f64 - 0.75).abs() < 0.012);
        assert_eq!(d.weighted(&[]), None);
        assert_eq!(d.weighted(&[0.0, -1.0]), None);
    }

    #[test]
    fn every_order_is_as_likely() {
        let mut counts = std::collections::BTreeMap::new();
        let mut d = Draw::new(2, 9);
        for _ in 0..24_000 {
            let mut items = [0, 1, 2, 3];
            d.shuffle(&mut items);
            *counts.entry(items).or_insert(0_i32) += 1;
        }
        assert_eq!(counts.len(), 24);
        assert!(counts.values().all(|c| (c - 1000).abs() < 160));
    }

    #[test]
    fn edges_do_not_panic() {
        let mut d = Draw::new(u64::MAX, u64::MAX);
        assert_eq!((d.below(0), d.below(1), d.index(0)), (0, 0, 0));
        assert_eq!(d.whole(5, 4), 5);
        assert!((-2..=2).contains(&d.whole(-2, 2)));
        d.whole(i64::MIN, i64::MAX);
        assert_eq!((d.poisson(0.0), d.poisson(f64::NAN), d.poisson(-1.0)), (0, 0, 0));
        assert!(d.poisson(1e300) > 0);
        assert_eq!(d.choose::<u8>(&[]), None);
        d.shuffle::<u8>(&mut []);
        assert!(!d.chance(f64::NAN) && d.chance(1.0) && !d.chance(0.0));
    }

    #[test]
    fn a_field_is_normal_and_its_addresses_are_independent() {
        let field = Draw::new(3, 4).field();
        let (mut all, mut products) = (Vec::new(), [0.0; 2]);
        for unit in 0..200 {
            for item in 0..100_u64 {
                let z = field.normal(hash(&unit.to_string()), item);
                products[0] += z * field.normal(hash(&unit.to_string()), item + 1);
                products[1] += z * Draw::new(3, 5).field().normal(hash(&unit.to_string()), item);
                all.push(z);
            }
        }
        let (mean, variance) = moments(&all);
        let n = all.len() as f64;
        assert!(mean.abs() < 5.0 / n.sqrt() && (variance - 1.0).abs() < 5.0 * (2.0 / n).sqrt());
        assert!(products.iter().all(|p| (p / n).abs() < 5.0 / n.sqrt()), "{products:?}");
        let mut counts = [0; 5];
        (0..5000).for_each(|item| counts[field.below(5, 7, item)] += 1);
        assert!(counts.iter().all(|c| (900..1100).contains(c)) && field.below(0, 1, 2) == 0);
    }

    #[test]
    fn purposes_are_different_streams() {
        assert_ne!(Draw::named(1, "a", 0).bits(), Draw::named(1, "b", 0).bits());
        assert_ne!(Draw::named(1, "a", 0).bits(), Draw::new(1, 0).bits());
        assert_ne!(Draw::new(1, 0).bits(), Draw::new(2, 0).bits());
    }
}
