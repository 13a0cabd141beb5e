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

## 存疑 / flags
label-ambiguous_date = ambiguous date
flag-ambiguous_date = the date “{ $value }” can be read in two ways (January or October, day or month first); the plainer one was taken
remedy-ambiguous_date = Check the source and write it as text, such as 2021.10 or 2021-10-01
label-two_digit_year = two-digit year
flag-two_digit_year = the year of “{ $value }” has two digits; the century is a guess
remedy-two_digit_year = Write all four digits of the year
label-date_range = span of time
flag-date_range = “{ $value }” is a span of time; its start was taken
remedy-date_range = Write one date
label-date_remark = remark behind a date
flag-date_remark = a remark stands behind the date “{ $value }” and was not used
remedy-date_remark = Put the remark in the column for notes
label-approximate = approximate number
flag-approximate = “{ $value }” is an approximate number; the figure was taken as written
remedy-approximate = Write the exact number
label-odd_phone = odd telephone number
flag-odd_phone = the telephone number “{ $value }” has an unusual length
remedy-odd_phone = Check the telephone number
label-unreadable_number = unreadable number
flag-unreadable_number = “{ $value }” cannot be read as a number and counts as missing
remedy-unreadable_number = Write a number; put the unit in the header
label-bad_date = unreadable date
flag-bad_date = “{ $value }” is no valid date and counts as missing
remedy-bad_date = Write it as 1975.06 or 1975-06-03
label-unknown_word = word not in the list
flag-unknown_word = “{ $value }” is not in the list of words and was kept as written
remedy-unknown_word = Use a word of the list ({ $detail } …), or add this one under [words] in the policy
label-sheet_error = formula error
flag-sheet_error = the cell holds the formula error “{ $value }” and counts as missing
remedy-sheet_error = Mend the formula, or paste its value
label-out_of_range = out of range
flag-out_of_range = “{ $value }” lies outside { $detail } and counts as missing
remedy-out_of_range = Check the figure and its unit
label-several_words = several words in a cell
flag-several_words = “{ $value }” names several kinds; the first was taken
remedy-several_words = Write one kind in a cell
label-missing_village = no village
flag-missing_village = the row names no village
remedy-missing_village = Fill in the village's name or code
label-empty_name = empty name
flag-empty_name = the name is empty; the post was taken as vacant
remedy-empty_name = Fill in the name; if the post is vacant write 空缺
label-missing_name = no name
flag-missing_name = there is an ID number but no name
remedy-missing_name = Fill in the name
label-remark_in_name = remark behind a name
flag-remark_in_name = a remark stands behind the name “{ $value }” and was not used
remedy-remark_in_name = Put the remark in the column for notes
label-two_people_in_cell = several people in a cell
flag-two_people_in_cell = the cell names several people ({ $value }); what the row says belongs to the first
remedy-two_people_in_cell = One row for each person
label-two_tables_fit = several tables fit
flag-two_tables_fit = the headers fit several tables ({ $detail }); the first was taken
remedy-two_tables_fit = Name the table in book.toml
label-duplicate_header = doubled header
flag-duplicate_header = the header “{ $column }” means the same as another; one column was read
remedy-duplicate_header = Delete or rename the doubled column
label-post_assumed = post not stated
flag-post_assumed = there is no column for the post; everyone was taken for a secretary
remedy-post_assumed = Add a column for the post, or name it in the file name
label-year_assumed = year not stated
flag-year_assumed = the sheet names no year; { $detail } was taken
remedy-year_assumed = Name the year in the title or the headers
label-hidden_sheet = hidden sheet
flag-hidden_sheet = the sheet “{ $value }” is hidden; it was read all the same
remedy-hidden_sheet = Delete it if it is not needed, else unhide it
label-salt_derived = salt not kept
flag-salt_derived = no salt could be written beside the book; one was derived from its content, so codes of people change whenever the book does
remedy-salt_derived = Allow writing beside the book, or move the book
label-total_row_differs = total differs
flag-total_row_differs = the total says { $value }, the rows above add up to { $detail }
remedy-total_row_differs = Check the rows and the total
label-bad_code = bad village code
flag-bad_code = the code “{ $value }” has not 12 digits; the village was found by name
remedy-bad_code = Write the 12-digit statistical code
label-village_in_two_townships = village in two townships
flag-village_in_two_townships = { $value } stands in two townships: { $detail }
remedy-village_in_two_townships = Check the township
label-code_with_two_names = one code, two names
flag-code_with_two_names = the code also stands with the name “{ $detail }”; here it is “{ $value }”
remedy-code_with_two_names = Check name and code
label-name_with_two_codes = one name, two codes
flag-name_with_two_codes = a village of this township and name also has the code { $detail }; here it is { $value }
remedy-name_with_two_codes = Check whether these are two villages or a wrong code
label-stray_county = county of very few villages
flag-stray_county = “{ $value }” makes a county of its own beside the main one ({ $detail }); a digit of the code is probably wrong
remedy-stray_county = Check the first six digits of the code and the county; if it is a county, lower stray_villages under [book] in the policy
label-unknown_village = unknown village
flag-unknown_village = “{ $value }” is not among the villages of the book ({ $detail })
remedy-unknown_village = Check village and township, or add it to the village sheet
label-damaged_id = damaged ID number
flag-damaged_id = the ID number “{ $value }” was damaged by a spreadsheet (its end became zeros, or it turned into a number); the person is not in doubt
remedy-damaged_id = Enter it again from the source, with the cell set to text
label-bad_check_digit = wrong check digit
flag-bad_check_digit = the check digit of the ID number “{ $value }” is wrong; some digit may be mistyped
remedy-bad_check_digit = Check against the card
label-bad_id_length = ID number of wrong length
flag-bad_id_length = the ID number “{ $value }” has not 18 characters
remedy-bad_id_length = Check against the card
label-bad_id_form = strange ID number
flag-bad_id_form = the ID number “{ $value }” has characters that none has
remedy-bad_id_form = Check against the card; put other documents into the notes
label-bad_id_date = no date in the ID number
flag-bad_id_date = the birth part of the ID number “{ $value }” is no date
remedy-bad_id_date = Check against the card
label-duplicate_id = one ID number, two names
flag-duplicate_id = the ID number “{ $value }” also stands with another name ({ $detail }); they were taken as two people
remedy-duplicate_id = Check the ID numbers of both
label-duplicate_number = doubled person number
flag-duplicate_number = the person number “{ $value }” stands for different people
remedy-duplicate_number = Check the numbers
label-future_birth = birth in the future
flag-future_birth = the birth year { $value } lies after the reference date { $detail } and was not used
remedy-future_birth = Check the birth date
label-future_date = date in the future
flag-future_date = { $value } lies after the reference date { $detail }
remedy-future_date = Check the date
label-birth_differs_from_id = birth differs from ID number
flag-birth_differs_from_id = { $detail ->
    [month] the month of birth differs from the ID number (both of { $value })
    [day] the day of birth differs from the ID number (both of { $value })
   *[other] the birth year { $value } differs from { $detail } in the ID number
 }
remedy-birth_differs_from_id = Correct it by the personnel file
label-sex_differs_from_id = sex differs from ID number
flag-sex_differs_from_id = the sex of { $value } differs from the ID number
remedy-sex_differs_from_id = Check sex and ID number
label-age_differs_from_birth = age differs from birth
flag-age_differs_from_birth = the age is given as { $value }, by the birth date it is { $detail }
remedy-age_differs_from_birth = Check the birth date; the age may be left out
label-joined_before_18 = joined before 18
flag-joined_before_18 = joined the Party in { $value }, before the age of 18 (born { $detail })
remedy-joined_before_18 = Check both dates
label-post_before_party = post before Party
flag-post_before_party = { $value } held a Party post before joining (joined / in post: { $detail })
remedy-post_before_party = Check both dates
label-too_young = under 18
flag-too_young = { $value } is under 18 ({ $detail })
remedy-too_young = Check the birth date
label-sources_differ = sources differ
flag-sources_differ = two sources say different things about { $value }: { $detail }
remedy-sources_differ = Check, and make both agree
label-ambiguous_person = ambiguous person
flag-ambiguous_person = { $detail } people are called “{ $value }”; it cannot be told who is meant
remedy-ambiguous_person = Add the village, the number or the ID number
label-unknown_person = unknown person
flag-unknown_person = “{ $value }” is neither in a roster nor in the pool
remedy-unknown_person = Check the name, or add the person to a roster
label-duplicate_record = double record
flag-duplicate_record = the same record as { $detail }; counted once
remedy-duplicate_record = Keep one and delete the other
label-duplicate_record_differs = double record that differs
flag-duplicate_record_differs = the same record as { $detail } with other contents; the newer file was taken
remedy-duplicate_record_differs = Check, and keep one
label-two_holders = two holders of a post
flag-two_holders = someone else holds the same post ({ $detail }); the newer file, or who took office later, was taken
remedy-two_holders = Check who holds the post
label-petitions_differ = petitions differ
flag-petitions_differ = the village sheet counts { $value } petitions, the ledger { $detail }
remedy-petitions_differ = Check against the ledger of petitions
label-weak_list_differs = weak-and-lax list differs
flag-weak_list_differs = { $value ->
    [yes] the village sheet lists it as weak and lax, the ledger does not
   *[no] the ledger lists it as weak and lax, the village sheet does not
 }
remedy-weak_list_differs = The official list of the year decides; correct the other

## 隔离 / quarantine
label-missing_key = key missing
quarantine-missing_key = the key is missing: { $detail }
remedy-missing_key = Fill in “{ $column }”
label-unreadable_key = key unreadable
quarantine-unreadable_key = “{ $value }” in the key column “{ $column }” cannot be read
remedy-unreadable_key = Correct “{ $column }” and read again

## 忽略的行 / ignored rows
ignored-blank = blank rows
ignored-title = titles
ignored-header = headers
ignored-total = totals
ignored-note = notes
repair-filled_down = merged or once-only cells filled in
repair-fraction = fractions turned into percent
repair-year_from_title = years of dates taken from the title
repair-birth_from_id = birth dates taken from the ID number
repair-sex_from_id = sex taken from the ID number

## 工作表 / sheets
not-read-empty-sheet = the sheet is empty.
not-read-no-header = no header row was found, so it is not clear which table this is; not read. Keep one row of headers above the data.
not-read-no-table = the headers fit no table; not read. Nearest table and the columns it lacks: { $detail }. Add them, or name the table in book.toml.
book-error-config = book.toml is wrong: { $why }.
book-error-no-table = no sheet fits any table of the county book:
book-error-counts = the rows of “{ $file }” { $sheet } do not add up: a mistake of the program, please report it.
finding-file = file
finding-sheet = sheet
finding-row = row
finding-column = column
finding-value = value (masked)
finding-reason = reason
finding-remedy = remedy

## 说明文档 / schema document
schema-doc-title = # Tables and columns of the county book
schema-doc-intro =
    This file is generated. A county book is a folder, a workbook, or Parquet or Arrow files named after the tables.
    Headers may be canonical names or any alias; units, years, brackets and line breaks do not matter. A row that lacks a key (✓) is set aside.
schema-doc-rules =
    ## How sheets are read

    - A table may come from many files and sheets. The same record twice counts once, and both places are listed: the later year of the title wins, then 最终版 or 定稿 over 终稿 or 修订 over a plain name over 初稿, 草稿 or 副本, then the later name; what the winner lacks comes from the other.
    - A row of a roster is a person, a post and the grades of three years; a row of a reserve list is a person and a place in the pool; a row of a village sheet is a village and its indicators.
    - A village is found by its 12-digit code, or by township and name, with or without 村. Without a village sheet the villages are those that the other sheets name.
    - Two rows are one person if ID number and name agree; of a damaged number the first 15 digits and the name count; without a number the book's own number, else name, village and month of birth.
    - The year of indicators is that of the header, else of the title, else of the file name, else the last full year before the date of filling in. Grades of "the last three years" stand in order, the last one is that year's.
    - The date of filling in comes from titles and notes (填报时间, 截至 …), a month alone counting as its last day; without one it is the latest day in the book (in a December with that year's indicators, the year's last day).
    - A date without a day counts as the first of the month, one without a month as 1 January; dates are compared by month.
    - A birth date or sex that is missing is taken from a sound ID number, and counted as a repair.
    - For every sheet, rows = accepted + ignored + quarantined.
    - `book.toml` in the folder may say `as_of = "2026-01-31"`, and under `[[sheet]]` `file`, `sheet` (optional) and `table`.
schema-doc-head = | Column | Type | Range | Key | Chinese headers | Meaning |
schema-doc-words = ## Closed lists (default policy)
schema-kind-text = text
schema-kind-word = word (`{ $list }`)
schema-kind-whole = whole number
schema-kind-number = number
schema-kind-date = date
schema-kind-yesno = yes/no
schema-kind-year = year
schema-kind-person = person
schema-kind-id = ID number
schema-kind-phone = telephone
schema-protected = (protected: never enters a score)
