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
not-read-hidden-sheet = 工作表“{ $detail }”是隐藏的，未采用。如需采用，请取消隐藏。
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
