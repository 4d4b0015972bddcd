//! Errors for people: the message, the offending place of the file underlined, and what to do.

use miette::{LabeledSpan, MietteDiagnostic, NamedSource, Report};

pub type Result<T> = miette::Result<T>;

/// A stretch of a text, in bytes.
#[derive(Copy, Clone)]
pub struct Place {
    pub offset: usize,
    pub len: usize,
}

/// An error about a place of a text.
pub fn at(name: &str, text: &str, place: Place, message: String, help: Option<String>) -> Report {
    // At the end of the text there is nothing to underline: the last character stands for it.
    let last = text.trim_end().char_indices().last().map_or(0, |(i, _)| i);
    let offset = place.offset.min(last.max(text.len().saturating_sub(1)));
    let mut diagnostic = MietteDiagnostic::new(message)
        .with_label(LabeledSpan::underline(offset..(offset + place.len)));
    diagnostic.help = help;
    Report::new(diagnostic).with_source_code(NamedSource::new(name, text.to_string()))
}

/// An error about no place.
pub fn plain(message: impl Into<String>, help: Option<String>) -> Report {
    let mut diagnostic = MietteDiagnostic::new(message);
    diagnostic.help = help;
    Report::new(diagnostic)
}
