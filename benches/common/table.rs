//! Tables of text: a head, rows, columns as wide as they need be.

use std::fmt;

/// A table. Rows may be shorter than the head.
#[derive(Debug)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Rows before which a blank line stands.
    groups: Vec<usize>,
    /// Columns aligned to the left; the others are numbers.
    left: usize,
}

impl Table {
    /// A table whose first `left` columns hold names.
    pub fn new<S: Into<String>>(left: usize, head: impl IntoIterator<Item = S>) -> Table {
        Table {
            head: head.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
            groups: Vec::new(),
            left,
        }
    }
    /// Starts a group of rows.
    pub fn group(&mut self) {
        if !self.rows.is_empty() {
            self.groups.push(self.rows.len());
        }
    }
    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = || std::iter::once(&self.head).chain(&self.rows);
        let columns = all().map(Vec::len).max().unwrap_or(0);
        let width = |c: usize| {
            let cells = all().filter_map(|row| row.get(c));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (i, row) in all().enumerate() {
            if i > 0 && self.groups.contains(&(i - 1)) {
                writeln!(f)?;
            }
            let mut line = String::new();
            for (c, (cell, &w)) in row.iter().zip(&widths).enumerate() {
                if c < self.left {
                    line += &format!("{cell:<w$}  ");
                } else {
                    line += &format!("{cell:>w$}  ");
                }
            }
            writeln!(f, "{}", line.trim_end())?;
            if i == 0 {
                let rule = widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1);
                writeln!(f, "{}", "-".repeat(rule))?;
            }
        }
        Ok(())
    }
}
