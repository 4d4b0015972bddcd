//! Tests of plain data as run-time values.

use super::*;
use crate::ir::{DType, Dim};
use alloc::format;
use alloc::string::ToString;
use alloc::vec;
use num_complex::Complex;

/// Flattens, checks the leaves against the static types, and comes back.
fn round<T: Datum>(x: T) -> T::Owned {
    let types = types_of::<T>();
    let vals = flatten(&x);
    assert_eq!(types.len(), vals.len());
    assert_eq!(types.len(), T::LEAVES);
    lent_like(&x, &vals);
    in_words(&x, &vals);
    for (v, t) in vals.iter().zip(&types) {
        assert!(v.is_of(t), "{v:?} is not of type {t}");
    }
    let mut vals = vals.into_iter();
    let back = T::unflatten(&mut vals).expect("comes back");
    assert!(vals.next().is_none());
    back
}

/// What is lent is what is copied.
fn lent_like<T: Datum>(x: &T, vals: &[Val]) {
    let mut lent = Vec::new();
    x.lend(&mut lent);
    assert_eq!(lent.len(), vals.len());
    for (l, v) in lent.iter().zip(vals) {
        assert!(l.to_val().same_bits(v), "{l:?} is not {v:?}");
    }
}

/// Data of scalars come back from their words.
fn in_words<T: Datum>(x: &T, vals: &[Val]) {
    let scalars = vals.iter().all(|v| matches!(v, Val::Scalar(_)));
    if !T::WORDS.is_flat() {
        return;
    }
    assert!(scalars);
    let mut words = vec![0; T::WORDS.len()];
    x.put_words(&mut WordBuf::new(&mut words));
    let mut words = words.iter();
    let back = T::take_words(&mut words).expect("comes back");
    assert!(words.next().is_none());
    for (a, b) in flatten(&back).iter().zip(vals) {
        assert!(a.same_bits(b), "{a:?} is not {b:?}");
    }
}

#[test]
fn words_of_types() {
    fn words<T: Datum>() -> Words {
        T::WORDS
    }
    assert_eq!(words::<(f64, (i8, Complex<f32>))>().len(), 4);
    assert_eq!(words::<(f64, (i8, Complex<f32>))>().smooth(), 3);
    assert!(words::<()>().is_flat() && words::<&f32>().is_flat());
    assert_eq!(words::<Option<f64>>().len(), 2);
    assert_eq!(words::<Result<(f64, u8), Complex<f32>>>().smooth(), 3);
    type Four = (f64, f64, f64, f64);
    assert_eq!(words::<(Four, Four, Four, Four)>().len(), MAX_WORDS);
    for is in [
        words::<(Four, Four, Four, Four, f64)>().is_flat(),
        words::<[f64; 2]>().is_flat(),
        words::<(f64, Vec<f64>)>().is_flat(),
        words::<Option<[f64; 2]>>().is_flat(),
    ] {
        assert!(!is);
    }
}

#[test]
fn arrays_are_lent_where_they_lie() {
    let xs = vec![[[1u8, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]];
    let mut lent = Vec::new();
    xs.lend(&mut lent);
    let [Lent::Array(a)] = &lent[..] else {
        panic!("not lent");
    };
    assert_eq!(a.shape(), [3, 2, 2]);
    assert_eq!(a.elements().as_ptr(), Some(xs.as_ptr().cast()));
    // More extents than an array can be lent with are copied.
    let deep = [[[[[1.0f64; 2]; 1]; 1]; 1]; 3];
    let mut lent = Vec::new();
    deep.lend(&mut lent);
    assert!(matches!(&lent[..], [Lent::Val(_)]));
    lent_like(&deep, &flatten(&deep));
}

#[test]
fn arrays_of_records_are_lent_as_words_or_item_by_item() {
    let mut lent = Vec::new();
    let points = vec![(1.5f64, Some(-2i8)), (0.0, None)];
    points.lend(&mut lent);
    let [Lent::Rows(rows)] = &lent[..] else {
        panic!("not rows: {lent:?}");
    };
    assert_eq!((rows.len(), rows.each()), (2, 3));
    lent_like(&points, &flatten(&points));
    assert!(lent[0].is_of(&types_of::<Vec<(f64, Option<i8>)>>()[0]));
    assert!(!lent[0].is_of(&types_of::<Vec<(f64, Option<u8>)>>()[0]));
    assert!(!lent[0].is_of(&types_of::<Vec<f64>>()[0]));

    let layers = vec![(vec![1.0f64, 2.0], vec![(true, 3u16)]), (vec![], vec![])];
    let mut lent = Vec::new();
    layers.lend(&mut lent);
    let [Lent::List(list)] = &lent[..] else {
        panic!("not a list: {lent:?}");
    };
    let first = list.items().next().expect("there are two");
    let [Lent::Array(a), Lent::Rows(rows)] = first else {
        panic!("copied: {first:?}");
    };
    assert_eq!(a.elements().as_ptr(), Some(layers[0].0.as_ptr().cast()));
    assert_eq!(rows.words(), [1, 3]);
    lent_like(&layers, &flatten(&layers));
    let ty = &types_of::<Vec<(Vec<f64>, Vec<(bool, u16)>)>>()[0];
    assert!(lent[0].is_of(ty));
    assert!(!lent[0].is_of(&types_of::<Vec<(Vec<f64>, Vec<(bool, u8)>)>>()[0]));
    lent_like(
        &vec![vec![1.0f64], vec![]],
        &flatten(&vec![vec![1.0f64], vec![]]),
    );
    let empty: Vec<(f64, f64)> = Vec::new();
    lent_like(&empty, &flatten(&empty));
    lent_like(&vec![(); 3], &flatten(&vec![(); 3]));
}

fn shown<T: Datum + ?Sized>() -> alloc::string::String {
    let ts: Vec<_> = types_of::<T>().iter().map(|t| t.to_string()).collect();
    ts.join(" ")
}

#[test]
fn types_of_containers_follow_the_layout_rule() {
    assert_eq!(shown::<f64>(), "f64");
    assert_eq!(shown::<usize>(), "u64");
    assert_eq!(shown::<isize>(), "i64");
    assert_eq!(shown::<&[f64]>(), "f64[?]");
    assert_eq!(shown::<[[f64; 3]; 4]>(), "f64[4,3]");
    assert_eq!(shown::<Vec<[f32; 3]>>(), "f32[?,3]");
    assert_eq!(shown::<Vec<Vec<f64>>>(), "seq<f64[?]>");
    assert_eq!(shown::<Vec<(f64, i32)>>(), "seq<{f64, i32}>");
    assert_eq!(shown::<[(f64, f64); 2]>(), "seq<{f64, f64}>");
    assert_eq!(shown::<(f64, [bool; 2])>(), "f64 bool[2]");
    assert_eq!(shown::<Option<Vec<f64>>>(), "bool f64[?]");
    assert_eq!(shown::<Result<f64, u8>>(), "bool f64 u8");
    assert_eq!(shown::<Vec<()>>(), "seq<{}>");
    assert_eq!(shown::<()>(), "");
}

#[test]
fn data_come_back() {
    assert_eq!(round(1.5f64), 1.5);
    assert!(round(true));
    assert_eq!(round(usize::MAX), usize::MAX);
    assert_eq!(round(-7isize), -7);
    assert_eq!(round(Complex::new(1.0f32, 2.0)), Complex::new(1.0, 2.0));
    assert_eq!(round(&[1.0, 2.0][..]), vec![1.0, 2.0]);
    assert_eq!(round(&vec![1usize, 2]), vec![1, 2]);
    assert_eq!(
        round([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    );
    assert_eq!(round(vec![[1u8, 2], [3, 4]]), vec![[1, 2], [3, 4]]);
    assert_eq!(round(vec![[[1i8; 2]; 3]; 2]), vec![[[1; 2]; 3]; 2]);
    assert_eq!(round(vec![[0.0f64; 0]; 3]), vec![[0.0; 0]; 3]);
    assert_eq!(round(vec![vec![1.0], vec![]]), vec![vec![1.0], vec![]]);
    assert_eq!(round([vec![1.0], vec![]]), [vec![1.0], vec![]]);
    assert_eq!(round(vec![(1.0, 2i64), (3.0, 4)]), vec![(1.0, 2), (3.0, 4)]);
    assert_eq!(round(vec![(), ()]), vec![(), ()]);
    assert_eq!(round(vec![Some(1.0), None]), vec![Some(1.0), None]);
    assert_eq!(
        round((Some([1.0, 2.0]), None::<[f64; 2]>)),
        (Some([1.0, 2.0]), None)
    );
    assert_eq!(round([Ok::<f64, u8>(1.0), Err(3)]), [Ok(1.0), Err(3)]);
    assert_eq!(round(Vec::<f64>::new()), Vec::<f64>::new());
    assert_eq!(round(vec![(1.0f64,), (2.0,)]), vec![(1.0,), (2.0,)]);
    assert_eq!(shown::<Vec<([f64; 2],)>>(), "f64[?,2]");
    assert_eq!(
        round(vec![([1.0, 2.0],), ([3.0, 4.0],)]),
        vec![([1.0, 2.0],), ([3.0, 4.0],)]
    );
}

#[test]
fn a_uniquely_held_vector_is_moved_out() {
    let v = Val::vector(vec![1.0, 2.0]);
    let Val::Tensor(t) = &v else { panic!() };
    let at = f64::slice(&t.data).unwrap().as_ptr();
    let out = Vec::<f64>::unflatten(&mut core::iter::once(v)).unwrap();
    assert_eq!(out.as_ptr(), at);
    use crate::value::Element;
}

#[test]
fn wrong_leaves_are_refused() {
    let no = |v: Val| Vec::<[f64; 2]>::unflatten(&mut core::iter::once(v)).is_none();
    assert!(no(Val::from(1.0)));
    assert!(no(Val::vector(vec![1.0])));
    assert!(no(flatten(&vec![[1.0; 3]]).remove(0)));
    assert!(no(flatten(&vec![[1.0f32; 2]]).remove(0)));
    assert!(f64::unflatten(&mut core::iter::empty()).is_none());
    assert!(f64::unflatten(&mut core::iter::once(Val::from(1.0f32))).is_none());
    assert!(<[f64; 2]>::unflatten(&mut core::iter::once(Val::vector(vec![1.0]))).is_none());
    assert!(Vec::<(f64, f64)>::unflatten(&mut core::iter::once(Val::vector(vec![1.0]))).is_none());
}

fn gradient_of<T: Datum>(x: &T, ct: T) -> Gradient<T>
where
    T::Space: Space<Of<T> = T>,
{
    let mut cts = Vec::new();
    flatten_tangent::<T>(&ct, &mut cts);
    for (c, ty) in cts.iter().zip(types_of::<T>()) {
        assert!(c.is_of(&ty.tangent()), "{c:?} is no tangent of {ty}");
    }
    let primals = flatten(x).into_iter();
    let leaves = primals.zip(cts).zip(types_of::<T>());
    unflatten_gradient::<T>(&mut leaves.map(|((p, c), ty)| restore_discrete(&p, c, &ty))).unwrap()
}

#[test]
fn gradients_copy_what_is_discrete() {
    assert_eq!(gradient_of(&1.0, 5.0), 5.0);
    assert_eq!(gradient_of(&(1.0, 7usize), (2.0, 99)), (2.0, 7usize));
    let xs = vec![(1.0, 7i32), (2.0, 8)];
    assert_eq!(
        gradient_of(&xs, vec![(0.5, 0), (0.25, 0)]),
        vec![(0.5, 7), (0.25, 8)]
    );
    assert_eq!(gradient_of(&Some(1.0), Some(3.0)), Some(3.0));
    assert_eq!(gradient_of(&None::<f64>, None), None);
    let nested = vec![(vec![1.0], vec![true])];
    assert_eq!(
        gradient_of(&nested, vec![(vec![4.0], vec![])]),
        vec![(vec![4.0], vec![true])]
    );
}

#[test]
fn spaces_and_argument_lists() {
    let (): Gradient<usize> = ();
    let (): Gradient<&[(usize, Vec<bool>)]> = ();
    let _: Gradient<&[f64]> = vec![1.0];
    let _: Gradient<(usize, f64)> = (1, 1.0);
    let _: Tangent<&[f64]> = &[1.0][..];
    let _: <(&f64, usize) as Args>::Gradients = (1.0, ());
    let _: <(&[f64],) as Args>::Gradients = vec![1.0];
    let types = <(&[f64], (f64, i32), bool) as Args>::types();
    let n: Vec<usize> = types.iter().map(Vec::len).collect();
    assert_eq!(n, [1, 2, 1]);
    let args = (&[1.0, 2.0][..], 3usize, (4.0, true));
    let mut primals = Vec::new();
    Args::flatten(&args, &mut primals);
    let mut cts = Vec::new();
    let tangents = (&[5.0, 6.0][..], (), (7.0, false));
    fn go<A: Args>(_: &A, t: &A::Tangents, out: &mut Vec<Val>) {
        A::flatten_tangents(t, out);
    }
    go(&args, &tangents, &mut cts);
    assert_eq!(cts.len(), 4);
    fn back<A: Args>(_: &A, p: &[Val], c: Vec<Val>) -> A::Gradients {
        let types = A::types().concat();
        let leaves = p.iter().zip(c).zip(&types);
        let mut leaves = leaves.map(|((p, c), ty)| restore_discrete(p, c, ty));
        A::unflatten_gradients(&mut leaves).unwrap()
    }
    assert_eq!(
        back(&args, &primals, cts),
        (vec![5.0, 6.0], (), (7.0, true))
    );
}

#[test]
fn defaults_are_of_their_types() {
    for ty in [
        Type::scalar(DType::Bool),
        Type::known(DType::F32, &[2, 3]),
        Type::tensor(DType::F64, [Dim::Dynamic, Dim::Known(2)]),
        Type::record([Type::scalar(DType::I8), Type::seq(Type::unit())]),
        Type::stack(Type::unit()),
        Type::unit(),
    ] {
        assert!(default_of(&ty).is_of(&ty), "{}", format!("{ty}"));
    }
}
