//! Forms: the sheets that offices keep, and which canonical tables each of them fills. Every table
//! is a form of its own; some forms fill several tables at once, such as the secretary roster,
//! whose row is a person, a post and three yearly grades.

use super::schema::{Column, Kind, Vocab, pseudo, table};

/// A kind of sheet.
#[derive(Debug)]
pub(super) struct Form {
    /// Name in `book.toml` and in messages: that of its main table.
    pub name: &'static str,
    /// Canonical tables that its rows fill, in the order in which headers are offered to them.
    pub tables: &'static [&'static str],
    /// Columns of sheets that no canonical table has.
    pub extra: &'static [Column],
    /// Groups of columns: of each group one must be there.
    pub needs: &'static [&'static [&'static str]],
    /// Columns that tell the form apart; at least one must be there (if any is named).
    pub tells: &'static [&'static str],
    /// Words in file names, sheet names and titles; they break ties and stand in for `tells`.
    pub hints: &'static [&'static str],
    /// Columns without which a row is quarantined; of each group one must hold something.
    pub keys: &'static [&'static [&'static str]],
}

/// Columns of sheets that the canonical tables do not have.
mod columns {
    use super::{Column, Kind, Vocab, pseudo};

    pub const NAME: Column = pseudo(
        "name",
        "姓名",
        Kind::Text,
        &[
            "人员姓名",
            "当事人",
            "当事人姓名",
            "涉及人员",
            "涉及人",
            "涉事人",
            "参训人员",
            "对象",
            "人员",
            "涉案人",
            "涉案人员",
        ],
    );
    pub const ID: Column = pseudo("id_number", "身份证号", Kind::IdNumber, &["身份证号码", "公民身份号码", "身份证"]);
    pub const CODE: Column = pseudo(
        "code",
        "行政区划代码",
        Kind::Text,
        &[
            "统计用区划代码",
            "村代码",
            "区划代码",
            "行政村代码",
            "村级代码",
            "行政村编码",
            "区划编码",
            "村编码",
            "村级行政区划代码",
        ],
    );
    pub const RECENT: Column = pseudo(
        "recent_grades",
        "近三年考核等次",
        Kind::Text,
        &[
            "近三年年度考核等次",
            "近3年考核等次",
            "近三年考核结果",
            "近三年考核情况",
            "近三年年度考核结果",
            "近年考核等次",
            "近三年考核",
            "近三年度考核等次",
            "近三年度考核",
            "近三年考评等次",
            "近三年等次",
        ],
    );
    pub const GRADE: Column = pseudo(
        "grade",
        "考核等次",
        Kind::Word(Vocab::Grade),
        &["等次", "考核结果", "年度考核等次", "年度考核结果", "考核"],
    );
    pub const AGE: Column = pseudo("age", "年龄", Kind::Text, &["周岁", "现年龄"]);
    pub const TRIPLE: Column = pseudo(
        "assessment",
        "考察评价",
        Kind::Text,
        &["考察评价思想工作潜力", "思想工作潜力", "考察情况", "综合评价", "考察评价情况"],
    );
    pub const MEMBER: Column =
        pseudo("is_member", "是否党员", Kind::YesNo, &["是否中共党员", "是否为中共党员", "是否正式党员", "党员否"]);
}

use columns::{AGE, CODE, GRADE, ID, MEMBER, NAME, RECENT, TRIPLE};

/// Every form, in the order that settles what nothing else settles.
pub(super) static FORMS: &[Form] = &[
    Form {
        name: "villages",
        tables: &["villages", "indicators"],
        extra: &[],
        needs: &[&["village", "code"]],
        tells: &[],
        hints: &[
            "村情",
            "村基本情况",
            "行政村名单",
            "村情况",
            "统计表",
            "指标",
            "考核数据",
            "一览表",
            "集体经济",
            "村级",
        ],
        keys: &[&["village", "code"]],
    },
    Form {
        name: "posts",
        tables: &["people", "posts"],
        extra: &[RECENT, GRADE, AGE, MEMBER, CODE],
        needs: &[&["village", "code", "name", "person"]],
        tells: &["post", "since", "dual", "filed_on", "filing_number", "vacant_since", "recent_grades"],
        hints: &["书记", "班子", "任职", "两委", "村干部", "村主职", "主任", "带头人"],
        keys: &[&["village", "code", "name", "person", "id_number"]],
    },
    Form {
        name: "pool",
        tables: &["people", "pool"],
        extra: &[AGE, TRIPLE, MEMBER, GRADE, CODE],
        needs: &[&["name", "person"]],
        tells: &[
            "target_post",
            "entered",
            "recommended_by",
            "mentor",
            "thinking",
            "work",
            "potential",
            "appraised",
            "status",
            "left",
            "left_reason",
            "assessment",
        ],
        hints: &["后备", "人才库", "储备"],
        keys: &[&["name", "person", "id_number"]],
    },
    Form {
        name: "people",
        tables: &["people"],
        extra: &[AGE, MEMBER, CODE],
        needs: &[&["name", "person"]],
        tells: &["name", "birth", "id_number"],
        hints: &["人员", "花名册", "名册"],
        keys: &[&["name", "person", "id_number"]],
    },
    Form {
        name: "townships",
        tables: &["townships"],
        extra: &[],
        needs: &[&["township"]],
        tells: &["secretary", "leader"],
        hints: &["乡镇情况", "乡镇名单", "乡镇领导", "包联"],
        keys: &[&["township"]],
    },
    Form {
        name: "appraisals",
        tables: &["appraisals"],
        extra: &[NAME, ID, RECENT, CODE],
        needs: &[&["person", "name"], &["grade", "recent_grades"]],
        tells: &["grade", "recent_grades"],
        hints: &["考核结果", "考核等次", "年度考核", "考核"],
        keys: &[&["person", "name", "id_number"]],
    },
    Form {
        name: "events",
        tables: &["events"],
        extra: &[NAME, ID, CODE],
        needs: &[&["date"], &["kind"]],
        tells: &["kind"],
        hints: &["台账", "问题", "事件", "线索", "信访"],
        keys: &[&["date"], &["kind"]],
    },
    Form {
        name: "targets",
        tables: &["targets"],
        extra: &[CODE],
        needs: &[&["village"], &["target"]],
        tells: &["target"],
        hints: &["清单", "目标"],
        keys: &[&["village"], &["target"]],
    },
    Form {
        name: "kin",
        tables: &["kin"],
        extra: &[NAME, ID],
        needs: &[&["person", "name"], &["relative"]],
        tells: &["relative", "relation"],
        hints: &["亲属", "回避"],
        keys: &[&["person", "name", "id_number"], &["relative"]],
    },
    Form {
        name: "wishes",
        tables: &["wishes"],
        extra: &[NAME, ID, CODE],
        needs: &[&["village"], &["person", "name"]],
        tells: &["rank", "willing"],
        hints: &["意愿", "志愿"],
        keys: &[&["village"], &["person", "name", "id_number"]],
    },
    Form {
        name: "activities",
        tables: &["activities"],
        extra: &[NAME, ID, CODE],
        needs: &[&["person", "name"], &["activity"]],
        tells: &["activity"],
        hints: &["培训", "挂职", "跟班", "谈话"],
        keys: &[&["person", "name", "id_number"], &["activity"]],
    },
    Form {
        name: "measures",
        tables: &["measures"],
        extra: &[CODE],
        needs: &[&["village"], &["measure"]],
        tells: &["measure"],
        hints: &["提级", "三个一", "包保", "措施"],
        keys: &[&["village"], &["measure"]],
    },
    Form {
        name: "pay",
        tables: &["pay"],
        extra: &[NAME, ID, CODE],
        needs: &[&["person", "name"], &["base", "performance", "pension", "medical"]],
        tells: &["base", "performance", "pension", "medical"],
        hints: &["报酬", "补贴", "工资", "待遇"],
        keys: &[&["person", "name", "id_number"]],
    },
];

impl Form {
    /// The form of a canonical table, by its English or Chinese name.
    pub fn named(name: &str) -> Option<&'static Form> {
        let by_main = FORMS.iter().find(|f| f.name == name);
        by_main.or_else(|| {
            let wanted = super::schema::TABLES.iter().find(|t| t.name == name || t.zh == name)?;
            FORMS
                .iter()
                .find(|f| f.name == wanted.name)
                .or_else(|| FORMS.iter().find(|f| f.tables.contains(&wanted.name)))
        })
    }

    /// Every column that its headers may claim; of two of one name the first stands.
    pub fn columns(&self) -> Vec<&'static Column> {
        let mut all: Vec<&'static Column> = Vec::new();
        let of_tables = self.tables.iter().filter_map(|name| table(name)).flat_map(|t| t.columns);
        for column in of_tables.chain(self.extra) {
            if !all.iter().any(|c| c.name == column.name) {
                all.push(column);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::schema::TABLES;

    #[test]
    fn every_table_has_a_form_and_every_name_is_a_column() {
        for t in TABLES {
            assert!(FORMS.iter().any(|f| f.tables.contains(&t.name)) || t.name == "appraisals", "{}", t.name);
            assert!(Form::named(t.name).is_some() && Form::named(t.zh).is_some(), "{}", t.name);
        }
        for form in FORMS {
            let columns = form.columns();
            let named = form.needs.iter().chain(form.keys).flat_map(|g| g.iter()).chain(form.tells);
            for name in named {
                assert!(columns.iter().any(|c| c.name == *name), "{}: {name}", form.name);
            }
        }
    }
}
