//! Pages as a PDF 1.7 file: text with the letters that are used, packed, and nothing that changes from
//! one time to the next.

use super::{Face, Mark, Page, Paper};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;
use std::io::Write;
use subsetter::GlyphRemapper;

/// The names of the faces in a page's resources.
const NAMES: [Name<'static>; 2] = [Name(b"F0"), Name(b"F1")];
/// What the embedded fonts are called; the letters before the plus say that they are parts.
const FONTS: [&[u8]; 2] = [b"PURSER+DejaVuSansCondensed", b"PURSER+DejaVuSansCondensed-Bold"];
/// Glyphs are numbered by themselves.
const IDENTITY: Name<'static> = Name(b"Identity");

/// The glyphs of a face that a paper uses, with their new numbers and characters.
#[derive(Default)]
struct Used {
    mapper: GlyphRemapper,
    characters: BTreeMap<u16, char>,
}

impl Used {
    /// The number of a character's glyph in the file.
    fn number(&mut self, face: Face, found: char) -> u16 {
        let number = self.mapper.remap(face.glyph(found));
        self.characters.entry(number).or_insert(found);
        number
    }
}

fn at(face: Face) -> usize {
    usize::from(face == Face::Bold)
}

/// Writes a paper.
pub(crate) fn write(paper: &Paper) -> Vec<u8> {
    let mut next = 1;
    let mut fresh = || {
        next += 1;
        Ref::new(next - 1)
    };
    let (catalog, tree, info) = (fresh(), fresh(), fresh());
    let fonts = [fresh(), fresh()];
    let mut used: [Used; 2] = Default::default();
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    pdf.catalog(catalog).pages(tree).lang(TextStr(paper.language));
    pdf.document_info(info).title(TextStr(&paper.title)).producer(TextStr("Purser"));
    let pages: Vec<(Ref, Ref)> = paper.pages.iter().map(|_| (fresh(), fresh())).collect();
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(pages.iter().map(|(page, _)| *page)).count(count);
    for (content, (page_id, content_id)) in paper.pages.iter().zip(&pages) {
        let mut page = pdf.page(*page_id);
        page.media_box(Rect::new(0.0, 0.0, paper.width, paper.height));
        page.parent(tree).contents(*content_id);
        let mut resources = page.resources();
        let mut names = resources.fonts();
        for (name, font) in NAMES.into_iter().zip(fonts) {
            names.pair(name, font);
        }
        names.finish();
        resources.finish();
        page.finish();
        let drawn = draw(content, paper.height, &mut used);
        pdf.stream(*content_id, &packed(&drawn)).filter(Filter::FlateDecode);
    }
    for face in Face::ALL {
        let ids = [fonts[at(face)], fresh(), fresh(), fresh(), fresh()];
        embed(&mut pdf, face, &used[at(face)], ids);
    }
    pdf.finish()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

/// What a page's content says. PDF counts from the lower left corner.
fn draw(page: &Page, height: f32, used: &mut [Used; 2]) -> Vec<u8> {
    let mut content = Content::new();
    let mut shaded = 0.0;
    for mark in &page.marks {
        match mark {
            Mark::Fill { x, y, width, height: high, shade } => {
                if *shade != shaded {
                    content.set_fill_gray(*shade);
                    shaded = *shade;
                }
                content.rect(*x, height - y - high, *width, *high).fill_nonzero();
            }
            Mark::Text { x, y, size, face, text } => {
                if shaded != 0.0 {
                    content.set_fill_gray(0.0);
                    shaded = 0.0;
                }
                let own = &mut used[at(*face)];
                let mut numbers = Vec::with_capacity(text.len() * 2);
                for found in text.chars() {
                    numbers.extend_from_slice(&own.number(*face, found).to_be_bytes());
                }
                content.begin_text().set_font(NAMES[at(*face)], *size);
                content.next_line(*x, height - y).show(Str(&numbers)).end_text();
            }
        }
    }
    content.finish().to_vec()
}

/// Embeds the part of a font that is used.
fn embed(pdf: &mut Pdf, face: Face, used: &Used, [font, cid, descriptor, map, file]: [Ref; 5]) {
    let name = Name(FONTS[at(face)]);
    let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(map);
    let mut descendant = pdf.cid_font(cid);
    descendant.subtype(CidFontType::Type2).base_font(name).system_info(system);
    descendant.font_descriptor(descriptor).default_width(0.0);
    descendant.cid_to_gid_map_predefined(IDENTITY);
    let widths = used.mapper.remapped_gids().map(|glyph| face.advance(glyph));
    descendant.widths().consecutive(0, widths);
    descendant.finish();
    let own = face.font();
    let (mut edges, mut ascent, mut descent) =
        (Rect::new(-200.0, -300.0, 1500.0, 1000.0), 760.0, -240.0);
    if let Some(read) = &own.read {
        let scale = |units: i16| f32::from(units) * 1000.0 / f32::from(read.units_per_em());
        let found = read.global_bounding_box();
        edges = Rect::new(
            scale(found.x_min),
            scale(found.y_min),
            scale(found.x_max),
            scale(found.y_max),
        );
        (ascent, descent) = (scale(read.ascender()), scale(read.descender()));
    }
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(edges)
        .italic_angle(0.0)
        .ascent(ascent)
        .descent(descent)
        .cap_height(730.0)
        .stem_v(if face == Face::Bold { 140.0 } else { 80.0 })
        .font_file2(file);
    let mut characters = UnicodeCmap::new(IDENTITY, system);
    for (number, found) in &used.characters {
        characters.pair(*number, *found);
    }
    pdf.stream(map, &packed(&characters.finish())).filter(Filter::FlateDecode);
    // A font that cannot be cut is embedded whole; its glyphs then have other numbers, so it is never
    // other than these two, which can.
    let part = subsetter::subset(own.bytes, 0, &used.mapper).unwrap_or_default();
    pdf.stream(file, &packed(&part)).filter(Filter::FlateDecode);
}
