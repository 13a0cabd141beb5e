# 读取文件 / reading files
not-read-line = { $file }: { $why }
not-read-document = no table, not read. If it holds one, save that as .xlsx.
not-read-unknown = unknown kind of file, not read. Save it as .xlsx or .csv.
not-read-archive = an archive, not read. Unpack it first.
not-read-lock-file = a lock file that a spreadsheet program left behind, skipped.
not-read-encrypted = protected by a password. Save it again without one.
not-read-damaged = damaged or incomplete ({ $detail }). Open it in Excel or WPS and save it again.
not-read-too-large = too large, not read ({ $detail }). Look for a cell filled far away by mistake, or split the file.
not-read-too-wide = too many columns, not read ({ $detail }). Delete the surplus columns on the right and save it again.
not-read-too-deep = folders nested too deeply, not read (at most { $detail }). Move the files up.
not-read-encoding = unknown text encoding ({ $detail }: the number is the place of the first wrong byte). Save it as CSV in UTF-8, or as .xlsx.
not-read-empty = the file is empty.
not-read-no-access = the system refuses access ({ $detail }). Check its permissions, or close the program that uses it.
not-read-link = a link to elsewhere, not read. Put the file itself into the folder.
not-read-web-page = a web page under the name of a workbook. Open it in Excel or WPS and save it as .xlsx.
not-read-compression = compressed in a way that is not supported ({ $detail }). Export it with snappy, or uncompressed.
not-read-column = column “{ $detail }” has an unsupported type and was left out; the others were read.
not-read-no-cells = sheet “{ $detail }” is a chart without cells, not read.
not-read-hidden-sheet = sheet “{ $detail }” is hidden and was not used. Unhide it to use it.
read-error-missing = “{ $path }” does not exist. Check the path.
read-error-no-access = “{ $path }” cannot be read ({ $why }). Check its permissions.
read-error-output = “{ $path }” is an output folder of touyan, not a county book. Name the folder that holds the sheets.
read-error-nothing = “{ $path }” holds no files. Put in the county's sheets as .xlsx, .xls, .ods, .csv, .parquet or .arrow.
read-error-none-read = none of the { $count } items in “{ $path }” can be read as a table:
repair-tab = surplus tabs
repair-full_width = full-width characters
repair-padding = surplus spaces
repair-invisible = invisible characters
repair-line_break = line breaks inside cells
repair-apostrophe = apostrophe before text
repair-lower_x = lower-case x at the end of an identity number
repair-excel_date = Excel serial dates
repair-thousands = thousands separators
repair-unit_in_cell = units behind numbers

### book
