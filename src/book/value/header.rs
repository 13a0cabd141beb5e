//! Headers: `2024年村集体\n经营性收入（万元）` is 村集体经营性收入, in 万元, of 2024.

use super::text::{fold, is_space};

/// A unit that a header names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderUnit {
    /// 元
    Yuan,
    /// 元/月, yuan a month.
    YuanPerMonth,
    /// 千元
    QianYuan,
    /// 万元
    WanYuan,
    /// 百万元
    MillionYuan,
    /// 亿元
    YiYuan,
    /// %
    Percent,
    /// ‰
    Permille,
    /// 分
    Points,
    /// 天
    Days,
    /// 月
    Months,
    /// 年, 岁
    Years,
    /// 人, 户, 件, 个, 亩 …: pieces, one by one.
    Count,
    /// 万人, 万户
    TenThousand,
}

impl HeaderUnit {
    /// How many of the smallest unit of its dimension one is: 元 for money (a year's for 元/月),
    /// percent for shares, pieces for counts.
    pub const fn factor(self) -> f64 {
        match self {
            HeaderUnit::WanYuan | HeaderUnit::TenThousand => 1e4,
            HeaderUnit::YuanPerMonth => 12.0,
            HeaderUnit::QianYuan => 1e3,
            HeaderUnit::MillionYuan => 1e6,
            HeaderUnit::YiYuan => 1e8,
            HeaderUnit::Permille => 0.1,
            HeaderUnit::Yuan
            | HeaderUnit::Percent
            | HeaderUnit::Points
            | HeaderUnit::Days
            | HeaderUnit::Months
            | HeaderUnit::Years
            | HeaderUnit::Count => 1.0,
        }
    }

    fn of(word: &str) -> Option<HeaderUnit> {
        Some(match word {
            "元" | "元/人" | "元/年" | "人民币元" | "元/人/年" | "人均元" => HeaderUnit::Yuan,
            "元/月" | "元/人/月" | "月/元" => HeaderUnit::YuanPerMonth,
            "千元" => HeaderUnit::QianYuan,
            "万元" | "万" | "万元/年" | "人民币万元" => HeaderUnit::WanYuan,
            "百万元" => HeaderUnit::MillionYuan,
            "亿元" | "亿" => HeaderUnit::YiYuan,
            "%" | "百分比" | "百分数" => HeaderUnit::Percent,
            "‰" => HeaderUnit::Permille,
            "分" | "百分制" | "满分100分" | "100分" => HeaderUnit::Points,
            "天" | "日" => HeaderUnit::Days,
            "月" | "个月" => HeaderUnit::Months,
            "年" | "岁" | "周岁" => HeaderUnit::Years,
            "万人" | "万户" | "万亩" => HeaderUnit::TenThousand,
            "人" | "户" | "件" | "次" | "个" | "名" | "起" | "处" | "亩" | "项" | "条" | "场" | "份" | "批"
            | "人次" | "件次" | "批次" | "公里" | "平方公里" | "家" | "所" | "位" => HeaderUnit::Count,
            _ => return None,
        })
    }
}

/// A header, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The words alone, folded: no spaces, brackets, unit or year. May be empty (`2024年`).
    pub core: String,
    /// As `core`, with the brackets that are neither unit nor year: `乡(镇)`. Compare this first.
    pub full: String,
    pub unit: Option<HeaderUnit>,
    /// The year that the column is about.
    pub year: Option<i32>,
}

/// Takes a header apart. Works on canonical names and aliases too, so that both sides of a
/// comparison go through it.
pub fn header(text: &str) -> Header {
    let folded = fold(text);
    let mut found = Header::default();
    let mut words = String::with_capacity(folded.len());
    let mut rest = folded.as_str();
    while let Some(open) = rest.find('(') {
        words.push_str(&rest[..open]);
        let inside = &rest[open + 1..];
        let (content, behind) = match closing(inside) {
            Some(close) => (&inside[..close], &inside[close + 1..]),
            None => (inside, ""),
        };
        if let Some(unit) = unit_of(content) {
            found.unit = found.unit.or(Some(unit));
        } else if let Some((year, "")) = year_in(content) {
            found.year = found.year.or(Some(year));
        } else {
            // A private mark, so that `core` can leave out what `full` keeps.
            words.push('\u{1}');
            words.push_str(content);
            words.push('\u{2}');
        }
        rest = behind;
    }
    words.push_str(rest);
    take_year(&mut words, &mut found);
    take_unit(&mut words, &mut found);
    let trimmed = trim(&words);
    found.full = trimmed.replace('\u{1}', "(").replace('\u{2}', ")");
    let mut depth = 0_i32;
    let outside: String = trimmed
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '\u{1}');
            let keep = depth == 0;
            depth -= i32::from(*c == '\u{2}');
            keep
        })
        .collect();
    trim(&outside).clone_into(&mut found.core);
    if found.core.is_empty() && !found.full.is_empty() {
        found.core = found.full.chars().filter(|c| !matches!(c, '(' | ')')).collect();
    }
    found
}

/// Where the bracket opened before `text` closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Signs that decorate a header: required marks, colons, list numbers.
fn trim(words: &str) -> &str {
    let words = words.trim_matches(['*', '※', '★', ':', ',', '.', '-', '_', '/', '#']);
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    match words.get(digits..).and_then(|w| w.strip_prefix(['.', ','])) {
        Some(behind) if (1..=2).contains(&digits) => behind,
        _ => words,
    }
}

/// `单位:万元`, `万元,保留两位小数`, `%`.
fn unit_of(content: &str) -> Option<HeaderUnit> {
    let content = content.strip_prefix("单位").map_or(content, |c| c.trim_start_matches([':', '为']));
    HeaderUnit::of(content).or_else(|| content.split([',', ';', ' ']).find_map(HeaderUnit::of))
}

/// A year at the start of the text, and what stands behind it and its 年, 年度, 年末.
fn year_in(text: &str) -> Option<(i32, &str)> {
    let digits = text.get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    let year: i32 = digits.parse().ok().filter(|y| (1949..=2100).contains(y))?;
    let mut rest = &text[4..];
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some(behind) = rest.strip_prefix('年') {
        rest = behind;
        // 2024年12月底
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=2).contains(&digits) && rest[digits..].starts_with('月') {
            rest = &rest[digits + '月'.len_utf8()..];
        }
        for word in ["度", "末", "底", "以来", "全年"] {
            rest = rest.strip_prefix(word).unwrap_or(rest);
        }
    }
    Some((year, rest))
}

/// Takes `2024年` out of the words, wherever it stands; a span of years stays.
fn take_year(words: &mut String, found: &mut Header) {
    let bytes = words.as_bytes();
    let starts = (0..bytes.len()).filter(|&i| bytes[i].is_ascii_digit() && (i == 0 || !bytes[i - 1].is_ascii_digit()));
    for at in starts {
        let Some((year, behind)) = year_in(&words[at..]) else { continue };
        let spans = |before: &str| before.ends_with(|c: char| c.is_ascii_digit() || c == '年');
        if behind.starts_with(['-', '~', '至']) || words[..at].strip_suffix(['-', '~', '至']).is_some_and(spans) {
            return;
        }
        let before = words[..at].trim_end_matches(['截', '至', '止', '到']);
        found.year = found.year.or(Some(year));
        *words = format!("{before}{behind}");
        return;
    }
}

/// Takes a unit off the end of the words: `集体收入/万元`, `占比%`.
fn take_unit(words: &mut String, found: &mut Header) {
    for (sign, unit) in [
        ("万元", HeaderUnit::WanYuan),
        ("亿元", HeaderUnit::YiYuan),
        ("/元", HeaderUnit::Yuan),
        (":元", HeaderUnit::Yuan),
        ("%", HeaderUnit::Percent),
        ("‰", HeaderUnit::Permille),
    ] {
        if let Some(before) = words.strip_suffix(sign)
            && !before.is_empty()
        {
            found.unit = found.unit.or(Some(unit));
            *words = before.trim_end_matches([':', '/', '-', ',']).trim_end_matches("单位").to_owned();
            return;
        }
    }
}

/// The unit that a title or note sets for a whole sheet: `单位：万元`. A reporting body
/// (填报单位：青石镇) is none.
///
/// ```
/// use touyan::book::value::{HeaderUnit, unit_line};
/// assert_eq!(unit_line("制表：财政所   单位：万元"), Some(HeaderUnit::WanYuan));
/// assert_eq!(unit_line("填报单位：青石镇"), None);
/// ```
pub fn unit_line(text: &str) -> Option<HeaderUnit> {
    text.split("单位").skip(1).find_map(|behind| {
        let behind = behind.trim_start_matches(|c: char| is_space(c) || matches!(c, ':' | '：' | '为'));
        let end = behind.find(|c: char| is_space(c) || ")）,，;；、。".contains(c)).unwrap_or(behind.len());
        HeaderUnit::of(&fold(&behind[..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_taken_apart() {
        use HeaderUnit::{Count, Percent, Points, TenThousand, WanYuan, Yuan, YuanPerMonth};
        type Row = (&'static str, &'static str, &'static str, Option<HeaderUnit>, Option<i32>);
        let table: &[Row] = &[
            ("2024年村集体\n经营性收入（万元）", "村集体经营性收入", "村集体经营性收入", Some(WanYuan), Some(2024)),
            ("村集体收入（单位：元）", "村集体收入", "村集体收入", Some(Yuan), None),
            ("村集体收入(万元，保留两位小数)", "村集体收入", "村集体收入", Some(WanYuan), None),
            ("户数\n（户）", "户数", "户数", Some(Count), None),
            ("户籍人口【万人】", "户籍人口", "户籍人口", Some(TenThousand), None),
            ("群众满意率（%）", "群众满意率", "群众满意率", Some(Percent), None),
            ("群众满意率％", "群众满意率", "群众满意率", Some(Percent), None),
            ("党建得分（分）", "党建得分", "党建得分", Some(Points), None),
            ("基本报酬（元/月）", "基本报酬", "基本报酬", Some(YuanPerMonth), None),
            ("集体收入/万元", "集体收入", "集体收入", Some(WanYuan), None),
            ("姓  名", "姓名", "姓名", None, None),
            ("*姓名：", "姓名", "姓名", None, None),
            ("1、姓名", "姓名", "姓名", None, None),
            ("乡（镇）", "乡", "乡(镇)", None, None),
            ("县（市、区）", "县", "县(市,区)", None, None),
            ("学历（全日制）（2024年）", "学历", "学历(全日制)", None, Some(2024)),
            ("截至2024年底户籍人口", "户籍人口", "户籍人口", None, Some(2024)),
            ("2024年12月末党员数（名）", "党员数", "党员数", Some(Count), Some(2024)),
            ("2024年度考核等次", "考核等次", "考核等次", None, Some(2024)),
            ("考核等次（2024）", "考核等次", "考核等次", None, Some(2024)),
            ("年度", "年度", "年度", None, None),
            ("2024年", "", "", None, Some(2024)),
            ("2023-2025年考核等次", "2023-2025年考核等次", "2023-2025年考核等次", None, None),
            ("近三年考核等次", "近三年考核等次", "近三年考核等次", None, None),
            ("Collective Income", "collectiveincome", "collectiveincome", None, None),
            ("collective_income", "collective_income", "collective_income", None, None),
            ("（备注）", "备注", "(备注)", None, None),
            ("村名（未闭合", "村名", "村名(未闭合)", None, None),
            ("", "", "", None, None),
            ("万元", "万元", "万元", None, None),
        ];
        for (text, core, full, unit, year) in table {
            let found = header(text);
            assert_eq!(
                (found.core.as_str(), found.full.as_str(), found.unit, found.year),
                (*core, *full, *unit, *year),
                "{text:?}"
            );
        }
    }
}
