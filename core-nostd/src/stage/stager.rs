//! The state of staging: one [`Stager`] per function under construction, and what they share.
//!
//! A call names its callee by the `TypeId` of its build function; bodies are staged later from a queue. So recursion
//! needs nothing special, and rustc's monomorphisation is ours.

use super::staged::{Staged, types};
use super::var::PlaceData;
use crate::entity::{FileId, FuncId, Label, Region, Value};
use crate::error::TypeError;
use crate::ir::{Builder, ControlOp, Func, Module, Op, SlotOp, Span, Type};
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::any::TypeId;
use core::cell::{Cell, RefCell};
use core::fmt;
use hashbrown::HashMap;

/// What a twin emits into; `Copy`, so that every proxy can hold it.
pub type B<'b> = &'b Stager;

/// How deeply functions that take closures may be inlined into each other before staging gives up.
const MAX_INLINE: u32 = 64;

/// Why staging failed.
#[derive(Clone, PartialEq, Debug)]
pub enum StageError {
    /// An instruction that does not type-check, with the source place.
    Type {
        /// The function being staged.
        func: String,
        /// What is wrong.
        error: TypeError,
    },
    /// A function that takes closures calls itself: it is inlined into its callers, and that does not end.
    InlineDepth {
        /// The function.
        func: String,
    },
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StageError::Type { func, error } => write!(f, "staging `{func}`: {error}"),
            StageError::InlineDepth { func } => write!(
                f,
                "`{func}` takes or returns a closure and calls itself; such functions are inlined into their callers, so \
                 the recursion does not end. Recurse through a function without closure parameters"
            ),
        }
    }
}

impl core::error::Error for StageError {}

/// A function to be staged, and what emits its body.
type Job = (FuncId, fn(B<'_>));

/// What the functions of one program share while it is staged.
struct Shared {
    module: RefCell<Module>,
    ids: RefCell<HashMap<TypeId, FuncId>>,
    queue: RefCell<VecDeque<Job>>,
    error: RefCell<Option<StageError>>,
}

/// A region under construction.
enum Frame {
    Then(Value),
    Else(Value, Region),
    Cond,
    Body(Region),
    For(Value, Value),
    Block(Label, bool),
}

/// Builds one function in the slot stage.
pub struct Stager {
    shared: Rc<Shared>,
    b: RefCell<Builder>,
    /// What is open, and the source place where it was opened.
    frames: RefCell<Vec<(Frame, Span)>>,
    pub(super) places: RefCell<Vec<PlaceData>>,
    file: Cell<FileId>,
    inline: Cell<u32>,
    done: RefCell<Option<(Vec<Value>, Vec<Type>)>>,
}

impl fmt::Debug for Stager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stager")
    }
}

/// Stages a function and all it calls, into a fresh module in the slot stage.
///
/// # Errors
/// [`StageError`] if an instruction does not type-check; rustc has checked the twin, so that is rare (a length that
/// differs from an array's).
pub fn stage<F: 'static>(
    name: &str,
    build: fn(B<'_>),
    item: F,
) -> Result<(Module, FuncId), StageError> {
    let shared = Rc::new(Shared {
        module: RefCell::new(Module::new()),
        ids: RefCell::new(HashMap::new()),
        queue: RefCell::new(VecDeque::new()),
        error: RefCell::new(None),
    });
    let root = shared.function(name, super::call::key(item), build);
    loop {
        let next = shared.queue.borrow_mut().pop_front();
        let Some((id, build)) = next else { break };
        let name = shared.module.borrow().funcs[id].name.clone();
        let s = Stager {
            shared: shared.clone(),
            b: RefCell::new(Builder::new(name.clone(), &[])),
            frames: RefCell::new(Vec::new()),
            places: RefCell::new(Vec::new()),
            file: Cell::new(FileId(0)),
            inline: Cell::new(0),
            done: RefCell::new(None),
        };
        build(&s);
        let (results, tys) = s.done.take().unwrap_or_default();
        match s.b.into_inner().finish(&results) {
            Ok(mut func) => {
                // Callers were told the declared types; what is returned fits them and may know more extents.
                func.results = tys;
                shared.module.borrow_mut().funcs[id] = func;
            }
            Err(error) => {
                shared
                    .error
                    .borrow_mut()
                    .get_or_insert(StageError::Type { func: name, error });
            }
        }
        if let Some(e) = shared.error.take() {
            return Err(e);
        }
    }
    Ok((shared.module.take(), root))
}

impl Shared {
    fn function(&self, name: &str, key: TypeId, build: fn(B<'_>)) -> FuncId {
        if let Some(&id) = self.ids.borrow().get(&key) {
            return id;
        }
        let mut m = self.module.borrow_mut();
        let name = m.fresh_name(name);
        let id = m.funcs.push(Func::new(name, &[], &[]));
        self.ids.borrow_mut().insert(key, id);
        self.queue.borrow_mut().push_back((id, build));
        id
    }
}

impl Stager {
    /// The builder. Do not hold the borrow across a call that emits.
    pub fn ir(&self) -> core::cell::RefMut<'_, Builder> {
        self.b.borrow_mut()
    }
    /// The function whose twin is `build`, to be staged later if it has not been.
    pub fn function(&self, name: &str, key: TypeId, build: fn(B<'_>)) -> FuncId {
        self.shared.function(name, key, build)
    }
    /// Adds a function made without staging; `make` is given a way to find a fresh name. `None`: it was wrong, the error is kept.
    pub(super) fn add_func(
        &self,
        make: impl FnOnce(&dyn Fn(&str) -> String) -> Result<Func, TypeError>,
    ) -> Option<FuncId> {
        let made = make(&|base| self.shared.module.borrow().fresh_name(base));
        match made {
            Ok(f) => Some(self.shared.module.borrow_mut().funcs.push(f)),
            Err(error) => {
                let func = self.b.borrow().func.name.clone();
                self.shared
                    .error
                    .borrow_mut()
                    .get_or_insert(StageError::Type { func, error });
                None
            }
        }
    }
    /// Gives the following instructions a source place in the current file.
    pub fn at(&self, line: u32, col: u32) {
        let file = self.file.get();
        self.b.borrow_mut().set_span(Span { file, line, col });
    }
    /// Sets the current file, and the place where the function under construction is defined. Part of a build function.
    pub fn define(&self, file: &str, line: u32, col: u32) {
        let file = self.shared.module.borrow_mut().file(file);
        self.file.set(file);
        let span = Span { file, line, col };
        let mut b = self.b.borrow_mut();
        b.func.span = span;
        b.set_span(span);
    }
    /// Enters the body of an inlined function, defined in `file`. [`leave`](Self::leave) with what this returns.
    /// `None`: inlined too deeply; the error is kept, the body must be skipped.
    pub fn enter(&self, name: &str, file: &str) -> Option<(FileId, Span)> {
        let depth = self.inline.get() + 1;
        if depth > MAX_INLINE {
            self.shared
                .error
                .borrow_mut()
                .get_or_insert(StageError::InlineDepth { func: name.into() });
            return None;
        }
        self.inline.set(depth);
        let old = (self.file.get(), self.b.borrow().span());
        self.file.set(self.shared.module.borrow_mut().file(file));
        Some(old)
    }
    /// Leaves the body of an inlined function.
    pub fn leave(&self, old: (FileId, Span)) {
        self.inline.set(self.inline.get() - 1);
        self.file.set(old.0);
        self.b.borrow_mut().set_span(old.1);
    }
    /// Adds parameters for the leaves of a `P`.
    pub fn params<'b, P: Staged<'b>>(&'b self) -> P {
        let vals: Vec<Value> = types::<P>()
            .into_iter()
            .map(|ty| {
                let f = &mut self.b.borrow_mut().func;
                let body = f.body;
                f.add_param(body, ty)
            })
            .collect();
        P::take(self, &mut vals.iter())
    }
    /// Ends the function with these results, of those declared types.
    pub fn finish(&self, results: Vec<Value>, tys: Vec<Type>) {
        *self.done.borrow_mut() = Some((results, tys));
    }

    // Instructions.

    /// Adds an instruction of one result.
    pub fn op(&self, op: impl Into<Op>, args: &[Value]) -> Value {
        self.b.borrow_mut().inst1(op, args)
    }
    /// Adds an instruction.
    pub fn ops(&self, op: impl Into<Op>, args: &[Value]) -> Vec<Value> {
        self.b.borrow_mut().inst(op, args)
    }
    /// A value's type.
    pub fn ty(&self, v: Value) -> Type {
        self.b.borrow().ty(v).clone()
    }

    // Regions: opened and closed like parentheses.

    fn opened(&self, frame: Frame) {
        let span = self.b.borrow().span();
        self.frames.borrow_mut().push((frame, span));
    }
    /// Opens the region run if `cond` holds.
    pub fn open_if(&self, cond: Value) {
        self.b.borrow_mut().open(&[]);
        self.opened(Frame::Then(cond));
    }
    /// Closes the region of [`open_if`](Self::open_if) and opens the other one.
    pub fn open_else(&self) {
        let mut b = self.b.borrow_mut();
        let frame = self.frames.borrow_mut().pop();
        if let Some((Frame::Then(c), span)) = frame {
            let r = b.close(&[]);
            b.open(&[]);
            self.frames.borrow_mut().push((Frame::Else(c, r), span));
        }
    }
    /// Opens the condition of a loop.
    pub fn open_cond(&self) {
        self.b.borrow_mut().open(&[]);
        self.opened(Frame::Cond);
    }
    /// Closes the condition, which is `cond`, and opens the body.
    pub fn open_body(&self, cond: Value) {
        let mut b = self.b.borrow_mut();
        let span = self.frames.borrow_mut().pop().map_or(b.span(), |f| f.1);
        let r = b.close(&[cond]);
        b.open(&[]);
        self.frames.borrow_mut().push((Frame::Body(r), span));
    }
    /// Opens the body of a counted loop over `lo..hi` and returns the index.
    pub fn open_for(&self, lo: Value, hi: Value) -> Value {
        let mut b = self.b.borrow_mut();
        let ty = b.ty(lo).clone();
        let (_, ps) = b.open(&[ty]);
        let span = b.span();
        self.frames.borrow_mut().push((Frame::For(lo, hi), span));
        ps[0]
    }
    /// Opens a block that [`br`](Self::br) to the label leaves.
    pub fn open_block(&self) -> Label {
        let mut b = self.b.borrow_mut();
        let l = b.label();
        b.open(&[]);
        let span = b.span();
        self.frames
            .borrow_mut()
            .push((Frame::Block(l, false), span));
        l
    }
    /// Leaves the block of that label. Nothing that follows in this region is run.
    pub fn br(&self, l: Label) {
        for f in self.frames.borrow_mut().iter_mut() {
            if let (Frame::Block(m, used), _) = f
                && *m == l
            {
                *used = true;
            }
        }
        self.b.borrow_mut().raw(SlotOp::Br(l), &[], &[], &[]);
    }
    /// Closes what was opened last. A block that nothing leaves vanishes.
    pub fn close(&self) {
        let mut b = self.b.borrow_mut();
        let Some((frame, span)) = self.frames.borrow_mut().pop() else {
            return;
        };
        let r = b.close(&[]);
        if !matches!(frame, Frame::Block(..)) {
            b.set_span(span);
        }
        match frame {
            Frame::Then(c) => {
                b.open(&[]);
                let e = b.close(&[]);
                b.raw(ControlOp::If, &[c], &[r, e], &[]);
            }
            Frame::Else(c, t) => {
                b.raw(ControlOp::If, &[c], &[t, r], &[]);
            }
            Frame::Cond => {}
            Frame::Body(c) => {
                b.raw(ControlOp::While, &[], &[c, r], &[]);
            }
            Frame::For(lo, hi) => {
                b.raw(ControlOp::For, &[lo, hi], &[r], &[]);
            }
            Frame::Block(l, true) => {
                b.raw(SlotOp::Block(l), &[], &[r], &[]);
            }
            Frame::Block(_, false) => {
                let insts = core::mem::take(&mut b.func.regions[r].insts);
                let into = b.region();
                b.func.regions[into].insts.extend(insts);
            }
        }
    }
    /// Stores values into fresh slots of the types of `P`.
    pub(super) fn slots<'b, P: Staged<'b>>(&'b self, name: &str) -> Vec<crate::entity::Slot> {
        let mut b = self.b.borrow_mut();
        types::<P>()
            .into_iter()
            .map(|ty| b.slot(ty, name))
            .collect()
    }
    /// No values.
    pub(super) fn none() -> Vec<Value> {
        vec![]
    }
}
