### Returns

cli-return = Back to the townships: a copy of its own sheets for each, doubtful cells red with a comment; put back into the book, a corrected copy replaces the old rows
cli-return-example =
    Examples:
      touyan return BOOK --out returns
      touyan return BOOK --out returns --township NAME
    Put corrected files anywhere into the book's folder, or name their folder with --corrections.
arg-township = Only this township
arg-corrections = Folder of corrected copies (those within the book's folder need no naming)
arg-return-out = Folder to write to; it must be new
return-folder-county = county-check
return-list = To correct
return-list-title = { $township }: to correct ({ $doubts })
return-head-sheet = Sheet
return-head-cell = Cell
return-head-column = Column
return-head-value = Value (masked)
return-head-reason = What is wrong
return-head-remedy = What would be right
return-comment =
    Wrong: { $reason }.
    Right: { $remedy }.
return-anew = { $file }: no .xlsx that can be edited; written anew as .xlsx from what was read, without its formats.
return-done = Wrote { $files } files to { $path }
return-next = Put corrected files into the book's folder under any name; the next check or run replaces the old rows. Doubts per township: returns.csv.
return-error-read = Cannot read { $file } ({ $why }). Was it moved, or is it in use?
return-error-write = Cannot write { $file }: { $why }
return-error-township = The book has no township { $name }. It has: { $known }
return-error-out = { $path } holds files that somebody may be correcting; they are left alone. Choose another folder
col-files = Files
col-open = Still open
col-corrected = Corrected
check-correction = Correction { $copy } → { $source }: { $replaced } rows replaced, { $added } added, { $removed } taken out, { $unchanged } unchanged, { $refused } not used

ignored-replaced_by_correction = replaced by a correction
ignored-removed_by_correction = taken out by a correction
ignored-unchanged_copy = unchanged in the corrected copy
ignored-same_correction = same as in another copy
ignored-superseded_correction = a newer copy exists
ignored-conflicting_corrections = corrections contradict each other
ignored-source_changed = the original row has changed
ignored-other_township = of another township
ignored-other_county = of another county
ignored-refused_correction = corrected copy not used

label-conflicting_corrections = contradicting corrections
flag-conflicting_corrections = Several different corrections of one row ({ $detail }); none is used, the original stays
remedy-conflicting_corrections = Have the township confirm one and delete the others
label-source_changed = original row has changed
flag-source_changed = The original row ({ $detail }) was changed after the copy was made; the correction is not used
remedy-source_changed = Correct the original, or send a new copy
label-removed_by_correction = row taken out by a township
flag-removed_by_correction = This row was taken out of the corrected copy { $detail } and no longer counts
remedy-removed_by_correction = Nothing to do if that was meant; else put it back into the copy
label-other_township = of another township
flag-other_township = Township or code of this row is not that of { $detail }; not used
remedy-other_township = Fill in own villages only; the county moves villages in the original
label-other_county = of another county
flag-other_county = The code of this row is another county's, not of { $detail }; not used
remedy-other_county = Check the 12-digit code
label-edited_title = title changed
flag-edited_title = The copy's title was changed to "{ $value }"; the original title holds
remedy-edited_title = Leave titles alone; mend a wrong year or date in the original
label-edited_header = header changed
flag-edited_header = Header "{ $column }" was changed to "{ $value }"; it is read as before
remedy-edited_header = Restore the header
label-missing_column = column missing
flag-missing_column = The copy lacks the column "{ $column }"; the original's values stay
remedy-missing_column = Do not delete columns; put it back if it was corrected
label-no_row_keys = column of row keys missing
flag-no_row_keys = The hidden column “{ $column }” of the copy is gone; rows are matched by their places, which is right only if none was moved
remedy-no_row_keys = Compare the replaced rows; if the rows were sorted, correct the returned file itself and keep its hidden column
label-added_column = column added
flag-added_column = The copy has a further column "{ $column }"; it is not used
remedy-added_column = New columns are added by the county in the original
label-correction_lacks_sheet = sheet missing in the copy
flag-correction_lacks_sheet = The corrected copy lacks the sheet "{ $value }"; the original stays
remedy-correction_lacks_sheet = Put the sheet back if it was corrected
label-correction_without_source = original of a copy missing
flag-correction_without_source = The original "{ $detail }" is not in the book; this sheet is read as an ordinary one
remedy-correction_without_source = Put the original back into the book's folder
not-read-correction-twice = Same corrected copy as { $detail }; used once.
not-read-correction-other-book = A corrected copy of another book ({ $detail }); not used. Put it into that book.
not-read-correction-unmarked = Carries no mark, so it is no returned copy; not used. If it belongs to the book, put it into the book's folder.
not-read-correction-no-mark = A returned copy (it has “{ $detail }”) whose hidden sheet 头雁标记 is gone, so it cannot be told which rows it corrects; not used, the originals stay. Correct the returned file itself and keep its hidden sheet: do not copy it to a new file or save it in another format.
not-read-correction-no-keys = The hidden column of row keys is gone and the number of rows has changed, so rows cannot be placed; not used, the originals stay. Correct the returned file itself instead of copying it to a new sheet.
not-read-correction-headers = Most headers of the copy are not those of the original (missing: { $detail }); not used, the originals stay. Restore the headers.
not-read-correction-no-source = The original { $detail } cannot be read itself; the corrected copy is not used. Mend the original first.

template-folder = templates
template-all = all-tables
template-notes = How to fill in
template-words = Words
template-notes-title = How to fill in
template-notes-text =
    1. Every sheet is one table of the book. Leave the headers alone; columns with red headers are required, a row without them cannot be used.
    2. Choose from the drop-down where there is one; add further words to [words] in the policy file.
    3. Dates have a day (1975-06-03); the first of the month if only the month is known; leave unknown ones empty.
    4. Identity numbers, telephones and codes are text, so that the spreadsheet does not shorten them.
    5. One person, one event a row; no merged cells, no totals.
    6. Leave tables and columns empty that you do not use. Put the filled files into the book's folder and run touyan check.
    Tables and their required columns:
template-notes-table = · { $table }: required { $keys }
template-required = Required.
template-optional = Optional.
template-hint-word = Choose from the list: { $words } …
template-hint-yes-no = { $yes } or { $no }; leave empty if unknown.
template-hint-date = A date such as 1975-06-03; the first of the month if only the month is known.
template-hint-year = A year of four digits.
template-hint-whole = A whole number ({ $range }).
template-hint-unit = Unit: { $unit }.
template-hint-number = A number, { $range }.
template-hint-id = The 18-digit identity number, as text.
template-hint-phone = A telephone number, as text.
template-hint-person = The person's number in the book, or the name.
template-hint-village = The village's name or 12-digit code.
template-hint-text = As it is.
template-example = Example: { $value }
init-templates = Templates are in { $path }: one per table, and one with all of them
