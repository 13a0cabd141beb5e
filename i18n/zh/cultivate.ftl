### Cultivate

stage-cultivate = 培育
step-cultivate = 培育
report-section-cultivate = 培育
cli-cultivate = 培育：年度轮训、挂职跟班、技能比武
cli-cultivate-example =
    示例：
      touyan cultivate BOOK
      touyan cultivate BOOK --out cultivate --format csv
found-cultivate = 培育：轮训应补训 { $due } 人，无记录 { $unknown } 人；排 { $batches } 期、{ $planned } 人；挂职跟班 { $placed } 人，空 { $open } 个岗位
verify-placements = 挂职跟班安排确为最优，一村不同时出两人（{ $checked } 个可选配对）
verify-training = 轮训计划不超员，同村不同期（{ $checked } 人）

# 轮训情况
cultivate-done = 期内 { $n } 次，计 { $days } 天
cultivate-partial = 期内计 { $days } 天，少于 { $least } 天
cultivate-lost = { $n } 次因缺勤或未结业不计，其余计 { $days } 天，少于 { $least } 天
cultivate-not-due = { $since }任职，未满 { $months } 个月，期内无记录
cultivate-lapsed = 最近一次记录为{ $last }，期内无记录
cultivate-no-record = 台账无培训记录，不等于未参训
cultivate-undated = 培训记录没有时间，待核实
cultivate-no-days = { $n } 次培训未登记天数，待核实
cultivate-note-no-records = 台账没有培训记录：轮训情况均为“无记录”，不能判断是否参训。

# 培训计划
cultivate-why-new = { $since }任职，未满 { $months } 个月
cultivate-why-supervised = 提级管理村（{ $state }）
cultivate-why-grade = 本次考评{ $grade }
cultivate-why-class = 村类别为{ $class }
cultivate-why-post = 岗位为{ $post }
cultivate-why-all = 年度轮训
cultivate-plan-away = 本村有人在外挂职或跟班，与各期时间冲突，建议回村后补训
cultivate-plan-full = 期数已达上限，名额不足
cultivate-plan-no-course = 不符合任何班次的条件

# 挂职与跟班
cultivate-township-office = { $township }机关
cultivate-years = { $years } 周岁
cultivate-months = { $months } 个月
cultivate-fact = { $factor }：{ $value }
cultivate-fact-missing = { $factor }缺资料
cultivate-factor-age = 年龄
cultivate-factor-education = 学历
cultivate-factor-grade = 考核等次
cultivate-factor-potential = 发展潜力
cultivate-factor-tenure = 任职（入库）时间
cultivate-factor-village-class = 村的需要
cultivate-factor-first-time = 首次挂职跟班
cultivate-bar-event = { $kind }（{ $day }），影响期内
cultivate-bar-open = { $kind }（{ $day }），尚未办结
cultivate-bar-supervised = 提级管理村负责人，建议留村
cultivate-bar-short = { $since }任职，未满 { $months } 个月
cultivate-bar-since = 任职时间不明，待核实
cultivate-bar-repeat = { $day }起已挂职或跟班
cultivate-bar-away = 本村已有人在外挂职或跟班，至{ $day }
cultivate-bar-unwilling = 本人不愿
cultivate-bar-age = { $years } 周岁，超过 { $most } 周岁
cultivate-bar-age-unknown = 年龄待核实
cultivate-open-none = 没有可考虑的人选
cultivate-open-barred = 可考虑 { $total } 人，均不符合条件：{ $gates }
cultivate-open-gate = “{ $gate }”不符{ $n }人
cultivate-open-shortage = 合格的 { $n } 个村已统筹用于其他岗位，或补齐所损失的匹配分高于岗位空着的代价

# 比武
cultivate-contest-missing = 缺{ $parts }，不排名次

# 首页
cultivate-matter = 年度轮训需补训
cultivate-matter-text = 天数不足 { $partial } 人，期内无记录 { $lapsed } 人，未结业 { $lost } 人；建议列入培训计划。
cultivate-unjudged-training = 轮训无记录
cultivate-unjudged-training-why = 台账没有这些人的培训记录，或缺时间、天数；不等于未参训。
cultivate-unjudged-contest = 比武缺项
cultivate-unjudged-contest-why = 三项成绩不全，不排名次、不计积分。

# 章节
cultivate-lead = 应轮训 { $all } 人，已训满 { $done } 人（{ $share }），应补训 { $due } 人，无记录 { $unknown } 人。计划排 { $batches } 期、{ $planned } 人，未排上 { $open } 人。
cultivate-not-judged = 无记录不等于未参训，只说明台账里没有；成绩和天数以台账为准，未评判培训质量。人员去留、挂职跟班由县里研究决定，此处仅供研判。
cultivate-part-done = 已训满
cultivate-part-not-due = 未到期
cultivate-part-due = 应补训
cultivate-part-unknown = 无记录
cultivate-chart-townships = 哪些乡镇要补训？{ $n } 个乡镇中 { $late } 个有人应补训
cultivate-chart-townships-text = 每条为一个乡镇的应训人员，按应补训和无记录的比例排列；下划线为应补训，右边是人数。
cultivate-batch = 第{ $n }期 { $course }
cultivate-chart-batches = 每期排多少人？共 { $n } 期、{ $days } 人天
cultivate-chart-batches-text = 人数 / 名额 · 开班日期。
cultivate-table-status = 应补训和无记录人员
cultivate-table-status-note = 已训满和未到期的不列；全部人员见工作簿。
cultivate-table-plan-note = 同村两名负责人不同期，每个乡镇每期外出不超过规定比例；未排上的在最前。
cultivate-table-training-batches-note = 期数是在名额、同村不同期、乡镇比例三条下最少的；“期数由何决定”写明是哪一条。
cultivate-table-placements-note = 一个村同时最多出一人，时间在县级班之后。单位和名额取自政策文件；默认单位为示例，须按本县实际改写。
cultivate-table-open-places-note = 没有合适人选的岗位及原因。
cultivate-table-contest-note = 三项加权；缺一项不排名次；同分并列。积分只有在考评政策写明时才计入考评。
cultivate-placed = 挂职跟班：{ $filled } 个岗位有建议人选，{ $open } 个岗位空缺；{ $barred } 人有不宜外出的情形。
cultivate-contest-none = 台账没有技能比武成绩。
cultivate-no-class = 未分类
cultivate-chart-contest = 各类村的比武成绩差多少？参赛并排名 { $n } 人
cultivate-chart-contest-text = 每点一人，竖线为中位数，右边是人数。

# 表、列、代码
table-training-status = 年度轮训情况
table-training-plan = 培训计划
table-training-batches = 培训班次
table-placements = 挂职跟班建议
table-open-places = 空缺的挂职跟班岗位
table-placement-bars = 不宜外出的情形
table-placement-edges = 挂职跟班可选配对
table-placement-prices = 挂职跟班最优性证明价格
table-placement-summary = 挂职跟班匹配汇总
table-contest = 技能比武成绩
sheet-training-status = 年度轮训
sheet-training-plan = 培训计划
sheet-training-batches = 培训班次
sheet-placements = 挂职跟班
sheet-open-places = 挂职跟班空岗
sheet-placement-bars = 不宜外出
sheet-contest = 技能比武
col-head = 书记
col-trained-days = 已训天数
col-sessions = 次数
col-last-training = 最近培训
col-required-days = 应训天数
col-course = 班次
col-level = 层级
col-batch = 期次
col-seats = 名额
col-days = 天数
col-used = 人数
col-person-days = 人天
col-townships = 乡镇数
col-bound = 期数由何决定
col-place = 挂职岗位
col-bloc = 出人的村
col-host = 接收单位
col-activity = 方式
col-months = 月数
col-policy-theory = 政策理论
col-professional = 业务知识
col-case-analysis = 案例分析
col-contest-score = 总分
col-percentile = 百分位
code-state-partial = 天数不足
code-state-lapsed = 期内无记录
code-state-not-due = 未到期
code-state-lost-certificate = 未结业
code-state-ranked = 已排名
code-state-missing-part = 缺项
code-cause-no-course = 无对应班次
code-cause-batches-full = 名额不足
code-cause-away = 时间冲突
code-cause-no-candidate = 无可考虑人选
code-level-county = 县级
code-level-township = 乡镇
code-bound-seats = 名额
code-bound-village = 同村不同期
code-bound-township = 乡镇比例
code-bound-limit = 期数上限
code-bound-away = 错开在外人员
code-gate-event = 处分或案件
code-gate-supervised = 提级管理
code-gate-short-service = 任职时间短
code-gate-repeat = 近期已挂职跟班
code-gate-away = 本村有人在外
code-gate-not-willing = 本人不愿
code-gate-age = 年龄
code-gate-age-unknown = 年龄待核实
code-side-place = 岗位
code-side-bloc = 村
