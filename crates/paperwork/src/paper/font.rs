//! The two faces that everything is set in, and how wide text is in them.

use std::sync::OnceLock;

static REGULAR: &[u8] = include_bytes!("../../fonts/DejaVuSansCondensed.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/DejaVuSansCondensed-Bold.ttf");

/// A face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// For text.
    Regular,
    /// For heads.
    Bold,
}

/// What is known of the font of a face.
pub(crate) struct Font {
    /// The file.
    pub bytes: &'static [u8],
    /// The file as it is read; nothing would be a fault of the build.
    pub read: Option<ttf_parser::Face<'static>>,
}

impl Face {
    /// Both, in the order in which they are numbered in a PDF.
    pub(crate) const ALL: [Face; 2] = [Face::Regular, Face::Bold];

    /// The font of this face.
    pub(crate) fn font(self) -> &'static Font {
        static FONTS: OnceLock<[Font; 2]> = OnceLock::new();
        let read = |bytes| Font { bytes, read: ttf_parser::Face::parse(bytes, 0).ok() };
        let fonts = FONTS.get_or_init(|| [read(REGULAR), read(BOLD)]);
        &fonts[usize::from(self == Face::Bold)]
    }

    /// The glyph of a character; that of none when the font lacks it.
    pub(crate) fn glyph(self, found: char) -> u16 {
        let face = self.font().read.as_ref();
        face.and_then(|face| face.glyph_index(found)).map_or(0, |glyph| glyph.0)
    }

    /// How wide a glyph is, in thousandths of the size.
    pub(crate) fn advance(self, glyph: u16) -> f32 {
        let Some(face) = self.font().read.as_ref() else { return 500.0 };
        let advance = face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
        f32::from(advance) * 1000.0 / f32::from(face.units_per_em())
    }

    /// How wide a text is at a size.
    pub(crate) fn width(self, text: &str, size: f32) -> f32 {
        text.chars().map(|found| self.advance(self.glyph(found))).sum::<f32>() * size / 1000.0
    }
}

/// A text in lines that are no wider than `width`: broken at spaces, and within a word only when that
/// word alone is wider.
pub(crate) fn wrap(text: &str, face: Face, size: f32, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        let mut line = String::new();
        for word in part.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if face.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for found in word.chars() {
                line.push(found);
                if face.width(&line, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, found.to_string()));
                }
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_within_words_that_are_too_wide() {
        let wide = |text: &str| Face::Regular.width(text, 10.0) + 0.01;
        let lines = |text: &str, width| wrap(text, Face::Regular, 10.0, width);
        assert_eq!(lines("one two three", wide("one two")), ["one two", "three"]);
        assert_eq!(lines("one\ntwo", 500.0), ["one", "two"]);
        assert_eq!(lines("", 500.0), [""]);
        assert_eq!(lines("a MMMM b", wide("MM")), ["a", "MM", "MM", "b"]);
        for line in lines(&"wide ".repeat(40), 100.0) {
            assert!(Face::Regular.width(&line, 10.0) <= 100.0);
        }
    }

    #[test]
    fn the_fonts_have_the_letters_of_the_languages_around_us() {
        for found in "aÄöüßéñçøåłžőşţğ€£ΑΩабвґ№אبאლ–…×".chars()
        {
            for face in Face::ALL {
                let lacks = face.glyph(found) == 0 && !('\u{590}'..'\u{10FF}').contains(&found);
                assert!(!lacks, "{face:?} lacks {found}");
            }
        }
        assert_eq!(Face::Regular.glyph('\u{5b50}'), 0);
    }
}
