//! Columns of text as in Juju's tables: two spaces apart, with nothing after the last.

use super::terminal::{HEADER, Palette, width};

/// How a column's text is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table with a header.
pub(super) struct Table<const N: usize> {
    align: [Align; N],
    rows: Vec<[String; N]>,
    hidden: Option<usize>,
}

impl<const N: usize> Table<N> {
    pub(super) fn new(columns: [(&str, Align); N]) -> Self {
        let rows = vec![columns.map(|(title, _)| title.to_owned())];
        Self {
            align: columns.map(|(_, align)| align),
            rows,
            hidden: None,
        }
    }

    pub(super) fn row(&mut self, cells: [String; N]) {
        // A message of several lines would break the table.
        self.rows.push(cells.map(|cell| cell.replace('\n', " ")));
    }

    /// Paints the header.
    pub(super) fn paint(&mut self, palette: Palette) {
        for cell in self.rows.iter_mut().take(1).flatten() {
            *cell = palette.paint(HEADER, cell);
        }
    }

    /// Leaves a column out.
    pub(super) fn hide(&mut self, column: usize) {
        self.hidden = Some(column);
    }

    pub(super) fn render(&self) -> String {
        let widths: [usize; N] = std::array::from_fn(|column| {
            let cells = self.rows.iter().map(|row| width(&row[column]));
            cells.max().unwrap_or(0)
        });
        let mut text = String::new();
        for row in &self.rows {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .zip(self.align)
                .enumerate()
                .filter(|(column, _)| self.hidden != Some(*column))
                .map(|(_, ((cell, column), align))| {
                    let padding = " ".repeat(column - width(cell));
                    match align {
                        Align::Left => format!("{cell}{padding}"),
                        Align::Right => format!("{padding}{cell}"),
                    }
                })
                .collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns() {
        let mut table = Table::new([
            ("App", Align::Left),
            ("Scale", Align::Right),
            ("Message", Align::Left),
        ]);
        table.row(["idp".into(), "1".into(), "a\nb".into()]);
        table.row(["kratos".into(), "12".into(), String::new()]);
        assert_eq!(
            table.render(),
            "App     Scale  Message\nidp         1  a b\nkratos     12\n"
        );
    }
}
