//! Reads a PDF back, as far as these papers go: its pages' texts by way of the embedded maps from
//! glyphs to characters.

use flate2::read::ZlibDecoder;
use std::collections::BTreeMap;
use std::io::Read;

/// The texts of each page, in the order in which they are drawn.
pub fn pages(pdf: &[u8]) -> Vec<Vec<String>> {
    let streams: Vec<String> = streams(pdf).iter().map(|bytes| latin(bytes)).collect();
    let maps: Vec<BTreeMap<u16, char>> =
        streams.iter().filter(|text| text.contains("begincmap")).map(|text| map(text)).collect();
    let drawn = streams.iter().filter(|text| text.contains("BT\n"));
    drawn.map(|text| texts(text, &maps)).collect()
}

/// All text of a page or paper in one.
pub fn whole(pages: &[Vec<String>]) -> String {
    pages.iter().flatten().cloned().collect::<Vec<_>>().join("\n")
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// The streams of a file that are packed and no fonts.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let text = latin(pdf);
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(begin) = text[rest..].find("\nstream\n").map(|at| rest + at + 8) {
        // Offsets in the text are those of characters that may take two bytes; count them anew.
        let from = text[..begin].chars().count();
        let end = begin + text[begin..].find("\nendstream").expect("an end");
        let to = text[..end].chars().count();
        let mut bytes = Vec::new();
        ZlibDecoder::new(&pdf[from..to]).read_to_end(&mut bytes).expect("a packed stream");
        found.push(bytes);
        rest = end;
    }
    found
}

/// A map from glyphs to characters.
fn map(text: &str) -> BTreeMap<u16, char> {
    let hex = |word: &str| word.trim_matches(['<', '>']).to_owned();
    let mut all = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with('<')) {
        let words: Vec<String> = line.split_whitespace().map(hex).collect();
        if let [glyph, character] = words.as_slice()
            && let Ok(glyph) = u16::from_str_radix(glyph, 16)
        {
            let units: Vec<u16> = character
                .as_bytes()
                .chunks(4)
                .filter_map(|unit| u16::from_str_radix(std::str::from_utf8(unit).ok()?, 16).ok())
                .collect();
            all.insert(glyph, String::from_utf16_lossy(&units).chars().next().expect("a letter"));
        }
    }
    all
}

/// What a content stream shows.
fn texts(content: &str, maps: &[BTreeMap<u16, char>]) -> Vec<String> {
    let mut shown = Vec::new();
    // A string may contain any byte, so that lines are no help: it is read character by character.
    let mut rest = content;
    while let Some(at) = rest.find("/F") {
        let face = usize::from(rest[at + 2..].starts_with('1'));
        let font = &rest[at..];
        let begin = font.find(" Td\n").map(|at| at + 4).expect("a place");
        let (bytes, end) = string(&font[begin..]);
        let read = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        shown.push(read.map(|glyph| maps[face].get(&glyph).copied().unwrap_or('?')).collect());
        rest = &font[begin + end..];
    }
    shown
}

/// A string in parentheses or in hexadecimal, and where it ends.
fn string(text: &str) -> (Vec<u8>, usize) {
    if let Some(hex) = text.strip_prefix('<') {
        let end = hex.find('>').expect("an end");
        let bytes = hex.as_bytes()[..end]
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        return (bytes, end + 2);
    }
    let (mut bytes, mut depth) = (Vec::new(), 0);
    let mut characters = text.char_indices();
    while let Some((at, found)) = characters.next() {
        match found {
            '\\' => {
                let (_, escaped) = characters.next().expect("what is escaped");
                bytes.push(match escaped {
                    'n' => b'\n',
                    'r' => b'\r',
                    't' => b'\t',
                    'b' => 8,
                    'f' => 12,
                    digit @ '0'..='7' => {
                        let (_, second) = characters.next().expect("a digit");
                        let (_, third) = characters.next().expect("a digit");
                        let octal: String = [digit, second, third].iter().collect();
                        u8::from_str_radix(&octal, 8).expect("three octal digits")
                    }
                    other => u8::try_from(other).expect("one byte"),
                });
            }
            '(' => {
                depth += 1;
                if depth > 1 {
                    bytes.push(b'(');
                }
            }
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return (bytes, at + 1);
                }
                bytes.push(b')');
            }
            other => bytes.push(u8::try_from(other).expect("one byte")),
        }
    }
    panic!("a string without an end");
}
