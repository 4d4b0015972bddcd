//! Source text to tokens.
//!
//! A token is a slice of the source with its place. Lexing stops at the first error and never goes back, so it is linear.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What is wrong with a text, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub col: u32,
    /// Where the offending text starts, in bytes.
    pub offset: usize,
    /// How long it is, in bytes; 0 at the end of the text.
    pub len: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.col, self.message)
    }
}

impl core::error::Error for ParseError {}

impl ParseError {
    /// The message with the source line, the offending part underlined.
    pub fn render(&self, source: &str) -> String {
        let line = source.lines().nth(self.line as usize - 1).unwrap_or("");
        let before: String = line
            .chars()
            .take(self.col as usize - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let end = self.offset.saturating_add(self.len);
        let marked = source.get(self.offset..end).unwrap_or("");
        let width = marked.lines().next().unwrap_or("").chars().count().max(1);
        let n = format!("{}", self.line);
        let pad = " ".repeat(n.len());
        let carets = "^".repeat(width);
        format!(
            "error: {}\n{pad} |\n{n} | {line}\n{pad} | {before}{carets}\n",
            self.message
        )
    }
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A word: an op, a keyword, the name of a value.
    Ident,
    /// An unsigned number of any notation.
    Number,
    /// A string with its quotes, escapes not yet resolved.
    Str,
    /// `@name` or `@"name"`.
    Func,
    /// Anything else.
    Punct,
    /// The end of the text.
    Eof,
}

#[derive(Copy, Clone, Debug)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind,
    pub(super) text: &'s str,
    pub(super) offset: usize,
    pub(super) line: u32,
    pub(super) col: u32,
}

impl Token<'_> {
    /// Where it is, in bytes.
    pub(super) fn range(&self) -> core::ops::Range<usize> {
        self.offset..self.offset + self.text.len()
    }
    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError {
            line: self.line,
            col: self.col,
            offset: self.offset,
            len: self.text.len(),
            message: message.into(),
        }
    }
    /// The token as a message names it, shortened.
    pub(super) fn describe(&self) -> String {
        match self.kind {
            Kind::Eof => "the end of the text".into(),
            Kind::Ident | Kind::Number | Kind::Str | Kind::Func | Kind::Punct => {
                let short: String = self.text.chars().take(40).collect();
                let dots = if short.len() < self.text.len() {
                    "…"
                } else {
                    ""
                };
                format!("`{short}{dots}`")
            }
        }
    }
}

const TWO: [&str; 3] = ["->", "..", "+="];
const ONE: &str = "(){}[]<>,:=.-?@";

/// Splits a text into tokens; the last one is the end.
pub(super) fn tokens(source: &str) -> Result<Vec<Token<'_>>, ParseError> {
    let mut out: Vec<Token<'_>> = Vec::new();
    let (mut at, mut line, mut col) = (0, 1u32, 1u32);
    loop {
        let rest = &source[at..];
        let Some(c) = rest.chars().next() else { break };
        if c == '\n' {
            at += 1;
            line = line.saturating_add(1);
            col = 1;
            continue;
        }
        if c.is_whitespace() {
            at += c.len_utf8();
            col = col.saturating_add(1);
            continue;
        }
        if c == ';' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let after_dot = out
            .last()
            .is_some_and(|t| t.text == "." && t.offset + 1 == at);
        let mut token = Token {
            kind: Kind::Punct,
            text: &rest[..c.len_utf8()],
            offset: at,
            line,
            col,
        };
        let (kind, len) = if c.is_ascii_alphabetic() || c == '_' {
            (Kind::Ident, span(rest, is_word))
        } else if c.is_ascii_digit() {
            // A field number after a dot has no fraction: `v0.1.2` is two fields.
            let n = if after_dot {
                span(rest, |c| c.is_ascii_digit())
            } else {
                number(rest)
            };
            (Kind::Number, n)
        } else if c == '"' {
            (Kind::Str, string(rest, 0, &token)?)
        } else if rest.starts_with("@\"") {
            (Kind::Func, string(rest, 1, &token)?)
        } else if c == '@' && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            (Kind::Func, 1 + span(&rest[1..], is_name))
        } else if TWO.iter().any(|t| rest.starts_with(t)) {
            (Kind::Punct, 2)
        } else if ONE.contains(c) {
            (Kind::Punct, 1)
        } else {
            return Err(token.error(format!("unexpected character {c:?}")));
        };
        token.kind = kind;
        token.text = &rest[..len];
        at += len;
        col = col.saturating_add(token.text.chars().count() as u32);
        out.push(token);
    }
    out.push(Token {
        kind: Kind::Eof,
        text: "",
        offset: source.len(),
        line,
        col,
    });
    Ok(out)
}

/// Whether a character may be in a word after its first.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a character may be in an unquoted function name after its first.
pub(super) fn is_name(c: char) -> bool {
    is_word(c) || matches!(c, '.' | ':' | '$')
}

/// The length of the longest prefix of such characters.
fn span(s: &str, ok: impl Fn(char) -> bool) -> usize {
    s.find(|c| !ok(c)).unwrap_or(s.len())
}

/// The length of the number at the start: hexadecimal or decimal, with fraction and exponent.
fn number(s: &str) -> usize {
    let (mut at, digit, exponent): (_, fn(char) -> bool, _) =
        if s.starts_with("0x") || s.starts_with("0X") {
            (2, |c| c.is_ascii_hexdigit(), ['p', 'P'])
        } else {
            (0, |c| c.is_ascii_digit(), ['e', 'E'])
        };
    at += span(&s[at..], digit);
    if s[at..].starts_with('.') && s[at + 1..].starts_with(digit) {
        at += 1 + span(&s[at + 1..], digit);
    }
    if s[at..].starts_with(exponent) {
        let sign = usize::from(s[at + 1..].starts_with(['-', '+']));
        let n = span(&s[at + 1 + sign..], |c| c.is_ascii_digit());
        if n != 0 {
            at += 1 + sign + n;
        }
    }
    // Letters stuck to a number belong to it, so that the message names the whole word.
    at + span(&s[at..], is_word)
}

/// The length of the string whose opening quote is at `open`, with it.
fn string(s: &str, open: usize, token: &Token<'_>) -> Result<usize, ParseError> {
    let mut escaped = false;
    for (i, c) in s[open + 1..].char_indices() {
        match c {
            '\n' => break,
            '"' if !escaped => return Ok(open + 1 + i + 1),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    Err(token.error("a string without closing quote on its line"))
}

/// The content of a string literal given with its quotes, or what is wrong with it.
pub(super) fn unescape(quoted: &str) -> Result<String, String> {
    let inner = quoted
        .strip_prefix('"')
        .and_then(|s| s.strip_suffix('"'))
        .ok_or("not a string")?;
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let e = rest.next().ok_or("an escape without a character")?;
        out.push(match e {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '0' => '\0',
            '\\' | '"' => e,
            'u' => {
                let hex: String = rest
                    .by_ref()
                    .take_while(|&c| c != '}')
                    .take(8)
                    .skip_while(|&c| c == '{')
                    .collect();
                u32::from_str_radix(&hex, 16)
                    .ok()
                    .and_then(char::from_u32)
                    .ok_or_else(|| format!("`\\u{{{hex}}}` is no character"))?
            }
            other => return Err(format!("unknown escape `\\{other}`")),
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(s: &str) -> Vec<&str> {
        tokens(s).unwrap().iter().map(|t| t.text).collect()
    }

    #[test]
    fn splits() {
        assert_eq!(
            texts("v6..v7 v0.1.2[i] 1.5e-3 0x1.8p-1 @f(x) -> @\"a b\"; no\n@3:17"),
            [
                "v6", "..", "v7", "v0", ".", "1", ".", "2", "[", "i", "]", "1.5e-3", "0x1.8p-1",
                "@f", "(", "x", ")", "->", "@\"a b\"", "@", "3", ":", "17", ""
            ]
        );
        assert_eq!(unescape(r#""a\n\"\u{e9}""#).unwrap(), "a\n\"é");
        assert!(tokens("\"abc").is_err() && tokens("#").is_err());
        assert!(unescape(r#""\q""#).is_err() && unescape(r#""\u{110000}""#).is_err());
    }
}
