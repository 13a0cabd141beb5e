//! A made-up county for the report's tests: plausible tables, no engine behind them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use touyan::book::{CheckReport, Finding, NotRead, SheetReport, Tables};
use touyan::frame::{Build, FrameResult};

pub const TOWNSHIPS: [&str; 28] = [
    "青石镇",
    "大泉镇",
    "白马镇",
    "柳河镇",
    "清溪镇",
    "龙泉镇",
    "石桥镇",
    "东风镇",
    "双河镇",
    "永安镇",
    "高桥乡",
    "枫林乡",
    "沙河乡",
    "梅岭乡",
    "三江口街道",
    "太平镇",
    "红旗镇",
    "金沙镇",
    "水口乡",
    "竹园乡",
    "阿克塔木维吾尔族自治乡",
    "团结镇",
    "新华镇",
    "南山镇",
    "北塘乡",
    "五里镇",
    "长岭镇",
    "古城镇",
];
const CLASSES: [&str; 4] = ["strong", "ordinary", "weak", "suburban"];
pub const NAMES: [&str; 4] = ["欧阳震华甲", "司徒建国乙", "诸葛明亮丙", "上官婉儿丁"];

/// A small generator, so that the county is the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

pub struct County {
    pub tables: Tables,
    pub outcome: BTreeMap<&'static str, DataFrame>,
    pub check: CheckReport,
}

pub struct Village {
    county: String,
    township: String,
    code: String,
    name: String,
    class: &'static str,
}

pub fn villages(counties: usize, per_county: usize) -> Vec<Village> {
    let mut villages = Vec::new();
    for c in 0..counties {
        let county = if counties == 1 { "云岭县".to_owned() } else { format!("第{:03}县", c + 1) };
        for v in 0..per_county {
            let t = v * TOWNSHIPS.len() / per_county;
            villages.push(Village {
                county: county.clone(),
                township: TOWNSHIPS[t].to_owned(),
                code: format!("9901{:02}1{:02}{:03}", c % 100, t, 200 + v % 100),
                name: format!(
                    "{}{}村",
                    ["大", "上", "下", "东", "西"][v % 5],
                    ["泉", "坪", "湾", "庄", "岭", "塘"][v / 5 % 6]
                ),
                class: CLASSES[v * 7 % 4],
            });
        }
    }
    villages
}

pub fn person(i: usize) -> String {
    format!("R{i:012}")
}

fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(y, m, d)
}

/// Keys of rows about villages, in the contract's order.
fn keys(villages: &[Village], picked: &[usize]) -> Build {
    let all = |read: fn(&Village) -> &str| picked.iter().map(|&i| read(&villages[i]).to_owned()).collect::<Vec<_>>();
    Build::new()
        .str("county", &all(|v| &v.county))
        .str("township", &all(|v| &v.township))
        .str("village", &all(|v| &v.code))
        .str("village_name", &all(|v| &v.name))
}

fn some<T>(values: Vec<T>) -> Vec<Option<T>> {
    values.into_iter().map(Some).collect()
}

/// The made-up county (or counties).
pub fn county(counties: usize, per_county: usize) -> FrameResult<County> {
    let villages = villages(counties, per_county);
    let n = villages.len();
    let all: Vec<usize> = (0..n).collect();
    let mut dice = Dice(7);
    let mut outcome: BTreeMap<&'static str, DataFrame> = BTreeMap::new();

    // Scores: a township's own level, a class's own level, noise.
    let levels: Vec<f64> = TOWNSHIPS.iter().map(|_| dice.next() * 12.0).collect();
    let scores: Vec<Option<f64>> = villages
        .iter()
        .map(|v| {
            let t = TOWNSHIPS.iter().position(|t| *t == v.township).unwrap_or(0);
            let class = [8.0, 4.0, 0.0, 6.0][CLASSES.iter().position(|c| *c == v.class).unwrap_or(0)];
            let noise: f64 = (0..4).map(|_| dice.next()).sum::<f64>() * 6.0;
            (dice.next() > 0.04).then(|| (52.0 + levels[t] + class + noise).min(99.0))
        })
        .collect();
    let mut order: Vec<usize> = all.clone();
    order.sort_by(|&a, &b| scores[b].unwrap_or(-1.0).total_cmp(&scores[a].unwrap_or(-1.0)));
    let mut rank = vec![None; n];
    for (place, &i) in order.iter().enumerate() {
        rank[i] = scores[i].map(|_| place as i64 + 1);
    }
    let grade = |i: usize| match scores[i] {
        None => "not_rated",
        Some(s) if s >= 86.0 => "excellent",
        Some(s) if s >= 70.0 => "competent",
        Some(s) if s >= 62.0 => "basic",
        Some(_) => "incompetent",
    };
    let consequence = |i: usize| match grade(i) {
        "excellent" => "reward",
        "basic" => "reminder",
        "incompetent" => ["talk", "adjustment_study"][i % 2],
        _ => "none",
    };
    outcome.insert(
        "scores",
        keys(&villages, &all)
            .str("class", &villages.iter().map(|v| v.class).collect::<Vec<_>>())
            .whole("period", vec![Some(2025); n])
            .text("person", all.iter().map(|&i| (i % 17 != 3).then(|| person(i))).collect())
            .number("score", scores.clone())
            .number("base", scores.clone())
            .number("bonus", vec![Some(1.5); n])
            .number("penalty", vec![Some(0.0); n])
            .text("veto", all.iter().map(|&i| (i % 61 == 0).then_some("gang")).collect())
            .number("measured_weight", vec![Some(0.93); n])
            .str("grade", &all.iter().map(|&i| grade(i)).collect::<Vec<_>>())
            .str(
                "grade_reason",
                &all.iter()
                    .map(|&i| {
                        if scores[i].is_none() {
                            "有数权重48%，低于60%"
                        } else {
                            "同类第12名，本乡镇优秀名额3个"
                        }
                    })
                    .collect::<Vec<_>>(),
            )
            .str("consequence", &all.iter().map(|&i| consequence(i)).collect::<Vec<_>>())
            .str(
                "consequence_reason",
                &all.iter()
                    .map(|&i| if consequence(i) == "adjustment_study" { "连续两年不称职" } else { "" })
                    .collect::<Vec<_>>(),
            )
            .whole("rank", rank.clone())
            .whole("rank_in_class", rank.iter().map(|r| r.map(|r| r / 4 + 1)).collect())
            .whole("rank_low", rank.iter().map(|r| r.map(|r| (r - 11).max(1))).collect())
            .whole("rank_high", rank.iter().map(|r| r.map(|r| (r + 17).min(n as i64))).collect())
            .number("p_top", vec![Some(0.2); n])
            .number("p_bottom", vec![Some(0.004); n])
            .str("rec_id", &all.iter().map(|i| format!("T{i:010}")).collect::<Vec<_>>())
            .done()?,
    );
    let sources: [(&str, &str, f64); 9] = [
        ("measured", "party", 0.15),
        ("measured", "industry", 0.12),
        ("measured", "governance", 0.12),
        ("measured", "livelihood", 0.09),
        ("measured", "ecology", 0.06),
        ("measured", "peace", 0.06),
        ("organisation", "organisation", 0.2),
        ("villagers", "villagers", 0.2),
        ("adjustment", "bonus", 0.0),
    ];
    let rows: Vec<(usize, usize)> =
        all.iter().filter(|&&i| scores[i].is_some()).flat_map(|&i| (0..sources.len()).map(move |s| (i, s))).collect();
    outcome.insert(
        "contributions",
        keys(&villages, &rows.iter().map(|r| r.0).collect::<Vec<_>>())
            .str("source", &rows.iter().map(|r| sources[r.1].0).collect::<Vec<_>>())
            .str("area", &rows.iter().map(|r| sources[r.1].1).collect::<Vec<_>>())
            .number("contribution", rows.iter().map(|&(i, s)| scores[i].map(|x| x * sources[s].2)).collect())
            .done()?,
    );

    // Supervision: every fifth village, in all states.
    let listed: Vec<usize> = all.iter().copied().filter(|i| i % 4 == 1).collect();
    let states = [
        "listed",
        "listed",
        "listed",
        "suggested",
        "near_miss",
        "leaving",
        "listed",
        "to_clarify",
        "relapse",
        "recheck",
    ];
    let categories = [
        "weak",
        "investigated;weak",
        "complex",
        "new_head",
        "",
        "weak",
        "complex;new_head",
        "investigated",
        "weak",
        "complex",
    ];
    let m = listed.len();
    outcome.insert(
        "supervision",
        keys(&villages, &listed)
            .text("person", listed.iter().map(|&i| Some(person(i))).collect())
            .str(
                "kind",
                &listed.iter().map(|i| if i % 40 == 1 { "cultivate" } else { "supervise" }).collect::<Vec<_>>(),
            )
            .str("status", &(0..m).map(|i| states[i % 10]).collect::<Vec<_>>())
            .text("categories", (0..m).map(|i| Some(categories[i % 10])).collect())
            .date("since", (0..m).map(|i| day(2025, (i % 12) as u32 + 1, 12)).collect())
            .number("urgency", (0..m).map(|i| Some((i * 37 % 100) as f64)).collect())
            .number("risk", (0..m).map(|i| Some((i * 37 % 100) as f64 / 200.0)).collect())
            .str(
                "reasons",
                &(0..m)
                    .map(|i| {
                        format!(
                            "2025年3月被列为软弱涣散村；近一年信访{}件次，高于同类村九成；{}涉及2起",
                            i % 9 + 3,
                            person(i)
                        )
                    })
                    .collect::<Vec<_>>(),
            )
            .str("basis", &(0..m).map(|_| "县委组〔2025〕12号第三条").collect::<Vec<_>>())
            .str("clears", &(0..m).map(|_| "评估70分以上且不满意率不超过50%，半年后回头看").collect::<Vec<_>>())
            .whole("mechanisms_done", (0..m).map(|i| Some((i % 5) as i64)).collect())
            .whole("mechanisms_total", vec![Some(4); m])
            .whole("ones_done", (0..m).map(|i| Some((i % 4) as i64)).collect())
            .whole("ones_total", vec![Some(3); m])
            .text("overdue", (0..m).map(|i| (i % 6 == 0).then_some("公开承诺逾期41天")).collect())
            .str("rec_id", &(0..m).map(|i| format!("T1{i:09}")).collect::<Vec<_>>())
            .done()?,
    );
    let mut by_township: BTreeMap<(String, String), usize> = BTreeMap::new();
    for v in &villages {
        *by_township.entry((v.county.clone(), v.township.clone())).or_default() += 1;
    }
    let townships: Vec<(&(String, String), &usize)> = by_township.iter().collect();
    let t = townships.len();
    let place = |picked: &[usize]| {
        Build::new()
            .str("county", &picked.iter().map(|&i| &townships[i].0.0).collect::<Vec<_>>())
            .str("township", &picked.iter().map(|&i| &townships[i].0.1).collect::<Vec<_>>())
    };
    let talked: Vec<usize> = (0..t).filter(|i| i % 5 == 0).collect();
    outcome.insert(
        "talks",
        place(&talked)
            .text("secretary", talked.iter().map(|&i| Some(person(i))).collect())
            .whole("villages", talked.iter().map(|&i| Some(*townships[i].1 as i64)).collect())
            .whole("listed", talked.iter().map(|&i| Some((i % 7 + 2) as i64)).collect())
            .whole("problem_events", talked.iter().map(|&i| Some((i % 17 + 6) as i64)).collect())
            .whole("adjusted_heads", talked.iter().map(|&i| Some((i % 3) as i64)).collect())
            .str(
                "reasons",
                &talked
                    .iter()
                    .map(|i| format!("提级管理村占比居全县前三；去年问题{}件；年内调整村主职{}人", i % 17 + 6, i % 3))
                    .collect::<Vec<_>>(),
            )
            .str("rec_id", &talked.iter().map(|i| format!("T2{i:09}")).collect::<Vec<_>>())
            .done()?,
    );
    let every: Vec<usize> = (0..t).collect();
    outcome.insert(
        "township_rates",
        place(&every)
            .whole("villages", every.iter().map(|&i| Some(*townships[i].1 as i64)).collect())
            .whole("heads", every.iter().map(|&i| Some(*townships[i].1 as i64 - 1)).collect())
            .whole("cases", every.iter().map(|&i| Some((i * 5 % 4) as i64)).collect())
            .number(
                "cases_per_100",
                every.iter().map(|&i| Some((i * 5 % 4) as f64 * 100.0 / (*townships[i].1 as f64 - 1.0))).collect(),
            )
            .whole("reporting_departments", every.iter().map(|&i| Some((i % 4) as i64)).collect())
            .text("note", every.iter().map(|&i| (i % 4 == 0).then_some("无部门上报，不宜认定为无案")).collect())
            .done()?,
    );
    let measures = ["tracking", "pairing", "discipline", "assessment", "commitment", "task_list", "livelihood_project"];
    let rows: Vec<(usize, usize)> = listed.iter().flat_map(|&i| (0..measures.len()).map(move |s| (i, s))).collect();
    let state = |i: usize, s: usize| ["done", "due", "overdue", "missing", "done"][(i + 3 * s) % 5];
    outcome.insert(
        "supervision_measures",
        keys(&villages, &rows.iter().map(|r| r.0).collect::<Vec<_>>())
            .str("measure", &rows.iter().map(|r| measures[r.1]).collect::<Vec<_>>())
            .str("responsible", &rows.iter().map(|r| NAMES[r.0 % 4]).collect::<Vec<_>>())
            .date("due", rows.iter().map(|r| day(2026, (r.1 % 6) as u32 + 1, 15)).collect())
            .date("done", rows.iter().map(|r| if state(r.0, r.1) == "done" { day(2026, 2, 3) } else { None }).collect())
            .str("state", &rows.iter().map(|r| state(r.0, r.1)).collect::<Vec<_>>())
            .done()?,
    );

    // Reserve: every eighth village has a vacancy.
    let vacant: Vec<usize> = all.iter().copied().filter(|i| i % 8 == 2).collect();
    let v = vacant.len();
    let ids: Vec<String> = (0..v).map(|i| format!("V{i:010}")).collect();
    let post = |i: usize| ["secretary", "secretary", "director", "committee"][i % 4];
    outcome.insert(
        "vacancies",
        Build::new()
            .str("vacancy", &ids)
            .str("county", &vacant.iter().map(|&i| &villages[i].county).collect::<Vec<_>>())
            .str("township", &vacant.iter().map(|&i| &villages[i].township).collect::<Vec<_>>())
            .str("village", &vacant.iter().map(|&i| &villages[i].code).collect::<Vec<_>>())
            .str("village_name", &vacant.iter().map(|&i| &villages[i].name).collect::<Vec<_>>())
            .str("post", &(0..v).map(post).collect::<Vec<_>>())
            .str(
                "cause",
                &(0..v).map(|i| ["empty", "age", "age", "sanction", "adjustment", "term"][i % 6]).collect::<Vec<_>>(),
            )
            .text("holder", (0..v).map(|i| (i % 6 > 0).then(|| person(i))).collect())
            .date("since", (0..v).map(|i| day(2026, (i % 5) as u32 + 1, 1)).collect())
            .whole("priority", (0..v).map(|i| Some(i as i64)).collect())
            .str("detail", &(0..v).map(|i| if i % 6 == 1 { "至换届选举日满60周岁" } else { "" }).collect::<Vec<_>>())
            .done()?,
    );
    let open: Vec<usize> = (0..v).filter(|i| i % 5 == 4).collect();
    let lists: Vec<(usize, usize)> =
        (0..v).filter(|i| i % 5 != 4).flat_map(|i| (0..2 + i % 3).map(move |c| (i, c))).collect();
    let l = lists.len();
    let listing = |b: Build| {
        b.str("county", &lists.iter().map(|r| &villages[vacant[r.0]].county).collect::<Vec<_>>())
            .str("township", &lists.iter().map(|r| &villages[vacant[r.0]].township).collect::<Vec<_>>())
            .str("village", &lists.iter().map(|r| &villages[vacant[r.0]].code).collect::<Vec<_>>())
            .str("village_name", &lists.iter().map(|r| &villages[vacant[r.0]].name).collect::<Vec<_>>())
            .str("post", &lists.iter().map(|r| post(r.0)).collect::<Vec<_>>())
    };
    let cut = |picked: Vec<String>| picked;
    outcome.insert(
        "shortlists",
        listing(
            Build::new()
                .str("vacancy", &lists.iter().map(|r| &ids[r.0]).collect::<Vec<_>>())
                .str("candidate", &cut(lists.iter().map(|r| person(1000 + r.0 * 4 + r.1)).collect()))
                .number("fit", lists.iter().map(|r| Some(88.0 - 6.5 * r.1 as f64)).collect())
                .whole("order", lists.iter().map(|r| Some(r.1 as i64 + 1)).collect()),
        )
        .flag("own_village", lists.iter().map(|r| Some(r.1 != 1)).collect())
        .str("origin_village", &lists.iter().map(|r| &villages[vacant[r.0] + 1 - 1].code).collect::<Vec<_>>())
        .str("origin_village_name", &lists.iter().map(|r| &villages[vacant[r.0]].name).collect::<Vec<_>>())
        .flag("recommended", some(lists.iter().map(|r| r.1 < 3).collect()))
        .str("gates_passed", &vec!["政治面貌、年龄、联审、亲属回避"; l])
        .text("soft_bars", lists.iter().map(|r| (r.1 == 2).then_some("不在村居住")).collect())
        .str("reasons_for", &vec!["大专学历；考察评价为好；返乡创业，年龄34岁"; l])
        .str(
            "reasons_against",
            &lists.iter().map(|r| if r.1 == 1 { "跨村任职；任职意愿排第二" } else { "" }).collect::<Vec<_>>(),
        )
        .str("contributions", &vec!["政治面貌 20 + 学历 15 + 考察 25 + 本村 20"; l])
        .str("rec_id", &(0..l).map(|i| format!("T3{i:09}")).collect::<Vec<_>>())
        .done()?,
    );
    let matched: Vec<usize> = (0..v).filter(|i| i % 5 != 4).collect();
    outcome.insert(
        "assignment",
        Build::new()
            .str("vacancy", &matched.iter().map(|&i| &ids[i]).collect::<Vec<_>>())
            .str("candidate", &matched.iter().map(|&i| person(1000 + i * 4)).collect::<Vec<_>>())
            .number("fit", matched.iter().map(|_| Some(88.0)).collect())
            .whole("cost", matched.iter().map(|_| Some(12_000)).collect())
            .str("county", &matched.iter().map(|&i| &villages[vacant[i]].county).collect::<Vec<_>>())
            .str("township", &matched.iter().map(|&i| &villages[vacant[i]].township).collect::<Vec<_>>())
            .str("village", &matched.iter().map(|&i| &villages[vacant[i]].code).collect::<Vec<_>>())
            .str("village_name", &matched.iter().map(|&i| &villages[vacant[i]].name).collect::<Vec<_>>())
            .str("post", &matched.iter().map(|&i| post(i)).collect::<Vec<_>>())
            .flag("own_village", matched.iter().map(|_| Some(true)).collect())
            .str("reasons", &matched.iter().map(|_| "本村匹配分最高").collect::<Vec<_>>())
            .text("next_best", matched.iter().map(|&i| Some(person(1001 + i * 4))).collect())
            .number("next_best_loss", matched.iter().map(|_| Some(6.5)).collect())
            .flag("tied", matched.iter().map(|&i| Some(i % 11 == 0)).collect())
            .str("rec_id", &matched.iter().map(|i| format!("T4{i:09}")).collect::<Vec<_>>())
            .done()?,
    );
    outcome.insert(
        "open_posts",
        Build::new()
            .str("vacancy", &open.iter().map(|&i| &ids[i]).collect::<Vec<_>>())
            .str("county", &open.iter().map(|&i| &villages[vacant[i]].county).collect::<Vec<_>>())
            .str("township", &open.iter().map(|&i| &villages[vacant[i]].township).collect::<Vec<_>>())
            .str("village", &open.iter().map(|&i| &villages[vacant[i]].code).collect::<Vec<_>>())
            .str("village_name", &open.iter().map(|&i| &villages[vacant[i]].name).collect::<Vec<_>>())
            .str("post", &open.iter().map(|&i| post(i)).collect::<Vec<_>>())
            .str(
                "cause",
                &open.iter().map(|&i| ["all_barred", "no_candidate_in_pool", "shortage"][i % 3]).collect::<Vec<_>>(),
            )
            .str("detail", &open.iter().map(|_| "3人中：非正式党员2人，处分影响期内1人").collect::<Vec<_>>())
            .done()?,
    );
    outcome.insert(
        "waivers",
        Build::new()
            .str("gate", &["lives_elsewhere", "age_soft"])
            .whole("people", some(vec![12, 5]))
            .whole("posts_opened", some(vec![4, 1]))
            .number("fit_gain", some(vec![231.5, 64.0]))
            .str("text", &["放宽“不在村居住”可多补4个岗位", "放宽“年龄略超”可多补1个岗位"])
            .done()?,
    );
    let few: Vec<usize> = (0..n.min(9)).collect();
    let probation = keys(&villages, &few);
    outcome.insert(
        "probation",
        probation
            .str("candidate", &few.iter().map(|&i| person(2000 + i)).collect::<Vec<_>>())
            .date("joined", few.iter().map(|_| day(2025, 9, 1)).collect())
            .date("eligible_on", few.iter().map(|_| day(2026, 9, 1)).collect())
            .done()?,
    );
    outcome.insert(
        "pool_review",
        keys(&villages, &few)
            .str("candidate", &few.iter().map(|&i| person(2000 + i)).collect::<Vec<_>>())
            .str("advice", &few.iter().map(|i| ["exit", "appraise"][i % 2]).collect::<Vec<_>>())
            .str("reason", &few.iter().map(|_| "超过45周岁").collect::<Vec<_>>())
            .str("rec_id", &few.iter().map(|i| format!("T5{i:09}")).collect::<Vec<_>>())
            .done()?,
    );
    outcome.insert(
        "pool_outcomes",
        Build::new()
            .str("dimension", &["source", "source", "recommender", "recommender"])
            .str("key", &["graduate", "veteran", "村党组织推荐", NAMES[0]])
            .whole("people", some(vec![120, 44, 160, 4]))
            .whole("appointed", some(vec![31, 9, 38, 2]))
            .number("share", some(vec![0.258, 0.2045, 0.2375, 0.5]))
            .whole("still_in_post", some(vec![29, 9, 37, 1]))
            .done()?,
    );

    // Structure.
    let mut rows: Vec<(&str, String, &str, f64, &str)> = Vec::new();
    for (dimension, key, shares) in [
        ("post", "secretary", [0.46, 0.38, 0.14, 0.02]),
        ("post", "director", [0.40, 0.41, 0.18, 0.01]),
        ("post", "committee", [0.25, 0.45, 0.30, 0.0]),
        ("pool", "", [0.02, 0.28, 0.68, 0.02]),
        ("class", "strong", [0.41, 0.40, 0.19, 0.0]),
        ("class", "weak", [0.55, 0.33, 0.10, 0.02]),
    ] {
        for (group, share) in ["old", "middle", "young", "unknown"].into_iter().zip(shares) {
            rows.push((
                dimension,
                key.to_owned(),
                group,
                share,
                if group == "young" && share < 0.2 {
                    "low"
                } else if group == "old" && share > 0.45 {
                    "high"
                } else {
                    "ok"
                },
            ));
        }
    }
    for (i, township) in TOWNSHIPS.iter().enumerate() {
        let old = 0.2 + (i * 11 % 28) as f64 / 60.0;
        for (group, share) in [("old", old), ("middle", 0.8 - old), ("young", 0.2)] {
            rows.push((
                "township",
                (*township).to_owned(),
                group,
                share,
                if group == "old" && old > 0.5 { "high" } else { "ok" },
            ));
        }
    }
    let r = rows.len();
    outcome.insert(
        "structure",
        Build::new()
            .str("dimension", &rows.iter().map(|x| x.0).collect::<Vec<_>>())
            .str("key", &rows.iter().map(|x| &x.1).collect::<Vec<_>>())
            .str("county", &vec![villages.first().map_or("", |v| v.county.as_str()); r])
            .str("post", &rows.iter().map(|x| if x.0 == "post" { x.1.as_str() } else { "" }).collect::<Vec<_>>())
            .str("group", &rows.iter().map(|x| x.2).collect::<Vec<_>>())
            .whole("people", rows.iter().map(|x| Some((x.3 * 100.0).round() as i64)).collect())
            .number("share", rows.iter().map(|x| Some(x.3)).collect())
            .number("target_low", rows.iter().map(|x| (x.2 == "young").then_some(0.2)).collect())
            .number("target_high", rows.iter().map(|x| (x.2 == "old").then_some(0.45)).collect())
            .str("state", &rows.iter().map(|x| x.4).collect::<Vec<_>>())
            .done()?,
    );
    let ladder: Vec<&str> =
        all.iter().map(|i| ["held", "thin", "held", "broken", "held", "thin", "held"][i * 3 % 7]).collect();
    outcome.insert(
        "ladder",
        keys(&villages, &all)
            .whole("posts", vec![Some(4); n])
            .whole("in_pool", all.iter().map(|&i| Some((i % 4) as i64)).collect())
            .whole("members_in_pool", all.iter().map(|&i| Some((i % 3) as i64)).collect())
            .whole("secretary_age", all.iter().map(|&i| Some(40 + (i * 7 % 21) as i64)).collect())
            .number("years_to_limit", all.iter().map(|&i| Some(20.0 - (i * 7 % 21) as f64)).collect())
            .str("state", &ladder)
            .str(
                "reason",
                &ladder
                    .iter()
                    .map(|s| {
                        if *s == "broken" {
                            "书记三年内到龄，库内无正式党员"
                        } else if *s == "thin" {
                            "库内仅1人"
                        } else {
                            ""
                        }
                    })
                    .collect::<Vec<_>>(),
            )
            .done()?,
    );
    let years: Vec<i64> = (2026..2036).collect();
    let leaving: Vec<i64> = years.iter().map(|y| 8 + (y * 13 % 17)).collect();
    let sums: Vec<i64> = leaving
        .iter()
        .scan(0, |sum, n| {
            *sum += n;
            Some(*sum)
        })
        .collect();
    outcome.insert(
        "age_limit",
        Build::new()
            .str("county", &[villages.first().map_or("", |v| v.county.as_str()); 10])
            .whole("year", some(years))
            .whole("secretaries", some(leaving))
            .whole("cumulative", some(sums.clone()))
            .number("share", sums.iter().map(|s| Some(*s as f64 / 413.0)).collect())
            .done()?,
    );
    let bands = ["18–24", "25–29", "30–34", "35–39", "40–44", "45–49", "50–54", "55–59", "60–64", "65+"];
    let mut cells: Vec<(&str, &str, &str, i64)> = Vec::new();
    for (i, band) in bands.iter().enumerate() {
        for (side, sex, peak, size) in [
            ("posts", "male", 6.2, 260.0),
            ("posts", "female", 5.0, 90.0),
            ("pool", "male", 2.6, 170.0),
            ("pool", "female", 2.4, 80.0),
        ] {
            let gap = (i as f64 - peak) / 1.7;
            cells.push((side, band, sex, (size * (1.0 / (1.0 + gap * gap * gap * gap))).round() as i64));
        }
    }
    outcome.insert(
        "pyramid",
        Build::new()
            .str("side", &cells.iter().map(|c| c.0).collect::<Vec<_>>())
            .str("band", &cells.iter().map(|c| c.1).collect::<Vec<_>>())
            .str("sex", &cells.iter().map(|c| c.2).collect::<Vec<_>>())
            .whole("people", cells.iter().map(|c| Some(c.3)).collect())
            .done()?,
    );
    outcome.insert(
        "statistics_form",
        Build::new()
            .str("item", &["1", "2"])
            .str("label", &["软弱涣散村党组织", "书记平均报酬"])
            .str("unit", &["个", "元/年"])
            .number("value", some(vec![31.0, 38_120.5]))
            .text("note", vec![None, Some("缺12人")])
            .done()?,
    );
    outcome.insert(
        "unfiled",
        keys(&villages, &few)
            .str("post", &vec!["secretary"; few.len()])
            .text("person", few.iter().map(|&i| Some(person(i))).collect())
            .date("since", few.iter().map(|_| day(2025, 12, 1)).collect())
            .str("problem", &few.iter().map(|i| ["no_number", "no_date", "changed_unfiled"][i % 3]).collect::<Vec<_>>())
            .str("detail", &vec!["任职满6个月未见备案文号"; few.len()])
            .done()?,
    );

    let mut tables = Tables::default();
    let put = |tables: &mut Tables, name: &str, frame: DataFrame| {
        tables.set(name, frame).expect("the fixture fits the schema")
    };
    put(&mut tables, "villages", keys(&villages, &all).done()?);
    let people: Vec<String> = (0..n.max(4)).map(person).collect();
    put(
        &mut tables,
        "people",
        Build::new()
            .str("person", &people)
            .str(
                "name",
                &(0..people.len())
                    .map(|i| if i < 4 { NAMES[i].to_owned() } else { format!("甲乙丙{i}") })
                    .collect::<Vec<_>>(),
            )
            .date("birth", (0..people.len()).map(|i| if i % 50 == 0 { None } else { day(1975, 6, 1) }).collect())
            .str("id_number", &vec!["990121********1017"; people.len()])
            .str("phone", &vec!["138****0001"; people.len()])
            .done()?,
    );
    let pool: Vec<usize> =
        all.iter().copied().flat_map(|i| std::iter::repeat_n(i, if i / 15 % 7 == 3 { 0 } else { i % 2 })).collect();
    put(
        &mut tables,
        "pool",
        Build::new()
            .str("county", &pool.iter().map(|&i| &villages[i].county).collect::<Vec<_>>())
            .str("township", &pool.iter().map(|&i| &villages[i].township).collect::<Vec<_>>())
            .str("village", &pool.iter().map(|&i| &villages[i].code).collect::<Vec<_>>())
            .str("person", &(0..pool.len()).map(|i| person(3000 + i)).collect::<Vec<_>>())
            .str("status", &vec!["in_pool"; pool.len()])
            .done()?,
    );
    let check = check();
    Ok(County { tables, outcome, check })
}

fn check() -> CheckReport {
    let sheet = |file: &str, sheet: &str, table: &str, rows: usize, flagged: usize| SheetReport {
        file: file.into(),
        sheet: sheet.into(),
        tables: vec![table.into()],
        rows,
        accepted: rows - 9,
        ignored: [("header".to_owned(), 4), ("total".to_owned(), 1), ("note".to_owned(), 2)].into(),
        quarantined: [("no_key".to_owned(), 2)].into(),
        flagged: [("unknown_village".to_owned(), flagged), ("bad_check_digit".to_owned(), 3)].into(),
        repaired: [("full_width".to_owned(), 17)].into(),
        unused: Vec::new(),
    };
    let finding = |row: usize, value: &str| Finding {
        file: "全县书记花名册（终稿）.xlsx".into(),
        sheet: "青石镇".into(),
        row,
        column: "身份证号".into(),
        value: value.into(),
        reason: "bad_check_digit".into(),
        detail: String::new(),
    };
    CheckReport {
        sheets: vec![
            sheet("全县书记花名册（终稿）.xlsx", "青石镇", "people", 431, 6),
            sheet("2025年度考核数据.csv", "", "indicators", 422, 2),
            sheet("问题台账.xls", "Sheet1", "events", 288, 11),
        ],
        not_read: vec![
            NotRead { file: "述职报告.docx".into(), reason: "not_a_table".into(), detail: String::new() },
            NotRead { file: "~$花名册.xlsx".into(), reason: "lock_file".into(), detail: String::new() },
        ],
        flags: vec![finding(12, "990121********101X"), finding(40, "=HYPERLINK(\"http://x\")")],
        quarantine: vec![finding(99, "@x")],
        corrections: Vec::new(),
    }
}
