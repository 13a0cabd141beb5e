//! The reader of books: every format, every broken file, and arbitrary bytes.

use std::io::{Cursor, Write};
use std::path::Path;

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tempfile::TempDir;
use touyan::book::NotRead;
use touyan::book::raw::{Body, Cell, Merge, Opened, RawSheet};
use touyan::book::read::{ReadError, open};
use touyan::book::value::{self, NumberRule, Scale};
use touyan::frame;
use touyan::lang::Lang;

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, bytes).expect("a file");
    }
    folder
}

/// What becomes of one file beside a sound one.
fn fate(name: &str, bytes: &[u8]) -> (Option<RawSheet>, Vec<NotRead>) {
    let folder = folder(&[("0.csv", b"a,b\n1,2\n"), (name, bytes)]);
    let opened = open(folder.path()).expect("the sound file is read");
    assert_eq!(opened.sheets[0].file, "0.csv");
    for file in &opened.not_read {
        for lang in [Lang::Zh, Lang::En] {
            assert!(lang.has(&file.reason), "{} in {}", file.reason, lang.tag());
            assert!(file.say(lang).contains(&file.file));
        }
    }
    (opened.sheets.into_iter().nth(1), opened.not_read)
}

fn reason(name: &str, bytes: &[u8]) -> String {
    let (sheet, not_read) = fate(name, bytes);
    assert!(sheet.is_none(), "{name} gave a sheet");
    assert_eq!(not_read.len(), 1, "{name}");
    not_read[0].reason.clone()
}

fn grid(sheet: &RawSheet) -> (&[Vec<Cell>], &[Merge]) {
    match &sheet.body {
        Body::Grid { rows, merges, .. } => (rows, merges),
        Body::Typed(_) => panic!("{} is typed", sheet.file),
    }
}

fn words(sheet: &RawSheet) -> Vec<Vec<String>> {
    grid(sheet).0.iter().map(|row| row.iter().map(|c| value::shown(c).into_owned()).collect()).collect()
}

fn xlsx(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().expect("a workbook")
}

/// The workbook again, with one part changed.
fn patched(workbook: &[u8], part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a part");
        let name = file.name().expect("a name").into_owned();
        let mut content = String::new();
        std::io::Read::read_to_string(&mut file, &mut content).expect("text");
        let content = if name == part { change(&content) } else { content };
        writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        writer.write_all(content.as_bytes()).expect("its content");
    }
    writer.finish().expect("a container").into_inner()
}

fn small() -> Vec<u8> {
    xlsx(|book| {
        let sheet = book.add_worksheet();
        for (column, header) in ["乡镇", "村", "户数"].into_iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap_or(0), header).unwrap();
        }
        sheet.write(1, 0, "青石镇").unwrap();
        sheet.write(1, 2, 721).unwrap();
    })
}

#[test]
fn a_workbook_keeps_what_it_holds() {
    let bytes = xlsx(|book| {
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        let sheet = book.add_worksheet().set_name("村情").unwrap();
        sheet.merge_range(0, 0, 0, 2, "2025年村情统计表", &Format::new()).unwrap();
        sheet.merge_range(3, 0, 4, 0, "青石镇", &Format::new()).unwrap();
        sheet.write(3, 1, "大泉村").unwrap();
        sheet.write(3, 2, 721).unwrap();
        sheet.write_with_format(4, 1, ExcelDateTime::from_ymd(1975, 6, 3).unwrap(), &day).unwrap();
        sheet.write(4, 2, true).unwrap();
        sheet.write_with_format(5, 1, 0.856, &Format::new().set_num_format("0.0%")).unwrap();
        sheet.write_formula(5, 2, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_formula(6, 2, rust_xlsxwriter::Formula::new("=SUM(C4)").set_result("721")).unwrap();
        book.add_worksheet().set_name("空表").unwrap();
        book.add_worksheet().set_name("旧").unwrap().set_hidden(true).write(0, 0, "旧数据").unwrap();
    });
    let folder = folder(&[("村情.xlsx", &bytes)]);
    let opened = open(folder.path()).unwrap();
    let names: Vec<(&str, bool)> = opened.sheets.iter().map(|s| (s.sheet.as_str(), s.hidden)).collect();
    assert_eq!(names, [("村情", false), ("旧", true)]);
    let (rows, merges) = grid(&opened.sheets[0]);
    assert_eq!(rows.len(), 7);
    assert_eq!(rows[0], [Cell::Text("2025年村情统计表".into())]);
    assert!(rows[1].is_empty() && rows[2].is_empty());
    assert_eq!(rows[3], [Cell::Text("青石镇".into()), Cell::Text("大泉村".into()), Cell::Number(721.0)]);
    assert_eq!(rows[4][1..], [chrono::NaiveDate::from_ymd_opt(1975, 6, 3).map(Cell::Date).unwrap(), Cell::YesNo(true)]);
    assert_eq!(rows[5][1..], [Cell::Text("85.6%".into()), Cell::Error("#DIV/0!".into())]);
    assert_eq!(rows[6][2], Cell::Number(721.0));
    let mut merges = merges.to_vec();
    merges.sort_by_key(|m| m.top);
    // The title's merge goes as far as the widest row.
    assert_eq!(merges[0], Merge { top: 0, left: 0, bottom: 0, right: 2 });
    assert_eq!(merges[1], Merge { top: 3, left: 0, bottom: 4, right: 0 });
    assert_eq!(opened.hashes, [("村情.xlsx".to_owned(), blake3::hash(&bytes).to_hex().to_string())]);
}

#[test]
fn broken_workbooks_say_so() {
    let sound = small();
    for cut in [sound.len() - 1, sound.len() / 2, 100, 5] {
        assert_eq!(reason("a.xlsx", &sound[..cut]), "not-read-damaged", "cut at {cut}");
    }
    assert_eq!(reason("a.xlsx", b""), "not-read-empty");
    assert_eq!(reason("a.xlsx", "村名,姓名".as_bytes()), "not-read-damaged");
    assert_eq!(reason("a.xls", b"<html><table><tr><td>1</td></tr></table></html>"), "not-read-web-page");
    let unclosed = patched(&sound, "xl/worksheets/sheet1.xml", |xml| xml[..xml.len() / 2].to_owned());
    assert_eq!(reason("a.xlsx", &unclosed), "not-read-damaged");
    let greedy =
        patched(&sound, "xl/sharedStrings.xml", |xml| xml.replace("uniqueCount=\"", "uniqueCount=\"999999999999"));
    assert_eq!(reason("a.xlsx", &greedy), "not-read-damaged");
    let elsewhere = patched(&sound, "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>0</v>", "<v>4000000000</v>"));
    assert_eq!(reason("a.xlsx", &elsewhere), "not-read-damaged");
    let empty = xlsx(|book| drop(book.add_worksheet().set_name("空").unwrap().name()));
    assert_eq!(reason("a.xlsx", &empty), "not-read-empty");
}

#[test]
fn giants_are_refused_before_they_unfold() {
    // 600 MB of spaces in one part, 600 kB packed.
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for part in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
        writer.start_file(part, options).unwrap();
        if part.contains("sheet1") {
            let block = vec![b' '; 1 << 20];
            (0..600).for_each(|_| writer.write_all(&block).unwrap());
        }
    }
    let mut bomb = writer.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert_eq!(reason("a.xlsx", &bomb), "not-read-too-large");
    // The same with a directory that says it has one byte.
    let size = (600_u32 << 20).to_le_bytes();
    for at in (0..bomb.len() - 4).rev() {
        if bomb[at..at + 4] == size {
            bomb[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
        }
    }
    assert_eq!(reason("a.xlsx", &bomb), "not-read-damaged");

    let wide = xlsx(|book| {
        let sheet = book.add_worksheet();
        (0..10_000).for_each(|column| drop(sheet.write(0, column, "列").unwrap().name()));
    });
    assert_eq!(reason("a.xlsx", &wide), "not-read-too-wide");
    let corner = xlsx(|book| drop(book.add_worksheet().write(1_048_575, 16_383, 1).unwrap().name()));
    assert_eq!(reason("a.xlsx", &corner), "not-read-too-wide");
    let wide: String = (0..10_000).map(|i| format!("{i},")).collect();
    assert_eq!(reason("a.csv", wide.as_bytes()), "not-read-too-wide");

    // Declared giant, really small: read as what it is.
    let boast = patched(&small(), "xl/worksheets/sheet1.xml", |xml| {
        let start = xml.find("<dimension ref=\"").unwrap() + 16;
        let end = start + xml[start..].find('"').unwrap();
        format!("{}A1:XFD1048576{}", &xml[..start], &xml[end..])
    });
    assert_eq!(words(&fate("a.xlsx", &boast).0.unwrap()), [vec!["乡镇", "村", "户数"], vec!["青石镇", "", "721"]]);
    // A single cell in the last row costs a million empty rows, not cells.
    let deep = xlsx(|book| drop(book.add_worksheet().write(1_048_575, 0, 1).unwrap().name()));
    assert_eq!(grid(&fate("a.xlsx", &deep).0.unwrap()).0.len(), 1_048_576);
}

#[test]
fn one_bad_sheet_does_not_keep_the_others() {
    let bytes = xlsx(|book| {
        let sheet = book.add_worksheet().set_name("宽").unwrap();
        (0..5_000).for_each(|column| drop(sheet.write(0, column, 1).unwrap().name()));
        book.add_worksheet().set_name("好").unwrap().write(0, 0, "村").unwrap();
    });
    let (sheet, not_read) = fate("a.xlsx", &bytes);
    assert_eq!(sheet.unwrap().sheet, "好");
    assert_eq!((not_read[0].reason.as_str(), not_read[0].detail.as_str()), ("not-read-too-wide", "宽: > 4096"));
}

/// A compound file with these streams (name, content), as small as the format allows.
fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    let sectors = |n: usize| n.div_ceil(512);
    let mut fat = vec![0xffff_fffd, END];
    let mut data = Vec::new();
    let mut directory = Vec::new();
    let mut entry = |name: &str, kind: u8, start: u32, size: usize| {
        let mut units: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let length = u16::try_from(units.len()).unwrap_or(0);
        units.resize(64, 0);
        directory.extend(units);
        directory.extend(length.to_le_bytes());
        directory.extend([kind, 1]);
        directory.extend([0xff; 12]);
        directory.extend([0; 36]);
        directory.extend(start.to_le_bytes());
        directory.extend(u64::try_from(size).unwrap_or(0).to_le_bytes());
    };
    entry("Root Entry", 5, END, 0);
    for (name, content) in streams {
        // Streams of 4,096 bytes and more lie in ordinary sectors.
        let mut content = content.clone();
        content.resize(content.len().max(4096), 0);
        let start = u32::try_from(fat.len()).unwrap_or(0);
        entry(name, 2, start, content.len());
        let count = sectors(content.len());
        fat.extend((1..count).map(|i| start + u32::try_from(i).unwrap_or(0)));
        fat.push(END);
        content.resize(count * 512, 0);
        data.extend(content);
    }
    directory.resize(512, 0);
    let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    file.resize(24, 0);
    file.extend([0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    file.resize(44, 0);
    file.extend(1_u32.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    file.extend([0; 4]);
    file.extend(4096_u32.to_le_bytes());
    file.extend(END.to_le_bytes());
    file.extend(0_u32.to_le_bytes());
    file.extend(END.to_le_bytes());
    file.extend(0_u32.to_le_bytes());
    file.extend(0_u32.to_le_bytes());
    file.resize(512, 0xff);
    let mut table: Vec<u8> = fat.iter().flat_map(|n| n.to_le_bytes()).collect();
    table.resize(512, 0xff);
    [file, table, directory, data].concat()
}

#[test]
fn protected_and_circular_compound_files() {
    let protected = compound(&[("EncryptionInfo", vec![1; 64]), ("EncryptedPackage", vec![2; 9000])]);
    assert_eq!(reason("a.xlsx", &protected), "not-read-encrypted");
    assert_eq!(reason("a.csv", &protected), "not-read-encrypted");
    let document = compound(&[("WordDocument", vec![1; 64])]);
    assert_eq!(reason("a.xls", &document), "not-read-document");
    let mut pass = vec![0x09, 0x08, 16, 0];
    pass.extend([0; 16]);
    pass.extend([0x2f, 0, 4, 0, 0, 0, 0, 0]);
    assert_eq!(reason("a.xls", &compound(&[("Workbook", pass)])), "not-read-encrypted");
    let nonsense = compound(&[("Workbook", vec![7; 5000])]);
    assert_eq!(reason("a.xls", &nonsense), "not-read-damaged");
    // The directory's chain bites its tail.
    let mut circle = compound(&[("Workbook", vec![0; 5000])]);
    circle[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
    assert_eq!(reason("a.xls", &circle), "not-read-damaged");
    assert_eq!(reason("a.xls", &protected[..700]), "not-read-damaged");
}

fn biff(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap_or(0).to_le_bytes()[..], data].concat()
}

#[test]
fn an_old_workbook_is_read() {
    let begin = |kind: u16| {
        let mut data = vec![0, 6];
        data.extend(kind.to_le_bytes());
        data.resize(16, 0);
        biff(0x0809, &data)
    };
    let name = "村情".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut globals = begin(5);
    let place = globals.len() + 4;
    let mut sheet = vec![0, 0, 0, 0, 0, 0, 2, 1];
    sheet.extend(&name);
    globals.extend(biff(0x0085, &sheet));
    globals.extend(biff(0x000a, &[]));
    let at = u32::try_from(globals.len()).unwrap_or(0);
    globals[place..place + 4].copy_from_slice(&at.to_le_bytes());
    let mut cell = vec![1, 0, 2, 0, 0, 0];
    cell.extend(721.5_f64.to_le_bytes());
    let merged = biff(0x00e5, &[1, 0, 1, 0, 1, 0, 0, 0, 2, 0]);
    let stream = [globals, begin(0x10), biff(0x0203, &cell), merged, biff(0x000a, &[])].concat();
    let sheet = fate("a.xls", &compound(&[("Workbook", stream)])).0.unwrap();
    assert_eq!(sheet.sheet, "村情");
    let (rows, merges) = grid(&sheet);
    assert_eq!(rows, [vec![], vec![Cell::Empty, Cell::Empty, Cell::Number(721.5)]]);
    assert_eq!(merges, [Merge { top: 1, left: 0, bottom: 1, right: 2 }]);
}

#[test]
fn an_open_document_is_read() {
    let content = |rows: &str| {
        format!(
            "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet>\
             <table:table table:name=\"村情\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
        )
    };
    let ods = |rows: &str| {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (part, text) in [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
            ("META-INF/manifest.xml", "<manifest:manifest></manifest:manifest>".to_owned()),
            ("content.xml", content(rows)),
        ] {
            writer.start_file(part, options).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let good = ods("<table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell office:value-type=\"string\" table:number-columns-spanned=\"2\">\
         <text:p>青石镇</text:p></table:table-cell><table:covered-table-cell/>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"1975-06-03\"/>\
         <table:table-cell office:value-type=\"float\" office:value=\"7.5\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048573\"><table:table-cell table:number-columns-repeated=\"16384\"/>\
         </table:table-row>");
    let sheet = fate("a.ods", &good).0.unwrap();
    let (rows, merges) = grid(&sheet);
    let day = chrono::NaiveDate::from_ymd_opt(1975, 6, 3).map(Cell::Date).unwrap();
    assert_eq!(rows, [vec![], vec![], vec![Cell::Text("青石镇".into()), Cell::Empty, day, Cell::Number(7.5)]]);
    assert_eq!(merges, [Merge { top: 2, left: 0, bottom: 2, right: 1 }]);
    let giant = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell office:value-type=\"float\" \
                 office:value=\"1\" table:number-columns-repeated=\"4000\"/></table:table-row>";
    assert_eq!(reason("a.ods", &ods(giant)), "not-read-too-large");
    assert_eq!(reason("a.ods", &ods("<table:table><table:table-row>")), "not-read-damaged");
}

#[test]
fn text_in_every_encoding_and_shape() {
    let text = "村名,姓名\n\n大泉村,张　三\t\n";
    let expected = [vec!["村名", "姓名"], vec![], vec!["大泉村", "张　三\t"]];
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let gbk = encoding_rs::GB18030.encode(text).0.into_owned();
    for bytes in [text.as_bytes(), &marked, &utf16, &gbk] {
        assert_eq!(words(&fate("a.csv", bytes).0.unwrap()), expected);
    }
    assert_eq!(words(&fate("a.csv", b"a\rb\r").0.unwrap()), [["a"], ["b"]]);
    assert_eq!(words(&fate("a.tsv", b"a,x\tb\n").0.unwrap()), [["a,x", "b"]]);
    assert_eq!(words(&fate("a.csv", "村名,姓名".as_bytes()).0.unwrap()), [["村名", "姓名"]]);
    assert_eq!(words(&fate("a.csv", b"a,b\n1,\"2\n3,4\n").0.unwrap()), [["a", "b"], ["1", "\"2"], ["3", "4"]]);
    assert_eq!(words(&fate("a.csv", b"a,b\n1,x\0y\n").0.unwrap())[1], ["1", "x\0y"]);
    assert_eq!(words(&fate("a.xls", b"a\tb\n1\t2\n").0.unwrap()), [["a", "b"], ["1", "2"]]);
    assert_eq!(reason("a.csv", b"a,b\n1,\xff\xff\n"), "not-read-encoding");
    assert_eq!(reason("a.csv", &[0; 5000]), "not-read-damaged");
    assert_eq!(reason("a.csv", b"\n\n , \n".strip_suffix(b" , \n").unwrap()), "not-read-empty");
    // A workbook under the wrong name is read as what it is.
    assert_eq!(words(&fate("a.csv", &small()).0.unwrap())[0], ["乡镇", "村", "户数"]);
}

fn typed(sheet: &RawSheet) -> &polars::prelude::DataFrame {
    match &sheet.body {
        Body::Typed(frame) => frame,
        Body::Grid { .. } => panic!("{} is a grid", sheet.file),
    }
}

fn sample() -> polars::prelude::DataFrame {
    frame::Build::new()
        .text("village", vec![Some("990121100200"), None])
        .number("score", vec![Some(83.25), None])
        .whole("period", vec![Some(2025), None])
        .date("since", vec![chrono::NaiveDate::from_ymd_opt(1964, 2, 29), None])
        .done()
        .unwrap()
}

fn parquet() -> Vec<u8> {
    let mut bytes = Vec::new();
    frame::write_parquet(&sample(), &mut bytes).unwrap();
    bytes
}

#[test]
fn columns_come_typed() {
    let batch = frame::to_batch(&sample()).unwrap();
    let mut file = arrow::ipc::writer::FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    file.write(&batch).unwrap();
    let mut stream = arrow::ipc::writer::StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    stream.write(&batch).unwrap();
    stream.write(&batch).unwrap();
    let (file, stream) = (file.into_inner().unwrap(), stream.into_inner().unwrap());
    for (name, bytes) in [("a.parquet", parquet()), ("a.arrow", file.clone())] {
        assert!(typed(&fate(name, &bytes).0.unwrap()).equals_missing(&sample()), "{name}");
    }
    assert_eq!(typed(&fate("a.ipc", &stream).0.unwrap()).height(), 4);
    for (name, bytes) in [("a.parquet", parquet()), ("a.feather", file)] {
        assert_eq!(reason(name, &bytes[..bytes.len() - 9]), "not-read-damaged", "{name}");
        assert_eq!(reason(name, b"PAR1 no"), "not-read-damaged", "{name}");
    }
}

#[test]
fn columns_come_in_every_usual_compression() {
    use parquet::basic::{Compression, GzipLevel, ZstdLevel};
    let batch = frame::to_batch(&sample()).unwrap();
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ] {
        let options = parquet::file::properties::WriterProperties::builder().set_compression(compression).build();
        let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), Some(options)).unwrap();
        writer.write(&batch).unwrap();
        let bytes = writer.into_inner().unwrap();
        assert!(typed(&fate("a.parquet", &bytes).0.unwrap()).equals_missing(&sample()), "{compression}");
    }
    for compression in [arrow::ipc::CompressionType::ZSTD, arrow::ipc::CompressionType::LZ4_FRAME] {
        let options = arrow::ipc::writer::IpcWriteOptions::default().try_with_compression(Some(compression)).unwrap();
        let mut writer =
            arrow::ipc::writer::FileWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
        writer.write(&batch).unwrap();
        let bytes = writer.into_inner().unwrap();
        assert!(typed(&fate("a.arrow", &bytes).0.unwrap()).equals_missing(&sample()), "{compression:?}");
    }
}

#[test]
fn a_partitioned_book_opens_in_order() {
    let bytes = parquet();
    let names: Vec<String> = (0..40)
        .flat_map(|i| [format!("people/county=9901{i:02}.parquet"), format!("9901{i:02}/people.parquet")])
        .collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), bytes.as_slice())).collect();
    let folder = folder(&files);
    let opened = open(folder.path()).unwrap();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(opened.sheets.iter().map(|s| s.file.clone()).collect::<Vec<_>>(), sorted);
    assert_eq!(opened.hashes.iter().map(|h| h.0.clone()).collect::<Vec<_>>(), sorted);
    let last = typed(&opened.sheets[79]);
    assert_eq!(frame::words(last, "county").unwrap(), ["990139", "990139"]);
    assert!(!frame::has(typed(&opened.sheets[0]), "county"));
    for threads in [1, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let again = pool.install(|| open(folder.path())).unwrap();
        assert_eq!(again.hashes, opened.hashes);
    }
}

#[test]
fn what_belongs_to_a_book() {
    let sheet = b"a,b\n1,2\n";
    let folder = folder(&[
        ("青石镇/村情.csv", sheet),
        ("b.csv", sheet),
        (".git/config.csv", sheet),
        (".hidden.csv", sheet),
        ("out/run.json", b"{}"),
        ("out/scores.csv", sheet),
        ("book.toml", b""),
        ("journal.jsonl", b""),
        ("county.touyan-salt", b""),
        ("truth.json", b"{}"),
        ("~$村情.xlsx", b"x"),
        (".~lock.村情.xlsx#", b"x"),
        ("通知.docx", b"x"),
        ("扫描件.pdf", b"x"),
        ("全部.zip", b"x"),
        ("杂.dat", b"x"),
    ]);
    let opened = open(folder.path()).unwrap();
    assert_eq!(opened.sheets.iter().map(|s| s.file.as_str()).collect::<Vec<_>>(), ["b.csv", "青石镇/村情.csv"]);
    let listed: Vec<(&str, &str)> = opened.not_read.iter().map(|n| (n.file.as_str(), n.reason.as_str())).collect();
    assert_eq!(
        listed,
        [
            (".~lock.村情.xlsx#", "not-read-lock-file"),
            ("~$村情.xlsx", "not-read-lock-file"),
            ("全部.zip", "not-read-archive"),
            ("扫描件.pdf", "not-read-document"),
            ("杂.dat", "not-read-unknown"),
            ("通知.docx", "not-read-document"),
        ]
    );
    let single = open(&folder.path().join("b.csv")).unwrap();
    assert_eq!((single.sheets[0].file.as_str(), single.root.as_path()), ("b.csv", folder.path()));
    assert!(matches!(open(&folder.path().join("out")), Err(ReadError::Output(_))));
}

#[test]
fn a_book_that_cannot_be_opened_says_why() {
    let missing = open(Path::new("没有这个文件夹")).unwrap_err();
    assert!(matches!(missing, ReadError::Missing(_)));
    let empty = folder(&[]);
    assert!(matches!(open(empty.path()), Err(ReadError::NothingRead(_, files)) if files.is_empty()));
    let useless = folder(&[("通知.docx", b"x"), ("坏.xlsx", b"PK\x03\x04")]);
    let error = open(useless.path()).unwrap_err();
    assert!(error.say(Lang::Zh).contains("坏.xlsx：文件已损坏"));
    assert!(error.say(Lang::En).contains("damaged"));
    for lang in [Lang::Zh, Lang::En] {
        assert!(missing.say(lang).contains("没有这个文件夹"));
        assert!(!open(empty.path()).unwrap_err().say(lang).contains("read-error"));
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_in_circles() {
    let folder = folder(&[("a.csv", b"a,b\n1,2\n")]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("a.csv"), folder.path().join("b.csv")).unwrap();
    let opened = open(folder.path()).unwrap();
    assert_eq!(opened.sheets.len(), 2);
    assert_eq!(opened.not_read[0].reason, "not-read-link");
}

#[test]
fn the_messy_county_is_read_whole() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/messy_county"));
    if !path.is_dir() {
        eprintln!("skipped: no {}", path.display());
        return;
    }
    let Opened { sheets, not_read, hashes, .. } = open(path).unwrap();
    let files: Vec<&str> = sheets.iter().map(|s| s.file.as_str()).collect();
    assert_eq!(files, ["后备人才库.csv", "村党组织书记花名册.xlsx", "村情统计表.xlsx", "问题台账.csv"]);
    assert_eq!((not_read.len(), hashes.len()), (1, 4));
    assert_eq!(not_read[0].file, "README.md");
    let pool = words(&sheets[0]);
    assert_eq!(pool[0][..4], ["序号", "乡镇", "村", "姓名"]);
    assert_eq!(pool[1][6], "990121199705171262\t");
}

const EXTENSIONS: [&str; 12] =
    ["xlsx", "xls", "xlsb", "ods", "et", "csv", "tsv", "txt", "parquet", "arrow", "feather", "ipc"];

/// Beginnings that lead bytes into each reader.
const BEGINNINGS: [&[u8]; 7] =
    [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"ARROW1\0\0", b"PAR1", b"\xff\xff\xff\xff", b"\xff\xfe"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(
        start in prop::sample::select(BEGINNINGS.to_vec()),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        extension in prop::sample::select(EXTENSIONS.to_vec()),
    ) {
        let folder = folder(&[(&format!("a.{extension}"), &[start, &bytes].concat())]);
        let _ = open(folder.path());
    }

    /// Sound files with a few bytes changed: the readers' inner parts meet them.
    #[test]
    fn damaged_files_never_panic(
        which in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (extension, mut bytes) = match which {
            0 => ("xlsx", small()),
            1 => ("parquet", parquet()),
            2 => ("xls", compound(&[("Workbook", biff(0x0809, &[0; 16]))])),
            _ => {
                let batch = frame::to_batch(&sample()).unwrap();
                let mut file = arrow::ipc::writer::FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
                file.write(&batch).unwrap();
                ("arrow", file.into_inner().unwrap())
            }
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let folder = folder(&[(&format!("a.{extension}"), &bytes)]);
        let _ = open(folder.path());
    }

    #[test]
    fn arbitrary_xml_in_a_workbook_never_panics(garbage in "[<>/a-z0-9=\" ]{0,80}", at in any::<prop::sample::Index>()) {
        let bytes = patched(&small(), "xl/worksheets/sheet1.xml", |xml| {
            let at = at.index(xml.len());
            let at = (at..xml.len()).find(|i| xml.is_char_boundary(*i)).unwrap_or(xml.len());
            format!("{}{garbage}{}", &xml[..at], &xml[at..])
        });
        let folder = folder(&[("a.xlsx", &bytes)]);
        let _ = open(folder.path());
    }
}

fn run_of_digits(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// Strings made of what parsers look at.
const TRICKY: &str = "[0-9０-９.,，年月日岁（）()万亿元%Ee+xX' \t\n至今约无—/张\u{0}\u{3000}\u{feff}-]{0,24}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_strings_never_panic(text in prop_oneof![TRICKY, ".{0,24}"], number in any::<f64>()) {
        let lists = ["无".to_owned(), "是".to_owned()];
        let rule = NumberRule {
            scale: Scale::new(None, touyan::book::schema::Unit::Wan),
            zero_words: &lists[..1],
            none_words: &lists[1..],
        };
        for cell in [Cell::Text(text.clone()), Cell::Number(number), Cell::Error(text.clone())] {
            if let Ok(parsed) = value::number(&cell, &rule) {
                prop_assert!(parsed.value.is_none_or(f64::is_finite));
            }
            let _ = (value::whole(&cell, &rule), value::year(&cell), value::yes_no(&cell, &lists, &lists));
            if let Ok(Some(dated)) = value::date(&cell, &lists).map(|p| p.value) {
                prop_assert!((1900..=2100).contains(&chrono::Datelike::year(&dated.date)));
            }
            let _ = value::phone(&cell);
            if let Ok(Some(id)) = value::identity(&cell).map(|p| p.value) {
                // Area code and two more; never the day of birth.
                prop_assert!(run_of_digits(&id.masked) < 7, "{}", id.masked);
            }
        }
        let masked = value::mask(&text);
        prop_assert!(run_of_digits(&masked) < 7, "{masked}");
        let _ = (value::header(&text), value::unit_line(&text), value::split_names(&text));
        let _ = (value::clean_text(&text), value::clean_name(&text), value::compact(&text), value::fold(&text));
        let cleaned = value::clean_text(&text).0.into_owned();
        prop_assert_eq!(&value::clean_text(&cleaned).0, &cleaned);
    }
}
