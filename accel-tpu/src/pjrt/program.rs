//! The program that a plugin is given: StableHLO text, ended by a zero byte, without shapes that are known only when it runs.

use super::abi::{self, Args};
use super::error::{Error, Result};
use std::marker::PhantomData;

const FORMAT: &str = "mlir";

/// Text as plugins take it: a zero byte follows, because the parser reads past the end of text that is wrong.
pub(super) struct Text(Vec<u8>);

impl Text {
    pub(super) fn new(text: &str) -> Result<Text> {
        if text.trim().is_empty() {
            return Err(Error::Program("it is empty".into()));
        }
        if text.contains('\0') {
            return Err(Error::Program("it contains a zero byte".into()));
        }
        if let Some(found) = dynamic(text) {
            let line = text[..found].matches('\n').count() + 1;
            return Err(Error::Program(format!(
                "line {line}: `{}` has an extent that is not known; XLA needs all of them",
                excerpt(&text[found..])
            )));
        }
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        Ok(Text(bytes))
    }
    /// As an argument of the C interface.
    pub(super) fn program(&self) -> RawProgram<'_> {
        let mut raw = abi::Program::new();
        // Plugins only read it.
        raw.code = self.0.as_ptr().cast_mut().cast();
        raw.code_size = self.0.len() - 1;
        raw.format = FORMAT.as_ptr().cast();
        raw.format_size = FORMAT.len();
        RawProgram {
            raw,
            text: PhantomData,
        }
    }
}

/// An argument that points into a text.
pub(super) struct RawProgram<'a> {
    pub(super) raw: abi::Program,
    text: PhantomData<&'a Text>,
}

fn excerpt(text: &str) -> &str {
    let end = text.find('>').map_or(text.len(), |i| i + 1);
    let end = text
        .char_indices()
        .map(|(i, _)| i)
        .find(|i| *i >= end.min(60));
    &text[..end.unwrap_or(text.len())]
}

/// Where a tensor type with an unknown extent starts: `tensor<?x3xf32>`. Text in quotes and comments does not count.
fn dynamic(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'"' => {
                i += 1;
                while i < bytes.len() && bytes[i] != b'"' {
                    i += if bytes[i] == b'\\' { 2 } else { 1 };
                }
                i += 1;
            }
            b'/' if bytes.get(i + 1) == Some(&b'/') => {
                while i < bytes.len() && bytes[i] != b'\n' {
                    i += 1;
                }
            }
            b't' if bytes[i..].starts_with(b"tensor") => {
                let start = i;
                i += 6;
                while bytes.get(i).is_some_and(u8::is_ascii_whitespace) {
                    i += 1;
                }
                if bytes.get(i) == Some(&b'<') {
                    // The extents come first; an attribute after them may contain anything.
                    i += 1;
                    while let Some(b) = bytes.get(i) {
                        match b {
                            b'?' => return Some(start),
                            b'*' => return Some(start),
                            b'0'..=b'9' | b'x' | b' ' | b'\n' | b'\t' | b'\r' => i += 1,
                            _ => break,
                        }
                    }
                }
            }
            _ => i += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_extents_are_found_and_other_question_marks_are_not() {
        for bad in [
            "tensor<?xf32>",
            "tensor<2x?xi1>",
            "a tensor <\n3x ?xf32>",
            "tensor<*xf32>",
        ] {
            assert!(dynamic(bad).is_some(), "{bad}");
            assert!(Text::new(bad).is_err());
        }
        for good in [
            "tensor<2xf32> loc(\"tensor<?xf32>\")",
            "// tensor<?xf32>\ntensor<f32>",
            "\"a\\\" tensor<?xf32>\" tensor<f32>",
            "tensor",
            "tensor<",
            "\"",
        ] {
            assert!(dynamic(good).is_none(), "{good}");
        }
        let text = "one\n é tensor<?x3xf32>";
        let e = Text::new(text).err().unwrap().to_string();
        assert!(
            e.contains("line 2") && e.contains("`tensor<?x3xf32>`"),
            "{e}"
        );
        assert!(Text::new(" \n").is_err() && Text::new("a\0b").is_err());
        // Cut inside of a character.
        let wide = format!("tensor<?{}", "é".repeat(60));
        assert!(Text::new(&wide).is_err());
    }

    #[test]
    fn a_zero_byte_follows() {
        let text = Text::new("module {}").unwrap();
        assert_eq!(text.program().raw.code_size, 9);
        assert_eq!(text.0.last(), Some(&0));
    }
}
