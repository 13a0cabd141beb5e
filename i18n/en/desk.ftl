### Without a command line

not-read-in-use = in use by another program, not read. Close it in Excel or WPS and run again.
not-read-own-list = a list of findings that touyan wrote, no part of the book, not read.
not-read-open-elsewhere = “{ $detail }” is open in a spreadsheet program; its last saved state was read. Save any changes and run again.

error-in-use = { $path } is open (in Excel, for instance), so the older result was not replaced and stays as it was; the new one was kept as { $kept }. To replace it, close that program and run again
error-leftover = the new result is in place; the older one could not be removed whole, and lies in { $path } ({ $error }). Close the program that uses it and remove it by hand
error-file-in-use = { $path } cannot be read or written: another program uses it, or access is refused. Close it in Excel or WPS, or copy the book to a place that can be written, and try again

desk-welcome =
    touyan { $version }: advice on a county's village secretaries
    Works offline, only reads your sheets and changes none of them; it advises and never decides.
desk-which = Which book? Found here:
desk-which-none = Which book? No sheets were found nearby; without any, press Enter and choose the demo.
desk-which-ask = Drop the folder of sheets on this window and press Enter:{" "}
desk-which-ask-first = Type a number (Enter takes the first), or drop the folder on this window and press Enter:{" "}
desk-which-ask-keep = Type a number, or drop the folder on this window and press Enter (Enter alone keeps the book):{" "}
desk-which-missing = There is no “{ $path }”. Check the path, or drop the folder on this window.
desk-which-of = { $count } places; which one is the book?
desk-book = Book: { $path }
desk-policy-own = Policy: { $path }
desk-policy-default = Policy: the built-in default (put your own policy.toml beside the book to use that)

desk-menu-check = Check the sheets first: are they read rightly, what is doubtful
desk-menu-run = Everything, with a report
desk-menu-demo = Demo: an invented county
desk-menu-other = Another book
desk-menu-leave = Leave
desk-menu-ask = Type a number and press Enter:{" "}
desk-menu-wrong = No such entry; type a number from 0 to { $most }.
desk-choose = Type a number; Enter takes 1, 0 goes back:{" "}
desk-choose-wrong = Type a number from 1 to { $most }.
desk-pause = Press Enter to go back to the menu …

desk-rows = { $sheets } sheets, { $rows } rows = { $accepted } accepted + { $ignored } ignored + { $quarantined } quarantined
desk-unread = Please note ({ $count }):
desk-doubts = Main findings:
desk-doubt = {"  "}· { $label }: { $count }. Such as { $place }: { $reason }. Remedy: { $remedy }.
desk-row = row { $row }
desk-more = … { $count } more
desk-check-folder = touyan-check
desk-file-flags = flags
desk-file-quarantine = quarantine
desk-list = Written: { $path } ({ $rows } rows, opens in Excel or WPS)

desk-reader = Who reads the result?
desk-reader-summary = Summary: no names
desk-reader-internal = Internal: with names, keep it safe
desk-day-reported = Reference date: Enter for { $day } (the reporting date found in the book), or type one such as 2026-01-31:{" "}
desk-day-latest = Reference date: Enter for { $day } (the latest date in the book), or type one such as 2026-01-31:{" "}
desk-day-none = The book holds no date. Type the reference date, such as 2026-01-31:{" "}
desk-day-wrong = Not a date. Give year, month and day, such as 2026-01-31; 0 goes back.
desk-result-folder = touyan-result_{ $day }
desk-name-taken = The name “{ $name }” is taken by something else; the result goes into another folder.
desk-name-held = In the earlier “{ $name }”, { $file } is open; that result stays as it is, the new one goes into another folder.
desk-replaces = Replaces the earlier “{ $name }”.
desk-opened = The report is open: { $path }
desk-open-yourself = Open the report by double-click: { $path }
desk-demo-folder = touyan-demo
desk-demo-book = invented-county
desk-no-place = There is no folder that the demo can be written to
desk-menu-materials = Everything, with the meeting materials (report, annexes, a page per village)
desk-menu-return = Back to the townships: doubtful cells red, with what would be right
desk-menu-templates = Write the policy file and the templates
desk-reader-township = One township: its own villages and people alone
desk-township = Which township? Its name (0 goes back to the menu): 
desk-materials = Meeting materials: { $path }
desk-return-folder = returned
desk-template-folder = touyan templates
