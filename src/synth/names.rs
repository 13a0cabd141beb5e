//! Invented names. Characters are common ones, so that sheets look like sheets; whoever bears such a
//! name in life is not meant.

use crate::kernel::draw::Draw;

/// The most common surnames and their weight, about per cent of the population.
pub(super) const SURNAMES: &[(&str, f64)] = &[
    ("王", 7.2),
    ("李", 7.2),
    ("张", 6.8),
    ("刘", 5.4),
    ("陈", 4.5),
    ("杨", 3.1),
    ("黄", 2.4),
    ("赵", 2.3),
    ("吴", 2.1),
    ("周", 2.1),
    ("徐", 1.7),
    ("孙", 1.5),
    ("马", 1.4),
    ("朱", 1.4),
    ("胡", 1.3),
    ("郭", 1.2),
    ("何", 1.2),
    ("林", 1.2),
    ("高", 1.1),
    ("罗", 1.1),
    ("郑", 1.0),
    ("梁", 1.0),
    ("谢", 0.9),
    ("宋", 0.8),
    ("唐", 0.8),
    ("许", 0.7),
    ("韩", 0.7),
    ("邓", 0.7),
    ("冯", 0.7),
    ("曹", 0.6),
    ("彭", 0.6),
    ("曾", 0.6),
    ("肖", 0.6),
    ("田", 0.6),
    ("董", 0.6),
    ("潘", 0.5),
    ("袁", 0.5),
    ("蔡", 0.5),
    ("蒋", 0.5),
    ("余", 0.5),
    ("杜", 0.5),
    ("叶", 0.5),
    ("程", 0.5),
    ("魏", 0.5),
    ("苏", 0.5),
    ("吕", 0.5),
    ("丁", 0.5),
    ("任", 0.5),
    ("卢", 0.5),
    ("姚", 0.4),
    ("沈", 0.4),
    ("钟", 0.4),
    ("姜", 0.4),
    ("崔", 0.4),
    ("谭", 0.4),
    ("陆", 0.4),
    ("范", 0.4),
    ("汪", 0.4),
    ("廖", 0.4),
    ("石", 0.4),
    ("金", 0.4),
    ("贾", 0.4),
    ("夏", 0.4),
    ("方", 0.4),
    ("邹", 0.3),
    ("熊", 0.3),
    ("孟", 0.3),
    ("秦", 0.3),
    ("邱", 0.3),
    ("侯", 0.3),
    ("江", 0.3),
    ("尹", 0.3),
    ("薛", 0.3),
    ("段", 0.3),
    ("雷", 0.3),
    ("黎", 0.3),
    ("史", 0.3),
    ("陶", 0.3),
    ("贺", 0.3),
    ("毛", 0.3),
];

/// Characters of given names: older men, older women, younger men, younger women; first and second.
const GIVEN: [[&str; 2]; 4] = [
    ["建国志永德文福庆长兴玉金春学正大明光世家", "国军华平明林生才贵山海民清忠义和成江喜发"],
    ["秀桂玉春凤淑爱红丽美翠月金素", "英兰珍梅华芳莲香云萍霞琴花娥"],
    ["浩俊子志鹏文晓嘉泽梓家博天思宏立", "然轩杰鹏飞涛豪阳宇龙辉凯帆超峰航"],
    ["雨欣晓雪佳思梦静诗文慧雅心海", "婷怡琪雯娜颖洁倩妍慧玲萱彤瑶"],
];

/// Given names of one character, by sex.
const SINGLE: [&str; 2] = ["伟强勇磊军涛斌波刚鹏杰超凯辉峰亮", "芳娟敏静丽艳霞燕玲娜婷雪琳莉慧萍"];

fn one(draw: &mut Draw, characters: &str) -> char {
    let count = characters.chars().count();
    characters.chars().nth(draw.index(count)).unwrap_or('文')
}

/// A given name for a sex and a year of birth.
pub(super) fn given(draw: &mut Draw, female: bool, born: i32) -> String {
    if draw.chance(0.22) {
        return one(draw, SINGLE[usize::from(female)]).to_string();
    }
    let set = &GIVEN[usize::from(born >= 1985) * 2 + usize::from(female)];
    [one(draw, set[0]), one(draw, set[1])].iter().collect()
}

/// Index of a surname of the list.
pub(super) fn surname(draw: &mut Draw) -> usize {
    let weights: Vec<f64> = SURNAMES.iter().map(|s| s.1).collect();
    draw.weighted(&weights).unwrap_or(0)
}

/// A whole name.
pub(super) fn full(draw: &mut Draw, female: bool, born: i32) -> String {
    format!("{}{}", SURNAMES[surname(draw)].0, given(draw, female, born))
}

const COUNTY: [&str; 2] = ["云清长安平永兴新东南西北临江青白金银龙凤", "溪陵原泉宁阳川丰昌河岭源山和康乐水谷洲城"];
const TOWNSHIP: [&str; 2] = [
    "青白黄红金银石松柏竹梅兰桃柳枫云龙凤鹤鹿双三九大小清甘碧翠紫",
    "石泉溪河湖桥塘湾岭坪岗峰谷坝堰渡集店铺寨堡营亭台庙山林川江浦",
];
const VILLAGE: [&str; 2] = [
    "大小上下东西南北中前后新老高长双三四五六七八九十青白红黄黑金银铜石松柏竹柳杨桃李梅杏枣桐桂荷兰菊茶麻麦谷龙虎马牛羊鹤凤燕",
    "泉沟坪湾岭塘桥坝庄堡营洼峪河溪岗寨屯台口坡坑冲垄墩圩港渡井窑铺店沙滩潭洞崖峰梁原川",
];

/// Letter number `place` of a list, around and around.
fn at(characters: &str, place: usize) -> char {
    let count = characters.chars().count().max(1);
    characters.chars().nth(place % count).unwrap_or('云')
}

/// Name of county number `index`, different for each of the first 400 and numbered after that.
pub(super) fn county(index: usize) -> String {
    let (round, place) = (index / 400, index % 400);
    let name: String = [at(COUNTY[0], place), at(COUNTY[1], (place + place / 20) % 20)].iter().collect();
    if round == 0 {
        format!("{name}县（虚构）")
    } else {
        format!("{name}{}县（虚构）", at("东南西北中上下前后左右内外", round - 1))
    }
}

fn pairs(draw: &mut Draw, parts: [&str; 2]) -> Vec<String> {
    let mut all: Vec<String> =
        parts[0].chars().flat_map(|a| parts[1].chars().map(move |b| format!("{a}{b}"))).collect();
    all.retain(|name| {
        let mut letters = name.chars();
        letters.next() != letters.next()
    });
    draw.shuffle(&mut all);
    all
}

/// Township stems (without 镇 or 乡) in random order, each once: some 900.
pub(super) fn townships(draw: &mut Draw) -> Vec<String> {
    pairs(draw, TOWNSHIP)
}

/// Village stems (without 村) in random order, each once: more than 2,000.
pub(super) fn villages(draw: &mut Draw) -> Vec<String> {
    pairs(draw, VILLAGE)
}
