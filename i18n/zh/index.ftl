### 任意单位表

cli-score = 考评：县域台账中的村，或任意单位表（按指标政策计算综合指数）
cli-score-example =
    示例：
      touyan score 台账
      touyan score 台账 --out 考评 --format csv
      touyan score hdi.csv --policy hdi.toml --out 结果
      touyan score panel.parquet --policy index.toml --id 地区 --class 类别 --period 年度 --as-of 2023
    文件夹，或未给 --policy 的，按县域台账处理。单个文件并给出 --id、--class、--period、--sheet、--replay、--against
    之一的，按单位表处理；其余由政策文件决定。政策写法见 docs/score.md。
arg-score-book = 县域台账，或任意单位表：csv、parquet、arrow 或工作簿
arg-score-policy = 政策文件；单位表必须给出
arg-score-as-of = 县域台账的基准日；单位表则为读取的最后一期
arg-score-seed = 随机抽样的种子；默认取政策所定，否则为 1
arg-score-corrections = 县域台账的更正件文件夹
arg-score-audience = 县域台账结果的读者：summary 汇总（默认）、internal 内部，或 township 乡镇名
arg-score-rows = 终端显示的行数
arg-score-json = 标准输出为一份 JSON 文档（仅限单位表）
arg-id = 单位名称所在的列
arg-class = 单位类别所在的列
arg-period = 期别所在的列，须为整数
arg-sheet = 工作簿中的工作表；默认第一张
arg-replay = 先前结果的拟合参数，本表按其评定
arg-against = 同一表的另一份政策；说明有何不同，每处变化由哪项选择引起

step-table = 读取单位表
step-sobol = 分解位次变动（Sobol）
step-draws = 按备选方案抽样
step-compare = 比较两份政策
step-index = 计算指数

score-book-as-of = 县域台账的 --as-of 须为日期，如 2026-01-31
score-book-json = --json 仅用于单位表；县域台账请用 touyan run 台账 --json
score-table-as-of = 单位表的 --as-of 须为期别，即整数，如 2023
score-form-folder = --id、--class、--period、--sheet、--replay、--against 只用于单个表文件，而这是文件夹；请指明文件
score-no-book =
    { $error }
    若它是单位表，请给出指标政策：touyan score 表 --policy 政策.toml（写法见 docs/score.md）
score-form-no-policy = 单位表须有指标政策：请加 --policy 文件（写法见 docs/score.md）
score-form-both = { $policy } 既可用于县域台账，也可用于任意单位表；是单位表请加 --id 列名，是台账请在政策中写上 [meta] 一节

score-table-read = 共 { $rows } 行，读取 { $read } 行（空白 { $blank } 行，晚于最后一期 { $later } 行）；缺值 { $missing } 格
score-table-repaired = 整理 { $repairs } 格（全角、千分位、单位），约数 { $approximate } 个按所写采用
score-table-rated = 已评定 { $rated }，暂不评定 { $unrated }；期数 { $periods }
score-table-period = 期别 { $period }
score-table-unrated = 暂不评定：{ $count }
score-table-unrated-one = {"  "}{ $unit }：{ $reason }（已有数据的权重占 { $measured }%）
score-table-look = 需要留意：
score-table-root = 总指数
score-table-note = { $item }：{ $text }
score-table-imputed = 插补 { $cells } 格；影响最大的是{ $unit }，其位次因{ $item }变动 { $places } 位
score-table-constant = { $item }各单位相同或几乎没有数据，不起区分作用
score-table-against = { $item }与所属节点方向相反（相关系数 { $r }）
score-table-ranges = 位次的敏感性区间（5%–95%，按所声明的备选方案抽样）：
score-table-ranges-middle = {"  "}{ $units } 个单位，区间宽度的中位数为 { $middle } 位；位次不变的 { $fixed } 个
score-table-ranges-widest = {"  "}最宽的是{ $unit }：第 { $low }–{ $high } 位
score-table-sobol = 哪项选择使位次变动（Sobol 总效应，95% 区间；一阶为单独作用）：
score-table-sobol-one = {"  "}{ $factor }：{ $total }（{ $low }–{ $high }），一阶 { $first }
score-table-comparison = 与 --against 所给政策相比：
score-table-comparison-moved = {"  "}{ $units } 个单位中 { $moved } 个位次有变，平均变动 { $mean } 位；等次有变的 { $regraded } 个
score-table-comparison-most = {"  "}变动最大的是{ $unit }：第 { $before } 位 → 第 { $after } 位
score-table-comparison-cause = {"  "}其中 { $choice }：平均 { $mean } 位
score-table-classes = 建议分 { $count } 类（轮廓系数 { $silhouette }）；只供参考，不改变得分：
score-table-classes-one = {"  "}第 { $class } 类 { $units } 个（如{ $some }），稳定性 { $stability }
table-note-nothing-rated = 读取 { $rows } 行，没有一个单位可评定，原因见 scores 表的 reason 列
table-note-nothing-read = 读取 { $rows } 行，所有指标都没有数值，没有一个单位可评定；请核对列名和缺值的写法
table-note-no-values = 各单位都没有数值，等于没有这项指标
table-note-no-variance = 所声明的备选方案都不改变位次，Sobol 指数没有可分的方差
table-note-no-classes = 没有提出分类：{ $all } 个单位中 { $units } 个背景数据齐全，至少分 { $least } 类需 { $need } 个各不相同的单位
table-note-in-period = { $period } 期：{ $text }
score-table-word = 供研判参考；得分本身不作任何决定。

unrated-screen-units = 有值的指标过少
unrated-screen-non-zero = 不为零的数值过少
unrated-no-data = 没有任何数据
unrated-measured-weight = 已有数据的权重低于政策要求
unrated-no-value = 节点缺项过多，或方法无法给出数值

table-head-rank = 位次
table-head-unit = 单位
table-head-score = 得分
table-head-class = 类别
table-head-rank-in-class = 类内位次
table-head-grade = 等次
table-head-measured = 有数据权重

table-fault = { $place }：{ $text }
table-fault-cell = 第 { $row } 行“{ $value }”
table-fault-no-column = 没有“{ $column }”这一列，而 { $key } 需要它；请在政策中写明列名（column = "…"）
table-fault-no-column-near = 没有“{ $column }”这一列，而 { $key } 需要它；最接近的是“{ $nearest }”；请在政策中写明列名（column = "…"）
table-fault-header-twice = 表头“{ $column }”出现在第 { $first } 列和第 { $second } 列；请改其中一个
table-fault-no-units = 找不到单位名称列；请用 --id 列名 指明
table-fault-no-rows = 没有可读的行（晚于最后一期的有 { $later } 行）；请检查表头和 --as-of
table-fault-no-name = 第 { $row } 行有数值，但“{ $column }”中没有单位名称；请补上名称或删去该行
table-fault-no-period = 第 { $row } 行“{ $column }”中的“{ $value }”不是整数；期别请写作 2023 这样的数
table-fault-not-numbers = “{ $column }”列中有不是数字的内容：{ $cells }{ $more ->
    [0] {""}
   *[other] ，另有 { $more } 处
  }；请更正，无数据的请留空
table-fault-decimal-comma = “{ $column }”列以逗号作小数点：{ $cells }{ $more ->
    [0] {""}
   *[other] ，另有 { $more } 处
  }；请改用小数点（1.5）
table-fault-fields = 第 { $row } 行：{ $fields }
table-fault-ragged = 表头有 { $width } 栏，下列各行栏数不同（行：栏数）：{ $rows }{ $more ->
    [0] {""}
   *[other] ，另有 { $more } 行
  }；含分隔符的文字或数字请加引号，缺值须保留空栏，说明文字请移出表外
table-fault-mixed-percent = “{ $column }”列第 { $signed } 行带百分号而第 { $plain } 行没有；85% 可能是 85 也可能是 0.85，请统一写法
table-fault-twice = “{ $unit }”出现在第 { $first } 行和第 { $second } 行；请用 --period 指明期别列，或删去其一
table-fault-twice-period = “{ $unit }”在 { $period } 期出现两次，即第 { $first } 行和第 { $second } 行；请删去其一
table-fault-personal = “{ $column }”中有 { $count } 个名称像身份证号或电话号码（“{ $value }”），而名称会出现在所有结果中；请用 --id 另选一列，或在地区代码前加字母
table-fault-no-sheet = 没有“{ $sheet }”这张工作表；工作簿中有 { $known }
table-fault-sheetless = 该文件没有工作表，也就没有“{ $sheet }”；请去掉 --sheet
table-against-unfit = --against 所给政策 { $file }：{ $message }
table-replay-unfit = --replay 给出的参数不适用：{ $message }

verify-table-sums = 得分等于各项贡献之和（{ $checked } 行）
verify-table-changes = 变化等于各部分之和（{ $checked } 项）
