### 考评

score-with-basis = { $text }（依据：{ $source }）

score-grade-band = 得分{ $score }分，达到{ $grade }线{ $line }分
score-grade-lowest = 得分{ $score }分，未达到{ $above }线{ $line }分
score-grade-forced = 得分{ $score }分，仅按得分为{ $reached }，现按{ $grade }
score-grade-held = 考评得分{ $bounded }分，限为{ $score }分
score-grade-capped = 得分{ $score }分，已达{ $wanted }线{ $line }分，但本乡镇{ $wanted }名额为{ $places }个（参评{ $rated }个村的{ $share }，不足1个的舍去，同分不突破名额），按{ $grade }
score-grade-not-rated = 可评指标权重{ $measured }，低于规定的{ $least }，暂不评定；缺：{ $missing }
score-grade-nothing-measured = 考评指标均无数据，暂不评定
score-grade-no-period = 基础台账中没有基准日之前的考评年度数据，暂不评定

score-veto = 一票否决（{ $what }）：{ $events }，按{ $grade }
score-veto-event = { $date }{ $kind }
score-veto-predecessor = { $what }{ $count }件发生在现任书记任职之前，不计入现任
score-veto-unclear = { $what }{ $count }件未写明涉及人员，待核实，未计入

score-class-unclassified = 未分类
score-class-county = 村类别“{ $class }”本县{ $count }个村，不足{ $least }个，按全县比较
score-class-merged = 村类别“{ $class }”本县{ $count }个村，不足{ $least }个，与其他小类别合并比较

score-advice-reward = 建议奖励
score-advice-reminder = 建议提醒
score-advice-talk = 建议谈话
score-advice-adjustment-study = 建议研究调整

score-follows = { $reasons }，{ $advice }
score-why-grade = 考评等次为{ $grade }
score-why-consecutive = { $first }至{ $last }年度考核连续{ $grade }
score-why-consecutive-computed = { $first }至{ $last }年度连续{ $grade }（{ $last }年度为本次测算，以正式考核为准）
score-why-bottom = 得分居同类{ $rated }个村的后{ $places }位
score-why-below = 得分{ $score }分，低于{ $line }分
score-why-veto = 有一票否决事项

score-line-baseline = 同类各项得分中位数折成的得分
score-line-clamp = 得分限定在0至100分
score-line-whole = 总分
score-line-veto = 一票否决限分
score-line-undivided = 无法分到各指标的部分
