//! A document in official form (公文, after GB/T 9704): 小标宋 title, 仿宋 body on fixed line
//! spacing, 黑体 and 楷体 headings, page numbers outside. Written with docx-rs, packed here so that
//! no clock gets into the file.

use std::io::{Cursor, Write};

use chrono::NaiveDate;
use docx_rs::{
    AlignmentType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph, Run, RunFonts,
    SpecialIndentType, Style, StyleType, Table, TableAlignmentType, TableCell, TableLayoutType, TableRow, VAlignType,
    WidthType,
};
use zip::write::SimpleFileOptions;

use super::MaterialsError;
use crate::lang::Lang;

/// Twentieths of a point per millimetre.
const MM: f64 = 56.693;
/// Half-points of the sizes in use: 二号, 三号, 四号, 小四, 五号.
const SIZE_2: usize = 44;
const SIZE_3: usize = 32;
const SIZE_4: usize = 28;
const SIZE_S4: usize = 24;
const SIZE_5: usize = 21;

/// What a document looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The report: 三号 on 28 points, margins of the standard.
    Official,
    /// A page per village or person: smaller letters and margins.
    Sheet,
}

/// How a line of text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Mark,
    Title,
    Subtitle,
    Heading,
    Subheading,
    Body,
    /// Indented as the body, without a first-line indent: lists of annexes.
    Hanging,
    /// Signature and date, at the right.
    Right,
    Cell,
    CellCentre,
    CellHead,
    /// The page's number; the field takes its letters from here.
    Footer,
}

impl Line {
    const ALL: [Line; 12] = [
        Line::Mark,
        Line::Title,
        Line::Subtitle,
        Line::Heading,
        Line::Subheading,
        Line::Body,
        Line::Hanging,
        Line::Right,
        Line::Cell,
        Line::CellCentre,
        Line::CellHead,
        Line::Footer,
    ];

    const fn id(self) -> &'static str {
        match self {
            Line::Mark => "GwMark",
            Line::Title => "GwTitle",
            Line::Subtitle => "GwSubtitle",
            Line::Heading => "GwHeading1",
            Line::Subheading => "GwHeading2",
            Line::Body => "GwBody",
            Line::Hanging => "GwHanging",
            Line::Right => "GwRight",
            Line::Cell => "GwCell",
            Line::CellCentre => "GwCellCentre",
            Line::CellHead => "GwCellHead",
            Line::Footer => "GwFooter",
        }
    }
}

/// A document under way.
pub(super) struct Doc {
    form: Form,
    lang: Lang,
    blocks: Vec<Block>,
    /// The next paragraph begins a page.
    turn: bool,
}

enum Block {
    Text(Box<Paragraph>),
    Table(Box<Table>),
}

impl Doc {
    pub(super) fn new(form: Form, lang: Lang) -> Doc {
        Doc { form, lang, blocks: Vec::new(), turn: false }
    }

    /// Adds a line of text.
    pub(super) fn add(&mut self, line: Line, text: &str) {
        // A heading does not stand alone at the foot of a page.
        let heading = matches!(line, Line::Heading | Line::Subheading);
        let paragraph = paragraph(line, text).page_break_before(std::mem::take(&mut self.turn)).keep_next(heading);
        self.blocks.push(Block::Text(Box::new(paragraph)));
    }

    /// Body text that begins with a heading of the third level, run in.
    pub(super) fn lead(&mut self, head: &str, text: &str) {
        let fonts = fonts(self.face("仿宋_GB2312"));
        let paragraph = Paragraph::new()
            .style(Line::Body.id())
            .add_run(Run::new().fonts(fonts).bold().add_text(clean(head)))
            .add_run(Run::new().add_text(clean(text)));
        self.blocks.push(Block::Text(Box::new(paragraph)));
    }

    /// The next line begins a new page.
    pub(super) fn page(&mut self) {
        self.turn = true;
    }

    /// Adds a table; `widths` are hundredths of the text's width. Cells of the first column (and of
    /// every other column in a table of facts) and the first row may be set as headings.
    pub(super) fn table(&mut self, widths: &[usize], rows: &[Vec<(Line, String)>]) {
        let whole = self.text_width();
        let widths: Vec<usize> = widths.iter().map(|w| whole * w / 100).collect();
        let rows = rows.iter().map(|row| {
            // A row with fewer cells than columns: the last cell takes the rest.
            let cells = row.iter().enumerate().map(|(at, (line, text))| {
                let last = at + 1 == row.len();
                let span = if last { widths.len().saturating_sub(at).max(1) } else { 1 };
                let width: usize = widths.iter().skip(at).take(span).sum();
                let cell = TableCell::new()
                    .width(width, WidthType::Dxa)
                    .vertical_align(VAlignType::Center)
                    .add_paragraph(paragraph(*line, text));
                if span > 1 { cell.grid_span(span) } else { cell }
            });
            TableRow::new(cells.collect()).cant_split()
        });
        let table = Table::new(rows.collect())
            .set_grid(widths.clone())
            .layout(TableLayoutType::Fixed)
            .width(widths.iter().sum(), WidthType::Dxa)
            .align(TableAlignmentType::Center);
        self.blocks.push(Block::Table(Box::new(table)));
    }

    /// The bytes of the .docx file.
    pub(super) fn pack(self, title: &str, as_of: NaiveDate) -> Result<Vec<u8>, MaterialsError> {
        let margins = self.margins();
        let mut docx = Docx::new()
            .page_size(11906, 16838)
            .page_margin(margins)
            .default_fonts(fonts(self.face("仿宋_GB2312")))
            .default_size(if self.form == Form::Official { SIZE_3 } else { SIZE_S4 });
        for line in Line::ALL {
            docx = docx.add_style(self.style(line));
        }
        // Outside: at the right on odd pages, at the left on even ones, a character from the edge.
        docx = docx.footer(self.footer(false)).even_footer(self.footer(true));
        for block in self.blocks {
            docx = match block {
                Block::Text(paragraph) => docx.add_paragraph(*paragraph),
                Block::Table(table) => docx.add_table(*table),
            };
        }
        pack(docx.build(), title, as_of)
    }

    fn margins(&self) -> PageMargin {
        let mm = |value: f64| (value * MM) as i32;
        let margins = match self.form {
            Form::Official => PageMargin::new().top(mm(37.0)).bottom(mm(35.0)).left(mm(28.0)).right(mm(26.0)),
            Form::Sheet => PageMargin::new().top(mm(22.0)).bottom(mm(22.0)).left(mm(22.0)).right(mm(20.0)),
        };
        margins.header(mm(15.0)).footer(mm(if self.form == Form::Official { 24.0 } else { 11.0 }))
    }

    /// Width between the margins, in twentieths of a point.
    fn text_width(&self) -> usize {
        let mm = if self.form == Form::Official { 210.0 - 54.0 } else { 210.0 - 42.0 };
        (mm * MM) as usize
    }

    /// A Chinese face; a document in English keeps to a plain one.
    fn face(&self, chinese: &'static str) -> &'static str {
        if self.lang == Lang::Zh { chinese } else { "宋体" }
    }

    fn style(&self, line: Line) -> Style {
        let official = self.form == Form::Official;
        let (body, spacing) = if official { (SIZE_3, 560) } else { (SIZE_S4, 400) };
        let (face, size, spacing) = match line {
            Line::Mark => ("黑体", body, spacing),
            Line::Title if official => ("方正小标宋简体", SIZE_2, 660),
            Line::Title => ("方正小标宋简体", SIZE_3 + 4, 560),
            Line::Subtitle | Line::Subheading => ("楷体_GB2312", body, spacing),
            Line::Heading => ("黑体", body, spacing),
            Line::Body | Line::Hanging | Line::Right => ("仿宋_GB2312", body, spacing),
            Line::Cell | Line::CellCentre => ("宋体", SIZE_5, 300),
            Line::CellHead => ("黑体", SIZE_5, 300),
            Line::Footer => ("宋体", SIZE_4, 400),
        };
        // Cells may hold more than a line: their spacing is a minimum; text stands on fixed lines.
        let rule = match line {
            Line::Cell | Line::CellCentre | Line::CellHead => LineSpacingType::AtLeast,
            _ => LineSpacingType::Exact,
        };
        let style = Style::new(line.id(), StyleType::Paragraph)
            .name(line.id())
            .based_on("Normal")
            .fonts(fonts(self.face(face)))
            .size(size)
            .line_spacing(LineSpacing::new().line_rule(rule).line(spacing))
            .snap_to_grid(false);
        let two = 2 * i32::try_from(body).unwrap_or(0) * 10;
        match line {
            Line::Title | Line::Subtitle | Line::CellCentre | Line::CellHead => style.align(AlignmentType::Center),
            Line::Heading => style.indent(None, Some(SpecialIndentType::FirstLine(two)), None, None).outline_lvl(0),
            Line::Subheading => style.indent(None, Some(SpecialIndentType::FirstLine(two)), None, None).outline_lvl(1),
            Line::Body => style
                .align(AlignmentType::Both)
                .indent(None, Some(SpecialIndentType::FirstLine(two)), None, None)
                .first_line_chars(200),
            Line::Hanging => style.indent(Some(two), None, None, None),
            Line::Right => style.align(AlignmentType::Right).indent(None, None, Some(two), None),
            Line::Mark | Line::Cell | Line::Footer => style,
        }
    }

    fn footer(&self, even: bool) -> Footer {
        let inner = i32::try_from(SIZE_4).unwrap_or(0) * 10;
        let (side, left, right) =
            if even { (AlignmentType::Left, Some(inner), None) } else { (AlignmentType::Right, None, Some(inner)) };
        let line = Paragraph::new()
            .style(Line::Footer.id())
            .align(side)
            .indent(left, None, right, None)
            .add_run(Run::new().add_text("— "))
            .add_page_num(PageNum::new())
            .add_run(Run::new().add_text(" —"));
        Footer::new().add_paragraph(line)
    }
}

fn paragraph(line: Line, text: &str) -> Paragraph {
    Paragraph::new().style(line.id()).add_run(Run::new().add_text(clean(text)))
}

/// Chinese text in a Chinese face, figures and Latin letters in Times; marks that both scripts
/// have, such as quotation marks, are taken as Chinese.
fn fonts(face: &str) -> RunFonts {
    let latin = "Times New Roman";
    RunFonts::new().ascii(latin).hi_ansi(latin).cs(latin).east_asia(face).hint("eastAsia")
}

/// Text as XML may hold it, on one line.
fn clean(text: &str) -> String {
    let legal = |c: char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if c.is_whitespace() && c.is_control() { ' ' } else { c }).filter(|c| legal(*c)).collect()
}

/// Faces that a county's machine has and others lack, each with what may stand in for it.
const FACES: [(&str, &str); 5] = [
    ("方正小标宋简体", "宋体"),
    ("仿宋_GB2312", "仿宋"),
    ("楷体_GB2312", "楷体"),
    ("黑体", "SimHei"),
    ("宋体", "SimSun"),
];

fn font_table() -> String {
    let fonts: String = FACES
        .iter()
        .map(|(name, other)| {
            format!("<w:font w:name=\"{name}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"86\"/><w:family w:val=\"auto\"/><w:pitch w:val=\"variable\"/></w:font>")
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:fonts xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">{fonts}<w:font w:name=\"Times New Roman\"><w:charset w:val=\"00\"/><w:family w:val=\"roman\"/><w:pitch w:val=\"variable\"/></w:font></w:fonts>"
    )
}

/// The reference date stands for the days of creation and change.
fn core(title: &str, as_of: NaiveDate) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title><dc:creator>touyan</dc:creator><cp:lastModifiedBy>touyan</cp:lastModifiedBy><cp:revision>1</cp:revision><dcterms:created xsi:type=\"dcterms:W3CDTF\">{as_of}T00:00:00Z</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{as_of}T00:00:00Z</dcterms:modified></cp:coreProperties>"
    )
}

/// Packs the parts with one fixed time and one fixed mode for every entry.
fn pack(parts: docx_rs::XMLDocx, title: &str, as_of: NaiveDate) -> Result<Vec<u8>, MaterialsError> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(4))
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut put = |name: &str, bytes: &[u8]| -> Result<(), MaterialsError> {
        zip.start_file(name, options).map_err(|e| MaterialsError::Document(e.to_string()))?;
        zip.write_all(bytes).map_err(|e| MaterialsError::Document(e.to_string()))
    };
    put("[Content_Types].xml", &parts.content_type)?;
    put("_rels/.rels", &parts.rels)?;
    put("docProps/app.xml", &parts.doc_props.app)?;
    put("docProps/core.xml", core(title, as_of).as_bytes())?;
    put("docProps/custom.xml", &parts.doc_props.custom)?;
    put("word/_rels/document.xml.rels", &parts.document_rels)?;
    put("word/document.xml", &parts.document)?;
    put("word/styles.xml", &parts.styles)?;
    put("word/settings.xml", &parts.settings)?;
    put("word/fontTable.xml", font_table().as_bytes())?;
    put("word/comments.xml", &parts.comments)?;
    put("word/numbering.xml", &parts.numberings)?;
    put("word/commentsExtended.xml", &parts.comments_extended)?;
    put("word/footnotes.xml", &parts.footnotes)?;
    for (at, footer) in parts.footers.iter().enumerate() {
        put(&format!("word/footer{}.xml", at + 1), footer)?;
        if let Some(rels) = parts.footer_rels.get(at) {
            put(&format!("word/_rels/footer{}.xml.rels", at + 1), rels)?;
        }
    }
    let bytes = zip.finish().map_err(|e| MaterialsError::Document(e.to_string()))?;
    Ok(bytes.into_inner())
}
