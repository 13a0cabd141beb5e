### 退回核改与模板 / Returns

cli-return = 退回核改：每个乡镇一份自己的表，存疑单元格标红并批注；改好的放回台账即生效
cli-return-example =
    示例：
      touyan return 台账文件夹 --out 退回
      touyan 退回 台账文件夹 --out 退回 --township 青石镇
    改好的文件放入台账文件夹的任何位置，或用 --corrections 指明所在文件夹。
arg-township = 只做这一个乡镇
arg-corrections = 改好退回的文件所在的文件夹（放在台账文件夹里的不必指明）
arg-return-out = 写入的文件夹，须是新的
return-folder-county = 县级核对
return-list = 需核改清单
return-list-title = { $township } 需核改清单（{ $doubts } 处）
return-head-sheet = 工作表
return-head-cell = 单元格
return-head-column = 列
return-head-value = 内容（已脱敏）
return-head-reason = 问题
return-head-remedy = 怎样改
return-comment =
    问题：{ $reason }。
    改法：{ $remedy }。
return-anew = { $file }：不是可直接编辑的 .xlsx，按读到的内容重写为 .xlsx，格式未保留。
return-done = 已写出 { $files } 个文件到 { $path }
return-next = 改好后把文件放进台账文件夹（文件名不限），再次检查或研判时自动替换原行。各乡镇存疑数见 returns.csv。
return-error-read = 读取“{ $file }”失败（{ $why }）。请检查文件是否被移走或占用。
return-error-write = 写出“{ $file }”失败：{ $why }
return-error-township = 台账里没有乡镇“{ $name }”。已有：{ $known }
return-error-out = “{ $path }”里已有文件，可能有人正在核改，不会覆盖；请换一个文件夹
col-files = 文件数
col-open = 仍存疑
col-corrected = 已改正
check-correction = 核改件 { $copy } → { $source }：替换 { $replaced } 行，新增 { $added } 行，删除 { $removed } 行，未变 { $unchanged } 行，未采用 { $refused } 行

ignored-replaced_by_correction = 已由核改件替换
ignored-removed_by_correction = 已由核改件删除
ignored-unchanged_copy = 核改件中未改动的行
ignored-same_correction = 与另一份核改件相同
ignored-superseded_correction = 已有更新的核改件
ignored-conflicting_corrections = 核改互相矛盾
ignored-source_changed = 原表此行已变
ignored-other_township = 属于别的乡镇
ignored-other_county = 属于别的县
ignored-refused_correction = 核改件未采用

label-conflicting_corrections = 核改互相矛盾
flag-conflicting_corrections = 同一行有几份不同的核改（{ $detail }），均未采用，保留原行
remedy-conflicting_corrections = 由乡镇确认一份，删去其余
label-source_changed = 原表此行已变
flag-source_changed = 退回之后原表此行（{ $detail }）又有改动，核改未采用
remedy-source_changed = 在原表上直接改，或重新退回
label-removed_by_correction = 乡镇删去的行
flag-removed_by_correction = 此行在核改件 { $detail } 中被删去，未再计入
remedy-removed_by_correction = 确属删除的不必处理；误删的在核改件中补回
label-other_township = 属于别的乡镇
flag-other_township = 本行的乡镇或区划代码不属于{ $detail }，未采用
remedy-other_township = 只填本乡镇的村；跨乡镇的调整由县级在原表上改
label-other_county = 属于别的县
flag-other_county = 本行的区划代码属于别的县，不是{ $detail }的，未采用
remedy-other_county = 核对12位统计用区划代码
label-edited_title = 标题有改动
flag-edited_title = 核改件的标题改为“{ $value }”，仍按原表标题读取
remedy-edited_title = 标题不必改；年度或填报时间有误的在原表上改
label-edited_header = 表头有改动
flag-edited_header = 表头“{ $column }”被改为“{ $value }”，仍按原表头读取
remedy-edited_header = 恢复原表头
label-missing_column = 缺少一列
flag-missing_column = 核改件缺少“{ $column }”一列，该列沿用原表
remedy-missing_column = 不要删除列；该列有改动的请补回
label-no_row_keys = 缺隐藏行号列
flag-no_row_keys = 副本的隐藏列“{ $column }”不见了，只能按行的位置对应，行序未动才对得上
remedy-no_row_keys = 请核对被替换的行；若排过序，请在退回的原文件上改，保留隐藏列
label-added_column = 多出一列
flag-added_column = 核改件多出“{ $column }”一列，未采用
remedy-added_column = 需要增加的列请由县级加在原表上
label-correction_lacks_sheet = 核改件缺少工作表
flag-correction_lacks_sheet = 核改件中没有工作表“{ $value }”，该表沿用原表
remedy-correction_lacks_sheet = 该表有改动的请补回
label-correction_without_source = 核改件的原表不在台账中
flag-correction_without_source = 原表“{ $detail }”不在台账中，本表按普通表读取
remedy-correction_without_source = 把原表放回台账文件夹
not-read-correction-twice = 与“{ $detail }”是同一份核改件，只采用一份。
not-read-correction-other-book = 是另一本台账的核改件（{ $detail }），未采用。请放到那本台账里。
not-read-correction-unmarked = 没有核改标记，不是退回的核改件，未采用。如果是台账，请放入台账文件夹。
not-read-correction-no-mark = 这是退回核改的副本（有“{ $detail }”），但隐藏的“头雁标记”表不见了，无法判断改的是哪几行；未采用，原行照旧。请直接在退回的文件上改并保留隐藏表，不要复制到新文件或另存为其他格式。
not-read-correction-no-keys = 核改件的隐藏行号列被删除且行数有变，无法对应原行，未采用，原行保留。请在退回的文件上改，不要复制到新表。
not-read-correction-headers = 核改件的表头大多对不上原表（缺：{ $detail }），未采用，原行保留。请恢复表头。
not-read-correction-no-source = 原表“{ $detail }”本身无法读取，核改件未采用。请先修好原表。

template-folder = 模板
template-all = 全部表
template-notes = 填表说明
template-words = 词表
template-notes-title = 填表说明
template-notes-text =
    1. 每张工作表是一张台账，表头不要改；表头为红字的列必填，缺了的行无法采用。
    2. 有下拉框的列从下拉框里选；没有合适的词，请在政策文件 [words] 中增加。
    3. 日期填到日（如 1975-06-03），只知道月份的填该月 1 日；不知道的留空，不要填“无”“不详”。
    4. 身份证号、电话、代码按文本填写，不要让表格软件改成科学计数。
    5. 一人一行、一事一行；不要合并单元格，不要在表内加合计。
    6. 用不到的表和列留空即可，空表不算错。填好后放入台账文件夹，用 touyan check 检查。
    各表及其必填列：
template-notes-table = · { $table }：必填 { $keys }
template-required = 必填。
template-optional = 选填。
template-hint-word = 从下拉框选：{ $words }等。
template-hint-yes-no = 填“{ $yes }”或“{ $no }”，不清楚的留空。
template-hint-date = 填日期，如 1975-06-03；只知道月份的填该月 1 日。
template-hint-year = 填四位年份。
template-hint-whole = 填整数（{ $range }）。
template-hint-unit = 单位：{ $unit }。
template-hint-number = 填数字，范围 { $range }。
template-hint-id = 填 18 位身份证号，按文本填写。
template-hint-phone = 填电话号码，按文本填写。
template-hint-person = 填人员编号；没有编号的填姓名。
template-hint-village = 填村名或 12 位统计用区划代码。
template-hint-text = 按实际情况填写。
template-example = 例：{ $value }
init-templates = 模板已写入 { $path }：每张表一个，另有一个含全部表
