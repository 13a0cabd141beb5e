//! What each column of each output table says about people, in one list.
//!
//! A table that is not in it is withheld from summaries and townships, and so is a column; a test
//! fails as long as an output table has a column that is not declared. To declare a table, add
//! one entry to [`TABLES`] and name each column under the class it belongs to (a name that ends with
//! `*` stands for all that begin so):
//!
//! - `open`: keys, codes, dates and figures about villages, posts and rules; shown to everybody;
//! - `person`: surrogate codes of people; anything else in such a column is masked;
//! - `text`: prose, by the program or by people; searched for names, which are masked;
//! - `name`: free text that names people; withheld from summaries;
//! - `one`: a figure about one person or the few people of a village; withheld from summaries;
//! - `people`: counts of people in an aggregate; small ones are withheld from summaries. Such a table
//!   is taken to add up by county from its townships (a row without a township is the county's), and
//!   along a row where it does in every row; what else holds between its counts needs equations of
//!   its own (module `cells`);
//! - `share`: shares and the like made of such counts; withheld where a count of its row is;
//! - `free`: what somebody wrote on a sheet of decisions; a summary tells that it is there;
//! - `counted`: prose with ages or counts of people in it; in summaries ＊ stands for its numbers.
//!
//! A table of what single people get (`personal`) is withheld from summaries as a whole.
//!
//! A township gets the rows whose `township` (with `county`), else `village`, else `vacancy`, else
//! `person` or `candidate` is its own; a table that has none of these columns is county-wide and
//! withheld from it.

/// What a column says about people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Open,
    Person,
    Text,
    Name,
    One,
    People,
    Share,
    Counted,
    Free,
}

/// The columns of one output table, by class; names are separated by spaces.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Name of the output table.
    pub table: &'static str,
    columns: [&'static str; 9],
    /// What single people get: a summary goes without the table.
    pub personal: bool,
}

const CLASSES: [Class; 9] = [
    Class::Open,
    Class::Person,
    Class::Text,
    Class::Name,
    Class::One,
    Class::People,
    Class::Share,
    Class::Counted,
    Class::Free,
];

const fn table(table: &'static str) -> Form {
    Form { table, columns: [""; 9], personal: false }
}

impl Form {
    const fn set(mut self, class: usize, names: &'static str) -> Form {
        self.columns[class] = names;
        self
    }
    const fn personal(mut self) -> Form {
        self.personal = true;
        self
    }
    const fn open(self, names: &'static str) -> Form {
        self.set(0, names)
    }
    const fn person(self, names: &'static str) -> Form {
        self.set(1, names)
    }
    const fn text(self, names: &'static str) -> Form {
        self.set(2, names)
    }
    const fn name(self, names: &'static str) -> Form {
        self.set(3, names)
    }
    const fn one(self, names: &'static str) -> Form {
        self.set(4, names)
    }
    const fn people(self, names: &'static str) -> Form {
        self.set(5, names)
    }
    const fn share(self, names: &'static str) -> Form {
        self.set(6, names)
    }

    const fn counted(self, names: &'static str) -> Form {
        self.set(7, names)
    }
    const fn free(self, names: &'static str) -> Form {
        self.set(8, names)
    }

    /// The class of a column; `None` if it is not declared.
    pub fn class(&self, column: &str) -> Option<Class> {
        let is = |name: &str| match name.strip_suffix('*') {
            Some(start) => column.starts_with(start),
            None => name == column,
        };
        let at = self.columns.iter().position(|names| names.split(' ').any(is))?;
        CLASSES.get(at).copied()
    }
}

/// Every output table.
pub const TABLES: &[Form] = &[
    // 考评
    table("scores")
        .open("county township village village_name class period score base bonus penalty veto measured_weight grade consequence rank rank_in_class rank_low rank_high p_top p_bottom rec_id")
        .person("person")
        .text("grade_reason consequence_reason"),
    table("contributions")
        .open("county township village village_name source area indicator label value points weight contribution"),
    table("ranks")
        .open("county township village village_name rank rank_mean rank_p05 rank_median rank_p95 p_top p_bottom draws p_*"),
    table("county_benchmarks")
        .open("county indicator label villages points median best_county gap value"),
    // 提级管理
    table("supervision")
        .open("county township village village_name kind status categories since urgency risk mechanisms_done mechanisms_total ones_done ones_total rec_id")
        .person("person")
        .text("reasons basis clears overdue"),
    table("talks")
        .open("county township villages listed problem_events rec_id")
        .people("adjusted_heads")
        .person("secretary")
        .text("reasons"),
    table("township_rates")
        .open("county township villages heads reporting_departments")
        .people("cases")
        .share("cases_per_100")
        .counted("note"),
    table("supervision_measures")
        .open("county township village village_name measure due done state")
        .name("responsible"),
    table("urgency").open("county township village village_name part points"),
    table("risk_model").open("county item value").text("note"),
    // 后备
    table("vacancies")
        .open("vacancy county township village village_name post cause since priority")
        .person("holder")
        .counted("detail"),
    table("shortlists")
        .open("vacancy fit order county township village village_name post own_village origin_village origin_village_name recommended missing rec_id")
        .person("candidate")
        .text("gates_passed soft_bars contributions")
        .counted("reasons_for reasons_against"),
    table("assignment")
        .open("vacancy fit cost county township village village_name post own_village next_best_loss tied kept fragile rec_id")
        .person("candidate next_best")
        .counted("reasons"),
    table("open_posts").open("vacancy county township village village_name post cause").counted("detail"),
    table("chains")
        .open("vacancy fit cost county township village village_name post moves to_vacancy")
        .person("candidate")
        .text("detail"),
    table("edges").open("vacancy fit cost wish").person("candidate"),
    table("prices").open("side id seats used price class level open_price must only"),
    table("quotas")
        .open("rule quota per group_no inside outside least most soft seats multiplier price cost_low cost_high cost_seats")
        .people("sum sitting sitting_all")
        .one("conflict relax"),
    table("quota_people").personal().open("group_no").person("candidate"),
    table("quota_posts").open("rule vacancy"),
    table("seat_stages").open("class seats filled most scale proof"),
    table("seat_prices").open("class side id price"),
    table("robust_pairs").open("vacancy fit share recommended best_expected best_worst").person("candidate"),
    table("match_orders")
        .open("vacancy county township village village_name post decision followed cost posts")
        .person("candidate"),
    table("match_summary").open("item value"),
    table("bars")
        .open("county township village gate hardness from until")
        .person("candidate")
        .text("basis")
        .counted("text"),
    table("waivers").open("gate posts_opened fit_gain").people("people").text("text"),
    table("probation").open("county township village joined eligible_on").person("candidate"),
    table("pool_review").open("county township village advice rec_id").person("candidate").counted("reason"),
    table("pool_outcomes").open("dimension").text("key").people("people appointed still_in_post").share("share"),
    table("fill").open("county").people("posts_filled_12m from_pool").share("share"),
    // 队伍结构
    table("structure")
        .open("dimension key county post group target_low target_high")
        .people("people")
        .share("share state"),
    table("ladder")
        .open("county township village village_name posts state")
        .one("in_pool members_in_pool secretary_age years_to_limit")
        .text("reason"),
    table("age_limit").open("county year").people("secretaries cumulative").share("share"),
    table("pyramid").open("county side band sex").people("people"),
    table("statistics_form").open("county item label unit").people("value").share("note"),
    table("unfiled")
        .open("county township village village_name post since problem")
        .person("person")
        .text("detail"),
    // 培育
    table("training_status")
        .open("county township village village_name post trained_days sessions last_training required_days state")
        .person("person")
        .text("reason"),
    table("training_plan")
        .open("county township village village_name post course level batch seats days from until cause rec_id")
        .person("person")
        .text("reason"),
    table("training_batches")
        .open("county township level batch course seats days townships from until bound")
        .people("used")
        .share("person_days"),
    table("placements")
        .open("county township village village_name post place bloc host activity months from until fit cost next_best_loss tied rec_id")
        .person("person next_best")
        .one("reasons contributions"),
    table("open_places").open("county place host activity months cause").counted("detail"),
    table("placement_bars").open("county township village village_name post gate until").person("person").counted("text"),
    table("placement_edges").open("county place bloc fit cost").person("person"),
    table("placement_prices").open("side id price state"),
    table("placement_summary").open("item value"),
    table("contest")
        .open("county township village village_name class year policy_theory professional case_analysis contest_score rank rank_in_class percentile points state")
        .person("person")
        .text("reason"),
    // 激励
    table("pay_formula")
        .personal()
        .open("county township village village_name post year months grade grade_basis base_pay performance_pay allowances reward awards total paid compared_parts formula_compared paid_compared difference state assumed unknown_parts rec_id")
        .person("person")
        .text("reason"),
    table("pay_parts")
        .personal()
        .open("county township village village_name post year part rule quantity rate amount")
        .person("person")
        .text("detail"),
    table("pay_summary")
        .open("county township year")
        .people("people equal underpaid overpaid no_record unknown")
        .share("formula_compared paid_compared shortfall excess"),
    table("pay_budget")
        .open("county township year income income_basis income_year vacant")
        .people("people")
        .one("ungraded")
        .share("base_pay performance_pay allowances reward awards total total_low total_high if_filled")
        .counted("note"),
    table("cover_gaps")
        .open("county township village village_name post year pension pension_since medical medical_since state rec_id")
        .person("person")
        .text("payer"),
    table("honours")
        .open("county township village village_name post rule kind state order places score rec_id")
        .person("person")
        .text("reasons_for reasons_against"),
    table("advancement")
        .open("county township village village_name post since years_in_post years_state education_state age_state grades_state member_state bars_state eligible eligible_on eligible_until missed to_clarify rec_id")
        .person("person")
        .one("age education")
        .counted("reason"),
    // 与上次比较
    table("changes")
        .open("list county township village village_name key kind cause")
        .text("variant who before after why"),
    table("changes_summary")
        .text("variant")
        .open("county list count_before count_after new gone stays moved by_data by_policy by_date by_together as_of_before as_of_after"),
    table("variants")
        .open("overrides leaving_people merging_villages recomputed")
        .text("variant label"),
    table("figures").text("variant").open("figure key base_value value change"),
    table("decision_follow_up")
        .open("county township village village_name rec_id list decision date due done state against_advice still_recommended")
        .person("whom")
        .counted("advice")
        .text("outcome")
        .free("reason body outcome_stated"),
    table("decisions")
        .open("county township village village_name rec_id list decision date due done row")
        .person("whom")
        .text("file")
        .free("reason body outcome"),
    table("decisions_later")
        .open("county township village village_name rec_id list decision date due done row")
        .person("whom")
        .text("file")
        .free("reason body outcome"),
    table("waivers_granted")
        .open("county township village village_name gate date state row")
        .person("candidate")
        .text("file")
        .free("reason body"),
    table("decision_findings").open("row fate").text("file sheet column doubt").free("value"),
    table("decision_sheets").open("rows accepted flagged ignored quarantined").text("file sheet"),
    table("audit")
        .open("rule severity county township village village_name date rec_id")
        .person("person")
        .text("text basis"),
];

/// The declaration of an output table.
pub fn form(table: &str) -> Option<&'static Form> {
    TABLES.iter().find(|form| form.table == table)
}
