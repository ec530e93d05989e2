//! Barcodes: Code 128, GS1-128 and QR, as bars and squares.

use qrcode::{Color, EcLevel, QrCode};

/// A barcode without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bars {
    /// Widths in modules, bar and space in turn, beginning and ending with a bar.
    Line(Vec<u8>),
    /// Squares, row after row.
    Square { side: usize, dark: Vec<bool> },
}

/// The widths of the bars and spaces of the symbols 0 to 105; the stop is [`STOP`].
#[rustfmt::skip]
const SYMBOLS: [&[u8; 6]; 106] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312",
    b"132212", b"221213", b"221312", b"231212", b"112232", b"122132", b"122231", b"113222",
    b"123122", b"123221", b"223211", b"221132", b"221231", b"213212", b"223112", b"312131",
    b"311222", b"321122", b"321221", b"312212", b"322112", b"322211", b"212123", b"212321",
    b"232121", b"111323", b"131123", b"131321", b"112313", b"132113", b"132311", b"211313",
    b"231113", b"231311", b"112133", b"112331", b"132131", b"113123", b"113321", b"133121",
    b"313121", b"211331", b"231131", b"213113", b"213311", b"213131", b"311123", b"311321",
    b"331121", b"312113", b"312311", b"332111", b"314111", b"221411", b"431111", b"111224",
    b"111422", b"121124", b"121421", b"141122", b"141221", b"112214", b"112412", b"122114",
    b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111",
    b"111242", b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112",
    b"421211", b"212141", b"214121", b"412121", b"111143", b"111341", b"131141", b"114113",
    b"114311", b"411113", b"411311", b"113141", b"114131", b"311141", b"411131", b"211412",
    b"211214", b"211232",
];
const STOP: &[u8; 7] = b"2331112";
/// Turns to pairs of digits, to single characters, and what tells a GS1 code from any other.
const TO_C: u8 = 99;
const TO_B: u8 = 100;
const FUNCTION_1: u8 = 102;
const START_B: u8 = 104;
const START_C: u8 = 105;

/// A text in Code 128; nothing when a character has no symbol in it.
pub(crate) fn code128(text: &str) -> Option<Bars> {
    drawn(&[(false, text)])
}

/// Element strings in GS1-128, as in `("01", "04012345678901")`.
pub(crate) fn gs1_128(elements: &[(&str, &str)]) -> Option<Bars> {
    // Of all that is used here only the last one may be of any length, so that nothing has to end.
    let text: String = elements.iter().flat_map(|(name, value)| [*name, *value]).collect();
    drawn(&[(true, &text)])
}

fn drawn(parts: &[(bool, &str)]) -> Option<Bars> {
    let values = values(parts)?;
    let mut widths: Vec<u8> = Vec::with_capacity(values.len() * 6 + 7);
    for value in values {
        widths.extend(SYMBOLS.get(usize::from(value))?.iter().map(|digit| digit - b'0'));
    }
    widths.extend(STOP.iter().map(|digit| digit - b'0'));
    Some(Bars::Line(widths))
}

/// The symbols of parts, each with the function before it or not: start, data, check.
fn values(parts: &[(bool, &str)]) -> Option<Vec<u8>> {
    let printable = |byte: &u8| (0x20..0x7f).contains(byte);
    let mut values = Vec::new();
    let mut pairs = false;
    for (function, text) in parts {
        let bytes = text.as_bytes();
        if bytes.is_empty() || !bytes.iter().all(printable) {
            return None;
        }
        let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut at = 0;
        if values.is_empty() {
            pairs = digits(0) >= 4 || (digits(0) == 2 && bytes.len() == 2);
            values.push(if pairs { START_C } else { START_B });
        }
        if *function {
            values.push(FUNCTION_1);
        }
        while at < bytes.len() {
            let ahead = digits(at);
            if pairs && ahead >= 2 {
                values.push((bytes[at] - b'0') * 10 + (bytes[at + 1] - b'0'));
                at += 2;
            } else if pairs {
                values.push(TO_B);
                pairs = false;
            } else if ahead >= 4
                && ahead.is_multiple_of(2)
                && (at + ahead == bytes.len() || ahead >= 6)
            {
                values.push(TO_C);
                pairs = true;
            } else {
                values.push(bytes[at] - b' ');
                at += 1;
            }
        }
    }
    let sum: u64 =
        values.iter().zip(0_u64..).map(|(value, place)| u64::from(*value) * place.max(1)).sum();
    values.push(u8::try_from(sum % 103).ok()?);
    Some(values)
}

/// A text as a QR code; nothing when it is too long.
pub(crate) fn qr(text: &str) -> Option<Bars> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Some(Bars::Square { side: code.width(), dark })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_symbol_is_eleven_modules_and_unlike_all_others() {
        let mut seen = BTreeSet::new();
        for symbol in SYMBOLS {
            assert_eq!(symbol.iter().map(|digit| digit - b'0').sum::<u8>(), 11);
            // The bars of each symbol are an even number of modules wide.
            let bars: u8 = symbol.iter().step_by(2).map(|digit| digit - b'0').sum();
            assert_eq!(bars % 2, 0);
            assert!(seen.insert(symbol));
        }
        assert_eq!(STOP.iter().map(|digit| digit - b'0').sum::<u8>(), 13);
    }

    #[test]
    fn a_text_has_the_symbols_and_check_of_the_standard() {
        #[track_caller]
        fn check(text: &str, expected: &[u8]) {
            assert_eq!(values(&[(false, text)]).as_deref(), Some(expected), "{text}");
        }
        // The usual examples; PJJ123C has check 54 when it begins in set A, and so 55 in set B.
        check("PJJ123C", &[104, 48, 42, 42, 17, 18, 19, 35, 55]);
        check("Wikipedia", &[104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88]);
        check("PO-000123", &[104, 48, 47, 13, 99, 0, 1, 23, 24]);
        check("1234", &[105, 12, 34, 82]);
        check("12345", &[105, 12, 34, 100, 21, 54]);
        assert_eq!(values(&[(false, "Gr\u{f6}\u{df}e")]), None);
        assert_eq!(values(&[(false, "")]), None);
        let gs1 = values(&[(true, "0104012345678901")]).unwrap();
        assert_eq!(gs1[..5], [105, 102, 1, 4, 1]);
    }

    #[test]
    fn a_qr_code_is_read_back() {
        let text = "WH/Stock/A-1 Gr\u{f6}\u{df}e";
        let Some(Bars::Square { side, dark }) = qr(text) else { panic!("no code") };
        let quiet = 4;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(
            (side + 2 * quiet) * 4,
            (side + 2 * quiet) * 4,
            |x, y| {
                let (column, row) = ((x / 4).wrapping_sub(quiet), (y / 4).wrapping_sub(quiet));
                let inside = column < side && row < side;
                if inside && dark[row * side + column] { 0 } else { 255 }
            },
        );
        let found = image.detect_grids();
        assert_eq!(found[0].decode().unwrap().1, text);
    }
}
