//! Optimised programs as XLA gives them: a read-only walk over an `HloModuleProto`.
//!
//! It tells what the executable takes and gives (for one device: sharded arrays have their local extents), which arguments it overwrites,
//! and how many instructions of which kind it has. It takes any bytes; what is no module gives an empty one.

use super::element::{ArrayType, ElementType};
use super::error::{Error, Result};
use super::proto::{Field, Reader};
use std::collections::{BTreeMap, BTreeSet};

/// Types of what an executable takes and gives on each device, and which arguments it may overwrite with results.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Signature {
    /// Types of the arguments.
    pub inputs: Vec<ArrayType>,
    /// Types of the results.
    pub outputs: Vec<ArrayType>,
    /// Arguments whose memory becomes that of a result, unless the caller keeps them.
    pub donated: BTreeSet<usize>,
}

/// An optimised program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hlo {
    /// Its name.
    pub name: String,
    /// Its computations: the entry, bodies of loops, and what fusions and reductions consist of.
    pub computations: Vec<Computation>,
    /// The identity of the entry.
    entry: u64,
    shape: Shape,
    result: Shape,
    donated: BTreeSet<usize>,
}

/// A list of instructions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Computation {
    /// Its name.
    pub name: String,
    id: u64,
    /// In the order of the module.
    pub instructions: Vec<Instruction>,
}

/// One instruction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instruction {
    /// Its name.
    pub name: String,
    /// What it does: `add`, `fusion`, `all-reduce`.
    pub opcode: String,
    /// Identities of the computations that it uses.
    called: Vec<u64>,
    /// What a custom call calls.
    pub target: String,
}

/// A type in HLO: an array, or a tuple of types.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shape {
    element: u64,
    dims: Vec<u64>,
    parts: Vec<Shape>,
}

const TUPLE: u64 = 13;
const TOKEN: u64 = 17;

/// Opcodes that move data between devices.
const COLLECTIVES: [&str; 8] = [
    "all-reduce",
    "all-reduce-start",
    "all-gather",
    "all-gather-start",
    "all-to-all",
    "collective-permute",
    "collective-permute-start",
    "reduce-scatter",
];

impl Hlo {
    /// From the bytes of an `HloModuleProto`, or of one with its configuration.
    pub fn read(bytes: &[u8], format: &str) -> Result<Hlo> {
        let module = match format {
            "hlo" => bytes,
            "hlo_with_config" => Reader::new(bytes)
                .find(|(n, _)| *n == 1)
                .map_or(&[][..], |(_, f)| f.bytes()),
            _ => {
                return Err(Error::Nonsense {
                    function: "PJRT_Executable_OptimizedProgram",
                    what: format!("a program in the format {format:?}"),
                });
            }
        };
        let mut hlo = Hlo::default();
        for (number, field) in Reader::new(module) {
            match number {
                1 => hlo.name = field.text(),
                3 => hlo.computations.push(computation(field.bytes())),
                4 => {
                    for (number, field) in Reader::new(field.bytes()) {
                        match number {
                            1 => hlo.shape.parts.push(shape(field.bytes(), 0)),
                            2 => hlo.result = shape(field.bytes(), 0),
                            _ => {}
                        }
                    }
                }
                6 => hlo.entry = field.int(),
                8 => hlo.donated = aliases(field.bytes()),
                _ => {}
            }
        }
        Ok(hlo)
    }
    /// What the executable takes and gives.
    pub fn signature(&self) -> Result<Signature> {
        let mut inputs = Vec::new();
        for s in &self.shape.parts {
            flatten(s, &mut inputs)?;
        }
        let mut outputs = Vec::new();
        flatten(&self.result, &mut outputs)?;
        let donated = self.donated.clone();
        Ok(Signature {
            inputs,
            outputs,
            donated,
        })
    }
    /// How many instructions of each kind there are in all computations.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for i in self.instructions() {
            *counts.entry(i.opcode.as_str()).or_default() += 1;
        }
        counts
    }
    /// All instructions of all computations.
    pub fn instructions(&self) -> impl Iterator<Item = &Instruction> {
        self.computations.iter().flat_map(|c| &c.instructions)
    }
    /// How many instructions there are in what is launched one by one: the entry, and the bodies of its loops and branches.
    pub fn launched(&self) -> usize {
        let mut open = vec![self.entry];
        let mut seen = BTreeSet::new();
        let mut n = 0;
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let found = self.computations.iter().find(|c| c.id == id);
            for i in found.iter().flat_map(|c| &c.instructions) {
                n += 1;
                if matches!(i.opcode.as_str(), "while" | "conditional" | "call") {
                    open.extend(&i.called);
                }
            }
        }
        n
    }
    /// How many fusions: pieces of the program that are one kernel.
    pub fn fusions(&self) -> usize {
        self.instructions().filter(|i| i.opcode == "fusion").count()
    }
    /// How many instructions move data between devices, by kind. Halves of one that runs in the background count once.
    pub fn collectives(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for i in self.instructions() {
            if COLLECTIVES.contains(&i.opcode.as_str()) {
                let kind = i.opcode.trim_end_matches("-start");
                *counts.entry(kind).or_default() += 1;
            }
        }
        counts
    }
    /// Instructions that leave the device for the host: with none, everything is in one executable.
    pub fn host_transfers(&self) -> usize {
        self.instructions()
            .filter(|i| matches!(i.opcode.as_str(), "send" | "recv" | "infeed" | "outfeed"))
            .count()
    }
}

fn computation(bytes: &[u8]) -> Computation {
    let mut c = Computation::default();
    for (number, field) in Reader::new(bytes) {
        match number {
            1 => c.name = field.text(),
            2 => c.instructions.push(instruction(field.bytes())),
            5 => c.id = field.int(),
            _ => {}
        }
    }
    c
}

fn instruction(bytes: &[u8]) -> Instruction {
    let mut i = Instruction::default();
    for (number, field) in Reader::new(bytes) {
        match number {
            1 => i.name = field.text(),
            2 => i.opcode = field.text(),
            28 => i.target = field.text(),
            38 => i.called.extend(field.ints()),
            _ => {}
        }
    }
    i
}

fn shape(bytes: &[u8], depth: usize) -> Shape {
    let mut s = Shape::default();
    for (number, field) in Reader::new(bytes) {
        match number {
            2 => s.element = field.int(),
            3 => s.dims.extend(field.ints()),
            // Arguments and results are tuples of arrays at most; deeper ones are not looked at.
            4 if depth < 4 => s.parts.push(shape(field.bytes(), depth + 1)),
            _ => {}
        }
    }
    s
}

fn flatten(s: &Shape, into: &mut Vec<ArrayType>) -> Result<()> {
    match s.element {
        TUPLE => {
            for p in &s.parts {
                flatten(p, into)?;
            }
        }
        TOKEN | 0 => {}
        n => {
            let dims: std::result::Result<Vec<usize>, _> =
                s.dims.iter().map(|d| usize::try_from(*d)).collect();
            match (ElementType::from_hlo(n), dims) {
                (Some(element), Ok(dims)) => into.push(ArrayType::new(element, dims)),
                _ => {
                    return Err(Error::Program(format!(
                        "it takes or gives an array of XLA's type {n}, which has no counterpart here"
                    )));
                }
            }
        }
    }
    Ok(())
}

/// The parameters in a list of pairs of results and parameters that share memory.
fn aliases(bytes: &[u8]) -> BTreeSet<usize> {
    let mut donated = BTreeSet::new();
    for (number, entry) in Reader::new(bytes) {
        if number == 1 {
            // A parameter of number 0 is not written: that is the default.
            let parameter = Reader::new(entry.bytes())
                .find(|(n, _)| *n == 2)
                .map_or(0, |(_, f): (u64, Field)| f.int());
            donated.extend(usize::try_from(parameter));
        }
    }
    donated
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pjrt::proto::Writer;

    /// A module that takes `f32[2,3]` and gives it and a `pred[]`, with a loop and a fusion.
    fn module() -> Vec<u8> {
        let mut w = Writer::default();
        let array = |w: &mut Writer| {
            w.int(2, 11).bytes(3, &[2, 3]);
        };
        let op = |w: &mut Writer, opcode: &str, called: &[u8]| {
            w.message(2, |i| {
                i.bytes(2, opcode.as_bytes()).bytes(38, called);
            });
        };
        w.bytes(1, b"m");
        w.message(3, |c| {
            c.int(5, 7);
            op(c, "parameter", &[]);
            op(c, "while", &[8]);
            op(c, "fusion", &[9]);
            op(c, "all-reduce-start", &[]);
            op(c, "all-reduce-done", &[]);
        });
        for (id, opcode) in [(8, "send"), (9, "add")] {
            w.message(3, |c| {
                c.int(5, id);
                op(c, opcode, &[]);
            });
        }
        w.message(4, |shape| {
            shape.message(1, array);
            shape.message(2, |tuple| {
                tuple.int(2, 13).message(4, array).message(4, |s| {
                    s.int(2, 1);
                });
            });
        });
        w.int(6, 7);
        w.message(8, |a| {
            // Parameter 0, which is not written.
            a.bytes(1, &[]);
        });
        w.finish()
    }

    #[test]
    fn a_module_is_read() {
        let hlo = Hlo::read(&module(), "hlo").unwrap();
        let s = hlo.signature().unwrap();
        let array = ArrayType::new(ElementType::F32, [2, 3]);
        assert_eq!(s.inputs, std::slice::from_ref(&array));
        assert_eq!(s.outputs, [array, ArrayType::new(ElementType::Pred, [])]);
        assert_eq!(s.donated, [0].into());
        // The body of the loop counts, what is inside of the fusion does not.
        assert_eq!((hlo.launched(), hlo.instructions().count()), (6, 7));
        assert_eq!((hlo.fusions(), hlo.host_transfers()), (1, 1));
        assert_eq!(hlo.collectives(), [("all-reduce", 1)].into());
        assert!(Hlo::read(&module(), "text").is_err());
    }

    #[test]
    fn any_bytes_are_read() {
        let whole = module();
        for n in 0..whole.len() {
            let _ = Hlo::read(&whole[..n], "hlo").unwrap().signature();
            let _ = Hlo::read(&whole[n..], "hlo_with_config").unwrap();
            let mut changed = whole.clone();
            changed[n] ^= 0xff;
            let _ = Hlo::read(&changed, "hlo").unwrap().signature();
        }
        // Tuples of tuples, deeper than any stack.
        let mut deep = vec![];
        for _ in 0..2000 {
            let mut w = Writer::default();
            w.int(2, 13).bytes(4, &deep);
            deep = w.finish();
        }
        let mut w = Writer::default();
        w.message(4, |s| {
            s.bytes(2, &deep);
        });
        let hlo = Hlo::read(&w.finish(), "hlo").unwrap();
        assert_eq!(hlo.signature().unwrap().outputs, []);
        // A type that has no counterpart here.
        let mut w = Writer::default();
        w.message(4, |s| {
            s.message(2, |t| {
                t.int(2, 19);
            });
        });
        let e = Hlo::read(&w.finish(), "hlo").unwrap().signature();
        assert!(matches!(e, Err(Error::Program(_))));
    }
}
