//! The binary form: compact, stable, safe to read from anybody.
//!
//! Layout: `COTG`, the version (one byte), the module, and 8 bytes of checksum over all before. The module is a tree, as in the text form, with the same
//! canonical numbers; so what is in no region is not written, each entity is defined once by construction, and the reader only has to
//! check that numbers are in range and nesting is bounded. `io` is numbers and types, `op` the operations.

mod io;
mod op;
#[cfg(test)]
mod tests;
mod window;

pub use io::DecodeError;

use super::order::{MAX_DEPTH, Order};
use crate::entity::{FileId, Inst, Label, Region, SecondaryMap, Value};
use crate::ir::{CustomRule, Func, Module, RegionData, SlotData, Span};
use crate::verify::MAX_REGION_DEPTH;
use alloc::vec;
use alloc::vec::Vec;
use io::{Reader, Result, Writer, checksum};

const MAGIC: &[u8; 4] = b"COTG";
const VERSION: u8 = 1;
/// In the byte that tells a function's rule: calls of it stay calls.
const APART: u8 = 4;

/// A module in the binary form.
///
/// Of a module that breaks the verifier's structural rules (V1 to V6) something is written that does not decode.
pub fn encode(m: &Module) -> Vec<u8> {
    let mut w = Writer::default();
    w.bytes.extend_from_slice(MAGIC);
    w.byte(VERSION);
    w.uint(m.files.len() as u64);
    m.files.values().for_each(|f| w.string(f));
    w.uint(m.funcs.len() as u64);
    m.funcs.values().for_each(|f| w.func(f));
    w.bytes.extend([0; 8]);
    seal(&mut w.bytes);
    w.bytes
}

/// Replaces the checksum at the end by the right one: for tools that change encoded bytes.
pub fn seal(bytes: &mut [u8]) {
    if let Some(n) = bytes.len().checked_sub(8) {
        let sum = checksum(&bytes[..n]);
        bytes[n..].copy_from_slice(&sum.to_le_bytes());
    }
}

/// Reads a module in the binary form.
///
/// # Errors
/// The first place where the bytes are not of that form. The module still has to be verified.
pub fn decode(bytes: &[u8]) -> Result<Module> {
    let mut r = Reader::new(bytes);
    if r.take(4)? != MAGIC {
        return r.error("not a Cotangent module");
    }
    if r.byte()? != VERSION {
        return r.error("a version of the binary form that this reader does not know");
    }
    let Some(end) = bytes.len().checked_sub(8).filter(|&n| n >= 5) else {
        return r.error("the bytes end too early");
    };
    if bytes[end..] != checksum(&bytes[..end]).to_le_bytes() {
        return r.error("the checksum is wrong: the bytes are damaged");
    }
    let mut r = Reader::new(&bytes[..end]);
    r.take(5)?;
    let mut m = Module::new();
    for _ in 0..r.len()? {
        m.files.push(r.string()?);
    }
    let mut names = Names {
        files: m.files.len(),
        funcs: r.len()?,
        slots: 0,
        labels: 0,
    };
    for _ in 0..names.funcs {
        m.funcs.push(r.func(&mut names)?);
    }
    if r.left() > 0 {
        return r.error("bytes are left over");
    }
    Ok(m)
}

/// How many there are of what an instruction may name.
struct Names {
    files: usize,
    funcs: usize,
    slots: usize,
    labels: u32,
}

/// The canonical numbers of a function's entities; of one that is not shown a number that no reader accepts.
struct Numbers<'f> {
    f: &'f Func,
    order: Order,
}

impl Numbers<'_> {
    fn label(&self, l: Label) -> u32 {
        self.order.label(l.0).unwrap_or(u32::MAX)
    }
    fn value(&self, v: Value) -> u32 {
        self.order.value(v).unwrap_or(u32::MAX)
    }
}

impl Writer {
    fn span(&mut self, s: Span) {
        if s.is_known() {
            self.u32(s.line);
            self.u32(s.col);
            self.u32(s.file.0);
        } else {
            self.byte(0);
        }
    }
    fn func(&mut self, f: &Func) {
        let n = Numbers {
            f,
            order: Order::new(f),
        };
        self.string(&f.name);
        self.types(&f.results);
        self.uint(f.slots.len() as u64);
        for s in f.slots.values() {
            self.ty(&s.ty);
            self.string(&s.name);
        }
        self.u32(n.order.labels());
        let apart = if f.apart { APART } else { 0 };
        match f.rule {
            None => self.byte(apart),
            Some(CustomRule::Forward) => self.byte(3 | apart),
            Some(CustomRule::Jvp(g)) => {
                self.byte(1 | apart);
                self.u32(g.0);
            }
            Some(CustomRule::Vjp(g)) => {
                self.byte(2 | apart);
                self.u32(g.0);
            }
        }
        self.span(f.span);
        self.u32(n.order.count);
        self.region(f.body, 0, &n, &mut SecondaryMap::new());
    }
    /// A region that does not exist or was written before is written without content, too few values for a reader.
    fn region(
        &mut self,
        r: Region,
        depth: usize,
        n: &Numbers<'_>,
        seen: &mut SecondaryMap<Region, bool>,
    ) {
        let missing = RegionData::default();
        let f = n.f;
        let data = match f.regions.get(r) {
            Some(d) if depth <= MAX_DEPTH && !core::mem::replace(&mut seen[r], true) => d,
            _ => {
                self.u32(u32::MAX);
                &missing
            }
        };
        self.list(&data.params, |w, &v| w.type_of(f, v));
        self.uint(data.insts.len() as u64);
        for &i in &data.insts {
            let Some(d) = f.insts.get(i) else {
                self.byte(u8::MAX);
                continue;
            };
            self.op(&d.op, n);
            self.list(&d.args, |w, &v| w.u32(n.value(v)));
            self.list(&d.results, |w, &v| w.type_of(f, v));
            self.span(d.span);
            self.uint(d.regions.len() as u64);
            for &q in &d.regions {
                self.region(q, depth + 1, n, seen);
            }
        }
        self.list(&data.yields, |w, &v| w.u32(n.value(v)));
    }
    fn type_of(&mut self, f: &Func, v: Value) {
        match f.values.get(v) {
            Some(d) => self.ty(&d.ty),
            None => self.byte(u8::MAX),
        }
    }
}

/// A region being read.
struct Open {
    region: Region,
    insts_left: usize,
    /// The instruction read last, and how many of its regions are to come.
    owner: Option<Inst>,
    regions_left: usize,
}

impl Reader<'_> {
    fn span(&mut self, names: &Names) -> Result<Span> {
        match self.u32()? {
            0 => Ok(Span::NONE),
            line => Ok(Span {
                line,
                col: self.u32()?,
                file: FileId(self.below(names.files, "no such source file")?),
            }),
        }
    }
    fn func(&mut self, names: &mut Names) -> Result<Func> {
        let name = self.string()?;
        let results = self.types()?;
        let mut f = Func::new(name, &[], &results);
        for _ in 0..self.len()? {
            f.slots.push(SlotData {
                ty: self.ty()?,
                name: self.string()?,
            });
        }
        names.slots = f.slots.len();
        f.labels = self.u32()?;
        names.labels = f.labels;
        let kind = self.byte()?;
        f.apart = kind & APART != 0;
        f.rule = match kind & !APART {
            0 => None,
            1 => Some(CustomRule::Jvp(self.callee(names)?)),
            2 => Some(CustomRule::Vjp(self.callee(names)?)),
            3 => Some(CustomRule::Forward),
            _ => return self.error("no such kind of rule"),
        };
        f.span = self.span(names)?;
        let values = self.u32()? as usize;
        let mut open = vec![self.open(&mut f, Region(0))?];
        while let Some(top) = open.last_mut() {
            if let Some(owner) = top.owner
                && top.regions_left > 0
            {
                top.regions_left -= 1;
                if open.len() > MAX_REGION_DEPTH {
                    return self.error("regions nest too deeply");
                }
                let region = f.regions.push(RegionData::default());
                f.insts[owner].regions.push(region);
                open.push(self.open(&mut f, region)?);
            } else if top.insts_left > 0 {
                top.insts_left -= 1;
                let op = self.op(names)?;
                let args = self.values(values)?;
                let results = self.types()?;
                let span = self.span(names)?;
                let i = f.make_inst(op, args, Vec::new(), &results, span);
                f.regions[top.region].insts.push(i);
                top.owner = Some(i);
                top.regions_left = self.len()?;
            } else {
                f.regions[top.region].yields = self.values(values)?;
                open.pop();
            }
        }
        if f.values.len() != values {
            return self.error("the number of values is wrong");
        }
        Ok(f)
    }
    fn values(&mut self, n: usize) -> Result<Vec<Value>> {
        self.list(|r| Ok(Value(r.below(n, "no such value")?)))
    }
    /// The start of a region.
    fn open(&mut self, f: &mut Func, region: Region) -> Result<Open> {
        for _ in 0..self.len()? {
            let ty = self.ty()?;
            f.add_param(region, ty);
        }
        Ok(Open {
            region,
            insts_left: self.len()?,
            owner: None,
            regions_left: 0,
        })
    }
}
