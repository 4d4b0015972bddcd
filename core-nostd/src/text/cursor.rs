//! Reading tokens: the small pieces of the grammar (words, numbers, types, literals) that programs and values share.

use super::lex::{Kind, ParseError, Token, tokens, unescape};
use super::number::{self, Format};
use crate::ir::{DType, Dim, Type};
use crate::value::{Data, Scalar};
use crate::verify::{MAX_RANK, MAX_TYPE_DEPTH};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;
use num_complex::Complex;

pub(super) type Result<T> = core::result::Result<T, ParseError>;

/// A position in the tokens of a text.
pub(super) struct Cursor<'s> {
    tokens: Vec<Token<'s>>,
    at: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(source: &'s str) -> Result<Cursor<'s>> {
        Ok(Cursor {
            tokens: tokens(source)?,
            at: 0,
        })
    }
    /// All tokens.
    pub(super) fn tokens(&self) -> &[Token<'s>] {
        &self.tokens
    }
    /// The next token; the last one is the end.
    pub(super) fn peek(&self) -> Token<'s> {
        self.ahead(0)
    }
    /// The token `n` after the next.
    pub(super) fn ahead(&self, n: usize) -> Token<'s> {
        self.tokens[(self.at + n).min(self.tokens.len() - 1)]
    }
    pub(super) fn next(&mut self) -> Token<'s> {
        let t = self.peek();
        self.at += 1;
        t
    }
    /// Whether the next token is on the line of the one before.
    pub(super) fn same_line(&self) -> bool {
        self.at == 0 || self.ahead(0).line == self.tokens[self.at.min(self.tokens.len()) - 1].line
    }
    pub(super) fn expected(&self, what: &str) -> ParseError {
        let t = self.peek();
        t.error(format!("expected {what}, found {}", t.describe()))
    }
    /// Whether the next token is that punctuation or word.
    pub(super) fn is(&self, text: &str) -> bool {
        let t = self.peek();
        t.text == text && matches!(t.kind, Kind::Punct | Kind::Ident)
    }
    /// Takes the punctuation or word if it is next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let yes = self.is(text);
        self.at += usize::from(yes);
        yes
    }
    pub(super) fn expect(&mut self, text: &str) -> Result<Token<'s>> {
        if self.is(text) {
            Ok(self.next())
        } else {
            Err(self.expected(&format!("`{text}`")))
        }
    }
    pub(super) fn kind(&mut self, kind: Kind, what: &str) -> Result<Token<'s>> {
        if self.peek().kind == kind {
            Ok(self.next())
        } else {
            Err(self.expected(what))
        }
    }
    pub(super) fn end(&self) -> Result<()> {
        match self.peek().kind {
            Kind::Eof => Ok(()),
            _ => Err(self.expected("the end of the text")),
        }
    }
    /// Items separated by commas up to `close`, which is taken.
    pub(super) fn list<T>(
        &mut self,
        close: &str,
        mut item: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut out = Vec::new();
        while !self.eat(close) {
            if !out.is_empty() && !self.eat(",") {
                return Err(self.expected(&format!("`,` or `{close}`")));
            }
            out.push(item(self)?);
        }
        Ok(out)
    }
    /// `[item, item]`.
    pub(super) fn brackets<T>(
        &mut self,
        item: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.expect("[")?;
        self.list("]", item)
    }
    /// An integer, possibly negative, that fits the Rust type.
    pub(super) fn int<T: TryFrom<i128>>(&mut self, what: &str) -> Result<T> {
        let start = self.peek();
        let minus = self.eat("-");
        let t = self.kind(Kind::Number, what)?;
        let value = match t.text.strip_prefix("0x") {
            Some(hex) => i128::from_str_radix(hex, 16),
            None => i128::from_str(t.text),
        };
        value
            .ok()
            .map(|v| if minus { -v } else { v })
            .and_then(|v| T::try_from(v).ok())
            .ok_or_else(|| {
                let sign = if minus { "-" } else { "" };
                let at = if minus { start } else { t };
                at.error(format!(
                    "expected {what}, found `{sign}{}`, which is out of range or no integer",
                    t.text
                ))
            })
    }
    pub(super) fn string(&mut self) -> Result<String> {
        let t = self.kind(Kind::Str, "a string")?;
        unescape(t.text).map_err(|e| t.error(e))
    }
    /// The name in a `@name` token.
    pub(super) fn func_name(&mut self) -> Result<(Token<'s>, String)> {
        let t = self.kind(Kind::Func, "a function's name (`@name`)")?;
        Ok((t, name_of(&t)?))
    }
    pub(super) fn dtype(&mut self) -> Result<DType> {
        let t = self.kind(Kind::Ident, "an element type")?;
        DType::from_name(t.text).ok_or_else(|| {
            let near = nearest(t.text, DType::ALL.iter().map(|d| d.name()));
            t.error(format!("unknown element type {}{near}", t.describe()))
        })
    }
    pub(super) fn dim(&mut self) -> Result<Dim> {
        if self.eat("?") {
            Ok(Dim::Dynamic)
        } else {
            Ok(Dim::Known(self.int("an extent (a number or `?`)")?))
        }
    }
    /// `[2, ?]`.
    pub(super) fn shape(&mut self) -> Result<Vec<Dim>> {
        let t = self.peek();
        let dims = self.brackets(Self::dim)?;
        if dims.len() > MAX_RANK {
            return Err(t.error(format!("a rank above {MAX_RANK}")));
        }
        Ok(dims)
    }
    pub(super) fn ty(&mut self) -> Result<Type> {
        self.type_at(0)
    }
    fn type_at(&mut self, depth: usize) -> Result<Type> {
        if depth > MAX_TYPE_DEPTH {
            let message = format!("types nest deeper than {MAX_TYPE_DEPTH}");
            return Err(self.peek().error(message));
        }
        if self.eat("{") {
            return Ok(Type::record(self.list("}", |c| c.type_at(depth + 1))?));
        }
        let t = self.peek();
        if t.kind != Kind::Ident {
            return Err(self.expected("a type"));
        }
        if (t.text == "seq" || t.text == "stack") && self.ahead(1).text == "<" {
            self.at += 2;
            let e = self.type_at(depth + 1)?;
            self.expect(">")?;
            return Ok(if t.text == "seq" {
                Type::seq(e)
            } else {
                Type::stack(e)
            });
        }
        let known = DType::ALL.iter().map(|d| d.name());
        let Some(d) = DType::from_name(t.text) else {
            let near = nearest(t.text, known.chain(["seq", "stack"]));
            return Err(t.error(format!("unknown type {}{near}", t.describe())));
        };
        self.at += 1;
        if self.is("[") {
            Ok(Type::tensor(d, self.shape()?))
        } else {
            Ok(d.into())
        }
    }
    /// A literal of an element type.
    pub(super) fn scalar(&mut self, d: DType) -> Result<Scalar> {
        Ok(match d {
            DType::Bool => {
                let t = self.peek();
                if !self.eat("true") && !self.eat("false") {
                    return Err(self.expected("`true` or `false`"));
                }
                Scalar::Bool(t.text == "true")
            }
            DType::F32 => Scalar::F32(self.f32()?),
            DType::F64 => Scalar::F64(self.f64()?),
            DType::C64 => Scalar::C64(self.complex(Self::f32)?),
            DType::C128 => Scalar::C128(self.complex(Self::f64)?),
            DType::I8
            | DType::I16
            | DType::I32
            | DType::I64
            | DType::U8
            | DType::U16
            | DType::U32
            | DType::U64 => {
                let t = self.peek();
                let v: i128 = self.int("an integer")?;
                Scalar::from_int(d, v)
                    .ok_or_else(|| t.error(format!("{v} is out of the range of {d}")))?
            }
        })
    }
    fn f32(&mut self) -> Result<f32> {
        self.float(number::F32, |s| s.parse().map(f32::to_bits).ok())
            .map(|b| f32::from_bits(b as u32))
    }
    fn f64(&mut self) -> Result<f64> {
        self.float(number::F64, |s| s.parse().map(f64::to_bits).ok())
            .map(f64::from_bits)
    }
    /// The bits of a float literal. Decimal notation rounds to the nearest; hexadecimal must be exact.
    fn float<B: Into<u64>>(
        &mut self,
        format: Format,
        decimal: impl Fn(&str) -> Option<B>,
    ) -> Result<u64> {
        let minus = self.eat("-");
        let bits = if self.eat("inf") {
            format.infinity()
        } else if self.eat("nan") {
            if self.is(":") && self.ahead(1).kind == Kind::Number {
                self.at += 1;
                let t = self.peek();
                let payload: u64 = self.int("the payload of a NaN")?;
                format.nan(payload).ok_or_else(|| {
                    t.error("the payload of a NaN must be neither 0 nor too large")
                })?
            } else {
                format.quiet_nan()
            }
        } else {
            let t = self.kind(Kind::Number, "a number")?;
            match t.text.strip_prefix("0x") {
                Some(hex) => format.read_hex(hex).map_err(|e| t.error(e))?,
                None => decimal(t.text)
                    .ok_or_else(|| t.error(format!("{} is no number", t.describe())))?
                    .into(),
            }
        };
        Ok(if minus { format.negate(bits) } else { bits })
    }
    fn complex<T>(&mut self, part: impl Fn(&mut Self) -> Result<T>) -> Result<Complex<T>> {
        self.expect("(")?;
        let re = part(self)?;
        self.expect(",")?;
        let im = part(self)?;
        self.expect(")")?;
        Ok(Complex { re, im })
    }
    /// `[literal, literal]`, after the opening bracket, appended.
    pub(super) fn elements(&mut self, d: DType, out: &mut Data) -> Result<()> {
        let mut first = true;
        while !self.eat("]") {
            if !first && !self.eat(",") {
                return Err(self.expected("`,` or `]`"));
            }
            first = false;
            let t = self.peek();
            let s = self.scalar(d)?;
            if !out.push(s) {
                return Err(t.error(format!("a {d} among elements of type {}", out.dtype())));
            }
        }
        Ok(())
    }
}

/// The name in a `@name` token.
pub(super) fn name_of(t: &Token<'_>) -> Result<String> {
    let name = t.text.get(1..).unwrap_or("");
    if name.starts_with('"') {
        unescape(name).map_err(|e| t.error(e))
    } else {
        Ok(name.into())
    }
}

/// "; did you mean `x`?" for the known name most like `word`, or nothing if none is near.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let limit = (word.len() / 3).clamp(1, 3);
    known
        .into_iter()
        .filter(|k| word.len() <= 40 && k.len().abs_diff(word.len()) <= limit)
        .map(|k| (edit_distance(word, k), k))
        .min()
        .filter(|(d, _)| *d <= limit && *d < word.len())
        .map(|(_, k)| format!("; did you mean `{k}`?"))
        .unwrap_or_default()
}

/// How many characters must be inserted, removed or changed.
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
