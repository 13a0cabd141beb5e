### reserve

# 空缺原因
reserve-vacant = 岗位空缺
reserve-vacant-since = 岗位自{ $since }起空缺
reserve-vacant-sanction = 任职人受{ $kind }（{ $date }），须研究补员
reserve-vacant-age = 任职人选举日年满{ $years }周岁，超过{ $limit }周岁
reserve-vacant-adjustment = 考评建议研究调整：{ $reason }
reserve-vacant-term = 任期{ $years }年，至{ $end }届满
reserve-vacant-chain = 现任者建议调任{ $village }{ $post }，此职位随之腾出

# 任职资格
reserve-gate-in-post = 未任同类岗位
reserve-gate-party-member = 正式党员
reserve-gate-adult = 年满18周岁
reserve-gate-age-limit = 新任年龄
reserve-gate-education = 学历
reserve-gate-unwilling = 任职意愿
reserve-gate-review = 县级联审
reserve-gate-kin = 任职回避
reserve-gate-in-village = 在村
reserve-gate-residence = 户籍或居住
reserve-gate-known-village = 所在村
reserve-gate-criminal = 刑事处罚
reserve-gate-gang = 涉黑涉恶
reserve-gate-under-investigation = 调查或立案
reserve-gate-warning = 党内警告
reserve-gate-serious-warning = 党内严重警告
reserve-gate-removal = 撤销党内职务
reserve-gate-probation = 留党察看
reserve-gate-expulsion = 开除党籍
reserve-gate-vote-buying = 贿选
reserve-gate-dishonest = 失信被执行人
reserve-gate-unqualified-member = 不合格党员
reserve-gate-ecological-damage = 生态破坏
reserve-gate-admonition = 提醒诫勉

# 匹配分
reserve-factor-political-status = 政治面貌
reserve-factor-education = 学历
reserve-factor-age = 年龄
reserve-factor-target-post = 培养岗位
reserve-factor-work = 工作表现
reserve-factor-thinking = 思想动态
reserve-factor-potential = 发展潜力
reserve-factor-source = 来源
reserve-factor-in-village = 在村
reserve-factor-practice = 培训实践
reserve-factor-veteran = 退役军人
reserve-factor-grade = 考核等次

# 限制情形
reserve-basis = 本县政策 reserve.gates.{ $key }
reserve-bar-in-post = 现任{ $post }
reserve-bar-status = 政治面貌为{ $status }，非正式党员
reserve-bar-probation = 预备党员，最早{ $on }转正
reserve-bar-probation-over = 预备期{ $on }届满，转正待确认
reserve-bar-probation-undated = 预备党员，入党时间不明
reserve-bar-joined = 入党未满一年（至{ $on }），正式党员身份待核实
reserve-bar-old = 选举日{ $years }周岁，超过{ $max }周岁
reserve-bar-young = 选举日{ $years }周岁，未满{ $min }周岁
reserve-bar-education = 学历{ $level }，低于{ $least }
reserve-bar-event = { $kind }（{ $from }），长期限制
reserve-bar-event-until = { $kind }（{ $from }），限制至{ $until }
reserve-bar-event-open = { $kind }（{ $from }），尚未办结
reserve-bar-undated = { $kind }，时间不明，影响期待核实
reserve-bar-review = 县级联审未通过
reserve-bar-review-on = 县级联审未通过（{ $on }）
reserve-bar-not-reviewed = 未联审
reserve-bar-unwilling = 本人不愿任职
reserve-bar-away = 不在村
reserve-bar-kin = 与{ $village }现任{ $post }有亲属关系（{ $relation }）
reserve-bar-elsewhere = 跨村任职，户籍或居住情况待核实
reserve-bar-unknown-village = 所在村与村情表对不上，待核实
reserve-bar-missing = { $gate }待核实
reserve-unknown-relation = 关系不明

# 建议人选
reserve-yes = 是
reserve-no = 否
reserve-years = { $years }周岁
reserve-times = { $n }次
reserve-other-post = { $post }（与空缺岗位不同）
reserve-fact = { $factor }：{ $value }
reserve-fact-missing = { $factor }缺资料
reserve-own-village = 本村人选
reserve-cross-village = 跨村任职
reserve-from-village = 跨村任职（{ $village }）
reserve-recommended-elsewhere = 统筹后建议用于{ $village }
reserve-leaves = 现任{ $village }{ $post }，调任则该职位腾出
reserve-stays = 统筹后以留任现职为宜
reserve-moves = 建议调任{ $village }{ $post }
reserve-clean = 台账未见处分、案件等限制情形
reserve-single = 仅一名合格人选，差额不足
reserve-no-alternative = 若无此人，将多空一个岗位
reserve-alternative = 次优安排损失匹配分{ $loss }
reserve-tied = 另有同样好的安排（并列）

# 无人选岗位
reserve-open-none = 后备人才库中没有可考虑的人选
reserve-open-barred = 可考虑{ $total }人，均不符合任职资格（一人可有多项）：{ $gates }
reserve-open-gate = “{ $gate }”不符{ $n }人
reserve-open-shortage = { $posts }个岗位共用{ $people }名合格人选（{ $villages }）
reserve-open-shortage-large = { $people }名合格人选已统筹用于其他岗位
reserve-open-price = 补齐此岗位所损失的匹配分高于岗位空着的代价
reserve-to-clarify = 待明确：{ $list }
reserve-open-held = { $people }名合格人选均有现职，统筹后以留任为宜，或已用于其他岗位
reserve-and-more = { $villages }等

# 豁免
reserve-waiver = 豁免“{ $gate }”后可增加{ $people }人，建议人选增加{ $recommended }人，可多补{ $posts }个岗位

# 后备库管理
reserve-exit-age = { $years }周岁，超过在库年龄{ $max }周岁，建议出库
reserve-exit-appointed = 已任{ $post }，建议出库并转为已任用
reserve-exit-unwilling = 本人不愿任职，建议研究出库
reserve-exit-barred = { $reason }，建议研究出库
reserve-appraise-overdue = 最近考察{ $on }，超过{ $months }个月
reserve-appraise-none = 没有考察记录
reserve-appraise-undated = 考察时间未登记
reserve-fragile = 不稳：抽样保持率仅 { $share }
reserve-ordered = 已按决定采纳；就全部岗位而言损失匹配分 { $cost }
reserve-ordered-posts = 已按决定采纳；若不采纳可多补 { $posts } 个岗位
reserve-open-rule = 因配额或亲属回避，符合条件者均不能列入
reserve-open-unmet = 配额无法同时满足，本次不提出人选建议
reserve-appraise-unrecorded = 各表均未登记考察时间，不能判断是否到期
reserve-quota-name = { $label }（`{ $key }`）
