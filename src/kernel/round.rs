//! Rounding that is the same everywhere.

/// `value` rounded half away from zero to `digits` decimals, as a number.
pub fn to(value: f64, digits: u32) -> f64 {
    let scale = 10_f64.powi(digits.min(15) as i32);
    let scaled = value * scale;
    // A value such as 2.675 lies just below its half in binary; a relative nudge of a few units in
    // the last place rounds it as a person would.
    let nudge = scaled.abs() * f64::EPSILON * 4.0;
    let rounded = (scaled.abs() + nudge + 0.5).floor().copysign(scaled) / scale;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// `value` with at most `digits` decimals, without trailing zeros.
pub fn show(value: f64, digits: usize) -> String {
    let text = format!("{:.*}", digits, to(value, digits as u32));
    if !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_as_a_person_would() {
        assert_eq!(to(2.675, 2), 2.68);
        assert_eq!(to(-2.675, 2), -2.68);
        assert_eq!(to(-0.001, 2), 0.0);
        assert_eq!(show(12.0, 2), "12");
        assert_eq!(show(12.345, 2), "12.35");
        assert_eq!(show(-0.0001, 2), "0");
    }
}
