//! The written schema of the county book: every table, every column, with its type, unit, range,
//! key and the Chinese headers it is known by. Readers, checks, templates and the documentation
//! all come from these tables, so they cannot drift apart.

/// A closed list of words, mapped from the county's own words by `[words.*]` of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Vocab {
    Sex,
    Education,
    PoliticalStatus,
    Source,
    Post,
    EventKind,
    Grade,
    Rating,
    Potential,
    PoolStatus,
    VillageClass,
    Relation,
    Activity,
    Measure,
    Payer,
}

impl Vocab {
    /// Every vocabulary, in the order of the policy file.
    pub const ALL: [Vocab; 15] = [
        Vocab::Sex,
        Vocab::Education,
        Vocab::PoliticalStatus,
        Vocab::Source,
        Vocab::Post,
        Vocab::EventKind,
        Vocab::Grade,
        Vocab::Rating,
        Vocab::Potential,
        Vocab::PoolStatus,
        Vocab::VillageClass,
        Vocab::Relation,
        Vocab::Activity,
        Vocab::Measure,
        Vocab::Payer,
    ];

    /// The key under `[words]` in the policy.
    pub const fn key(self) -> &'static str {
        match self {
            Vocab::Sex => "sex",
            Vocab::Education => "education",
            Vocab::PoliticalStatus => "political_status",
            Vocab::Source => "source",
            Vocab::Post => "post",
            Vocab::EventKind => "event_kind",
            Vocab::Grade => "grade",
            Vocab::Rating => "rating",
            Vocab::Potential => "potential",
            Vocab::PoolStatus => "pool_status",
            Vocab::VillageClass => "village_class",
            Vocab::Relation => "relation",
            Vocab::Activity => "activity",
            Vocab::Measure => "measure",
            Vocab::Payer => "payer",
        }
    }
}

/// Unit of a numeric column in the canonical tables. Headers that name another unit are converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A plain number or count.
    One,
    /// 万元, ten thousand yuan.
    Wan,
    /// Percent, 0 to 100.
    Percent,
    /// Points of an assessment, usually 0 to 100.
    Points,
    /// 元, yuan.
    Yuan,
    /// Days.
    Days,
}

impl Unit {
    /// The unit's sign in documents, empty for a plain number.
    pub const fn sign(self) -> &'static str {
        match self {
            Unit::One => "",
            Unit::Wan => "万元",
            Unit::Percent => "%",
            Unit::Points => "分",
            Unit::Yuan => "元",
            Unit::Days => "天",
        }
    }
}

/// What a column holds; decides the parser and the canonical dtype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Free text (String).
    Text,
    /// A word of a closed list, stored as its code (String).
    Word(Vocab),
    /// A whole number (Int64).
    Whole,
    /// A number (Float64).
    Number(Unit),
    /// A date (Date); month-only dates count as the first of the month, year-only as 1 January.
    Date,
    /// 是/否 (Boolean).
    YesNo,
    /// A year (Int64).
    Year,
    /// Whoever is meant, by the book's own person number, or name; stored as the surrogate code (String).
    Person,
    /// An 18-digit resident identity number: checked, then forgotten; stored masked (String).
    IdNumber,
    /// A telephone number, stored masked (String).
    Phone,
}

/// Whether a row can do without the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Part of the key: a row without it is quarantined.
    Key,
    /// May be empty.
    Optional,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Canonical English header.
    pub name: &'static str,
    /// Chinese label, also an alias.
    pub zh: &'static str,
    pub kind: Kind,
    pub need: Need,
    /// Values outside are flagged (`out_of_range`) and kept as missing.
    pub range: Option<(f64, f64)>,
    /// Protected attribute: never enters a score or a fit.
    pub protected: bool,
    /// Further headers it is known by, without units, brackets and line breaks.
    pub aliases: &'static [&'static str],
    /// One sentence for the schema document.
    pub doc: &'static str,
}

const fn col(
    name: &'static str,
    zh: &'static str,
    kind: Kind,
    aliases: &'static [&'static str],
    doc: &'static str,
) -> Column {
    Column { name, zh, kind, need: Need::Optional, range: None, protected: false, aliases, doc }
}

/// A column that sheets have and no canonical table does, such as the grades of three years in one cell.
pub(super) const fn pseudo(
    name: &'static str,
    zh: &'static str,
    kind: Kind,
    aliases: &'static [&'static str],
) -> Column {
    col(name, zh, kind, aliases, "")
}

impl Column {
    const fn key(mut self) -> Column {
        self.need = Need::Key;
        self
    }
    const fn range(mut self, low: f64, high: f64) -> Column {
        self.range = Some((low, high));
        self
    }
    const fn protected(mut self) -> Column {
        self.protected = true;
        self
    }
    /// Is the column part of the table's key?
    pub const fn is_key(&self) -> bool {
        matches!(self.need, Need::Key)
    }
}

/// One table of the county book.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Canonical name, also the file stem of a Parquet book and the sheet name of a workbook.
    pub name: &'static str,
    pub zh: &'static str,
    /// Words in a file or sheet name that hint at the table.
    pub hints: &'static [&'static str],
    pub columns: &'static [Column],
    pub doc: &'static str,
}

impl Table {
    /// The column of that canonical name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

/// The table of that canonical name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|t| t.name == name)
}

use Kind::{Date, IdNumber, Number, Person, Phone, Text, Whole, Word, Year, YesNo};
use Unit::{Days, One, Percent, Points, Wan, Yuan};

const COUNTY: Column = col(
    "county",
    "县",
    Text,
    &["县区", "区县", "县（市、区）", "所属县"],
    "County; the grouping key. Defaults to the first six digits of the village code.",
);
const TOWNSHIP: Column = col(
    "township",
    "乡镇",
    Text,
    &[
        "乡镇名称",
        "镇",
        "乡（镇）",
        "所属乡镇",
        "乡镇街道",
        "镇街",
        "乡镇（街道）",
        "所在乡镇",
        "所在乡镇（街道）",
        "所属乡镇（街道）",
        "镇街名称",
        "街镇",
        "镇乡",
        "所在镇",
        "所属镇",
        "所在镇街",
        "所属镇街",
        "镇名",
        "乡名",
        "乡镇名",
    ],
    "Township name, unique within its county.",
);
const VILLAGE: Column = col(
    "village",
    "村",
    Text,
    &[
        "村名",
        "村名称",
        "行政村",
        "村（社区）",
        "所在村",
        "所属村",
        "村居",
        "任职村",
        "建制村",
        "村别",
        "村（社区）名称",
        "村社区",
        "村社",
        "行政村名",
        "所在村（社区）",
        "所属村（社区）",
        "任职村（社区）",
        "村庄",
        "村庄名称",
        "村级组织名称",
        "党组织名称",
        "所在党组织",
        "乡镇村",
        "涉及村",
        "村（居）",
        "村名（社区）",
        "所在行政村",
    ],
    "Village: in the canonical tables its 12-digit statistical code (or `township/name` where the book has no code); in sheets a code or a name.",
);
const PERSON: Column = col(
    "person",
    "人员编号",
    Person,
    &["人员编码", "档案号", "档案编号", "人员代码", "干部编号"],
    "Person: in the canonical tables a salted surrogate code; in sheets the book's own number for the person, or the name.",
);
const NOTE: Column = col("note", "备注", Text, &["说明", "其他说明"], "Free text; never copied to an output.");
const YEAR_OF: Column = col("year", "年度", Year, &["年份", "考核年度"], "Calendar year.").range(1949.0, 2100.0);

/// All tables, in the order in which they are documented.
pub const TABLES: &[Table] = &[
    Table {
        name: "townships",
        zh: "乡镇",
        hints: &["乡镇情况", "乡镇名单"],
        doc: "One row per township.",
        columns: &[
            COUNTY,
            TOWNSHIP.key(),
            col("code", "乡镇代码", Text, &["乡镇区划代码"], "9-digit statistical code."),
            col(
                "secretary",
                "乡镇党委书记",
                Person,
                &["党委书记", "镇党委书记", "乡镇主要负责人"],
                "Head of the township Party committee: the other side of a talk.",
            ),
            col(
                "leader",
                "包联县领导",
                Text,
                &["联系县领导", "县级包联领导"],
                "County leader paired with the township.",
            ),
            NOTE,
        ],
    },
    Table {
        name: "villages",
        zh: "村情",
        hints: &["村情", "村基本情况", "行政村名单", "村情况"],
        doc: "One row per village: what changes slowly.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE.key(),
            col("village_name", "村名", Text, &["村名称"], "Name as written, with 村."),
            col(
                "code",
                "行政区划代码",
                Text,
                &[
                    "统计用区划代码",
                    "村代码",
                    "区划代码",
                    "行政村代码",
                    "村级代码",
                    "统计代码",
                    "行政村编码",
                    "区划编码",
                    "村编码",
                    "代码",
                    "编码",
                    "统计用区划码",
                    "区划码",
                    "村级行政区划代码",
                ],
                "12-digit statistical code: province 2, city 2, county 2, township 3, village 3.",
            ),
            col(
                "class",
                "村类别",
                Word(Vocab::VillageClass),
                &[
                    "类别",
                    "村类型",
                    "分类",
                    "村庄类别",
                    "村分类",
                    "村级类型",
                    "经济类型",
                    "集体经济类型",
                    "发展类型",
                    "村类",
                    "村庄分类",
                    "分类定级",
                    "村情类别",
                ],
                "Class within which villages are compared.",
            ),
            col(
                "urban_rural",
                "城乡分类代码",
                Text,
                &["城乡分类"],
                "Urban/rural class: 111, 112, 121, 122, 123, 210, 220.",
            ),
            col("households", "户数", Whole, &["总户数", "农户数", "户籍户数", "家庭户数", "住户数"], "Households.")
                .range(0.0, 100_000.0),
            col(
                "population",
                "户籍人口",
                Whole,
                &["人口", "总人口", "户籍人口数", "人口数", "户籍人数", "户籍总人口", "总人数", "全村人口", "人口总数"],
                "Registered population.",
            )
            .range(0.0, 1_000_000.0),
            col(
                "resident_population",
                "常住人口",
                Whole,
                &["常住人口数", "常住人数", "常住总人口", "实有人口"],
                "Resident population.",
            )
            .range(0.0, 1_000_000.0),
            col(
                "party_members",
                "党员数",
                Whole,
                &["党员人数", "党员总数", "正式党员数", "中共党员数", "在册党员数", "党员", "中共党员"],
                "Party members.",
            )
            .range(0.0, 10_000.0),
            col(
                "seats",
                "村委会职数",
                Whole,
                &["班子职数", "核定职数", "职数", "两委职数", "村干部职数", "班子成员职数"],
                "Seats of the village committee, 3 to 7.",
            )
            .range(0.0, 20.0),
            col(
                "weak",
                "是否软弱涣散",
                YesNo,
                &[
                    "软弱涣散",
                    "软弱涣散村",
                    "是否软弱涣散村",
                    "软弱涣散党组织",
                    "是否为软弱涣散村",
                    "软弱涣散情况",
                    "列入软弱涣散",
                    "是否软弱涣散党组织",
                    "软弱涣散基层党组织",
                    "是否列入软弱涣散",
                ],
                "On the official weak-and-lax list.",
            ),
            NOTE,
        ],
    },
    Table {
        name: "indicators",
        zh: "考评指标",
        hints: &["指标", "考核数据"],
        doc: "One row per village and period; wide. Columns that the policy names as indicators are added to these.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE.key(),
            col(
                "period",
                "年度",
                Year,
                &["年份", "期间", "考核年度", "统计年度"],
                "Year the figures belong to; in sheets also taken from headers (`2025年…`) or the title.",
            )
            .range(1949.0, 2100.0),
            col(
                "collective_income",
                "集体经营性收入",
                Number(Wan),
                &[
                    "村集体经营性收入",
                    "集体经济收入",
                    "村集体收入",
                    "村集体经济收入",
                    "经营性收入",
                    "集体收入",
                    "集体经济总收入",
                    "集体经营收入",
                    "村级集体经济收入",
                    "村级集体经济总收入",
                    "集体经济年收入",
                    "年经营性收入",
                    "集体总收入",
                    "村集体年收入",
                    "集体经济经营性收入",
                    "集体经济",
                    "村级集体收入",
                ],
                "Operating income of the collective.",
            )
            .range(0.0, 1_000_000.0),
            col(
                "collective_debt",
                "集体负债",
                Number(Wan),
                &["村级债务", "负债", "村集体债务"],
                "Debt of the collective.",
            )
            .range(0.0, 1_000_000.0),
            col(
                "assets",
                "三资总额",
                Number(Wan),
                &["三资", "集体资产", "村集体资产总额"],
                "Funds, assets and resources of the collective.",
            )
            .range(0.0, 10_000_000.0),
            col("projects", "在建项目数", Number(One), &["项目数", "重点项目数"], "Projects under way.")
                .range(0.0, 10_000.0),
            col(
                "income_per_head",
                "人均可支配收入",
                Number(Yuan),
                &["农民人均可支配收入", "人均纯收入", "农村居民人均可支配收入"],
                "Disposable income per head.",
            )
            .range(0.0, 10_000_000.0),
            col(
                "petitions",
                "信访件次",
                Number(One),
                &[
                    "信访量",
                    "信访件数",
                    "信访",
                    "信访件",
                    "信访总量",
                    "信访件次数",
                    "信访次数",
                    "信访举报件数",
                    "信访案件",
                    "信访案件数",
                    "信访举报",
                    "信访总件次",
                    "信访数",
                    "信访情况",
                ],
                "Petitions received.",
            )
            .range(0.0, 100_000.0),
            col(
                "disputes_resolved",
                "矛盾纠纷化解率",
                Number(Percent),
                &["纠纷化解率", "矛盾化解率", "调解成功率", "矛盾纠纷调处率", "纠纷调处率", "矛盾调处率", "纠纷调解率"],
                "Share of disputes resolved.",
            )
            .range(0.0, 100.0),
            col(
                "safety_incidents",
                "安全事故",
                Number(One),
                &[
                    "安全事故数",
                    "安全生产事故",
                    "安全环保事故",
                    "安全事故起数",
                    "生产安全事故",
                    "安全生产事故起数",
                    "安全生产事故数",
                    "安全事故次数",
                    "事故起数",
                    "安全责任事故",
                    "安全事故情况",
                ],
                "Safety accidents.",
            )
            .range(0.0, 10_000.0),
            col(
                "environment_incidents",
                "环保事故",
                Number(One),
                &[
                    "环境事件",
                    "环保问题",
                    "生态环境问题数",
                    "环保事件",
                    "环境污染事件",
                    "环保事故数",
                    "生态环境事件",
                    "环境事故",
                ],
                "Environmental incidents.",
            )
            .range(0.0, 10_000.0),
            col(
                "satisfaction",
                "群众满意率",
                Number(Percent),
                &[
                    "满意率",
                    "群众满意度",
                    "满意度",
                    "群众满意度测评",
                    "群众测评满意率",
                    "满意度测评",
                    "群众满意",
                    "村民满意率",
                    "村民满意度",
                ],
                "Satisfied villagers.",
            )
            .range(0.0, 100.0),
            col(
                "dissatisfaction",
                "群众不满意率",
                Number(Percent),
                &["不满意率", "不满意度"],
                "Dissatisfied villagers.",
            )
            .range(0.0, 100.0),
            col(
                "party_score",
                "党建得分",
                Number(Points),
                &["党建", "党建分", "党建工作得分", "党建考核得分", "党建考核分", "党建考核", "党建评分", "党建工作"],
                "Assessed points, Party building.",
            )
            .range(0.0, 100.0),
            col(
                "industry_score",
                "产业得分",
                Number(Points),
                &["产业", "产业发展得分", "经济发展得分", "产业考核得分", "产业评分"],
                "Assessed points, industry.",
            )
            .range(0.0, 100.0),
            col(
                "governance_score",
                "治理得分",
                Number(Points),
                &[
                    "治理",
                    "治理分",
                    "乡村治理得分",
                    "基层治理得分",
                    "治理考核得分",
                    "治理评分",
                    "乡村治理",
                    "社会治理得分",
                ],
                "Assessed points, governance.",
            )
            .range(0.0, 100.0),
            col(
                "livelihood_score",
                "民生得分",
                Number(Points),
                &["民生", "民生保障得分", "民生服务得分", "民生考核得分", "民生评分"],
                "Assessed points, livelihood.",
            )
            .range(0.0, 100.0),
            col(
                "ecology_score",
                "生态得分",
                Number(Points),
                &[
                    "生态",
                    "生态环境得分",
                    "人居环境得分",
                    "生态分",
                    "生态考核得分",
                    "生态评分",
                    "人居环境",
                    "生态环保得分",
                ],
                "Assessed points, ecology.",
            )
            .range(0.0, 100.0),
            col(
                "peace_score",
                "平安得分",
                Number(Points),
                &["平安", "平安建设得分", "综治得分", "平安考核得分", "平安评分", "平安建设"],
                "Assessed points, safety and order.",
            )
            .range(0.0, 100.0),
            col(
                "organisation_score",
                "组织评价",
                Number(Points),
                &["组织评价得分", "乡镇评价", "乡镇党委评价", "组织考评得分"],
                "Points given by the organisation (township and county).",
            )
            .range(0.0, 100.0),
            col(
                "villager_score",
                "群众评议",
                Number(Points),
                &["群众评议得分", "民主测评得分", "民主评议得分"],
                "Points given by villagers.",
            )
            .range(0.0, 100.0),
            col(
                "members_developed",
                "发展党员数",
                Number(One),
                &["发展党员", "新发展党员数", "近两年发展党员数"],
                "Party members developed in the period.",
            )
            .range(0.0, 1_000.0),
            col(
                "meetings_held",
                "三会一课完成率",
                Number(Percent),
                &["组织生活完成率", "三会一课开展率"],
                "Organisation life held as planned.",
            )
            .range(0.0, 100.0),
            col(
                "affairs_open",
                "村务公开率",
                Number(Percent),
                &["村务公开", "三务公开率"],
                "Public affairs disclosed as required.",
            )
            .range(0.0, 100.0),
            col(
                "medical_cover",
                "医保参保率",
                Number(Percent),
                &["医保缴费率", "城乡居民医保参保率"],
                "Villagers with medical insurance.",
            )
            .range(0.0, 100.0),
            col("bonus", "加分", Number(Points), &["加分项", "奖励加分"], "Bonus points granted by the county.")
                .range(0.0, 100.0),
            col("penalty", "扣分", Number(Points), &["扣分项", "负面扣分"], "Penalty points imposed by the county.")
                .range(0.0, 100.0),
        ],
    },
    Table {
        name: "people",
        zh: "人员",
        hints: &["人员", "花名册", "干部名册"],
        doc: "One row per person, in post or in the pool.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE,
            PERSON.key(),
            col(
                "name",
                "姓名",
                Text,
                &[
                    "名字",
                    "书记姓名",
                    "后备人选姓名",
                    "党组织书记姓名",
                    "人员姓名",
                    "村书记姓名",
                    "村党组织书记姓名",
                    "支书姓名",
                    "村干部姓名",
                    "党组织书记",
                    "村党组织书记",
                    "村书记",
                    "书记",
                    "后备干部姓名",
                    "后备姓名",
                    "对象姓名",
                    "人选姓名",
                ],
                "Name; shown only with `--for internal`.",
            ),
            col("sex", "性别", Word(Vocab::Sex), &[], "Protected: serves quotas and the fairness audit alone.")
                .protected(),
            col("ethnicity", "民族", Text, &[], "Protected: serves quotas and the fairness audit alone.").protected(),
            col(
                "birth",
                "出生年月",
                Date,
                &["出生日期", "出生年月日", "出生时间", "生日", "出生", "出生年", "出生年月（岁）", "生年月"],
                "Date of birth.",
            ),
            col(
                "id_number",
                "身份证号",
                IdNumber,
                &[
                    "身份证号码",
                    "公民身份号码",
                    "身份证",
                    "居民身份证号",
                    "公民身份证号",
                    "证件号码",
                    "身份证件号码",
                    "公民身份证号码",
                    "身份号码",
                ],
                "Checked against GB 11643-1999, kept masked.",
            ),
            col(
                "education",
                "学历",
                Word(Vocab::Education),
                &["文化程度", "最高学历", "全日制学历", "学历层次", "学历学位", "文化水平", "受教育程度", "学历情况"],
                "Highest education.",
            ),
            col(
                "political_status",
                "政治面貌",
                Word(Vocab::PoliticalStatus),
                &["党员身份", "政治身份", "党派"],
                "Party status.",
            ),
            col(
                "party_joined",
                "入党时间",
                Date,
                &["入党年月", "入党日期", "加入中国共产党时间", "加入党组织时间", "入党（时间）", "入党"],
                "Day of admission as probationary member.",
            ),
            col("work_started", "参加工作时间", Date, &["参加工作年月"], "First job."),
            col("school", "毕业院校及专业", Text, &["毕业院校", "院校及专业", "毕业学校"], "School and field."),
            col(
                "source",
                "来源类别",
                Word(Vocab::Source),
                &[
                    "身份类别",
                    "人员类别",
                    "来源",
                    "人员来源",
                    "后备来源",
                    "人员身份",
                    "身份",
                    "来源渠道",
                    "人员类型",
                    "书记来源",
                    "职业身份",
                    "群体类别",
                    "来源类型",
                    "身份类型",
                    "来源身份",
                    "人选来源",
                    "后备类别",
                ],
                "Where the person comes from: returning graduate, veteran, migrant worker …",
            ),
            col(
                "veteran",
                "是否退役军人",
                YesNo,
                &["退役军人", "是否退伍军人", "退伍军人", "是否退役", "是否为退役军人"],
                "Veteran.",
            ),
            col(
                "phone",
                "联系电话",
                Phone,
                &["电话", "手机号", "手机号码", "联系方式", "手机", "本人电话", "联系手机", "移动电话"],
                "Kept masked.",
            ),
            col(
                "in_village",
                "是否在村",
                YesNo,
                &[
                    "在村情况",
                    "是否常住本村",
                    "是否常年在村",
                    "在村",
                    "是否在家",
                    "是否常住",
                    "在村居住",
                    "是否在本村居住",
                    "是否在村居住",
                ],
                "Lives in the village.",
            ),
            col(
                "sanction",
                "处分",
                Word(Vocab::EventKind),
                &[
                    "党纪处分",
                    "受处分情况",
                    "处分情况",
                    "处分处理情况",
                    "受处分处理情况",
                    "受处分处理",
                    "违纪违法情况",
                    "处分（处理）",
                    "受处分",
                    "奖惩情况",
                ],
                "Latest sanction in force or on record, as an event kind.",
            ),
            col(
                "sanction_date",
                "处分时间",
                Date,
                &["处分日期"],
                "Its date; in sheets also taken from brackets behind the sanction.",
            ),
            col(
                "reviewed",
                "联审时间",
                Date,
                &["县级联审时间", "资格联审时间", "联审日期"],
                "Last joint eligibility review; empty means 未联审, not clean.",
            ),
            col("review_passed", "联审结果", YesNo, &["联审是否通过", "资格联审结果"], "Outcome of that review."),
            NOTE,
        ],
    },
    Table {
        name: "posts",
        zh: "岗位任职",
        hints: &["任职", "岗位", "书记", "班子"],
        doc: "One row per post: who holds it, since when, filed when and under which number. An empty person is an empty post.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE.key(),
            col(
                "post",
                "现任职务",
                Word(Vocab::Post),
                &["职务", "岗位", "任职岗位", "村内职务", "担任职务", "任职职务", "村两委职务", "班子职务", "党内职务"],
                "Post; a secretary roster without this column means secretary.",
            ),
            PERSON,
            col(
                "since",
                "任现职时间",
                Date,
                &[
                    "任职时间",
                    "任职年月",
                    "任现职年月",
                    "任书记时间",
                    "任职起始时间",
                    "到任时间",
                    "担任现职时间",
                    "任村书记时间",
                    "现任职务时间",
                    "上任时间",
                    "任职日期",
                    "任现职日期",
                    "任期开始时间",
                    "任职起始",
                ],
                "Start of the present term in the post.",
            ),
            col("vacant_since", "空缺时间", Date, &["空缺起始时间", "出缺时间"], "Since when the post is empty."),
            col(
                "dual",
                "是否一肩挑",
                YesNo,
                &["一肩挑", "书记主任一肩挑", "是否书记主任一肩挑", "一肩挑情况", "是否“一肩挑”", "书记主任是否一肩挑"],
                "The secretary also heads the village committee.",
            ),
            col("filed_on", "备案时间", Date, &["县级备案时间", "备案日期"], "Day of county filing."),
            col("filing_number", "备案文号", Text, &["备案号", "备案编号"], "Number of the filing."),
            NOTE,
        ],
    },
    Table {
        name: "pool",
        zh: "后备人才库",
        hints: &["后备", "人才库", "储备"],
        doc: "One row per person in the reserve pool.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE,
            PERSON.key(),
            col(
                "target_post",
                "拟培养岗位",
                Word(Vocab::Post),
                &[
                    "培养方向",
                    "拟任岗位",
                    "培养岗位",
                    "后备岗位",
                    "后备方向",
                    "拟培养职务",
                    "培养目标",
                    "拟任职务",
                    "后备职务",
                    "储备岗位",
                    "拟任岗位方向",
                    "拟培养方向",
                ],
                "Post the person is trained for.",
            ),
            col(
                "entered",
                "入库时间",
                Date,
                &[
                    "入库年月",
                    "入库日期",
                    "纳入时间",
                    "入选时间",
                    "储备时间",
                    "列入时间",
                    "纳入后备时间",
                    "列入后备时间",
                ],
                "Day of entry.",
            ),
            col(
                "recommended_by",
                "推荐方式",
                Text,
                &[
                    "推荐人",
                    "推荐渠道",
                    "推荐来源",
                    "推荐形式",
                    "推荐主体",
                    "发现渠道",
                    "选拔方式",
                    "产生方式",
                    "推荐途径",
                    "推荐情况",
                ],
                "How the person was found or who recommended them.",
            ),
            col(
                "mentor",
                "帮带领导",
                Text,
                &[
                    "帮带人",
                    "培养联系人",
                    "帮带责任人",
                    "结对帮带人",
                    "培养责任人",
                    "导师",
                    "帮带导师",
                    "联系领导",
                    "帮带干部",
                ],
                "Mentor.",
            ),
            col(
                "thinking",
                "思想",
                Word(Vocab::Rating),
                &["思想动态", "思想表现", "思想状况", "思想政治", "政治表现", "思想评价", "思想政治表现"],
                "Appraisal of thinking.",
            ),
            col(
                "work",
                "工作",
                Word(Vocab::Rating),
                &["工作表现", "工作情况", "工作能力", "工作实绩", "履职表现", "工作评价", "能力表现"],
                "Appraisal of work.",
            ),
            col(
                "potential",
                "潜力",
                Word(Vocab::Potential),
                &["发展潜力", "潜力评价", "培养潜力", "潜能"],
                "Appraisal of potential.",
            ),
            col("appraised", "考察时间", Date, &["评价时间", "最近考察时间"], "Day of that appraisal."),
            col(
                "status",
                "状态",
                Word(Vocab::PoolStatus),
                &["在库状态", "库内状态", "当前状态", "人员状态", "管理状态", "目前状态", "库状态"],
                "In the pool, left, or appointed.",
            ),
            col("left", "出库时间", Date, &["出库日期"], "Day of exit."),
            col("left_reason", "出库原因", Text, &[], "Reason of exit."),
            col(
                "willing",
                "是否愿意任职",
                YesNo,
                &["任职意愿", "意愿", "任职意向", "是否有意愿", "本人意愿"],
                "Willing to serve.",
            ),
            NOTE,
        ],
    },
    Table {
        name: "appraisals",
        zh: "年度考核",
        hints: &["考核结果", "考核等次", "年度考核"],
        doc: "One row per person and year: the grade of the yearly appraisal.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE,
            PERSON.key(),
            YEAR_OF,
            col("grade", "考核等次", Word(Vocab::Grade), &["等次", "考核结果", "年度考核等次"], "Grade."),
            col("organisation", "组织评价分", Number(Points), &[], "Organisation's points.").range(0.0, 100.0),
            col("villagers", "群众评议分", Number(Points), &[], "Villagers' points.").range(0.0, 100.0),
            NOTE,
        ],
    },
    Table {
        name: "events",
        zh: "问题台账",
        hints: &["台账", "问题", "事件", "线索"],
        doc: "One row per dated event; a code and a date, never a narrative.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE,
            col(
                "date",
                "日期",
                Date,
                &[
                    "时间",
                    "发生时间",
                    "立案时间",
                    "事发时间",
                    "发生日期",
                    "立案日期",
                    "受理时间",
                    "发现时间",
                    "反映时间",
                    "发现日期",
                    "受理日期",
                    "事发日期",
                    "事件时间",
                ],
                "Day it happened.",
            )
            .key(),
            col(
                "recorded",
                "登记时间",
                Date,
                &["登记日期", "录入时间", "掌握时间", "上报时间", "报送时间"],
                "Day it became known to the county; knowledge counts from here.",
            ),
            col(
                "kind",
                "问题类型",
                Word(Vocab::EventKind),
                &[
                    "类型",
                    "事项",
                    "问题类别",
                    "事件类型",
                    "问题种类",
                    "事项类别",
                    "事件类别",
                    "问题性质",
                    "问题",
                    "线索类型",
                    "类别",
                    "事项类型",
                    "情形",
                    "问题情形",
                    "问题事项",
                    "问题名称",
                ],
                "Kind of event.",
            )
            .key(),
            col(
                "post",
                "涉及人员职务",
                Word(Vocab::Post),
                &[
                    "涉案人职务",
                    "职务",
                    "当事人职务",
                    "涉及职务",
                    "涉事人职务",
                    "涉及对象职务",
                    "当事人身份",
                    "职务身份",
                    "涉及人职务",
                    "被反映人职务",
                    "涉案人员职务",
                    "人员职务",
                ],
                "Post of the person concerned; empty is to be clarified.",
            ),
            PERSON,
            col(
                "department",
                "来源部门",
                Text,
                &[
                    "来源",
                    "部门",
                    "移交部门",
                    "上报部门",
                    "反映渠道",
                    "移送单位",
                    "线索来源",
                    "来源渠道",
                    "上报单位",
                    "提供单位",
                    "责任部门",
                    "移交单位",
                    "来源单位",
                    "信息来源",
                    "问题来源",
                    "提供部门",
                    "移送部门",
                    "报送单位",
                ],
                "Department that reported it.",
            ),
            col("closed", "办结时间", Date, &["办结日期", "销号时间", "结案时间"], "Day it was settled."),
            NOTE,
        ],
    },
    Table {
        name: "targets",
        zh: "目标清单",
        hints: &["清单", "目标"],
        doc: "One row per village, period and target of the list.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE.key(),
            col("period", "年度", Year, &["年份"], "Year.").range(1949.0, 2100.0),
            col(
                "target",
                "目标事项",
                Text,
                &["目标", "任务", "事项", "指标"],
                "What is to be reached; an indicator key of the policy sets that indicator's target.",
            )
            .key(),
            col("planned", "目标值", Number(One), &["计划值"], "Value aimed at."),
            col("done", "完成值", Number(One), &["实际值", "完成情况"], "Value reached."),
            col("due", "完成时限", Date, &["时限", "截止时间"], "Due day."),
            col("finished", "完成时间", Date, &["办结时间"], "Day it was finished."),
            NOTE,
        ],
    },
    Table {
        name: "kin",
        zh: "亲属关系",
        hints: &["亲属", "回避"],
        doc: "One row per pair of relatives.",
        columns: &[
            COUNTY,
            PERSON.key(),
            col("relative", "亲属", Person, &["亲属编号", "关系人"], "The other person.").key(),
            col("relation", "关系", Word(Vocab::Relation), &["亲属关系", "与本人关系"], "How they are related."),
            NOTE,
        ],
    },
    Table {
        name: "wishes",
        zh: "任职意愿",
        hints: &["意愿"],
        doc: "One row per person and village they would (or would not) serve in.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE.key(),
            PERSON.key(),
            col("rank", "意愿顺序", Whole, &["志愿顺序", "志愿"], "1 is the first wish.").range(1.0, 1000.0),
            col("willing", "是否愿意", YesNo, &["是否同意"], "No is a bar."),
            NOTE,
        ],
    },
    Table {
        name: "activities",
        zh: "培训与实践",
        hints: &["培训", "挂职", "跟班", "谈话"],
        doc: "One row per person and activity: training, secondment, shadowing, talks, contest.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE,
            PERSON.key(),
            col("activity", "活动类型", Word(Vocab::Activity), &["培训类型", "类型"], "Kind of activity.").key(),
            col("start", "开始时间", Date, &["培训时间", "时间", "日期"], "First day."),
            col("days", "天数", Number(Days), &["培训天数"], "Length.").range(0.0, 1000.0),
            col("level", "层级", Text, &["培训层级", "举办层级"], "Level that held it: county, township …"),
            col("result", "结果", Text, &["成绩"], "Result."),
            col(
                "course",
                "班次",
                Text,
                &["班次名称", "培训班次", "培训班", "期次", "期别"],
                "Class and batch attended.",
            ),
            col(
                "absences",
                "缺勤次数",
                Whole,
                &["缺课次数", "缺席次数", "旷课次数", "缺勤"],
                "Times absent; too many cost the certificate.",
            )
            .range(0.0, 1000.0),
            col(
                "certificate",
                "是否结业",
                YesNo,
                &["结业", "结业证书", "是否取得结业证书", "是否发证"],
                "Was the certificate given? Empty is not known.",
            ),
            col(
                "policy_theory",
                "政策理论得分",
                Number(Points),
                &["政策理论", "政策理论成绩", "理论得分"],
                "Contest: points for policy theory.",
            )
            .range(0.0, 100.0),
            col(
                "professional",
                "业务知识得分",
                Number(Points),
                &["业务知识", "业务知识成绩", "业务得分"],
                "Contest: points for professional knowledge.",
            )
            .range(0.0, 100.0),
            col(
                "case_analysis",
                "案例分析得分",
                Number(Points),
                &["案例分析", "案例分析成绩", "案例得分"],
                "Contest: points for case analysis.",
            )
            .range(0.0, 100.0),
            NOTE,
        ],
    },
    Table {
        name: "measures",
        zh: "提级管理措施",
        hints: &["提级", "三个一", "包保", "措施"],
        doc: "One row per supervised village and measure: the four mechanisms and the three ones.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE.key(),
            col(
                "measure",
                "措施",
                Word(Vocab::Measure),
                &["措施类型", "事项", "机制"],
                "Which mechanism or which of the three ones.",
            )
            .key(),
            col("responsible", "责任人", Text, &["包保责任人", "责任单位"], "Who answers for it."),
            col("started", "开始时间", Date, &["启动时间"], "Start."),
            col("due", "完成时限", Date, &["时限", "截止时间"], "Due day."),
            col("done", "完成时间", Date, &["完成日期"], "Day done."),
            col("score", "评估得分", Number(Points), &["验收得分", "得分"], "Points at the check.").range(0.0, 100.0),
            col("dissatisfied", "不满意率", Number(Percent), &[], "Dissatisfied villagers at the check.")
                .range(0.0, 100.0),
            NOTE,
        ],
    },
    Table {
        name: "pay",
        zh: "报酬保障",
        hints: &["报酬", "补贴", "工资"],
        doc: "One row per person and year: what was paid and insured.",
        columns: &[
            COUNTY,
            TOWNSHIP,
            VILLAGE,
            PERSON.key(),
            YEAR_OF,
            col("base", "基本报酬", Number(Yuan), &["基础报酬"], "Base pay of the year.").range(0.0, 10_000_000.0),
            col("performance", "绩效报酬", Number(Yuan), &["绩效"], "Performance pay of the year.")
                .range(0.0, 10_000_000.0),
            col(
                "allowance",
                "补贴",
                Number(Yuan),
                &["岗位补贴", "津贴", "津补贴", "各类补贴", "补贴合计"],
                "Allowances of the year, all together.",
            )
            .range(0.0, 10_000_000.0),
            col(
                "reward",
                "集体经济奖励",
                Number(Yuan),
                &["创收奖励", "集体经济发展奖励", "集体经济创收奖励", "村集体经济奖励"],
                "Reward from the growth of collective income.",
            )
            .range(0.0, 10_000_000.0),
            col(
                "award",
                "表彰奖金",
                Number(Yuan),
                &["表彰奖励", "荣誉奖金", "奖金"],
                "Money paid with honours in the year.",
            )
            .range(0.0, 10_000_000.0),
            col("pension", "养老保险", YesNo, &["是否参加养老保险"], "Pension cover."),
            col("pension_since", "养老参保时间", Date, &["养老保险参保时间"], "Since when there is pension cover."),
            col("medical", "医疗保险", YesNo, &["是否参加医疗保险"], "Medical cover."),
            col("medical_since", "医疗参保时间", Date, &["医疗保险参保时间"], "Since when there is medical cover."),
            col(
                "payer",
                "参保缴费主体",
                Word(Vocab::Payer),
                &["缴费主体", "保险缴费主体", "参保资金来源"],
                "Who pays the contributions.",
            ),
            NOTE,
        ],
    },
];
