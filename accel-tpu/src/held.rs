//! Values that stay on devices, one or many: what one run gives is what the next run takes.
//!
//! [`Residents`] are functions of such values: a step of training, say. A [`Resident`] is a value as buffers, a list of them for each of its tensors: one for
//! each device, with the whole tensor or that device's part. Arguments that are given away are overwritten by results. Nothing here waits for a
//! device but [`Residents::fetch`], and runs of checked programs, whose traps are looked at.

use crate::emit::{Boundary, Cut, Layout, Options, Plan, Unsupported, emit, marshal};
use crate::executor::{
    Error, Failure, Function, Making, download, integer, lock, prepared, upload, version_of, wrong,
};
use crate::pjrt::{
    self, Arg, ArrayType, Buffer, Client, CompileOptions, Device, Download, HostArray,
};
use cotangent_core::ir::{FuncId, Module, Type};
use cotangent_core::value::{Scalar, Tensor, Val};
use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

/// How arguments are spread over devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Names and extents of the axes of the grid of devices; none for one device.
    pub mesh: Vec<(String, u32)>,
    /// Parameters, by function and position, that are cut; they are tensors. The others are on every device.
    pub cuts: HashMap<(usize, usize), Cut>,
}

/// Functions that are made of one, the source, and its derivatives, when the extents of arguments are known.
pub trait Recipe: Send + Sync {
    /// The source.
    fn source(&self) -> (&Module, FuncId);
    /// The types of the parameters of a function, by number.
    fn params(&self, function: usize) -> &[Type];
    /// The types of the source's parameters where those of the function's are these.
    fn source_types(&self, function: usize, types: &[Type]) -> Vec<Type>;
    /// The function, made of a version of the source.
    ///
    /// # Errors
    /// If there is no such derivative.
    fn make(&self, function: usize, m: Module, source: FuncId)
    -> Result<(Module, FuncId), Failure>;
}

/// Functions of a recipe on the devices of a client. May be used from any thread.
pub struct Residents {
    client: Client,
    options: Options,
    spread: Spread,
    /// How many states of a loop without bound are kept.
    slots: u64,
    recipe: Box<dyn Recipe>,
    made: Mutex<HashMap<Key, Arc<Made>>>,
}

/// What a function is compiled for.
type Key = (usize, Vec<Layout>, Boundary, Option<Vec<Option<i128>>>);

struct Made {
    function: Function,
    results: Vec<Type>,
}

impl fmt::Debug for Residents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Residents")
            .field("client", &self.client)
            .field("options", &self.options)
            .field("spread", &self.spread)
            .finish_non_exhaustive()
    }
}

/// A value on devices.
pub struct Resident {
    ty: Type,
    layout: Layout,
    leaves: Vec<Leaf>,
}

impl fmt::Debug for Resident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resident({})", self.ty)
    }
}

/// A tensor on devices.
struct Leaf {
    cut: Option<Cut>,
    /// One for each device.
    parts: Vec<Buffer>,
    /// The value of an integer, where it came from the host.
    known: Option<Scalar>,
}

/// An argument of a run.
pub enum Feed<'a> {
    /// It stays.
    Keep(&'a Resident),
    /// It may be overwritten.
    Give(Resident),
    /// It comes from the host.
    Lend(Val),
}

/// An argument on the devices: somebody's, or of this run.
enum Arriving<'a> {
    Here(&'a Resident),
    Ours(Resident),
}

impl Arriving<'_> {
    fn get(&self) -> &Resident {
        match self {
            Arriving::Here(r) => r,
            Arriving::Ours(r) => r,
        }
    }
}

/// The parts of an array along an axis.
fn split(a: &HostArray, axis: usize, parts: usize) -> pjrt::Result<Vec<HostArray>> {
    let ty = a.ty();
    let mut dims = ty.dims.to_vec();
    let extent = dims[axis];
    dims[axis] = extent / parts.max(1);
    let inner: usize = dims[axis..].iter().product::<usize>() * ty.element.bytes();
    let outer: usize = dims[..axis].iter().product();
    let part = ArrayType::new(ty.element, dims);
    (0..parts)
        .map(|p| {
            let mut bytes = Vec::with_capacity(outer * inner);
            for row in 0..outer {
                let at = (row * parts + p) * inner;
                bytes.extend_from_slice(&a.bytes()[at..at + inner]);
            }
            HostArray::from_bytes(part.clone(), &bytes)
        })
        .collect()
}

/// The array whose parts along an axis these are.
fn join(parts: &[HostArray], axis: usize) -> pjrt::Result<HostArray> {
    let ty = parts[0].ty();
    let mut dims = ty.dims.to_vec();
    let inner: usize = dims[axis..].iter().product::<usize>() * ty.element.bytes();
    let outer: usize = dims[..axis].iter().product();
    dims[axis] *= parts.len();
    let mut bytes = Vec::with_capacity(outer * inner * parts.len());
    for row in 0..outer {
        for p in parts {
            bytes.extend_from_slice(&p.bytes()[row * inner..(row + 1) * inner]);
        }
    }
    HostArray::from_bytes(ArrayType::new(ty.element, dims), &bytes)
}

impl Residents {
    /// Functions of a recipe; of loops without bound `slots` states are kept.
    pub fn new(
        client: Client,
        options: Options,
        spread: Spread,
        slots: u64,
        recipe: Box<dyn Recipe>,
    ) -> Residents {
        Residents {
            client,
            options,
            spread,
            slots,
            recipe,
            made: Mutex::default(),
        }
    }
    fn boundary(&self) -> Boundary {
        Boundary {
            mesh: self.spread.mesh.clone(),
            ..Boundary::default()
        }
    }
    fn devices(&self) -> Result<&[Device], Error> {
        let n = self.boundary().devices() as usize;
        let all = self.client.devices();
        all.get(..n).ok_or_else(|| {
            Unsupported::new(
                format!("{n} devices"),
                format!(
                    "the plugin has {}; a CPU may be given more when the client is made",
                    all.len()
                ),
            )
            .into()
        })
    }
    fn wrong(&self, function: usize) -> Error {
        let (m, f) = self.recipe.source();
        wrong(&m.funcs[f].name, self.recipe.params(function))
    }
    /// Brings an argument of a function to the devices. With `shared` the plugin may use the host's memory, and copy later.
    fn bring(
        &self,
        function: usize,
        param: usize,
        v: &Val,
        shared: bool,
    ) -> Result<Resident, Error> {
        let wrong = || self.wrong(function);
        let ty = self.recipe.params(function).get(param).ok_or_else(wrong)?;
        let layout = marshal::layout_of(v, ty).ok_or_else(wrong)?;
        let cut = self.spread.cuts.get(&(function, param));
        if cut.is_some() && !matches!(layout, Layout::Tensor(_)) {
            return Err(Unsupported::new(
                format!("an argument of type {ty} over several devices"),
                "only tensors can be cut",
            )
            .into());
        }
        let (devices, boundary) = (self.devices()?, self.boundary());
        let mut leaves = Vec::new();
        for t in marshal::pack(v, ty, &layout).ok_or_else(wrong)? {
            leaves.push(self.bring_tensor(&t, cut, devices, &boundary, shared)?);
        }
        let ty = ty.clone();
        Ok(Resident { ty, layout, leaves })
    }
    fn bring_tensor(
        &self,
        t: &Tensor,
        cut: Option<&Cut>,
        devices: &[Device],
        boundary: &Boundary,
        shared: bool,
    ) -> Result<Leaf, Error> {
        let whole = upload(t)?;
        let arrays: Vec<Arc<HostArray>> = match cut {
            None => vec![Arc::new(whole)],
            Some(cut) => {
                let n = boundary.parts(cut) as usize;
                match t.shape.get(cut.axis) {
                    Some(extent) if extent % n == 0 => {}
                    _ => {
                        return Err(Unsupported::new(
                            format!("an argument {} over {n} devices", whole.ty()),
                            format!("the extent of its axis {} is no multiple of {n}", cut.axis),
                        )
                        .into());
                    }
                }
                split(&whole, cut.axis, n)?
                    .into_iter()
                    .map(Arc::new)
                    .collect()
            }
        };
        let parts = devices
            .iter()
            .enumerate()
            .map(|(d, device)| {
                let a = &arrays[cut.map_or(0, |c| boundary.part_of(c, d))];
                if shared {
                    self.client.share(Arc::clone(a), device)
                } else {
                    self.client.upload(a, device)
                }
            })
            .collect::<pjrt::Result<_>>()?;
        Ok(Leaf {
            cut: cut.cloned(),
            parts,
            known: integer(t).map(|_| t.data.get(0)),
        })
    }
    /// Puts an argument of a function on the devices, to stay there.
    ///
    /// # Errors
    /// If it is not of the parameter's type, cannot be cut as that is to be, or the plugin has no memory for it.
    pub fn hold(&self, function: usize, param: usize, v: &Val) -> Result<Resident, Error> {
        self.bring(function, param, v, false)
    }
    /// A function for arguments of those layouts: the version of the source, what the recipe makes of it, written and compiled.
    fn make(
        &self,
        function: usize,
        layouts: &[Layout],
        known: &[Option<Scalar>],
        boundary: &Boundary,
    ) -> Result<Made, Error> {
        let params = self.recipe.params(function);
        let types: Vec<Type> = params
            .iter()
            .zip(layouts)
            .map(|(t, l)| l.sharpened(t))
            .collect();
        let (module, source) = self.recipe.source();
        let types = self.recipe.source_types(function, &types);
        let options = self.options;
        let how = Making {
            slots: Some(self.slots),
            options,
            ..Making::default()
        };
        let (m, f) = version_of(module, source, &types, how)?;
        let made = self.recipe.make(function, m, f);
        let (m, f) = made.map_err(Error::Derive)?;
        let m = prepared(&m, options);
        let plan = Plan {
            args: layouts,
            known,
            boundary: Some(boundary),
            // What was given away is lost where an array outgrows its room, and the host does not wait to be told.
            options: Options { room: 0, ..options },
        };
        let written = emit(&m, f, plan)?;
        let mut how = CompileOptions::new();
        if let Some(n) = NonZeroU32::new(boundary.devices()).filter(|n| n.get() > 1) {
            how = how.partitions(n);
        }
        Ok(Made {
            function: Function::compile(&self.client, written, how)?,
            results: m.funcs[f].results.clone(),
        })
    }
    fn function(
        &self,
        function: usize,
        layouts: &[Layout],
        known: &[Option<Scalar>],
        boundary: &Boundary,
    ) -> Result<Arc<Made>, Error> {
        let key = |known| (function, layouts.to_vec(), boundary.clone(), known);
        let any: Key = key(None);
        let integers = known.iter().map(|s| s.and_then(Scalar::as_int)).collect();
        let these: Key = key(Some(integers));
        {
            let made = lock(&self.made);
            if let Some(f) = made.get(&any).or_else(|| made.get(&these)) {
                return Ok(Arc::clone(f));
            }
        }
        let (key, made) = match self.make(function, layouts, &[], boundary) {
            Err(first @ Error::Unsupported(_)) if known.iter().any(Option::is_some) => {
                // The reason why it does not go without the integers is the one to tell.
                let made = self.make(function, layouts, known, boundary);
                (these, made.map_err(|_| first)?)
            }
            made => (any, made?),
        };
        Ok(Arc::clone(
            lock(&self.made).entry(key).or_insert(Arc::new(made)),
        ))
    }
    /// Runs a function on values that are on the devices, to values that are there. These may still be computed when this returns.
    ///
    /// # Errors
    /// See [`Error`]. What was given away is lost.
    pub fn run(&self, function: usize, args: Vec<Feed<'_>>) -> Result<Vec<Resident>, Error> {
        if args.len() != self.recipe.params(function).len() {
            return Err(self.wrong(function));
        }
        let mut boundary = self.boundary();
        let mut residents = Vec::with_capacity(args.len());
        for (i, a) in args.into_iter().enumerate() {
            let (r, given) = match a {
                Feed::Keep(r) => (Arriving::Here(r), false),
                Feed::Give(r) => (Arriving::Ours(r), true),
                // The memory is the host's.
                Feed::Lend(v) => (Arriving::Ours(self.bring(function, i, &v, true)?), false),
            };
            for leaf in &r.get().leaves {
                boundary.given.push(given);
                boundary.cuts.push(leaf.cut.clone());
            }
            residents.push((r, given));
        }
        let layouts: Vec<Layout> = residents
            .iter()
            .map(|(r, _)| r.get().layout.clone())
            .collect();
        let leaves = || residents.iter().flat_map(|(r, _)| &r.get().leaves);
        let known: Vec<Option<Scalar>> = leaves().map(|l| l.known).collect();
        let made = self.function(function, &layouts, &known, &boundary)?;
        let mut lists: Vec<Vec<Arg<'_>>> = (0..boundary.devices()).map(|_| Vec::new()).collect();
        for (r, given) in &mut residents {
            let leaves = match r {
                Arriving::Ours(r) if *given => {
                    for leaf in &mut r.leaves {
                        for (list, b) in lists.iter_mut().zip(leaf.parts.drain(..)) {
                            list.push(Arg::Give(b));
                        }
                    }
                    continue;
                }
                Arriving::Ours(r) => &r.leaves,
                Arriving::Here(r) => &r.leaves,
            };
            for leaf in leaves {
                for (list, b) in lists.iter_mut().zip(&leaf.parts) {
                    list.push(Arg::Keep(b));
                }
            }
        }
        let outputs = made.function.executable.execute_on_all(lists)?;
        self.results(&made.function, &made.results, outputs)
    }
    /// The results of a run: a list of buffers for each device.
    fn results(
        &self,
        compiled: &Function,
        types: &[Type],
        mut outputs: Vec<Vec<Buffer>>,
    ) -> Result<Vec<Resident>, Error> {
        if compiled.written.checked {
            let traps: Vec<Buffer> = outputs.iter_mut().filter_map(Vec::pop).collect();
            if let Some(first) = traps.first() {
                compiled.check(&first.download()?)?;
            }
        }
        let mut devices: Vec<_> = outputs.into_iter().map(Vec::into_iter).collect();
        let mut cuts = compiled.written.cuts.iter();
        let mut out = Vec::with_capacity(types.len());
        for (layout, ty) in compiled.written.results.iter().zip(types) {
            let leaves = layout.leaves().into_iter().map(|_| Leaf {
                cut: cuts.next().cloned().flatten(),
                parts: devices.iter_mut().filter_map(Iterator::next).collect(),
                known: None,
            });
            out.push(Resident {
                ty: ty.clone(),
                layout: layout.clone(),
                leaves: leaves.collect(),
            });
        }
        Ok(out)
    }
    /// The value, on the host. Waits until it is computed.
    ///
    /// # Errors
    /// What went wrong while it was computed.
    pub fn fetch(&self, r: &Resident) -> Result<Val, Error> {
        let boundary = self.boundary();
        let mut under_way = Vec::with_capacity(r.leaves.len());
        for leaf in &r.leaves {
            // Of those that are alike the first.
            let n = leaf.cut.as_ref().map_or(1, |c| boundary.parts(c) as usize);
            let device = |p: usize| match &leaf.cut {
                None => Some(0),
                Some(c) => (0..leaf.parts.len()).find(|&d| boundary.part_of(c, d) == p),
            };
            let parts = (0..n).filter_map(device).filter_map(|d| leaf.parts.get(d));
            let parts: Vec<Download> = parts
                .map(|b| b.start_download_where(true))
                .collect::<pjrt::Result<_>>()?;
            under_way.push((parts, leaf.cut.as_ref()));
        }
        let mut tensors = Vec::with_capacity(under_way.len());
        for (parts, cut) in under_way {
            let parts: Vec<HostArray> = parts
                .into_iter()
                .map(Download::wait)
                .collect::<pjrt::Result<_>>()?;
            let t = match (&parts[..], cut) {
                ([whole], _) => download(whole)?,
                (_, Some(cut)) if !parts.is_empty() => download(&join(&parts, cut.axis)?)?,
                _ => return Err(unreadable(&r.ty)),
            };
            tensors.push(t);
        }
        marshal::unpack(&r.ty, &r.layout, &tensors).ok_or_else(|| unreadable(&r.ty))
    }
}

fn unreadable(ty: &Type) -> Error {
    Unsupported::new(format!("a result of type {ty}"), "it cannot be read back").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_the_whole() {
        let data: Vec<u16> = (0..24).collect();
        let a = HostArray::new(&data, &[2, 4, 3]).unwrap();
        for (axis, n) in [(0, 2), (1, 2), (1, 4), (2, 3), (2, 1)] {
            let parts = split(&a, axis, n).unwrap();
            assert_eq!(parts.len(), n);
            assert_eq!(join(&parts, axis).unwrap(), a);
        }
        let second = &split(&a, 1, 2).unwrap()[1];
        let want = [6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23];
        assert_eq!(second.to_vec::<u16>().unwrap(), want);
    }
}
