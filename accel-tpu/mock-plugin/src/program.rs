//! Toy programs: the types of arguments and results, and which arguments become results.

use crate::proto::Writer;

/// An array's type: the number of its elements' type in the C interface and in HLO, bytes of one, extents.
#[derive(Clone, PartialEq)]
pub struct Type {
    pub element: i32,
    pub hlo: i64,
    pub width: usize,
    pub dims: Vec<i64>,
}

/// Names, as numbered in the C interface, in HLO, and bytes.
const ELEMENTS: [(&str, i32, i64, usize); 4] = [
    ("pred", 1, 1, 1),
    ("s32", 4, 4, 4),
    ("f32", 11, 11, 4),
    ("f64", 12, 12, 8),
];

impl Type {
    /// `f32[2,3]`.
    fn parse(text: &str) -> Option<Type> {
        let (name, dims) = text.strip_suffix(']')?.split_once('[')?;
        let (_, element, hlo, width) = *ELEMENTS.iter().find(|e| e.0 == name)?;
        let dims: Option<Vec<i64>> = dims
            .split(',')
            .filter(|d| !d.is_empty())
            .map(|d| d.parse().ok())
            .collect();
        Some(Type {
            element,
            hlo,
            width,
            dims: dims?,
        })
    }
    /// The type of that number and extents.
    pub fn of(element: i32, dims: &[i64]) -> Option<Type> {
        let (_, element, hlo, width) = *ELEMENTS.iter().find(|e| e.1 == element)?;
        let dims = dims.to_vec();
        Some(Type {
            element,
            hlo,
            width,
            dims,
        })
    }
    pub fn bytes(&self) -> usize {
        self.dims.iter().product::<i64>() as usize * self.width
    }
    fn write(&self, w: &mut Writer) {
        w.int(2, self.hlo);
        for d in &self.dims {
            w.int(3, *d);
        }
    }
}

/// A program.
pub struct Plan {
    pub text: String,
    pub inputs: Vec<Type>,
    pub outputs: Vec<Type>,
    pub given: Vec<i64>,
}

impl Plan {
    pub fn parse(text: &str) -> Result<Plan, String> {
        let line = text
            .lines()
            .find_map(|l| l.trim().strip_prefix("// mock:"))
            .ok_or("no line `// mock:`")?;
        let (types, given) = line.split_once("give").unwrap_or((line, ""));
        let (inputs, outputs) = types.split_once("->").ok_or("no `->`")?;
        let types = |s: &str| -> Result<Vec<Type>, String> {
            s.split_whitespace()
                .map(|t| Type::parse(t).ok_or(format!("no type: {t}")))
                .collect()
        };
        Ok(Plan {
            text: text.into(),
            inputs: types(inputs)?,
            outputs: types(outputs)?,
            given: given
                .split_whitespace()
                .filter_map(|g| g.parse().ok())
                .collect(),
        })
    }
    /// The program as XLA tells of it: an `HloModuleProto` in another message.
    pub fn hlo(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.message(1, |module| {
            module.bytes(1, b"mock");
            module.message(3, |computation| {
                computation.bytes(1, b"main").int(5, 1);
                for _ in &self.inputs {
                    computation.message(2, |i| {
                        i.bytes(2, b"parameter");
                    });
                }
            });
            module.message(4, |shape| {
                for t in &self.inputs {
                    shape.message(1, |s| t.write(s));
                }
                shape.message(2, |s| {
                    s.int(2, 13);
                    for t in &self.outputs {
                        s.message(4, |s| t.write(s));
                    }
                });
            });
            module.int(6, 1);
            module.message(8, |aliases| {
                for g in &self.given {
                    aliases.message(1, |a| {
                        a.int(2, *g);
                    });
                }
            });
        });
        w.finish()
    }
}
