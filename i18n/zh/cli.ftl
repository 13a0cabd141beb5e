### 命令行 / command line

help-usage = 用法
help-commands = 命令
help-options = 选项
help-arguments = 参数

cli-touyan = 头雁（touyan）：村党组织书记队伍研判工具。读取县里自己的表格，考评、提级管理、后备匹配、队伍结构一次完成；只提建议，不作决定；全程离线。
cli-touyan-example =
    示例：
      touyan demo                          用内置的虚构县试一遍
      touyan check 台账文件夹               先看看表格读得对不对
      touyan run 台账文件夹 --out 结果       全部研判，生成报告
cli-check = 检查基础台账：读了多少行，哪些存疑、修正、忽略、隔离
cli-check-example =
    示例：
      touyan check 台账文件夹
      touyan 检查 台账.xlsx --out 检查结果    另存 quarantine.csv 与 flags.csv
    有隔离行时退出码为 1。
cli-run = 全部研判：读表、考评、提级管理、后备匹配、队伍结构、报告
cli-run-example =
    示例：
      touyan run 台账文件夹 --out 结果
      touyan 研判 台账文件夹 --for internal --as-of 2026-01-31
cli-supervise = 提级管理：四类村、措施进展、销号与返潮、乡镇谈话名单
cli-supervise-example =
    示例：
      touyan supervise 台账文件夹
      touyan 提级管理 台账文件夹 --rows 50
cli-reserve = 后备：空缺岗位、任职资格、建议人选、全县一次匹配
cli-reserve-example =
    示例：
      touyan reserve 台账文件夹
      touyan 后备 台账文件夹 --out 后备 --format csv
cli-structure = 队伍结构：老中青、年龄、到龄、梯次、党内统计表
cli-structure-example =
    示例：
      touyan structure 台账文件夹
      touyan 队伍结构 台账文件夹 --out 结构
cli-explain = 说明：一个村或一个人的全部研判及理由
cli-explain-example =
    示例：
      touyan explain village 青石镇/大泉村 --book 台账文件夹
      touyan 说明 person 青石镇/大泉村/姓名 --book 台账文件夹 --for internal
    有同名时列出供选择。
cli-verify = 核验结果：文件未被改动；得分相加无误、匹配确为最优；加 --book 则重算比对
cli-verify-example =
    示例：
      touyan verify 结果
      touyan 核验 结果 --book 台账文件夹
    发现不符时退出码为 1。
cli-synth = 生成合成县（虚构数据），规模任意
cli-synth-example =
    示例：
      touyan synth 合成县
      touyan synth 百县 --counties 100 --seed 7
    同一种子得到相同字节；隐含真值另存于 目录-truth。
cli-demo = 演示：内置虚构县走完全部环节
cli-demo-example =
    示例：
      touyan demo
      touyan 演示 --out 演示结果 --for internal
cli-init = 写出带注释的默认政策文件 policy.toml 和各表的填报模板；已有的文件不覆盖
cli-init-example =
    示例：
      touyan init 我县政策
      touyan run 台账文件夹 --policy 我县政策/policy.toml

arg-lang = 语言：zh 或 en；缺省随系统，否则中文
arg-help = 显示帮助
arg-version = 显示版本
arg-book = 基础台账：文件夹、工作簿或单个文件
arg-policy = 政策文件；缺省用内置默认政策
arg-as-of = 研判基准日；缺省取表内填报时间，再取最近日期
arg-seed = 随机种子
arg-threads = 线程数；结果与线程数无关
arg-out = 结果文件夹
arg-check-out = 另存 quarantine.csv 与 flags.csv 的文件夹
arg-verify-out = 要核验的结果文件夹
arg-synth-format = 文件形式：parquet、xlsx（每县一个工作簿，中文表头）或 csv（GB18030）
arg-synth-out = 写入的文件夹
arg-audience = 读者：summary 汇总（缺省，不含姓名，人数过少不列）、internal 内部（含姓名）或 township 乡镇名（只含该乡镇）
arg-format = 结果表格式：parquet，或 csv（另存一份）
arg-county = 台账含多个县时，只为这一个县出报告
arg-json = 在标准输出给出一份 JSON
arg-rows = 屏幕上显示的行数
arg-what = village（村）或 person（人）
arg-who = 编号，或 乡镇/村、乡镇/村/姓名
arg-explain-book = 基础台账
arg-verify-book = 基础台账；给出则重算比对
arg-counties = 县数
arg-villages = 每县村数；缺省按分布抽取
arg-townships = 每县乡镇数；缺省按分布抽取
arg-years = 指标年数
arg-dir = 写入的文件夹

usage-unknown-argument = 错误：没有 { $argument } 这个选项。
usage-unknown-command = 错误：没有 { $command } 这个命令。
usage-missing-argument = 错误：缺少 { $argument }。
usage-missing-command = 错误：缺少命令。
usage-missing-value = 错误：{ $argument } 后面缺少内容。
usage-bad-value = 错误：{ $argument } 不能是“{ $value }”。
usage-twice = 错误：{ $argument } 不能这样并用或重复。
usage-allowed = 可用：{ $words }。
usage-nearest = 是不是 { $word }？
usage-help = 详见 touyan --help，或 touyan 命令 --help。

error = 错误：{ $text }
error-io = { $path }：{ $error }
error-no-date = 台账里没有任何日期，无法确定研判基准日；请用 --as-of 2026-01-31 这样的形式给出
error-stage = { $stage }环节未能完成：{ $error }
error-report = 报告未能生成：{ $error }
error-not-an-output = { $path } 里有别的文件，不会覆盖；请换一个文件夹，或先清空
error-no-output = { $path } 不是 touyan 的输出（没有 run.json）；请指明当初 --out 所给的文件夹
error-broken = { $path } 无法识别：{ $error }；请用当初的命令重新生成这份输出
error-threads = --threads 至少为 1
policy-error = 政策文件 { $file }：{ $message }
policy-error-line = 政策文件 { $file } 第 { $line } 行：{ $message }
policy-key = `{ $key }`：{ $message }
policy-unknown-key = 没有 `{ $key }` 这个键
policy-unknown-word = `{ $key }`：没有 `{ $word }` 这个取值，可用：{ $known }
policy-nearest = 是不是 `{ $word }`？
policy-with-hint = { $message }（{ $hint }）
policy-stands = 此处应为{ $wanted }，而不是{ $found }
policy-needs-type = 缺少方法名 `type`：{ $key } = {"{ "}type = "…"{" }"}
policy-found-table = 一张表
policy-found-list = 列表
policy-found-list-of = { $n } 项的列表
policy-found-date = 不带引号的日期
policy-wanted-method = 带 `type` 的方法，如 {"{ "}type = "{ $method }"{" }"}
policy-wanted-table = 由键组成的表，如 {"{ "}key = value{" }"}，或单列一节 [section]
policy-wanted-list-of = { $n } 个值的列表，如 [{ $example }]
policy-condition = 条件是一列词或数，如 ["female"]，或上下限，如 {"{ "}min = 18, max = 35{" }"}
policy-wanted-count = 从 0 起的整数，如 100，不加引号
policy-wanted-whole = 整数，如 2024，不加引号
policy-wanted-number = 数，如 0.5，不加引号
policy-wanted-yes-no = true 或 false，不加引号
policy-wanted-text = 带引号的文字，如 "name"
policy-wanted-list = 列表，如 ["a", "b"]
policy-wanted-word = 带引号的词

found-title = 研判基准日 { $day }（{ $source }）
found-book = 台账：{ $villages } 个村，{ $people } 人；存疑 { $flags } 处，隔离 { $quarantined } 行
found-score = 考评：已评定 { $rated } 个村，优秀 { $excellent }，不称职 { $incompetent }；暂不评定 { $unrated }
found-supervise = 提级管理：列入 { $listed } 个村，建议增列 { $suggested }，临界关注 { $near }，待核实 { $unclear }
found-reserve = 后备：空缺岗位 { $vacancies } 个，已有建议人选 { $matched }，仍空缺 { $open }
found-structure = 队伍结构：梯次断档 { $broken } 个村，薄弱 { $thin } 个村；备案问题 { $unfiled } 条{ $unrecorded ->
    [0] {""}
   *[other] ，未登记备案 { $unrecorded } 个岗位
}
found-report = 报告：{ $path }

stage-as-of = 研判基准日 { $day }
stage-table = { $name }（{ $rows } 行）
stage-more = …… 另有 { $rest } 行
stage-written = 已写入 { $path }

check-sheet = { $name } → { $tables }
check-rows = {"  "}{ $rows } 行 = 采用 { $accepted } + 忽略 { $ignored } + 隔离 { $quarantined }
check-counts = {"  "}{ $what }：{ $counts }
check-reason = { $reason } { $count }
check-ignored = 忽略
check-quarantine = 隔离
check-flag = 存疑
check-repair = 修正
check-unused = {"  "}未使用的表头：{ $headers }
check-not-read = 未读取 { $file }：{ $reason } { $detail }
check-table = { $name }：{ $rows } 行
check-written = 存疑与隔离明细已写入 { $path }
check-clean = 没有存疑或隔离的行。
check-found = 共 { $found } 处存疑或隔离；加 --out 文件夹 可另存明细。

explain-village = 村：{ $name }
explain-person = 人员：{ $name }
explain-namesakes = “{ $who }”不止一个，请用编号或写全 乡镇/村/姓名：
    { $list }
explain-no-data = 无数据、未计入
explain-nobody = 台账里没有“{ $who }”
explain-nearest = 台账里没有“{ $who }”；相近的有：{ $near }
explain-goal = 距上一等次
explain-goal-next = 上一等次
explain-goal-target = 须达到
explain-goal-gap = 差
explain-goal-result = 结论
explain-goal-best = 已是最高等次
explain-goal-reached = 改动下列 { $count } 项可达到（届时 { $score } 分），其余各项、其他村不变{ $proven ->
    [yes] ；没有更小的改动
   *[other] ；未能证明没有更小的改动
}
explain-goal-out-of-reach = 政策 [score.goals] 所列指标都改到头也达不到（最多 { $score } 分）
explain-goal-undeclared = 政策没有写 [score.goals]（村里能着力的指标和步长），只报差距
explain-goal-no-place = 本乡镇参评村太少，该等次没有名额
explain-goal-vetoed = 一票否决所限，改指标无用
explain-goal-change = { $from } → { $to }（{ $steps } 步）

verify-hashes = 文件未被改动（{ $checked } 个文件）
verify-sums = 得分等于各项之和（{ $checked } 个村）
verify-certificate = 匹配确为最优（{ $checked } 个可选配对）
verify-gates = 建议人选均过任职资格，一人一岗（{ $checked } 人）
verify-inputs = 台账与研判时相同（{ $checked } 个文件）
verify-replay = 重算结果逐字节相同（{ $checked } 个文件）
verify-reached = 已核验至：{ $level }
verify-nothing = 未通过任何一级核验
verify-differs = 发现不符，见上。
verify-more = 加 --book 台账 可重算比对。
level-hashes = 第一级 文件完整
level-certificates = 第二级 相加与最优性
level-replay = 第三级 全部重算

synth-done = 已生成 { $counties } 个合成县：{ $villages } 个村，{ $people } 人，写入 { $path }；隐含真值在 { $truth }。全部为虚构数据。
demo-begin = 演示用的虚构县写在 { $path }
demo-synthetic = 演示数据全部为虚构。
init-done = 已写出 { $path }；改好后用 touyan run 台账 --policy 该文件
init-exists = { $path } 已存在，没有覆盖
init-all-there = 什么也没有写：{ $path } 中的政策文件和模板都已存在，一个也没有覆盖。要新的一套，请换一个文件夹；只要重写其中几个，请先把旧的移走或改名，再运行一次

cli-reference-title = 命令行参考
cli-reference-note = 本页由程序生成，测试保证与程序一致。
error-no-county = 台账中没有“{ $county }”。台账中的县：{ $known }
note-far-date = 研判基准日{ $day }比台账最近的日期{ $latest }晚{ $years }年以上，年龄、影响期等按基准日推算，请核对基准日
note-unmet = 后备配额无法同时满足，本次不提出人选建议：{ $unmet }
note-unmet-withheld = 后备配额无法同时满足，本次不提出人选建议；哪些配额相互矛盾，见内部版
run-unmet = { $unmet }。本次不提出人选建议，其余各项不受影响。{ $proof ->
    [1] 证明已写入 { $path }；可用 touyan verify { $path } 核验
   *[other] 证明见内部版（--for internal）
}
