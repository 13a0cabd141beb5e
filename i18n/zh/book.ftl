# 读取文件 / reading files
not-read-line = { $file }：{ $why }
not-read-document = 不是表格，未读取。如果其中有表，请另存为 .xlsx 后放入。
not-read-unknown = 文件类型无法识别，未读取。请另存为 .xlsx 或 .csv。
not-read-archive = 压缩包，未读取。请先解压。
not-read-lock-file = 表格程序打开文件时留下的临时锁文件，已跳过。
not-read-encrypted = 文件有密码，无法读取。请去掉打开密码后重新保存。
not-read-damaged = 文件已损坏或不完整，无法读取（{ $detail }）。请用 Excel 或 WPS 打开后另存一份。
not-read-too-large = 内容过大，未读取（{ $detail }）。请检查是否误填了很远的单元格，或拆成几个文件。
not-read-too-wide = 列数过多，未读取（{ $detail }）。请删去表格右侧多余的列后重新保存。
not-read-too-deep = 文件夹层数过多，未读取（上限 { $detail } 层）。请把文件移到上层。
not-read-encoding = 文字编码无法识别（{ $detail }，后一个数是出错字节的位置）。请另存为 UTF-8 编码的 CSV 或 .xlsx。
not-read-empty = 文件是空的。
not-read-no-access = 系统不允许读取（{ $detail }）。请检查文件权限，或关闭正在使用它的程序。
not-read-link = 指向别处的链接，未读取。请把文件本身放入文件夹。
not-read-web-page = 内容是网页，只是取了表格的后缀名。请用 Excel 或 WPS 打开后另存为 .xlsx。
not-read-compression = 压缩方式不支持（{ $detail }）。请以 snappy 压缩或不压缩重新导出。
not-read-column = 列“{ $detail }”的类型不支持，该列未读取，其余列已读取。
not-read-no-cells = 工作表“{ $detail }”是图表，没有单元格，未读取。
read-error-missing = 找不到“{ $path }”。请检查路径是否写对。
read-error-no-access = 无法读取“{ $path }”（{ $why }）。请检查权限。
read-error-output = “{ $path }”是头雁的输出文件夹，不是基础台账。请指定放台账的文件夹。
read-error-nothing = “{ $path }”里没有文件。请放入 .xlsx、.xls、.ods、.csv、.parquet 或 .arrow 格式的台账。
read-error-none-read = “{ $path }”里的 { $count } 项都不能作为表格读取：
repair-tab = 多余的制表符
repair-full_width = 全角字符
repair-padding = 多余的空格
repair-invisible = 不可见字符
repair-line_break = 单元格内换行
repair-apostrophe = 文本前的撇号
repair-lower_x = 身份证号末位小写 x
repair-excel_date = Excel 日期序号
repair-thousands = 千位分隔符
repair-unit_in_cell = 数字后的单位

### book

## 存疑 / flags
label-ambiguous_date = 日期有歧义
flag-ambiguous_date = 日期“{ $value }”有歧义：1月或10月、日在前或月在前无法分辨，暂按较早的一种理解
remedy-ambiguous_date = 核对原始材料，按“2021.10”或“2021-10-01”的文本格式重填
label-two_digit_year = 年份只有两位
flag-two_digit_year = 日期“{ $value }”的年份只有两位，世纪为推断
remedy-two_digit_year = 补全四位年份
label-date_range = 日期是一段时间
flag-date_range = “{ $value }”是一段时间，取起始日期
remedy-date_range = 只填一个日期
label-date_remark = 日期后有附注
flag-date_remark = 日期“{ $value }”后有附注，附注未采用
remedy-date_remark = 附注请写入备注栏
label-approximate = 数字为约数
flag-approximate = “{ $value }”是约数，按所写数字采用
remedy-approximate = 填写准确数字
label-odd_phone = 电话号码位数异常
flag-odd_phone = 联系电话“{ $value }”位数异常
remedy-odd_phone = 核对联系电话
label-unreadable_number = 数字无法识别
flag-unreadable_number = “{ $value }”不是可识别的数字，按缺项处理
remedy-unreadable_number = 改填数字，单位写在表头
label-bad_date = 日期无法识别
flag-bad_date = “{ $value }”不是有效日期，按缺项处理
remedy-bad_date = 按“1975.06”或“1975-06-03”填写
label-unknown_word = 用词不在词表内
flag-unknown_word = “{ $value }”不在词表内，按原文保留
remedy-unknown_word = 改用词表用词（如：{ $detail }），或在政策文件 [words] 中增加此写法
label-sheet_error = 单元格公式出错
flag-sheet_error = 单元格是公式错误“{ $value }”，按缺项处理
remedy-sheet_error = 修正公式，或粘贴为数值
label-out_of_range = 数值超出范围
flag-out_of_range = “{ $value }”超出合理范围（{ $detail }），按缺项处理
remedy-out_of_range = 核对数值与单位
label-several_words = 一格填了多个类别
flag-several_words = “{ $value }”含多个类别，取第一个
remedy-several_words = 一格只填一个类别
label-missing_village = 缺少村名
flag-missing_village = 本行没有村名，未能落到村
remedy-missing_village = 补填村名或行政区划代码
label-empty_name = 姓名为空
flag-empty_name = 姓名为空，按空缺岗位处理
remedy-empty_name = 补填姓名；确属空缺的请写“空缺”
label-missing_name = 有证件号但无姓名
flag-missing_name = 有身份证号但没有姓名
remedy-missing_name = 补填姓名
label-remark_in_name = 姓名后有附注
flag-remark_in_name = 姓名“{ $value }”后有附注，附注未采用
remedy-remark_in_name = 附注请写入备注栏
label-two_people_in_cell = 一格填了多人
flag-two_people_in_cell = 一格填了多人（{ $value }），本行信息只归第一人
remedy-two_people_in_cell = 一人一行
label-two_tables_fit = 表头同时符合多张表
flag-two_tables_fit = 表头同时符合多张表（{ $detail }），按第一张读取
remedy-two_tables_fit = 在 book.toml 中写明这张表是哪一张
label-duplicate_header = 表头重复
flag-duplicate_header = 表头“{ $column }”与另一列含义相同，只读取其中一列
remedy-duplicate_header = 删除或改名重复的列
label-post_assumed = 未写明职务
flag-post_assumed = 表中没有职务一栏，按村党组织书记读取
remedy-post_assumed = 增加“现任职务”一栏，或在文件名中写明
label-year_assumed = 未写明年度
flag-year_assumed = 表中没有年度，按{ $detail }年读取
remedy-year_assumed = 在标题或表头写明年度，如“2025年度”
label-hidden_sheet = 隐藏工作表
flag-hidden_sheet = 工作表“{ $value }”是隐藏的，已照常读取
remedy-hidden_sheet = 不需要的请删除，需要的请取消隐藏
label-salt_derived = 人员代码密钥未能保存
flag-salt_derived = 台账旁无法写入密钥文件，本次由台账内容推算；台账变动后人员代码会随之改变
remedy-salt_derived = 允许在台账所在文件夹写入，或把台账移到可写的位置
label-total_row_differs = 合计与明细不符
flag-total_row_differs = 合计为{ $value }，按明细计算为{ $detail }
remedy-total_row_differs = 核对明细与合计
label-bad_code = 区划代码位数不对
flag-bad_code = 行政区划代码“{ $value }”不是12位数字，按村名对应
remedy-bad_code = 填写12位统计用区划代码
label-village_in_two_townships = 一村列在两个乡镇
flag-village_in_two_townships = { $value }列在两个乡镇：{ $detail }
remedy-village_in_two_townships = 核对所属乡镇
label-code_with_two_names = 一码两村
flag-code_with_two_names = 同一代码另有村名“{ $detail }”，本行为“{ $value }”
remedy-code_with_two_names = 核对村名与代码
label-name_with_two_codes = 一村两码
flag-name_with_two_codes = 同乡镇同名村另有代码{ $detail }，本行为{ $value }
remedy-name_with_two_codes = 核对是否重名村或代码填错
label-stray_county = 疑似多出一个县
flag-stray_county = “{ $value }”在主县之外单独成为一县（{ $detail }），多半是代码有一位填错
remedy-stray_county = 核对区划代码前六位和县名；确为另一县的，请在政策 [book] 中调小 stray_villages
label-unknown_village = 村名无法对应
flag-unknown_village = “{ $value }”在本县村情表中找不到（{ $detail }）
remedy-unknown_village = 核对村名、乡镇，或在村情表中补上该村
label-damaged_id = 身份证号受损
flag-damaged_id = 身份证号“{ $value }”被表格软件改坏（末位变0或变成科学计数），不代表此人有误
remedy-damaged_id = 按原始材料重填，单元格先设为文本
label-bad_check_digit = 身份证号校验位不符
flag-bad_check_digit = 身份证号“{ $value }”校验位不符，可能有一位填错
remedy-bad_check_digit = 核对身份证原件
label-bad_id_length = 身份证号位数不对
flag-bad_id_length = 身份证号“{ $value }”不是18位
remedy-bad_id_length = 核对身份证原件
label-bad_id_form = 身份证号含异常字符
flag-bad_id_form = 身份证号“{ $value }”含异常字符
remedy-bad_id_form = 核对身份证原件，其他证件请写入备注
label-bad_id_date = 身份证号中的出生日期无效
flag-bad_id_date = 身份证号“{ $value }”中的出生日期无效
remedy-bad_id_date = 核对身份证原件
label-duplicate_id = 同号不同名
flag-duplicate_id = 身份证号“{ $value }”与另一姓名共用（{ $detail }），按两人处理
remedy-duplicate_id = 核对两人的身份证号
label-duplicate_number = 人员编号重复
flag-duplicate_number = 人员编号“{ $value }”对应不同的人
remedy-duplicate_number = 核对人员编号
label-future_birth = 出生日期晚于基准日
flag-future_birth = 出生年份{ $value }晚于基准日{ $detail }，未采用
remedy-future_birth = 核对出生年月
label-future_date = 日期晚于基准日
flag-future_date = 日期{ $value }晚于基准日{ $detail }
remedy-future_date = 核对日期
label-birth_differs_from_id = 出生年月与身份证号不符
flag-birth_differs_from_id = { $detail ->
    [month] 出生月份与身份证号不符（同为{ $value }年）
    [day] 出生日与身份证号不符（同为{ $value }年）
   *[other] 出生年份{ $value }与身份证号中的{ $detail }不符
 }
remedy-birth_differs_from_id = 按档案认定的出生时间更正
label-sex_differs_from_id = 性别与身份证号不符
flag-sex_differs_from_id = { $value }的性别与身份证号不符
remedy-sex_differs_from_id = 核对性别与身份证号
label-age_differs_from_birth = 年龄与出生年月不符
flag-age_differs_from_birth = 所填年龄{ $value }岁，按出生年月计算为{ $detail }岁
remedy-age_differs_from_birth = 核对出生年月；年龄可不填
label-joined_before_18 = 入党时未满18岁
flag-joined_before_18 = 入党年份{ $value }时未满18岁（{ $detail }年出生）
remedy-joined_before_18 = 核对入党时间与出生年月
label-post_before_party = 任职早于入党
flag-post_before_party = { $value }任党组织职务早于入党（入党 / 任职：{ $detail }）
remedy-post_before_party = 核对入党时间与任职时间
label-too_young = 未满18岁
flag-too_young = { $value }未满18岁（{ $detail }岁）
remedy-too_young = 核对出生年月
label-sources_differ = 同一人两处信息不一
flag-sources_differ = { $value }的信息在两处不一：{ $detail }
remedy-sources_differ = 核对后统一两处信息
label-ambiguous_person = 同名无法分辨
flag-ambiguous_person = “{ $value }”有{ $detail }人同名，无法分辨
remedy-ambiguous_person = 补填村名、人员编号或身份证号
label-unknown_person = 人员无法对应
flag-unknown_person = “{ $value }”不在花名册和后备人才库中
remedy-unknown_person = 核对姓名，或在花名册中补上此人
label-duplicate_record = 重复记录
flag-duplicate_record = 与{ $detail }是同一条记录，只计一次
remedy-duplicate_record = 保留一处，删除另一处
label-duplicate_record_differs = 重复记录且内容不一
flag-duplicate_record_differs = 与{ $detail }是同一条记录但内容不一，以较新的一份为准
remedy-duplicate_record_differs = 核对后保留一处
label-two_holders = 一岗两人
flag-two_holders = 同一村同一岗位另有一人（{ $detail }），以较新的一份或任职较晚者为准
remedy-two_holders = 核对现任人选
label-petitions_differ = 信访件次与台账不符
flag-petitions_differ = 村情表信访{ $value }件次，台账为{ $detail }件
remedy-petitions_differ = 与信访台账核对
label-weak_list_differs = 软弱涣散名单与台账不符
flag-weak_list_differs = { $value ->
    [yes] 村情表列为软弱涣散村，台账没有相应记录
   *[no] 台账有软弱涣散记录，村情表未列入
 }
remedy-weak_list_differs = 以当年正式名单为准，更正另一处

## 隔离 / quarantine
label-missing_key = 缺少关键项
quarantine-missing_key = 缺少关键项：{ $detail }，无法归入任何一张表的记录
remedy-missing_key = 补填“{ $column }”
label-unreadable_key = 关键项无法识别
quarantine-unreadable_key = 关键项“{ $column }”的“{ $value }”无法识别
remedy-unreadable_key = 更正“{ $column }”后重新读取

## 忽略的行 / ignored rows
ignored-blank = 空行
ignored-title = 标题
ignored-header = 表头
ignored-total = 合计
ignored-note = 注释
repair-filled_down = 合并或省略的单元格补全
repair-fraction = 小数换算为百分数
repair-year_from_title = 日期的年份取自标题
repair-birth_from_id = 出生日期取自身份证号
repair-sex_from_id = 性别取自身份证号

## 工作表 / sheets
not-read-empty-sheet = 工作表是空的。
not-read-no-header = 没有找到表头，无法判断是哪张表，未读取。请在数据上方保留一行表头。
not-read-no-table = 表头不符合任何一张表，未读取。最接近的表及所缺的列：{ $detail }。请补上所缺的列，或在 book.toml 中写明。
book-error-config = book.toml 有误：{ $why }。
book-error-no-table = 没有一张工作表符合基础台账的任何一张表：
book-error-counts = “{ $file }” { $sheet } 的行数不平，程序有误，请反馈。
finding-file = 文件
finding-sheet = 工作表
finding-row = 行
finding-column = 列
finding-value = 内容（已脱敏）
finding-reason = 问题
finding-remedy = 处理建议

## 说明文档 / schema document
schema-doc-title = # 基础台账的表与列
schema-doc-intro =
    本文件由程序生成。基础台账可以是一个文件夹、一个工作簿，也可以是以表名命名的 Parquet 或 Arrow 文件。
    表头写标准列名或任一别名均可；单位、年份、括号与换行不影响识别。“键”为 ✓ 的列缺失时，该行隔离。
schema-doc-rules =
    ## 读表规则

    - 一张表可由多个文件、多张工作表合成。同一条记录出现两次时只计一次，两处都列出：标题年份较晚的为准，其次“最终版、定稿”优于“终稿、修订”，优于普通文件名，优于“初稿、草稿、副本”，再次按文件名顺序取后者；缺的内容由另一处补上。
    - 一行花名册同时是人员、岗位和近三年考核；一行后备名单同时是人员和后备人才库；一行村情表同时是村情和考评指标。
    - 村按 12 位代码，或按乡镇加村名（可带可不带“村”）对应；没有村情表时，村由其他表汇出。
    - 同一个人：身份证号与姓名相同；身份证号受损的比对前 15 位与姓名；没有证件号的用人员编号，再没有的用姓名、村与出生年月。
    - 指标的年度取自表头，其次标题，其次文件名；都没有的，取填报时间之前最近一个完整年度。“近三年考核等次”按先后顺序，最后一个是该年度。
    - 填报时间取自标题与注释（填报时间、截至等），只写到月的按当月最后一天计；没有的取台账内最晚的日期（某年 12 月的，且有当年指标，按 12 月 31 日计）。
    - 只写到月的日期按当月 1 日计，只写到年的按 1 月 1 日计；前后比较按月比较。
    - 出生日期或性别缺失而身份证号无误的，取自身份证号，计入修正。
    - 每张工作表：行数 = 采用 + 忽略 + 隔离。
    - 文件夹中的 book.toml 可以写明：`as_of = "2026-01-31"`；`[[sheet]]` 下 `file`、`sheet`（可省）、`table`。
schema-doc-head = | 列 | 类型 | 范围 | 键 | 中文表头 | 说明 |
schema-doc-words = ## 词表（默认政策）
schema-kind-text = 文本
schema-kind-word = 词（`{ $list }`）
schema-kind-whole = 整数
schema-kind-number = 数值
schema-kind-date = 日期
schema-kind-yesno = 是/否
schema-kind-year = 年份
schema-kind-person = 人员
schema-kind-id = 身份证号
schema-kind-phone = 电话
schema-protected = （受保护：不进入任何评分）
