//! Columns of text as in Juju's tables: two spaces apart, with nothing after the last.

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
}

impl<const N: usize> Table<N> {
    pub(super) fn new(columns: [(&str, Align); N]) -> Self {
        let rows = vec![columns.map(|(title, _)| title.to_owned())];
        Self {
            align: columns.map(|(_, align)| align),
            rows,
        }
    }

    pub(super) fn row(&mut self, cells: [String; N]) {
        // A message of several lines would break the table.
        self.rows.push(cells.map(|cell| cell.replace('\n', " ")));
    }

    pub(super) fn render(&self) -> String {
        let widths: [usize; N] = std::array::from_fn(|column| {
            self.rows
                .iter()
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0)
        });
        let mut text = String::new();
        for row in &self.rows {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .zip(self.align)
                .map(|((cell, width), align)| match align {
                    Align::Left => format!("{cell:<width$}"),
                    Align::Right => format!("{cell:>width$}"),
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
