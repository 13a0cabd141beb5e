### Motivate

stage-motivate = 激励
step-motivate = 激励
report-section-motivate = 激励
cli-motivate = 激励：报酬、养老医疗、表彰推荐、选拔进乡镇
cli-motivate-example =
    示例：
      touyan motivate BOOK
      touyan motivate BOOK --out motivate --format csv
