//! What a file is by its own bytes, and what its hash is.

use sha2::{Digest, Sha256};

/// What is known of a kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Media {
    /// Its name, as in `application/pdf`.
    pub name: &'static str,
    /// Other names that programs give it.
    pub also: &'static [&'static str],
}

const fn media(name: &'static str, also: &'static [&'static str]) -> Media {
    Media { name, also }
}

const PDF: Media = media("application/pdf", &["application/x-pdf"]);
const PNG: Media = media("image/png", &["image/x-png"]);
const JPEG: Media = media("image/jpeg", &["image/jpg", "image/pjpeg"]);
const WEBP: Media = media("image/webp", &[]);
const TIFF: Media = media("image/tiff", &["image/tif"]);
const HEIC: Media = media("image/heic", &["image/heif"]);
const WORKBOOK: Media = media(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    &["application/zip", "application/vnd.ms-excel"],
);
const TEXT_DOCUMENT: Media = media(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    &["application/zip"],
);
const OPEN_SHEET: Media =
    media("application/vnd.oasis.opendocument.spreadsheet", &["application/zip"]);
const OPEN_TEXT: Media = media("application/vnd.oasis.opendocument.text", &["application/zip"]);
const XML: Media = media("application/xml", &["text/xml", "text/plain"]);
const TEXT: Media = media(
    "text/plain",
    &["text/csv", "text/tab-separated-values", "application/csv", "application/vnd.ms-excel"],
);

/// What a sender says that knows nothing of a file.
const UNKNOWN: &[&str] = &["", "application/octet-stream", "application/x-www-form-urlencoded"];

/// What files may be, in words.
pub(crate) const ALLOWED: &str =
    "PDF, PNG, JPEG, WebP, TIFF, HEIC, XLSX, DOCX, ODS, ODT, XML or plain text such as CSV";

/// What a file is, told from its bytes alone; nothing for what is not kept here.
pub(crate) fn sniff(content: &[u8]) -> Option<Media> {
    let starts = |magic: &[u8]| content.starts_with(magic);
    let at = |from: usize, magic: &[u8]| {
        content.get(from..from + magic.len()).is_some_and(|found| found == magic)
    };
    if starts(b"%PDF-") {
        return Some(PDF);
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return Some(PNG);
    }
    if starts(b"\xff\xd8\xff") {
        return Some(JPEG);
    }
    if starts(b"RIFF") && at(8, b"WEBP") {
        return Some(WEBP);
    }
    if starts(b"II*\0") || starts(b"MM\0*") {
        return Some(TIFF);
    }
    if at(4, b"ftypheic") || at(4, b"ftypheix") || at(4, b"ftypmif1") {
        return Some(HEIC);
    }
    if starts(b"PK\x03\x04") {
        return packed(content);
    }
    text(content)
}

/// What a packed file is, by the names of what is in it.
fn packed(content: &[u8]) -> Option<Media> {
    let has = |name: &[u8]| content.windows(name.len()).any(|part| part == name);
    let begins = |name: &[u8]| content.get(30..30 + name.len()).is_some_and(|part| part == name);
    if begins(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
        return Some(OPEN_SHEET);
    }
    if begins(b"mimetypeapplication/vnd.oasis.opendocument.text") {
        return Some(OPEN_TEXT);
    }
    if !has(b"[Content_Types].xml") {
        return None;
    }
    if has(b"xl/workbook.xml") {
        return Some(WORKBOOK);
    }
    has(b"word/document.xml").then_some(TEXT_DOCUMENT)
}

/// Text that no browser would run: UTF-8 without control characters, no page and no drawing.
fn text(content: &[u8]) -> Option<Media> {
    let text = std::str::from_utf8(content).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) {
        return None;
    }
    let lower = text.trim_start().get(..1024).unwrap_or(text.trim_start()).to_ascii_lowercase();
    if !lower.starts_with('<') {
        return Some(TEXT);
    }
    let runs = ["<!doctype html", "<html", "<script", "<svg", "<body", "<head", "<iframe"];
    if runs.iter().any(|tag| text.to_ascii_lowercase().contains(tag)) {
        return None;
    }
    lower.starts_with("<?xml").then_some(XML)
}

/// The name under which a file is kept, when what the sender says of it is true; else the name it
/// would have had.
pub(crate) fn agreed(found: Media, claimed: &str) -> Result<&'static str, &'static str> {
    let claimed = claimed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if claimed == found.name || UNKNOWN.contains(&claimed.as_str()) {
        return Ok(found.name);
    }
    let kept = |also: &&'static str| if found == TEXT { *also } else { found.name };
    found.also.iter().find(|also| **also == claimed).map(kept).ok_or(found.name)
}

/// The hash of a file in hexadecimal.
pub(crate) fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        #[track_caller]
        fn check(content: &[u8], expected: Option<&str>) {
            assert_eq!(sniff(content).map(|media| media.name), expected);
        }
        check(b"%PDF-1.7\n", Some("application/pdf"));
        check(b"\x89PNG\r\n\x1a\n rest", Some("image/png"));
        check(b"\xff\xd8\xff\xe0", Some("image/jpeg"));
        check(b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp"));
        check(b"II*\0", Some("image/tiff"));
        check(b"\0\0\0\x18ftypheic", Some("image/heic"));
        check("sku,menge\nA,1\r\nGr\u{f6}\u{df}e,2".as_bytes(), Some("text/plain"));
        check(b"<?xml version=\"1.0\"?><Invoice/>", Some("application/xml"));
        check(b"PK\x03\x04...[Content_Types].xml...xl/workbook.xml", Some(WORKBOOK.name));
        check(b"PK\x03\x04...[Content_Types].xml...word/document.xml", Some(TEXT_DOCUMENT.name));
        check(b"PK\x03\x04 any other archive", None);
        check(b"MZ\x90\0", None);
        check(b"\x7fELF", None);
        check(b"<!DOCTYPE html><p>", None);
        check(b"  <svg onload=alert(1)>", None);
        check(b"<?xml version=\"1.0\"?><svg xmlns=\"x\"/>", None);
        check(b"<p>no page, no XML", None);
        check(b"a\0b", None);
        check(b"caf\xe9", None);
    }

    #[test]
    fn what_a_sender_says_must_be_true() {
        #[track_caller]
        fn check(content: &[u8], claimed: &str, expected: Result<&str, &str>) {
            assert_eq!(agreed(sniff(content).unwrap(), claimed), expected, "{claimed}");
        }
        check(b"%PDF-1.7", "application/pdf", Ok("application/pdf"));
        check(b"%PDF-1.7", "Application/PDF; q=1", Ok("application/pdf"));
        check(b"%PDF-1.7", "", Ok("application/pdf"));
        check(b"%PDF-1.7", "application/octet-stream", Ok("application/pdf"));
        check(b"%PDF-1.7", "image/png", Err("application/pdf"));
        check(b"a,b", "text/csv; charset=utf-8", Ok("text/csv"));
        check(b"a,b", "text/html", Err("text/plain"));
        check(b"\xff\xd8\xff", "image/jpg", Ok("image/jpeg"));
    }

    #[test]
    fn the_hash_is_sha_256() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(b"abc"), expected);
    }
}
