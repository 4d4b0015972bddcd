//! A function, compiled: its arguments go to the device, it runs, its results come back.
//!
//! Start with [`Function::run`]. What a run says of itself (a trap, an array that outgrew its room) is its last result.

use crate::emit::{self, Unsupported, marshal};
use crate::executor::Error;
use crate::pjrt::{
    self, ArrayType, Cache, Client, CompileOptions, Element, ElementType, Executable, Flag,
    HostArray,
};
use cotangent_core::ir::Type;
use cotangent_core::value::{self, Data, Tensor, Val};

/// A function, compiled for arguments of some layouts.
#[derive(Debug)]
pub struct Function {
    /// Its text.
    pub written: emit::Program,
    /// What XLA made of it.
    pub executable: Executable,
}

impl Function {
    /// Runs it; its results are of these types.
    pub(crate) fn run(&self, types: &[Type], inputs: &[Tensor]) -> Result<Vec<Val>, Error> {
        let inputs = inputs
            .iter()
            .map(upload)
            .collect::<pjrt::Result<Vec<_>>>()?;
        let outputs = self.executable.run(&inputs)?;
        self.results(types, &outputs)
    }
    /// What was written, compiled.
    pub(crate) fn compile(
        client: &Client,
        written: emit::Program,
        mut how: CompileOptions,
    ) -> Result<Function, Error> {
        if client.platform().is_ok_and(|p| p == "cpu") {
            // Else the least and the greatest of numbers and NaN may be a number there.
            how = how.flag("xla_cpu_enable_fast_min_max", Flag::Bool(false));
        }
        let executable = match Cache::of_environment() {
            Some(cache) => client.compile_cached(&written.text, &how, &cache)?.0,
            None => client.compile(&written.text, &how)?,
        };
        Ok(Function {
            written,
            executable,
        })
    }
    /// Whether a checked program, whose last result this is, trapped.
    pub(crate) fn check(&self, trap: &HostArray) -> Result<(), Error> {
        let number = trap.to_scalar::<i32>()?;
        let site = usize::try_from(number - 1)
            .ok()
            .and_then(|n| self.written.sites.get(n));
        site.map_or(Ok(()), |site| {
            Err(match site.outgrown {
                true => Error::Outgrown(site.trap()),
                false => Error::Trap(site.trap()),
            })
        })
    }
    /// The values that the results of a run are.
    ///
    /// # Errors
    /// [`Error::Trap`] if a checked program trapped.
    pub fn results(&self, types: &[Type], outputs: &[HostArray]) -> Result<Vec<Val>, Error> {
        let mut outputs = outputs;
        if self.written.checked
            && let Some((trap, rest)) = outputs.split_last()
        {
            self.check(trap)?;
            outputs = rest;
        }
        let tensors = outputs
            .iter()
            .map(download)
            .collect::<Result<Vec<_>, _>>()?;
        let mut rest = &tensors[..];
        let mut out = Vec::with_capacity(types.len());
        for (layout, ty) in self.written.results.iter().zip(types) {
            let n = layout.leaves().len().min(rest.len());
            let (these, others) = rest.split_at(n);
            rest = others;
            let v = marshal::unpack(ty, layout, these);
            out.push(v.ok_or_else(|| {
                Unsupported::new(format!("a result of type {ty}"), "it cannot be read back")
            })?);
        }
        Ok(out)
    }
}

/// A tensor as the plugin reads it.
///
/// # Errors
/// If the plugin could not address so many elements.
pub fn upload(t: &Tensor) -> pjrt::Result<HostArray> {
    fn array<T: Element>(v: &[T], dims: &[usize]) -> pjrt::Result<HostArray> {
        HostArray::new(v, dims)
    }
    cotangent_core::on_each!(Data, &t.data, v => array(v, &t.shape))
}

/// What the plugin wrote, as a tensor.
pub(crate) fn download(a: &HostArray) -> Result<Tensor, Error> {
    fn data<T: Element + value::Element>(a: &HostArray) -> pjrt::Result<Data> {
        Ok(<T as value::Element>::data(a.to_vec::<T>()?))
    }
    let ty: &ArrayType = a.ty();
    let d = match ty.element {
        ElementType::Pred => data::<bool>(a),
        ElementType::S8 => data::<i8>(a),
        ElementType::S16 => data::<i16>(a),
        ElementType::S32 => data::<i32>(a),
        ElementType::S64 => data::<i64>(a),
        ElementType::U8 => data::<u8>(a),
        ElementType::U16 => data::<u16>(a),
        ElementType::U32 => data::<u32>(a),
        ElementType::U64 => data::<u64>(a),
        ElementType::F32 => data::<f32>(a),
        ElementType::F64 => data::<f64>(a),
        ElementType::C64 => data::<num_complex::Complex<f32>>(a),
        ElementType::C128 => data::<num_complex::Complex<f64>>(a),
        _ => return Err(other(ty)),
    }?;
    Tensor::new(ty.dims.to_vec(), d).ok_or_else(|| other(ty))
}

fn other(ty: &ArrayType) -> Error {
    Unsupported::new(
        format!("a result of type {ty:?}"),
        "the program has no such type",
    )
    .into()
}
