### 与上次相比、假设推演 / since last time, what if

# 变化

changes-title = 与上次相比
changes-lead = 与{ $then }的结果相比（本次截至{ $now }）：各清单新增、退出、变动的数量和起因。
changes-nothing = 与上次相比，各清单没有变化。
changes-how = 起因的判定：把上次的政策用于本次的数据、把本次的政策用于上次的数据，截止日期同样互换，各重算一遍。单独换一项就会出现该变化，或单独换回一项该变化就消失，即以该项为起因；哪一项单独都不足以说明的，记为“共同作用”。得分和名次看变动方向。
changes-table-summary = 各清单变化汇总
changes-table-summary-note = “保留”为两次都在清单上的，其中内容有变的计入“变动”。一项变化有两个起因的，两边都计。
changes-largest = 变动最大的在前。
changes-part = { $list }：新增 { $new }，退出 { $gone }，变动 { $moved }
changes-line = 与上次相比　{ $parts }
changes-from-to = { $before } → { $after }
changes-item = { $list }：{ $what }（{ $cause }）
changes-why-part = { $label } { $points }
changes-why-score = 得分 { $old } → { $new }
changes-why-others = 本村得分未变，其他村变动
changes-note-version = 上次的结果由 { $version } 版生成，变化中可能有程序本身的差别。
changes-note-seed = 两次的随机种子不同（上次 { $then }，本次 { $now }），名次区间不宜比较。
changes-note-data = 上次读取的文件有 { $files } 个已不是原样（如 { $first }），取不到当时的数据：只在本次数据上换回政策和日期重算，其余变化归于数据。要分得更准，请保留上次的文件，新数据另存新文件。
changes-note-skipped = 有一次没有的清单未作比较：{ $lists }。

code-list-supervision = 提级管理村
code-list-watch = 关注与建议增补
code-list-categories = 提级管理类别
code-list-talks = 谈话乡镇
code-list-overdue = 逾期措施
code-list-grades = 考评等次
code-list-consequences = 结果运用
code-list-scores = 考评得分
code-list-ranks = 考评名次
code-list-vacancies = 空缺岗位
code-list-assignment = 匹配建议
code-list-shortlists = 建议人选名单
code-list-open-posts = 仍空缺的岗位
code-list-bars = 任职资格限制
code-list-pool-review = 后备库调整建议
code-list-ladder = 梯次结构
code-list-unfiled = 备案问题
code-list-training = 培训情况
code-list-placements = 实践安排
code-list-cover = 保障缺口
code-list-advancement = 选拔资格
code-list-pay = 报酬测算
code-list-representation = 荣誉与推荐人选

code-kind-new = 新增
code-kind-gone = 退出
code-kind-moved = 变动
code-cause-data = 数据
code-cause-policy = 政策
code-cause-date = 日期
code-cause-together = 共同作用
code-cause-other = 种子或程序
code-cause-leave = 人员离任
code-cause-merge = 村合并
code-recommended-yes = 建议
code-recommended-no = 备选

col-who = 人员
col-before = 上次
col-after = 本次
col-why = 理由
col-count-before = 上次数
col-count-after = 本次数
col-new = 新增
col-gone = 退出
col-stays = 保留
col-moved = 变动
col-causes = 起因
col-by-data = 因数据
col-by-policy = 因政策
col-by-date = 因日期
col-by-together = 共同作用
col-as-of-before = 上次截至
col-as-of-after = 本次截至

table-changes = 变化明细
table-changes-summary = 变化汇总
sheet-changes = 变化明细
sheet-changes-summary = 变化汇总
report-section-changes = 与上次相比

# --previous 的错误

previous-error-not-an-output = { $path } 不是头雁的结果文件夹（里面没有 run.json）。--previous 请给上次 touyan run 的 --out 文件夹。
previous-error-damaged = 上次的结果 { $path } 不完整：{ $why }。请换一份完好的副本，或去掉 --previous。
previous-error-changed = 上次结果中的 { $path } 在生成之后被改动过，不能作为比较依据。请换一份完好的副本，或去掉 --previous。
previous-error-version = 上次的结果 { $path } 由 { $version } 版生成，本版（{ $own }）读不懂。请用本版对上次的台账重新运行，再作比较。
previous-error-policy = 上次的结果 { $path }（{ $version } 版）所用政策在本版不成立：{ $why }。请用本版对上次的台账重新运行，再作比较。
previous-error-whatif = { $path } 是假设推演的结果，不是一次研判。--previous 请给 touyan run 的结果文件夹。
previous-error-county = 上次的结果 { $path } 是另一个县的（上次 { $then }，本次 { $now }），不能比较。
previous-error-salt = 上次的结果 { $path } 的人员编号用的是另一个盐值，同一个人两次编号不同，不能比较。请把上次台账旁的“台账名.touyan-salt”复制为 { $file }，再运行一次。
previous-error-township = 上次的结果 { $path } 只有{ $township }的内容。请给全县的结果，或同样用于该乡镇。

verify-previous = 比较所用的上次结果（{ $checked } 份）
verify-needs-previous = 这次运行与上次结果作过比较，重算还需要它：请加 --previous 上次结果文件夹（其 run.json 的 BLAKE3 为 { $hash }）
verify-needs-earlier = 这次匹配参照了上次结果 { $file }，重算还需要它：请加 --previous 该文件，或它所在的文件夹
verify-other-previous = { $path } 不是当时作比较的那一份（需要 run.json 的 BLAKE3 为 { $hash }）

# 假设推演

cli-whatif = 假设推演：改政策、有人离任、村合并，各会怎样；与现状并列比较
cli-whatif-example =
    示例：
      touyan whatif 台账文件夹 --set reserve.vacancies.age_limit.secretary=60
      touyan 推演 台账文件夹 --scenario 方案.toml --out 推演结果
    方案.toml：
      {"[scenarios.放宽年龄]"}
      label = "书记年龄上限放宽到 65 岁"
      set.reserve.vacancies.age_limit.secretary = 65
      {"[scenarios.合并]"}
      leave = ["青石镇/大泉村/姓名"]
      {"[[scenarios.合并.merge]]"}
      into = "青石镇/大泉村"
      from = ["青石镇/西塘村"]
    离任者的岗位自截止日起空缺，本人退出后备库。合并的村：件数、人数、金额相加，
    比率、得分按户籍人口加权平均，缺一方即为缺；被并村的岗位取消，人员、后备、事件并入。
arg-set = 改一个政策值，可多次；几次合为一个方案
arg-scenario = 方案文件（TOML），一个文件可有多个方案；可多次
arg-previous = 上次的结果文件夹：说明变了什么、因数据、政策还是日期
arg-verify-previous = 当时作比较的、或匹配时尽量保留的上次结果，重算时需要

whatif-title = 假设推演
whatif-lead = 各方案与现状在同一数据、同一日期下比较；只重算受影响的部分。仅供研判。
whatif-variants = 方案
whatif-label = 说明
whatif-side-by-side = 主要数字对照
whatif-side-by-side-note = 括号内为方案减现状。
whatif-nothing = 该方案下各清单没有变化。
whatif-difference = { $variant }：差别
whatif-figure = { $figure }：{ $key }
whatif-figure-line = { $figure } { $base } → { $own }
whatif-found = 假设推演：截至 { $day }，{ $variants } 个方案
whatif-variant-line = 【{ $label }】重算：{ $stages }
whatif-no-stage = 无
whatif-out-hint = 加 --out 文件夹 可得到对照页 whatif.html、whatif.xlsx 和明细表。
whatif-error-empty = { $path } 里没有方案。请写 [scenarios.名称] 一节。
whatif-error-set = --set { $text } 不是“键=值”。例：--set reserve.suggestions=3
whatif-error-twice = { $path }：有两个方案都叫“{ $name }”，请改名。
whatif-error-nothing = 没有给出方案。请用 --set 键=值，或 --scenario 方案文件。
whatif-error-person = 方案“{ $name }”：台账中没有“{ $who }”。请写人员编号（R 开头），或 乡镇/村/姓名。
whatif-error-people = 方案“{ $name }”：“{ $who }”不止一人，请写编号：{ $codes }
whatif-error-village = 方案“{ $name }”：台账中没有村“{ $village }”。请写 乡镇/村，或 12 位代码。
whatif-error-merge = 方案“{ $name }”：村“{ $village }”重复合并，或并入自己。

code-figure-grade = 等次
code-figure-consequence = 结果运用
code-figure-supervision = 提级管理
code-figure-talks = 谈话乡镇
code-figure-vacancies = 空缺岗位
code-figure-filled = 有建议人选
code-figure-open = 仍空缺
code-figure-ladder = 梯次
code-figure-pay = 报酬预算合计

col-variant = 方案
col-overrides = 改动的政策
col-leaving-people = 离任人数
col-merging-villages = 被并村数
col-recomputed = 重算部分
col-figure = 数字
col-base-value = 现状
col-change = 变化
table-variants = 方案
table-figures = 主要数字对照
sheet-variants = 方案
sheet-figures = 主要数字对照
step-changes = 与上次比较
step-variant = 推演方案
changes-all = 全部变化见后
previous-error-no-salt = 上次的结果 { $path } 与本次的人员编号不同，不能比较：本次台账旁没有可用的盐值文件，编号随台账内容而变。请把上次台账旁的“台账名.touyan-salt”复制为 { $file }；上次也没有的，请让台账所在文件夹可写，先后各运行一次。
whatif-error-toml = 方案文件 { $path } 第 { $line } 行：{ $why }
col-variant-value = 本方案
