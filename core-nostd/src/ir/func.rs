//! Functions, regions, instructions and modules: the data of a program.

use super::op::Op;
use super::types::Type;
use crate::entity::{FileId, FuncId, Inst, PrimaryMap, Region, SecondaryMap, Slot, Value};
use alloc::string::String;
use alloc::vec::Vec;
use hashbrown::HashSet;

/// A place in a source file. Line and column count from 1; line 0 means unknown.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// The file, in the module's file table.
    pub file: FileId,
    /// The line.
    pub line: u32,
    /// The column.
    pub col: u32,
}

impl Span {
    /// No known place.
    pub const NONE: Span = Span {
        file: FileId(0),
        line: 0,
        col: 0,
    };
    /// Whether the place is known.
    pub fn is_known(self) -> bool {
        self.line != 0
    }
}

/// Where a value comes from.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum ValueDef {
    /// The n-th parameter of a region.
    Param(Region, u32),
    /// The n-th result of an instruction.
    Result(Inst, u32),
}

/// Type and origin of a value.
#[derive(Clone, PartialEq, Debug)]
pub struct ValueData {
    /// Its type.
    pub ty: Type,
    /// Its origin.
    pub def: ValueDef,
}

/// An instruction.
#[derive(Clone, PartialEq, Debug)]
pub struct InstData {
    /// What it does.
    pub op: Op,
    /// The operands.
    pub args: Vec<Value>,
    /// The regions of a control op.
    pub regions: Vec<Region>,
    /// The results.
    pub results: Vec<Value>,
    /// The source place.
    pub span: Span,
}

/// A region: a scope that takes parameters, runs instructions in order and yields values.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RegionData {
    /// The parameters.
    pub params: Vec<Value>,
    /// The instructions, in order.
    pub insts: Vec<Inst>,
    /// What it yields to the op that owns it, or returns from the function.
    pub yields: Vec<Value>,
}

/// A variable of the slot stage.
#[derive(Clone, PartialEq, Debug)]
pub struct SlotData {
    /// Its type.
    pub ty: Type,
    /// Its name in the source, for messages.
    pub name: String,
}

/// A user's derivative rule for a function, instead of the derived one.
#[derive(Clone, PartialEq, Debug)]
pub enum CustomRule {
    /// Takes the primals, then a tangent for each parameter that has a tangent space; returns the results, then a
    /// tangent for each result that has a tangent space.
    Jvp(FuncId),
    /// Takes the primals, then a cotangent for each result that has a tangent space; returns a cotangent for each
    /// parameter that has a tangent space.
    Vjp(FuncId),
    /// The derived one; in reverse mode by forward mode, together with the primal. For functions of few numbers.
    Forward,
}

impl CustomRule {
    /// The function that is the rule, if one is.
    pub fn func(&self) -> Option<FuncId> {
        match self {
            CustomRule::Jvp(g) | CustomRule::Vjp(g) => Some(*g),
            CustomRule::Forward => None,
        }
    }
}

/// A function: its body is a region whose parameters are the function's.
#[derive(Clone, PartialEq, Debug)]
pub struct Func {
    /// Its name, unique in the module.
    pub name: String,
    /// The types of the results.
    pub results: Vec<Type>,
    /// The body.
    pub body: Region,
    /// All values.
    pub values: PrimaryMap<Value, ValueData>,
    /// All instructions, also those in no region any more.
    pub insts: PrimaryMap<Inst, InstData>,
    /// All regions, also those of no instruction any more.
    pub regions: PrimaryMap<Region, RegionData>,
    /// The variables of the slot stage.
    pub slots: PrimaryMap<Slot, SlotData>,
    /// How many labels were made.
    pub labels: u32,
    /// A user's derivative rule.
    pub rule: Option<CustomRule>,
    /// Calls of it stay calls: executors may run those of a loop, whose arguments do not come from one another, at the same time.
    pub apart: bool,
    /// Where it was defined.
    pub span: Span,
}

impl Func {
    /// An empty function with parameters of those types.
    pub fn new(name: impl Into<String>, params: &[Type], results: &[Type]) -> Func {
        let mut f = Func {
            name: name.into(),
            results: results.to_vec(),
            body: Region(0),
            values: PrimaryMap::new(),
            insts: PrimaryMap::new(),
            regions: PrimaryMap::new(),
            slots: PrimaryMap::new(),
            labels: 0,
            rule: None,
            apart: false,
            span: Span::NONE,
        };
        f.body = f.make_region(params);
        f
    }
    /// Makes a region with parameters of those types, owned by no instruction yet.
    pub fn make_region(&mut self, params: &[Type]) -> Region {
        let r = self.regions.push(RegionData::default());
        for ty in params {
            self.add_param(r, ty.clone());
        }
        r
    }
    /// Adds a parameter to a region.
    pub fn add_param(&mut self, r: Region, ty: Type) -> Value {
        let n = self.regions[r].params.len() as u32;
        let v = self.values.push(ValueData {
            ty,
            def: ValueDef::Param(r, n),
        });
        self.regions[r].params.push(v);
        v
    }
    /// Makes an instruction with fresh results of those types, in no region yet.
    pub fn make_inst(
        &mut self,
        op: Op,
        args: Vec<Value>,
        regions: Vec<Region>,
        results: &[Type],
        span: Span,
    ) -> Inst {
        let inst = self.insts.next_key();
        let results = results
            .iter()
            .enumerate()
            .map(|(i, ty)| {
                self.values.push(ValueData {
                    ty: ty.clone(),
                    def: ValueDef::Result(inst, i as u32),
                })
            })
            .collect();
        self.insts.push(InstData {
            op,
            args,
            regions,
            results,
            span,
        })
    }
    /// The function's parameters.
    pub fn params(&self) -> &[Value] {
        &self.regions[self.body].params
    }
    /// The types of the function's parameters.
    pub fn param_types(&self) -> Vec<Type> {
        self.params()
            .iter()
            .map(|&v| self.values[v].ty.clone())
            .collect()
    }
    /// A value's type.
    pub fn ty(&self, v: Value) -> &Type {
        &self.values[v].ty
    }
    /// The instruction that defines a value, if one does.
    pub fn def_inst(&self, v: Value) -> Option<Inst> {
        match self.values[v].def {
            ValueDef::Result(i, _) => Some(i),
            ValueDef::Param(..) => None,
        }
    }
    /// Calls `f` on each instruction of a region in order, an instruction before those of its regions. Regions nest to
    /// the verifier's bound at most, so the recursion is bounded.
    pub fn visit(&self, r: Region, f: &mut impl FnMut(Inst, &InstData)) {
        for &i in &self.regions[r].insts {
            let d = &self.insts[i];
            f(i, d);
            for &q in &d.regions {
                self.visit(q, f);
            }
        }
    }
    /// How often each value is used: as an operand, and as what a region yields.
    pub fn uses(&self) -> SecondaryMap<Value, u32> {
        let mut n: SecondaryMap<Value, u32> = SecondaryMap::new();
        let mut count = |vs: &[Value]| {
            for &v in vs {
                n[v] += 1;
            }
        };
        count(&self.regions[self.body].yields);
        self.visit(self.body, &mut |_, d| {
            count(&d.args);
            for &q in &d.regions {
                count(&self.regions[q].yields);
            }
        });
        n
    }
    /// The values of enclosing regions that the regions of an instruction use, each once, in order.
    pub fn captured(&self, i: Inst) -> Vec<Value> {
        let mut inside: HashSet<Value> = HashSet::new();
        let mut seen: HashSet<Value> = HashSet::new();
        let mut out = Vec::new();
        for &r in &self.insts[i].regions {
            self.uses_from_outside(r, &mut inside, &mut |v| {
                if seen.insert(v) {
                    out.push(v);
                }
            });
        }
        out
    }
    fn uses_from_outside(
        &self,
        r: Region,
        inside: &mut HashSet<Value>,
        see: &mut impl FnMut(Value),
    ) {
        inside.extend(self.regions[r].params.iter().copied());
        for &i in &self.regions[r].insts {
            let d = &self.insts[i];
            d.args
                .iter()
                .filter(|v| !inside.contains(*v))
                .for_each(|&v| see(v));
            for &q in &d.regions {
                self.uses_from_outside(q, inside, see);
            }
            inside.extend(d.results.iter().copied());
        }
        let yields = &self.regions[r].yields;
        yields
            .iter()
            .filter(|v| !inside.contains(*v))
            .for_each(|&v| see(v));
    }
    /// The number of instructions in the body, nested ones too.
    pub fn size(&self) -> usize {
        let mut n = 0;
        self.visit(self.body, &mut |_, _| n += 1);
        n
    }
}

/// A program: functions that may call each other, and the files their spans name.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Module {
    /// The functions.
    pub funcs: PrimaryMap<FuncId, Func>,
    /// The names of source files.
    pub files: PrimaryMap<FileId, String>,
}

impl Module {
    /// An empty module.
    pub fn new() -> Module {
        Module::default()
    }
    /// The function of that name.
    pub fn find(&self, name: &str) -> Option<FuncId> {
        self.funcs
            .iter()
            .find(|(_, f)| f.name == name)
            .map(|(id, _)| id)
    }
    /// The number of that file in the file table, added if new.
    pub fn file(&mut self, name: &str) -> FileId {
        if let Some((id, _)) = self.files.iter().find(|(_, f)| *f == name) {
            return id;
        }
        self.files.push(name.into())
    }
    /// A name that no function has yet: `base`, or `base.2`, `base.3`, …
    pub fn fresh_name(&self, base: &str) -> String {
        if self.find(base).is_none() {
            return base.into();
        }
        let mut n = 2;
        loop {
            let name = alloc::format!("{base}.{n}");
            if self.find(&name).is_none() {
                return name;
            }
            n += 1;
        }
    }
}
