//! The lines of a file test that run something, read: what is called with what, and what is expected. Used by `tests/filetests.rs`, and by the
//! tests of XLA, which run the same lines on a device.
//!
//! Start with [`files`], then [`Line::parse`].

use cotangent_core::ad::derive;
use cotangent_core::error::Trap;
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::text::{parse_values, print_values};
use cotangent_core::value::{Scalar, Val};
use cotangent_core::verify::verify_lowered;
use std::fs;
use std::path::{Path, PathBuf};

pub type Outcome<T = ()> = Result<T, String>;

/// All file tests in a folder, in order.
pub fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(dir) = folders.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "ct") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// A line as a directive: its name and the rest.
pub fn directive(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim_start().strip_prefix("; ")?;
    if let Some(what) = rest.strip_prefix("test ") {
        return Some(("test", what));
    }
    let (name, rest) = rest.split_once(':')?;
    let known = ["run", "approx", "trap", "grad", "error", "expect"];
    known
        .contains(&name.split(' ').next()?)
        .then_some((name, rest.trim()))
}

/// `@f(args) rest`: the function, its arguments as text, the rest.
fn call<'t>(m: &Module, text: &'t str) -> Outcome<(FuncId, &'t str, &'t str)> {
    let bad = || format!("expected `@name(arguments) …`, found `{text}`");
    let open = text.find('(').ok_or_else(bad)?;
    let name = text[..open].strip_prefix('@').ok_or_else(bad)?;
    let f = m
        .find(name)
        .ok_or_else(|| format!("no function `{name}`"))?;
    let mut depth = 0;
    for (i, c) in text[open..].char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return Ok((f, &text[open + 1..open + i], text[open + i + 1..].trim()));
        }
    }
    Err(bad())
}

/// A line that runs something.
pub struct Line<'t> {
    /// Its number in the file, from 0.
    pub n: usize,
    pub text: &'t str,
    pub head: &'t str,
    pub tolerance: Option<f64>,
    /// What is called, in a module to which all gradients have been added.
    pub target: FuncId,
    /// The function that the line names; of its gradient, by which parameters.
    pub of: FuncId,
    pub wrt: Option<Vec<u32>>,
    pub args: Vec<Val>,
    pub want: &'t str,
}

impl<'t> Line<'t> {
    /// The line as a directive that runs something; adds the gradient it asks for to the module.
    pub fn parse(n: usize, text: &'t str, m: &mut Module) -> Outcome<Option<Line<'t>>> {
        let Some((head, rest)) = directive(text) else {
            return Ok(None);
        };
        let (head, tolerance) = match head.split_once(' ') {
            Some((head, t)) => (head, Some(t.parse::<f64>().map_err(|e| e.to_string())?)),
            None => (head, None),
        };
        if !matches!(head, "run" | "approx" | "trap" | "grad") {
            return Ok(None);
        }
        let (f, args, rest) = call(m, rest)?;
        let args = parse_values(args, &m.funcs[f].param_types()).map_err(|e| e.render(args))?;
        let mut by = None;
        let (target, want) = match head {
            "grad" => {
                let (wrt, want) = rest
                    .strip_prefix("wrt")
                    .and_then(|r| r.split_once("=="))
                    .ok_or("expected `wrt PARAMETERS == RESULTS`")?;
                let wrt: Result<Vec<u32>, _> = wrt.split(',').map(|w| w.trim().parse()).collect();
                let wrt = wrt.map_err(|e| e.to_string())?;
                let g = derive(m, f, DeriveKind::Gradient, &wrt).map_err(|e| e.to_string())?;
                verify_lowered(m).map_err(|e| format!("the gradient: {}", e[0]))?;
                by = Some(wrt);
                (g, want)
            }
            "trap" => (f, rest),
            _ => (f, rest.strip_prefix("==").ok_or("expected `== RESULTS`")?),
        };
        Ok(Some(Line {
            n,
            text,
            head,
            tolerance,
            target,
            of: f,
            wrt: by,
            args,
            want: want.trim(),
        }))
    }
    /// Judges what its run gave. The error is what came instead of what was expected.
    pub fn judge(&self, m: &Module, got: Result<Vec<Val>, Trap>) -> Outcome {
        let results = &m.funcs[self.target].results;
        let got = match (got, self.head) {
            (Err(t), "trap") if t.to_string().contains(self.want) && !self.want.is_empty() => {
                return Ok(());
            }
            (Err(t), _) => return Err(format!("trap: {t}")),
            (Ok(got), "trap") => return Err(print_values(&got)),
            (Ok(got), _) => got,
        };
        let typed = got.len() == results.len() && got.iter().zip(results).all(|(v, t)| v.is_of(t));
        if !typed {
            let got = print_values(&got);
            return Err(format!("not of the function's result types: {got}"));
        }
        let same = |w: &Val, g: &Val| match self.tolerance {
            Some(t) => near(w, g, t),
            None => w.same_bits(g),
        };
        match parse_values(self.want, results) {
            Ok(want) if want.iter().zip(&got).all(|(w, g)| same(w, g)) => Ok(()),
            Ok(_) | Err(_) => Err(print_values(&got)),
        }
    }
    /// Whether only a limit on fuel ends it.
    pub fn is_endless(&self) -> bool {
        self.head == "trap" && self.want.contains("fuel")
    }
}

/// Whether all numbers agree up to `tol`, relative where they are above 1; other leaves to the bit.
pub fn near(a: &Val, b: &Val, tol: f64) -> bool {
    let close = |x: f64, y: f64| {
        x.to_bits() == y.to_bits()
            || (x - y).abs() <= tol * x.abs().max(1.0)
            || (x.is_nan() && y.is_nan())
    };
    let scalar = |x: Scalar, y: Scalar| match (x, y) {
        (Scalar::F32(x), Scalar::F32(y)) => close(x.into(), y.into()),
        (Scalar::F64(x), Scalar::F64(y)) => close(x, y),
        (Scalar::C64(x), Scalar::C64(y)) => {
            close(x.re.into(), y.re.into()) && close(x.im.into(), y.im.into())
        }
        (Scalar::C128(x), Scalar::C128(y)) => close(x.re, y.re) && close(x.im, y.im),
        (x, y) => x.same_bits(y),
    };
    match (a, b) {
        (Val::Scalar(x), Val::Scalar(y)) => scalar(*x, *y),
        (Val::Tensor(x), Val::Tensor(y)) => {
            x.shape == y.shape && (0..x.data.len()).all(|i| scalar(x.data.get(i), y.data.get(i)))
        }
        (Val::Record(x), Val::Record(y)) | (Val::Seq(x), Val::Seq(y)) => {
            x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| near(x, y, tol))
        }
        (Val::Stack(x), Val::Stack(y)) => {
            x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| near(&x, &y, tol))
        }
        (x, y) => x.same_bits(y),
    }
}
