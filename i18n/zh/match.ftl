# touyan match：任意配对表

cli-match = 人岗匹配：按规则把候选人配到空缺，任意“空缺、候选人、匹配分”的配对表均可
cli-match-example =
    示例：
      touyan match edges.parquet --out matched
      touyan match 配对.csv --policy 匹配.toml --vacancies 岗位.csv --candidates 人选.csv --out matched
      touyan verify matched --book 配对.csv
      touyan match 配对.csv --previous matched/assignment.parquet --out matched-again
arg-match-edges = 配对表：csv、parquet、arrow 或工作簿，含 vacancy、candidate、fit 三列
arg-match-policy = 规则文件；缺省：先尽量多补席位，再求匹配分总和最大
arg-match-vacancies = 空缺属性表
arg-match-candidates = 候选人属性表
arg-match-conflicts = 不得同时任用的候选人对照表
arg-match-previous = 上次结果（其 assignment 表，或任意“空缺、候选人”表）：在同样最优的方案中取保留原配对最多的一个
arg-match-seed = 并列与随机抽样的种子；缺省取规则中的值，否则为 1
arg-match-rows = 终端显示的配对数
step-build = 读取配对表
step-solve = 匹配
step-explain = 说明

match-read = 共 { $rows } 行：读取 { $read } 对，空行 { $blank }，本人不愿 { $unwilling }，禁选 { $forbidden }
match-size = 空缺 { $vacancies } 个、席位 { $seats } 个，候选人 { $candidates } 名，符合条件的配对 { $edges } 对
match-filled = 建议补 { $filled } 个席位，匹配分合计 { $fit }，平均 { $mean }
match-open = { $open } 个席位仍空缺：无符合条件人选 { $nobody } 个，人选不足 { $shortage } 个，补上得不偿失 { $price } 个，配额、回避、指定、稳定性或保留原配对所致 { $rule } 个
match-proved = 没有更好的方案：已由价格证明
match-gap = 任何方案至多再好 { $gap } 分：已由价格和乘子证明
match-gap-seats = 尚未证明最优：或许最多还能多补 { $more } 个席位
match-near-gap = 任何方案至多再好 { $gap } 分，即保留原配对的代价：已由价格证明
match-stable = 没有任何岗位与人选会同时更愿意选择对方
match-near = 上次的 { $pairs } 个配对保留 { $kept } 个、变动 { $changed } 个（其中 { $unknown } 个的名称已不存在）；在允许的损失内任何方案至少变动 { $least } 个；为此损失 { $loss } 分
match-bounds = { $bounds } 项分组约束{ $missed ->
    [0] 均已满足
   *[other] 中 { $missed } 项按规则计价放宽、未满足
}，其中 { $priced } 项有代价
match-fragile = { $fragile } 个配对不稳：多次抽样中少有保持
match-draws = 抽样 { $asked } 次中完成 { $made } 次，每次均遵守分组约束；其中 { $proved } 次的方案已证明最优，其余为所找到的最好方案
match-tied = { $tied } 个席位在另一个同样好的方案中安排不同（并列）
match-advice = 以上为研判建议，由人决定。
match-pair = { $vacancy } ← { $candidate }（{ $fit }）
match-unmet-proof = 证明已写入 { $path }；可用 touyan verify { $path } 核验
match-written = 已写入 { $path }；可用 touyan verify { $path } 核验

match-open-nobody = 没有符合条件的人选
match-open-price = 若补上此席，其他岗位损失的匹配分超过空缺的代价
match-open-shortage = { $posts ->
    [one] 该空缺的席位多于其 { $people } 名符合条件的人选
   *[other] 这 { $posts } 个空缺（{ $seats } 个席位）共用 { $people } 名符合条件的人选
}

match-fault-pair-twice = 配对表第 { $first } 行与第 { $second } 行都是“{ $vacancy }”与“{ $candidate }”；请只留一行
match-fault-key-twice = { $file }：“{ $key }”出现在第 { $first } 行和第 { $second } 行；请只留一行
match-fault-unknown = 配对表第 { $row } 行的“{ $key }”不在 { $file } 中；请补上或改正名称
match-fault-cell = { $file }第 { $row } 行“{ $column }”列：“{ $value }”{ $wanted }
match-fault-beyond = 第 { $row } 行：匹配分 { $value } 超出精确计算的范围；请换一个计量单位
match-fault-too-many = { $rows } 行，超过 32 位编号的上限
match-fault-no-table = { $key } 要读的表没有给出；请加上 { $option } 文件
match-wanted-rank = 不是志愿次序；请写 1、2、3……，不愿去的留空
match-wanted-yes-no = 不是“是”或“否”；请写是或否
match-wanted-order = 不是指令；请写“必选”“禁选”，或留空
match-wanted-whole = 不是从 0 起的整数
match-wanted-vacancy = 既不在配对表也不在空缺属性表中
match-wanted-candidate = 既不在配对表也不在候选人属性表中

match-fault-too-large = 本次匹配的数字超出精确计算的范围：就现有席位数而言，匹配分、空缺的代价或紧迫等级的权重过大；请给匹配分换一个单位，减少小数位，或少分等级
match-fault-forced-twice = “{ $candidate }”同时必选到“{ $one }”和“{ $other }”；请只留一个
match-fault-wide-draws = 抽样要求匹配分及其各部分小于 2147483648 个计量单位：请减少小数位，或去掉 [match.robustness]
match-fault-held = { $count } 名必须有岗位的人选（{ $people }）只有 { $seats } 个席位可用（{ $vacancies }）；请放开一人，或撤回一项指定
match-fault-previous-rules = 只有在没有配额、回避和稳定性要求的最优方案中才能尽量保留上次结果；请不用 --previous，或从规则中去掉这些要求
match-fault-not-found = 没有找到满足全部配额的方案，也未能证明不存在；请放宽其中一项
match-fault-unmet = { $count ->
    [1] 以下规则无法满足
   *[other] 以下 { $count } 项规则无法同时满足
}：{ $bounds }{ $irreducible ->
    [1] ；去掉其中任何一项，所列其余各项即可满足，但可能还有别的规则不能满足
   *[other] {""}
}。{ $least ->
    [1] 最小的放宽
   *[other] 可行的放宽
}：{ $relax }
match-fault-stable-must = 必须保有岗位或已必选的人不能参加稳定匹配：请用 `mode = "optimal"`
match-fault-stable = 按这些表无法作稳定匹配：{ $why }
match-bound-must-place = { $person } 必须有岗位
match-relax-least = { $bound } 下限减 { $by }
match-relax-most = { $bound } 上限加 { $by }
match-and-more = { $names }等另 { $more } 项
match-open-rule = 配额、回避、指定、稳定性要求或保留的原配对使其空缺
match-open-shortage-large = 与其共用人选的各岗位，席位多于人选
verify-gap = 匹配与最优之差不超过所列差距（{ $checked } 个可能的配对）
verify-search = 匹配满足各项规则；是否最优须加 --book 重算穷举（{ $checked } 个可能的配对）
verify-contradiction = 所列规则确实无法同时满足（{ $checked } 个可能的配对）
verify-stable = 没有岗位与人选会同时更愿意选择对方（{ $checked } 个可能的配对）
match-fault-nobody-of = { $key } 所指的分组没有任何人选；请对照人选表核对用词
match-fault-none-where = { $key } 没有对应任何空缺，该比例不约束任何人。请更正条件，或删去该项。
match-fault-price = { $key } = { $value } 的小数位数超过计入的 { $decimals } 位。请减少位数，或调高 `match.decimals`。
match-fault-forced-unwilling = 第 { $row } 行：指定了该配对，但候选人不愿意。请取消指定，或先落实任职意愿。
match-fault-unread = 给出了 { $option }，但规则中没有说明其各列的 { $key }；请补上，或不给此表
match-wanted-another = 是同一人；回避须为两人之间
match-fault-nowhere = { $people } 必须有岗位（现任或必选，共 { $count } 名），但配对表中没有其与任何有席位的空缺的配对（或已因不愿、禁选而剔除）；请补上其与现任岗位的配对及匹配分，或清空该格
match-fault-blank = { $file }：“{ $column }”列第 { $rows } 行为空{ $more ->
    [0] {""}
   *[other] ，另有 { $more } 处
}；请填写数字，不符合条件的配对请删去该行
match-fault-personal = “{ $column }”列有 { $count } 个名称像身份证号或手机号（“{ $value }”），而名称会出现在各项输出中；请在规则中用 `match.candidate` 指定另一列，或在代码前加一个字母
match-fault-folder = { $path } 是文件夹；请指明其中的表文件（上次结果则为其 assignment 表）
match-notice-sheets = 提示：{ $file } 只读取工作表“{ $sheet }”，其余 { $others } 张未读
match-notice-rounded = 提示：{ $fits } 个匹配分的小数多于 { $decimals } 位，已四舍五入（`decimals`）
match-notice-parts = 提示：{ $pairs } 对的分项加权与匹配分不符（首见第 { $row } 行）；抽样按分项，匹配按匹配分

match-policy-decimals = 须为 0 至 9
match-policy-open-price = 须为匹配分的分值
match-policy-open-price-alone = 只用于 `objective = "fit"`；"filled" 为先补满席位
match-policy-thousand = 须为 1 至 1000
match-policy-columns-blank = `vacancy`、`candidate`、`fit` 须写明配对表中的列名
match-policy-columns-alike = `vacancy`、`candidate`、`fit` 须为三个不同的列
match-policy-stable-objective = 稳定匹配没有目标可选：请去掉此项，或用 `mode = "optimal"`
match-policy-solutions-rules = 只有 `mode = "optimal"` 时才列出其他方案
match-policy-stable-quotas = 有配额时未必存在稳定匹配：请用 "optimal"，或不设配额
match-policy-stable-conflicts = 有回避要求时未必存在稳定匹配：请用 "optimal"，或不设回避
match-policy-stable-holds = 必须保有岗位的人不能参加稳定匹配：请用 "optimal"
match-policy-points = 须为匹配分的分值，不小于 0
match-policy-changes-rules = 只有 `mode = "optimal"` 且没有配额和回避时才能求少变动：请去掉此节
match-policy-solutions-loss = 其他方案须从最优方案排起：请去掉此项，或去掉 `most_loss`
match-policy-quota-of = 请写明人群，如 of = {"{ "}sex = ["female"]{" }"}
match-policy-range = 请给出 `min`、`max` 或两者，且 `min` 不大于 `max`
match-policy-quota-bound = 请给出限额：`least`、`most`、`least_share` 或 `most_share`
match-policy-quota-basis = 只用于比例：请给出 `least_share` 或 `most_share`
match-policy-quota-soft-filled = 按已补席位计的比例不能是软性的：请用 `basis = "seats"`
match-policy-quota-both = 限额只能是人数或比例之一，不能并用
match-policy-quota-number = 人数不小于 0
match-policy-quota-share = 比例须为 0 至 1，至多四位小数
match-policy-quota-above-most = 大于 `most`
match-policy-quota-above-share = 大于 `most_share`
match-policy-quota-soft = 须为大于 0 的匹配分分值
match-policy-draws = 须为 1 至 1000000
match-policy-error = 标准差不小于 0
match-policy-no-difference = 请给出 `candidate_error`，或带权重的 `parts`：否则每次抽样都相同
match-policy-weights = 权重须大于 0
match-policy-positive = 须大于 0
match-policy-share = 须为 0 至 1
match-policy-protected = `{ $name }` 是受保护的属性，不得用作匹配分
