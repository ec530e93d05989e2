//! Paper: pages of text, lines and barcodes, written as PDF.
//!
//! It knows nothing of what stands on it. The same pages are always the same bytes: no clock, no
//! random number, no map without order. Lengths are in points, from the upper left corner.

mod barcode;
mod flow;
mod font;
mod pdf;

pub(crate) use barcode::{Bars, code128, gs1_128, qr};
pub(crate) use flow::{Column, Flow};
pub(crate) use font::{Face, wrap};
pub(crate) use pdf::write;

/// Points in a millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;

/// Something on a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// A line of text from its left end, on its base line.
    Text { x: f32, y: f32, size: f32, face: Face, text: String },
    /// A filled rectangle; the shade is 0 for black to 1 for white.
    Fill { x: f32, y: f32, width: f32, height: f32, shade: f32 },
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Page {
    pub marks: Vec<Mark>,
}

impl Page {
    /// Adds text from its left end.
    pub(crate) fn text(&mut self, x: f32, y: f32, size: f32, face: Face, text: &str) {
        if !text.is_empty() {
            self.marks.push(Mark::Text { x, y, size, face, text: text.to_owned() });
        }
    }

    /// Adds text that ends at its right end.
    pub(crate) fn text_to(&mut self, x: f32, y: f32, size: f32, face: Face, text: &str) {
        self.text(x - face.width(text, size), y, size, face, text);
    }

    /// Adds a rule.
    pub(crate) fn rule(&mut self, x: f32, y: f32, width: f32) {
        self.marks.push(Mark::Fill { x, y, width, height: 0.5, shade: 0.0 });
    }

    /// Adds a barcode within a box, with bars as wide as fit.
    pub(crate) fn bars(&mut self, bars: &Bars, x: f32, y: f32, width: f32, height: f32) {
        let black = |x, y, width, height| Mark::Fill { x, y, width, height, shade: 0.0 };
        match bars {
            Bars::Line(modules) => {
                let unit = width / modules.iter().map(|&wide| f32::from(wide)).sum::<f32>();
                let mut at = x;
                for (number, wide) in modules.iter().enumerate() {
                    let wide = f32::from(*wide) * unit;
                    if number.is_multiple_of(2) {
                        self.marks.push(black(at, y, wide, height));
                    }
                    at += wide;
                }
            }
            Bars::Square { side, dark } => {
                let unit = width.min(height) / *side as f32;
                for (number, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
                    let (row, column) = (number / side, number % side);
                    self.marks.push(black(
                        x + column as f32 * unit,
                        y + row as f32 * unit,
                        unit,
                        unit,
                    ));
                }
            }
        }
    }
}

/// Pages of one size.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Paper {
    /// What the document is called.
    pub title: String,
    /// The language it is written in, as in `en`.
    pub language: &'static str,
    /// How wide a page is.
    pub width: f32,
    /// How high a page is.
    pub height: f32,
    /// The pages.
    pub pages: Vec<Page>,
}
