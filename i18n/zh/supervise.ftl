### 提级管理 supervise

supervise-category-investigated = 上年度村主职立案查处村
supervise-category-weak = 软弱涣散村
supervise-category-complex = 矛盾复杂村
supervise-category-new-head = 村主职新任调整村
supervise-category-vacant = 村党组织书记空缺村
supervise-category-dissatisfied = 群众满意度偏低村
supervise-category-lowest-grade = 考评末等村
supervise-category-star = 集体经济强村

supervise-in = { $category }：{ $reason }
supervise-unclear = { $category }（待核实）：{ $reason }
supervise-near = { $category }（临界关注）：{ $reason }

supervise-reason-events = { $from }至{ $to }有{ $kinds }{ $n }件（{ $days }）
supervise-reason-events-of = { $kinds }{ $n }件，涉及{ $posts }（{ $days }）
supervise-reason-events-also = ，另有{ $n }件未写明涉及人员
supervise-reason-events-unknown = { $kinds }{ $n }件未写明涉及人员（{ $days }）
supervise-near-events-later = 本年度已有{ $kinds }{ $n }件（{ $days }），将计入{ $year }年度
supervise-near-count = { $what }{ $n }件，再有1件即达{ $least }件
supervise-reason-count = { $what }{ $n }件，达到{ $least }件（{ $days }）
supervise-reason-official-both = 在官方名单内，台账{ $day }列入
supervise-reason-official = 在官方名单内
supervise-reason-official-only = 在官方名单内，台账无列入记录，两者不一致
supervise-reason-official-cleared = 在官方名单内，台账{ $day }已销号，两者不一致
supervise-reason-ledger-only = 台账{ $day }列入，官方名单无此村，两者不一致
supervise-reason-ledger-decides = 台账{ $day }列入（未提供官方名单）
supervise-reason-at-least = { $period }年{ $what }{ $value }，不低于{ $bound }
supervise-reason-below = { $period }年{ $what }{ $value }，低于{ $bound }
supervise-reason-years = ，已连续{ $n }年
supervise-near-at-least = { $what }{ $value }，距{ $bound }差{ $gap }
supervise-near-below = { $what }{ $value }，高出{ $bound }仅{ $gap }
supervise-near-years = { $what }已{ $n }年，满{ $least }年即符合
supervise-reason-new = { $post }{ $day }任现职，在{ $months }个月以内
supervise-reason-vacant = { $post }自{ $day }起空缺，已超过{ $months }个月
supervise-reason-vacant-unknown = { $post }空缺，空缺时间未写明
supervise-near-vacant = { $post }自{ $day }起空缺，过{ $limit }即符合
supervise-reason-grade = 考评等次{ $grade }
supervise-reason-scored = 考评{ $score }分，等次{ $grade }
supervise-what-appraisals = 现任书记年度考核{ $grades }
supervise-reason-appraisals = 现任书记年度考核连续{ $n }年为{ $grades }
supervise-reason-unregistered = 村情表中无此村，请先核对村名或代码
supervise-reason-relapse = { $released }销号后，{ $again }再次列入，属返潮
supervise-reason-released = 曾于{ $day }销号，目前仍符合类别条件
supervise-reason-under = { $day }纳入提级管理，尚未销号
supervise-reason-under-undated = 已有提级管理措施，尚未销号
supervise-reason-check = { $day }评估{ $score }分，不满意率{ $dissatisfied }%
supervise-reason-leaving = { $day }评估{ $score }分，不满意率{ $dissatisfied }%，各项措施均已完成，建议研究销号
supervise-reason-recheck = { $released }销号，应于{ $due }前开展回头看，无记录
supervise-reason-ledger = 近{ $months }个月台账：{ $list }
supervise-event-count = { $kind }{ $n }件
supervise-reason-risk = 学习风险{ $risk }%（全县位次{ $place }%），仅供排序参考

supervise-part-events = 事件
supervise-part-categories = 类别
supervise-part-grade = 等次
supervise-part-overdue = 逾期
supervise-part-risk = 风险
supervise-urgency = 紧迫度{ $total }＝{ $sum }
supervise-urgency-zero = 紧迫度{ $total }

supervise-basis = 政策 { $key }
supervise-basis-source = { $source }（{ $key }）

supervise-clears-last-year = 该年度事件自{ $year }年度终了后不再计入
supervise-clears-months = 此后无新增，{ $day }之后不再计入
supervise-clears-unknown = 核实是否涉及{ $posts }
supervise-clears-official = 以官方名单销号为准
supervise-clears-ledger-only = 请组织部门核对名单与台账
supervise-clears-disputes = 近{ $months }个月件次降到门槛以下；无新增的，{ $day }之后不再计入
supervise-clears-disputes-settled = 有关事项办结
supervise-clears-indicators = 该项指标回到门槛以内
supervise-clears-new = 任职期满，{ $day }之后不再属新任
supervise-clears-vacant = 配齐{ $post }
supervise-clears-vacant-unknown = 补录空缺时间
supervise-clears-grade = 下一次考评脱离该等次
supervise-clears-measures = 各项措施完成，评估不低于{ $score }分且不满意率不高于{ $dissatisfied }%的，可建议销号
supervise-clears-suggested = 不在四类范围内，是否增补由会议研究
supervise-clears-near = 尚未达到条件，持续关注
supervise-clears-recheck = 完成回头看并登记
supervise-clears-leaving = 经研究同意后销号，并安排回头看

supervise-overdue = { $measure }应于{ $due }完成，逾期{ $days }天

supervise-talk-listed = 所辖{ $villages }个村中{ $n }个提级管理，占{ $percent }%
supervise-talk-problems = { $year }年问题{ $n }件，村均{ $rate }件
supervise-talk-adjusted = { $year }年{ $n }个村村主职变动，占{ $percent }%

supervise-rate-unknown = 另有{ $n }件立案未写明涉及人员，未计入
supervise-rate-silent = 上年度无部门报送，没有记录不等于没有问题
supervise-rate-looked = 上年度有{ $n }个部门报送；件数多少也与查处力度、报送多少有关

supervise-risk-disabled = 政策未启用学习风险
supervise-risk-years = 结果已知的年度{ $found }个，少于{ $needed }个
supervise-risk-positives = 训练年度问题村次{ $found }个，少于{ $needed }个
supervise-risk-solver = 模型求解未收敛（留作评估的{ $year }年一折）：{ $words }

supervise-model-available = 预测{ $year }年是否出现问题；只影响建议增补的次序，不作为列入依据
supervise-model-years = 用于学习的结果年度
supervise-model-rows = 村年数
supervise-model-positives = 其中出现问题的村年数
supervise-model-evaluation = 留作评估的年度，评估时未参与学习
supervise-model-base-rate = 评估年度出现问题的村所占比例
supervise-model-auc = 评估年度AUC（0.5为随机，并列各计一半）
supervise-model-auc-history = 仅按既往问题件数排序的AUC，模型应高于此
supervise-model-auc-township = 仅按乡镇既往发生率排序的AUC：反映“谁查得多”的影响
supervise-model-brier = Brier分数（越低越好）
supervise-model-brier-base = 一律取平均发生率时的Brier分数
supervise-model-precision = 风险最高的{ $n }个村中实际出现问题的比例
supervise-model-selective = 标签是“被发现的问题”，也取决于查处与报送，不等于实际问题多少
supervise-model-intercept = 各项取均值时的对数几率
supervise-model-coefficient = 每高一个标准差对数几率的变化；均值{ $center }，标准差{ $scale }

supervise-note-last-year = 研判基准日{ $day }，“上年度”指{ $year }年1月1日至12月31日
supervise-note-no-recorded = 台账未填登记时间，事件一律按发生日期视为已掌握
supervise-note-no-events = 截至研判基准日无事件台账：没有记录不等于没有问题
supervise-note-later = { $n }件事件晚于{ $day }发生或登记，未计入
supervise-note-unplaced = { $n }件事件未能对应到村，未计入
supervise-note-no-official = 未提供软弱涣散官方名单，以台账为准
supervise-note-undated = { $n }名书记无任现职时间，无法判断是否新任
supervise-note-tied = 建议增补名额处有{ $n }个村并列，均未列入建议
supervise-note-no-risk = { $county }未给出学习风险：{ $why }
supervise-note-differs = { $n }个村软弱涣散官方名单与台账不一致，已并列说明
