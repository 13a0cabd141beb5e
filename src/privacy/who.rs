//! Whom a book names: the names that a reader may not see.

use std::collections::BTreeSet;

use super::codes::Strange;
use super::names::Names;
use super::township::Own;
use crate::book::{Book, Tables};
use crate::frame::{self, FrameResult};

/// Everybody whom the book names: people, people of rows set aside, and those that stand by name in
/// its free text or where a code should stand.
pub(super) fn all_names(book: &Book, strange: &Strange) -> FrameResult<Names> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let people = frame::words(book.tables.get("people"), "name")?;
    names.extend(people.into_iter().map(|n| n.trim().to_owned()));
    for name in &book.report.names {
        names.insert(name.trim().to_owned());
        // 张三（女）, 张三/李四: the parts are names as well.
        let parts = name.split(|c: char| c.is_whitespace() || "（）()/、，,;；".contains(c));
        names.extend(parts.filter(|p| p.chars().count() > 1).map(str::to_owned));
    }
    for (table, column) in
        [("townships", "leader"), ("pool", "mentor"), ("pool", "recommended_by"), ("measures", "responsible")]
    {
        let mut last = "";
        for text in frame::words(book.tables.get(table), column)? {
            if text != last {
                last = text;
                names.extend(likely_names(text).map(str::to_owned));
            }
        }
    }
    names.extend(strange.words().flat_map(likely_names).map(str::to_owned));
    let places = places(&book.tables, &names)?;
    Ok(Names::new(names.iter().map(String::as_str), places))
}

/// The commonest surnames: a cell that is one of them and one or two characters more is a name.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾夏方邹熊孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔白汤温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌";

/// Words of offices and ways: what holds one of them is no bare name.
const OFFICES: &str = "党委会部组支局办镇乡村群众书记主任干推荐老自本公选联名议长员";

/// Surnames of two characters.
const COMPOUND: [&str; 14] =
    ["欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "夏侯"];

/// Parts of a text that look like a bare name.
pub(super) fn likely_names(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| c.is_whitespace() || "（）()/、，,;；：:".contains(c));
    parts.filter(|part| {
        // 阿依古丽·买买提
        if part.contains('·') && part.chars().all(|c| c == '·' || !c.is_ascii() && c.is_alphabetic()) {
            return true;
        }
        if let Some(given) = COMPOUND.iter().find_map(|surname| part.strip_prefix(surname)) {
            return (1..=2).contains(&given.chars().count()) && !given.chars().any(|c| OFFICES.contains(c));
        }
        let mut chars = part.chars();
        let first = chars.next().is_some_and(|c| SURNAMES.contains(c));
        let rest: Vec<char> = chars.collect();
        first && (1..=2).contains(&rest.len()) && !rest.iter().any(|c| OFFICES.contains(*c))
    })
}

/// Names of people who are not the township's own. A namesake's name stays: it is shown anyway.
pub(super) fn strangers(book: &Book, own: &Own) -> FrameResult<Names> {
    let people = book.tables.get("people");
    let (codes, all) = (frame::words(people, "person")?, frame::words(people, "name")?);
    let mine: BTreeSet<&str> =
        codes.iter().zip(&all).filter(|(code, _)| own.people.contains(**code)).map(|(_, name)| name.trim()).collect();
    let hidden = book.report.names.iter().map(|n| n.trim());
    let others: BTreeSet<String> =
        all.iter().map(|n| n.trim()).chain(hidden).filter(|n| !mine.contains(n)).map(str::to_owned).collect();
    let places = places(&book.tables, &others)?;
    Ok(Names::new(others.iter().map(String::as_str), places))
}

/// How names of places end.
const ENDINGS: [&str; 16] =
    ["村", "镇", "乡", "街道", "社区", "县", "市", "区", "旗", "场", "苏木", "嘎查", "屯", "寨", "庄", "委会"];

/// Names of places, which may hold those of people. What is somebody's name got there by a shifted
/// row and protects nothing: without a place's ending, or of three characters with one, for reading
/// adds 村 to the names of villages.
fn places<'b>(tables: &'b Tables, people: &BTreeSet<String>) -> FrameResult<BTreeSet<&'b str>> {
    let mut places = BTreeSet::new();
    for column in ["county", "township", "village_name"] {
        places.extend(frame::words(tables.get("villages"), column)?);
    }
    let trusted = |place: &str| match ENDINGS.iter().find_map(|end| place.strip_suffix(end)) {
        // 大泉村 may have an inhabitant 大泉; three characters that are somebody's name are no chance.
        Some(stem) => stem.chars().count() < 3 || !people.contains(stem),
        None => !people.contains(place),
    };
    places.retain(|place| trusted(place.trim()));
    Ok(places)
}
