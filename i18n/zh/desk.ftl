### 不用命令行 / without a command line

not-read-in-use = 正被另一个程序占用，未读取。请在 Excel 或 WPS 中关闭该文件后重新运行。
not-read-own-list = 头雁写出的检查清单，不是台账，未读取。
not-read-open-elsewhere = “{ $detail }”正在表格程序中打开；读取的是最近一次保存的内容。如有未保存的修改，请保存后重新运行。

error-in-use = { $path } 正被打开（例如在 Excel 中），原结果未能替换，保持不变；新结果已存为 { $kept }。如要替换，请关闭后重新运行
error-leftover = 新结果已写好；旧结果没有全部删除，残留在 { $path }（{ $error }）。请关闭占用它的程序后手工删除
error-file-in-use = { $path } 不能写入或读取：可能正被另一个程序占用，或没有权限。请在 Excel 或 WPS 中关闭它，或把台账复制到桌面等可写的位置后重试

desk-welcome =
    头雁 { $version }  村党组织书记队伍研判工具
    全程离线，只读台账，不改动任何一张表；只提建议，不作决定。
desk-which = 用哪一份台账？找到以下位置：
desk-which-none = 用哪一份台账？附近没有找到表格；没有台账时可直接按回车，再选“演示”。
desk-which-ask = 把台账文件夹拖到本窗口后按回车：
desk-which-ask-first = 输入序号（直接按回车用第 1 个），或把台账文件夹拖到本窗口后按回车：
desk-which-ask-keep = 输入序号，或把台账文件夹拖到本窗口后按回车（直接按回车则不换）：
desk-which-missing = 没有找到“{ $path }”。请检查路径，或把文件夹直接拖到本窗口。
desk-which-of = 共 { $count } 个位置，用哪一个作台账？
desk-book = 台账：{ $path }
desk-policy-own = 政策：{ $path }
desk-policy-default = 政策：内置默认政策（把本县的 policy.toml 放在台账旁边即可改用）

desk-menu-check = 先检查台账：读得对不对，哪里存疑
desk-menu-run = 全部研判并出报告
desk-menu-demo = 演示：用内置的虚构县走一遍
desk-menu-other = 换一份台账
desk-menu-leave = 退出
desk-menu-ask = 请输入数字后按回车：
desk-menu-wrong = 没有这一项，请输入 0 到 { $most } 之间的数字。
desk-choose = 请输入数字，直接按回车选 1（0 返回菜单）：
desk-choose-wrong = 请输入 1 到 { $most } 之间的数字。
desk-pause = 按回车键返回菜单……

desk-rows = 共 { $sheets } 张表 { $rows } 行 = 采用 { $accepted } + 忽略 { $ignored } + 隔离 { $quarantined }
desk-unread = 以下 { $count } 项请留意：
desk-doubts = 主要问题：
desk-doubt = {"  "}· { $label } { $count } 处。例：{ $place }，{ $reason }。改法：{ $remedy }。
desk-row = 第 { $row } 行
desk-more = …… 另有 { $count } 项
desk-check-folder = 台账检查
desk-file-flags = 存疑清单
desk-file-quarantine = 隔离清单
desk-list = 已写入 { $path }（{ $rows } 条，可用 Excel 或 WPS 打开）

desk-reader = 结果给谁看？
desk-reader-summary = 汇总：不含姓名
desk-reader-internal = 内部资料：含姓名，注意保管
desk-day-reported = 研判基准日：直接按回车用 { $day }（取自表内填报时间），或输入日期，如 2026-01-31：
desk-day-latest = 研判基准日：直接按回车用 { $day }（取表内最近日期），或输入日期，如 2026-01-31：
desk-day-none = 台账里没有任何日期。请输入研判基准日，如 2026-01-31：
desk-day-wrong = 不是一个日期。请写全年、月、日，如 2026-01-31 或 2026年1月31日；输入 0 返回菜单。
desk-result-folder = 研判结果_{ $day }
desk-name-taken = “{ $name }”这个名字已被别的文件占用，结果另存一个文件夹。
desk-name-held = 上一次的“{ $name }”里 { $file } 正被打开，原结果保持不变，结果另存一个文件夹。
desk-replaces = 将替换上一次的“{ $name }”。
desk-opened = 报告已打开：{ $path }
desk-open-yourself = 请双击打开报告：{ $path }
desk-demo-folder = 头雁演示
desk-demo-book = 虚构县台账
desk-no-place = 没有可以写入演示的文件夹
desk-menu-materials = 全部研判并出会议材料（报告、附件、一村一策）
desk-menu-return = 退回乡镇核改：存疑单元格标红并注明改法
desk-menu-templates = 写出政策文件和填报模板
desk-reader-township = 某一个乡镇：只含本乡镇的村和人
desk-township = 哪个乡镇？输入乡镇名称（0 返回菜单）：
desk-materials = 会议材料在 { $path }
desk-return-folder = 退回核改
desk-template-folder = 头雁模板
