### Cultivate

stage-cultivate = 培育
step-cultivate = 培育
report-section-cultivate = 培育
cli-cultivate = 培育：年度轮训、挂职跟班、技能比武
cli-cultivate-example =
    示例：
      touyan cultivate BOOK
      touyan cultivate BOOK --out cultivate --format csv
