//! Text and tables that flow over pages: what does not fit goes on the next page, under the same head.

use super::{Face, MM, Page, Paper, wrap};

/// The edge of a page.
const EDGE: f32 = 18.0 * MM;
/// Where the text of a page ends, above its foot.
const FOOT: f32 = 20.0 * MM;
/// The size of text, and how far its lines are apart.
const SIZE: f32 = 9.0;
const LEADING: f32 = 1.3;
/// The space between columns.
const GAP: f32 = 6.0;

/// On which side of its column a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// What stands above it.
    pub title: &'static str,
    /// Its share of the width.
    pub share: f32,
    /// Where its text stands.
    pub side: Side,
}

impl Column {
    /// A column of words.
    pub(crate) fn words(title: &'static str, share: f32) -> Column {
        Column { title, share, side: Side::Left }
    }

    /// A column of numbers.
    pub(crate) fn numbers(title: &'static str, share: f32) -> Column {
        Column { title, share, side: Side::Right }
    }
}

/// A4 pages that are filled from top to bottom.
pub(crate) struct Flow {
    paper: Paper,
    /// What every further page says above its text.
    head: String,
    page: Page,
    y: f32,
}

impl Flow {
    /// Begins with an empty page.
    pub(crate) fn new(title: String, language: &'static str, head: String) -> Flow {
        let (width, height) = (210.0 * MM, 297.0 * MM);
        let paper = Paper { title, language, width, height, pages: Vec::new() };
        Flow { paper, head, page: Page::default(), y: EDGE }
    }

    /// How wide text may be.
    pub(crate) fn width(&self) -> f32 {
        self.paper.width - 2.0 * EDGE
    }

    /// Where text begins.
    pub(crate) fn left(&self) -> f32 {
        EDGE
    }

    /// Where the next line of text begins.
    pub(crate) fn top(&self) -> f32 {
        self.y
    }

    /// The page that is filled.
    pub(crate) fn page(&mut self) -> &mut Page {
        &mut self.page
    }

    /// Leaves room.
    pub(crate) fn skip(&mut self, height: f32) {
        self.y += height;
    }

    /// Goes on below a mark, if that is further down.
    pub(crate) fn below(&mut self, y: f32) {
        self.y = self.y.max(y);
    }

    fn room(&self) -> f32 {
        self.paper.height - FOOT - self.y
    }

    /// Begins the next page.
    fn turn(&mut self) {
        self.paper.pages.push(std::mem::take(&mut self.page));
        self.y = EDGE;
        let head = self.head.clone();
        self.page.text(EDGE, self.y + SIZE, SIZE, Face::Bold, &head);
        self.y += 2.0 * SIZE;
    }

    /// Lines of text in a part of the width, from a place of their own; answers where they end.
    pub(crate) fn block(
        &mut self,
        (x, y, width): (f32, f32, f32),
        lines: &[(Face, String)],
    ) -> f32 {
        let mut at = y;
        for (face, text) in lines {
            for line in wrap(text, *face, SIZE, width) {
                self.page.text(x, at + SIZE, SIZE, *face, &line);
                at += SIZE * LEADING;
            }
        }
        at
    }

    /// A heading.
    pub(crate) fn heading(&mut self, text: &str, size: f32) {
        for line in wrap(text, Face::Bold, size, self.width()) {
            if self.room() < size * LEADING {
                self.turn();
            }
            self.page.text(EDGE, self.y + size, size, Face::Bold, &line);
            self.y += size * LEADING;
        }
    }

    /// A paragraph over the whole width.
    pub(crate) fn paragraph(&mut self, text: &str) {
        for line in wrap(text, Face::Regular, SIZE, self.width()) {
            if self.room() < SIZE * LEADING {
                self.turn();
            }
            self.page.text(EDGE, self.y + SIZE, SIZE, Face::Regular, &line);
            self.y += SIZE * LEADING;
        }
    }

    /// A table. Its head is repeated on every page; a row that is higher than what is left of a page
    /// goes on the next one, and one that is higher than a page is broken.
    pub(crate) fn table(&mut self, columns: &[Column], rows: &[Vec<String>]) {
        let shares: f32 = columns.iter().map(|column| column.share).sum();
        let scale = (self.width() - GAP * (columns.len().saturating_sub(1)) as f32) / shares;
        let widths: Vec<f32> = columns.iter().map(|column| column.share * scale).collect();
        let heads: Vec<String> = columns.iter().map(|column| column.title.to_owned()).collect();
        let head = cells(&heads, &widths, Face::Bold);
        let step = SIZE * LEADING;
        let begin = |flow: &mut Flow| {
            flow.row(&head, columns, &widths, Face::Bold);
            let (y, width) = (flow.y, flow.width());
            flow.page.rule(EDGE, y, width);
            flow.y += 3.0;
        };
        if self.room() < step * (head_lines(&head) + 3) as f32 {
            self.turn();
        }
        begin(self);
        for row in rows {
            let mut left = cells(row, &widths, Face::Regular);
            let height = step * head_lines(&left) as f32;
            let page = self.paper.height - FOOT - EDGE - 6.0 * step;
            if self.room() < height.min(page) {
                self.turn();
                begin(self);
            }
            while head_lines(&left) > 0 {
                let fit = ((self.room() / step).floor().max(1.0)) as usize;
                let now: Vec<Vec<String>> = left
                    .iter_mut()
                    .map(|cell| cell.drain(..fit.min(cell.len())).collect())
                    .collect();
                self.row(&now, columns, &widths, Face::Regular);
                if head_lines(&left) > 0 {
                    self.turn();
                    begin(self);
                }
            }
            self.y += 2.0;
        }
        let (y, width) = (self.y, self.width());
        self.page.rule(EDGE, y, width);
        self.y += 4.0;
    }

    fn row(&mut self, cells: &[Vec<String>], columns: &[Column], widths: &[f32], face: Face) {
        let mut x = EDGE;
        for ((lines, column), width) in cells.iter().zip(columns).zip(widths) {
            for (number, line) in lines.iter().enumerate() {
                let y = self.y + SIZE + number as f32 * SIZE * LEADING;
                match column.side {
                    Side::Left => self.page.text(x, y, SIZE, face, line),
                    Side::Right => self.page.text_to(x + width, y, SIZE, face, line),
                }
            }
            x += width + GAP;
        }
        self.y += SIZE * LEADING * head_lines(cells) as f32;
    }

    /// A line of a sum: words and a number at the right edge.
    pub(crate) fn sum(&mut self, words: &str, number: &str) {
        if self.room() < SIZE * LEADING {
            self.turn();
        }
        let (right, y) = (EDGE + self.width(), self.y + SIZE);
        self.page.text_to(right, y, SIZE, Face::Bold, number);
        self.page.text_to(right - 110.0, y, SIZE, Face::Bold, words);
        self.y += SIZE * LEADING;
    }

    /// Ends the last page, and writes on every one what stands at its foot: words at the left, and which
    /// page of how many it is.
    pub(crate) fn finish(mut self, foot: &str, counted: impl Fn(usize, usize) -> String) -> Paper {
        self.paper.pages.push(self.page);
        let (all, right) = (self.paper.pages.len(), self.paper.width - EDGE);
        let y = self.paper.height - FOOT / 2.0;
        for (number, page) in self.paper.pages.iter_mut().enumerate() {
            let counted = counted(number + 1, all);
            page.text_to(right, y, 8.0, Face::Regular, &counted);
            let width = right - EDGE - Face::Regular.width(&counted, 8.0) - GAP;
            let line = wrap(foot, Face::Regular, 8.0, width).into_iter().next();
            page.text(EDGE, y, 8.0, Face::Regular, &line.unwrap_or_default());
        }
        self.paper
    }
}

/// The lines of each cell of a row.
fn cells(row: &[String], widths: &[f32], face: Face) -> Vec<Vec<String>> {
    row.iter().zip(widths).map(|(text, width)| wrap(text, face, SIZE, *width)).collect()
}

fn head_lines(cells: &[Vec<String>]) -> usize {
    cells.iter().map(Vec::len).max().unwrap_or(0)
}
