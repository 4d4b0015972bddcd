//! What the arguments and results of a program are to the devices that it runs on: given away or kept, on every device or cut over some.
//!
//! An argument that is given away lends its memory to a result of the same type, the first that has none yet (`tf.aliasing_output`). Cuts are Shardy's
//! annotations (`sdy.sharding`): what is computed on which device, and what they tell each other, follows from them in the compiler. A result
//! that takes the place of an argument is cut as that is; others are on every device.

use super::error::{Result, Unsupported};
use super::value::TensorLayout;
use std::fmt::Write;

/// Which axis of a tensor is cut, along which axis of the devices.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cut {
    /// The axis of the tensor.
    pub axis: usize,
    /// The axis of the mesh, by number.
    pub along: usize,
}

/// What the tensors of the arguments are to the devices. The default is one device, and nothing given away.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Boundary {
    /// Names and extents of the axes of the grid of devices; none for one device. Device `n` is the `n`-th in row-major order.
    pub mesh: Vec<(String, u32)>,
    /// For each tensor of the arguments, whether it is given away; kept where this ends.
    pub given: Vec<bool>,
    /// For each tensor of the arguments, how it is cut; on every device where this ends.
    pub cuts: Vec<Option<Cut>>,
}

impl Boundary {
    /// How many devices there are.
    pub fn devices(&self) -> u32 {
        self.mesh.iter().map(|(_, n)| n).product()
    }
    /// Into how many parts a cut cuts.
    pub fn parts(&self, cut: &Cut) -> u64 {
        self.mesh.get(cut.along).map_or(1, |(_, n)| u64::from(*n))
    }
    /// Which of the parts of a cut a device has.
    pub fn part_of(&self, cut: &Cut, device: usize) -> usize {
        let after: usize = self
            .mesh
            .iter()
            .skip(cut.along + 1)
            .map(|(_, n)| *n as usize)
            .product();
        device / after.max(1) % (self.parts(cut) as usize).max(1)
    }
    /// Whether that tensor can be cut so.
    fn check(&self, cut: &Cut, t: &TensorLayout) -> Result<()> {
        let n = self.parts(cut);
        match t.shape.get(cut.axis) {
            Some(extent) if extent % n == 0 => Ok(()),
            Some(extent) => Err(Unsupported::new(
                format!("an argument {t} over {n} devices"),
                format!("{extent} is no multiple of {n}"),
            )),
            None => Err(Unsupported::new(
                format!("an argument {t} over {n} devices"),
                format!("it has no axis {}", cut.axis),
            )),
        }
    }
}

/// A boundary as text.
pub(super) struct Written {
    /// The declaration of the mesh, a line or nothing.
    pub(super) mesh: String,
    /// The attributes of each argument, to follow its type.
    pub(super) takes: Vec<String>,
    /// The attributes of each result.
    pub(super) gives: Vec<String>,
    /// How each result is cut.
    pub(super) cuts: Vec<Option<Cut>>,
}

impl Written {
    pub(super) fn new(
        b: &Boundary,
        takes: &[TensorLayout],
        gives: &[TensorLayout],
    ) -> Result<Written> {
        let mut mesh = String::new();
        if !b.mesh.is_empty() {
            let axes: Vec<String> = b.mesh.iter().map(|(a, n)| format!("{a:?}={n}")).collect();
            let _ = writeln!(mesh, "  sdy.mesh @mesh = <[{}]>", axes.join(", "));
        }
        let sharding = |t: &TensorLayout, cut: Option<&Cut>| {
            if b.mesh.is_empty() {
                return None;
            }
            let axes: Vec<String> = (0..t.shape.len())
                .map(|k| match cut.filter(|c| c.axis == k) {
                    Some(c) => format!("{{{:?}}}", b.mesh[c.along].0),
                    None => "{}".into(),
                })
                .collect();
            Some(format!(
                "sdy.sharding = #sdy.sharding<@mesh, [{}]>",
                axes.join(", ")
            ))
        };
        let mut cuts: Vec<Option<Cut>> = vec![None; gives.len()];
        let mut taken = vec![false; gives.len()];
        let mut args = Vec::with_capacity(takes.len());
        for (i, t) in takes.iter().enumerate() {
            let cut = b.cuts.get(i).and_then(Option::as_ref);
            if let Some(cut) = cut {
                b.check(cut, t)?;
            }
            let mut attributes: Vec<String> = sharding(t, cut).into_iter().collect();
            if b.given.get(i) == Some(&true)
                && let Some(k) = (0..gives.len()).find(|&k| !taken[k] && gives[k] == *t)
            {
                taken[k] = true;
                cuts[k] = cut.cloned();
                attributes.push(format!("tf.aliasing_output = {k} : i32"));
            }
            args.push(braced(&attributes));
        }
        let results = gives.iter().zip(&cuts);
        Ok(Written {
            mesh,
            takes: args,
            gives: results
                .map(|(t, c)| braced(&sharding(t, c.as_ref()).into_iter().collect::<Vec<_>>()))
                .collect(),
            cuts,
        })
    }
}

fn braced(attributes: &[String]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    format!(" {{{}}}", attributes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cotangent_core::ir::DType;

    #[test]
    fn arguments_lend_their_memory_and_their_cuts() {
        let t = |shape: &[u64]| TensorLayout::new(DType::F32, shape.iter().copied());
        let cut = |axis, along| Some(Cut { axis, along });
        let b = Boundary {
            mesh: vec![("data".into(), 4), ("model".into(), 2)],
            given: vec![false, true, true, true],
            cuts: vec![cut(0, 0), cut(1, 1)],
        };
        let takes = [t(&[8, 3]), t(&[3, 6]), t(&[3, 6]), t(&[5])];
        let w = Written::new(&b, &takes, &[t(&[]), t(&[3, 6]), t(&[3, 6])]).unwrap();
        assert_eq!(w.mesh, "  sdy.mesh @mesh = <[\"data\"=4, \"model\"=2]>\n");
        let with = "sdy.sharding = #sdy.sharding<@mesh, [";
        assert_eq!(w.takes[0], format!(" {{{with}{{\"data\"}}, {{}}]>}}"));
        let second = format!(" {{{with}{{}}, {{\"model\"}}]>, tf.aliasing_output = 1 : i32}}");
        assert_eq!(w.takes[1], second);
        assert!(w.takes[2].contains("aliasing_output = 2"));
        assert!(!w.takes[3].contains("aliasing"));
        assert_eq!(w.gives[1], format!(" {{{with}{{}}, {{\"model\"}}]>}}"));
        assert_eq!(w.cuts, [None, cut(1, 1), None]);
        // Device 5 is row 2, column 1.
        let parts = |c: Option<Cut>| b.part_of(&c.unwrap(), 5);
        assert_eq!((b.devices(), parts(cut(0, 0)), parts(cut(0, 1))), (8, 2, 1));
        let odd = Written::new(&b, &[t(&[6, 3])], &[]).err().unwrap();
        assert!(odd.to_string().contains("6 is no multiple of 4"), "{odd}");
        assert!(Written::new(&b, &[t(&[])], &[]).is_err());
        let plain = Written::new(&Boundary::default(), &takes, &takes[..1]).unwrap();
        assert!(plain.mesh.is_empty() && plain.takes.concat().is_empty());
    }
}
