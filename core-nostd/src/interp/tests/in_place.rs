//! Stores into an array nobody else holds do not copy it: the result's buffer is the argument's.
//!
//! Each test passes an array in as the only owner, runs a program that stores into it, and compares the address of the
//! elements before and after. One copy anywhere would give another address, since the old buffer is alive until then.

use super::*;
use alloc::sync::Arc;

const N: u64 = 100;

fn array() -> (Val, *const f64) {
    let v = Val::vector((0..N).map(|i| i as f64).collect::<Vec<f64>>());
    let p = buffer(&v);
    (v, p)
}

/// Where the elements of a vector are.
fn buffer(v: &Val) -> *const f64 {
    let Val::Tensor(t) = v else {
        panic!("{v:?} is no tensor")
    };
    let Data::F64(d) = &t.data else {
        panic!("{v:?} is not f64")
    };
    d.as_ptr()
}

fn elements(v: &Val) -> &[f64] {
    let Val::Tensor(t) = v else {
        panic!("{v:?} is no tensor")
    };
    f64::slice(&t.data).unwrap()
}

/// Runs `body` on an array of `N` elements; its first result must be the same buffer.
fn stays(what: &str, body: impl FnOnce(&mut Builder) -> Vec<crate::ir::Value>) -> Vec<Val> {
    let (v, p) = array();
    let r = run(&[f64s()], vec![v], body).unwrap();
    assert!(core::ptr::eq(buffer(&r[0]), p), "{what}: copied");
    r
}

/// `a` with 1 added to `a[i]`.
fn bump(b: &mut Builder, a: crate::ir::Value, i: crate::ir::Value) -> crate::ir::Value {
    let x = b.at(a, i);
    let one = b.scalar(1.0);
    let x = b.add(x, one);
    b.update(a, x, vec![Step::Index], &[i])
}

#[test]
fn in_a_loop() {
    let r = stays("for", |b| {
        let a = b.params()[0];
        let (zero, n) = (b.index(0), b.index(N));
        b.for_(zero, n, &[a], |b, i, c| vec![bump(b, c[0], i)])
    });
    let want: Vec<f64> = (1..=N).map(|i| i as f64).collect();
    assert_eq!(elements(&r[0]), want);
}

#[test]
fn in_a_while_loop_with_an_early_read() {
    stays("while", |b| {
        let a = b.params()[0];
        let zero = b.index(0);
        b.while_(
            &[a, zero],
            |b, p| {
                let n = b.len(p[0]);
                b.compare(CompareOp::Lt, p[1], n)
            },
            |b, p| {
                let y = bump(b, p[0], p[1]);
                let one = b.index(1);
                vec![y, b.add(p[1], one)]
            },
        )
    });
}

#[test]
fn through_the_arms_of_an_if() {
    // Only one arm stores; the other passes the array through. A second array is used in one arm only.
    let r = stays("if", |b| {
        let a = b.params()[0];
        let (zero, two, n) = (b.index(0), b.index(2), b.index(N));
        let fill = b.scalar(5.0);
        let other = b.inst1(crate::ir::ArrayOp::Fill, &[fill, n]);
        b.for_(zero, n, &[a, other], |b, i, c| {
            let odd = b.binary(BinaryOp::Rem, i, two);
            let odd = b.compare(CompareOp::Ne, odd, zero);
            b.if_(
                odd,
                |b| vec![bump(b, c[0], i), c[1]],
                |b| {
                    let x = b.at(c[0], i);
                    vec![c[0], b.update(c[1], x, vec![Step::Index], &[i])]
                },
            )
        })
    });
    assert_eq!(elements(&r[0])[..4], [0.0, 2.0, 2.0, 4.0]);
    assert_eq!(elements(&r[1])[..4], [0.0, 5.0, 2.0, 5.0]);
}

#[test]
fn a_copy_used_in_one_arm_only_does_not_keep_it_shared() {
    // `r` holds the array too; the arm that does not need `r` must let it go before it stores.
    let (v, p) = array();
    let r = run(&[f64s(), DType::Bool.into()], vec![v, false.into()], |b| {
        let (a, c) = (b.params()[0], b.params()[1]);
        let zero = b.index(0);
        let r = b.record(&[a, zero]);
        b.if_(
            c,
            |b| {
                let i = b.field(r, 1);
                vec![bump(b, a, i)]
            },
            |b| vec![bump(b, a, zero)],
        )
    })
    .unwrap();
    assert!(core::ptr::eq(buffer(&r[0]), p), "copied");
}

#[test]
fn what_a_finished_loop_used_does_not_keep_it_shared() {
    let (v, p) = array();
    let r = run(&[f64s(), DType::U64.into()], vec![v, 0u64.into()], |b| {
        let (a, n) = (b.params()[0], b.params()[1]);
        let (zero, start) = (b.index(0), b.scalar(0.0));
        let r = b.record(&[a, zero]);
        // The record is only read in the loop, which runs no iteration.
        let s = b.for_(zero, n, &[start], |b, i, s| {
            let x = b.get(r, vec![Step::Field(0), Step::Index], &[i]);
            vec![b.add(s[0], x)]
        });
        vec![bump(b, a, zero), s[0]]
    })
    .unwrap();
    assert!(core::ptr::eq(buffer(&r[0]), p), "copied");
}

#[test]
fn in_nested_loops_and_swaps() {
    let (v, p) = array();
    let (w, q) = array();
    let r = run(&[f64s(), f64s()], vec![v, w], |b| {
        let (x, y) = (b.params()[0], b.params()[1]);
        let (zero, three, n) = (b.index(0), b.index(3), b.index(N));
        b.for_(zero, three, &[x, y], |b, _, c| {
            let r = b.for_(zero, n, &[c[0], c[1]], |b, i, c| {
                let x = b.at(c[0], i);
                let y = b.update(c[1], x, vec![Step::Index], &[i]);
                vec![bump(b, c[0], i), y]
            });
            vec![r[1], r[0]]
        })
    })
    .unwrap();
    assert!(core::ptr::eq(buffer(&r[0]), q) && core::ptr::eq(buffer(&r[1]), p));
}

#[test]
fn through_calls_that_take_and_give_back() {
    let mut m = Module::new();
    let mut b = Builder::new("bump", &[f64s(), DType::U64.into()]);
    let (a, i) = (b.params()[0], b.params()[1]);
    let y = bump(&mut b, a, i);
    let callee = m.funcs.push(b.finish(&[y]).unwrap());
    let mut b = Builder::new("f", &[f64s()]);
    let a = b.params()[0];
    let (zero, n) = (b.index(0), b.index(N));
    let y = b.for_(zero, n, &[a], |b, i, c| {
        b.call(callee, &[c[0], i], &[f64s()])
    });
    let f = m.funcs.push(b.finish(&y).unwrap());
    let (v, p) = array();
    let r = Program::new(&m)
        .run(f, vec![v], &Limits::default())
        .unwrap();
    assert!(core::ptr::eq(buffer(&r[0]), p), "copied");
}

#[test]
fn through_a_record_in_a_sequence() {
    let (v, p) = array();
    let elem = Type::record([DType::I64.into(), f64s()]);
    let seq = Val::Seq(Arc::new(vec![
        Val::record(vec![7i64.into(), v]),
        Val::record(vec![8i64.into(), Val::vector(vec![0.0])]),
    ]));
    let r = run(&[Type::seq(elem)], vec![seq], |b| {
        let s = b.params()[0];
        let (zero, n) = (b.index(0), b.index(N));
        b.for_(zero, n, &[s], |b, i, c| {
            let path: Path = vec![Step::Index, Step::Field(1), Step::Index];
            let x = b.get(c[0], path.clone(), &[zero, i]);
            let x = b.neg(x);
            vec![b.update(c[0], x, path, &[zero, i])]
        })
    })
    .unwrap();
    let Val::Seq(s) = &r[0] else { panic!() };
    let Val::Record(fields) = &s[0] else { panic!() };
    assert!(core::ptr::eq(buffer(&fields[1]), p), "copied");
    assert_eq!(elements(&fields[1])[..3], [-0.0, -1.0, -2.0]);
}

#[test]
fn in_a_slot() {
    stays("slot", |b| {
        let a = b.params()[0];
        let s = b.slot(f64s(), "s");
        b.slot_set(s, a, vec![], &[]);
        let (zero, n) = (b.index(0), b.index(N));
        b.for_(zero, n, &[], |b, i, _| {
            let x = b.slot_get(s, vec![Step::Index], &[i]);
            let x = b.neg(x);
            b.slot_set(s, x, vec![Step::Index], &[i]);
            vec![]
        });
        vec![b.slot_get(s, vec![], &[])]
    });
}

#[test]
fn a_result_nobody_reads_does_not_keep_it_shared() {
    // The popped sequence is not read; its elements are still held by the first one's last element alone.
    let (v, p) = array();
    let seq = Val::Seq(Arc::new(vec![v]));
    let r = run(&[Type::seq(f64s())], vec![seq], |b| {
        let s = b.params()[0];
        let zero = b.index(0);
        let copy = b.at(s, zero);
        let popped = b.inst(crate::ir::ArrayOp::Pop, &[s]);
        let _ = popped;
        vec![bump(b, copy, zero)]
    })
    .unwrap();
    assert!(core::ptr::eq(buffer(&r[0]), p), "copied");
}

#[test]
fn values_are_not_shared_by_mistake() {
    // The old array is still read after the store: now it must be copied.
    let (v, p) = array();
    let r = run(&[f64s()], vec![v], |b| {
        let a = b.params()[0];
        let zero = b.index(0);
        let y = bump(b, a, zero);
        vec![a, y]
    })
    .unwrap();
    assert!(core::ptr::eq(buffer(&r[0]), p));
    assert_eq!((elements(&r[0])[0], elements(&r[1])[0]), (0.0, 1.0));
    // So too if the caller keeps it.
    let (v, _) = array();
    let kept = v.clone();
    let r = run(&[f64s()], vec![v], |b| {
        let a = b.params()[0];
        let zero = b.index(0);
        vec![bump(b, a, zero)]
    })
    .unwrap();
    assert_eq!((elements(&kept)[0], elements(&r[0])[0]), (0.0, 1.0));
    // And if a loop-invariant array seeds every iteration.
    let (v, _) = array();
    let y: f64 = one(run(&[f64s()], vec![v], |b| {
        let a = b.params()[0];
        let (zero, n, start) = (b.index(0), b.index(3), b.scalar(0.0));
        b.for_(zero, n, &[start], |b, _, s| {
            let y = bump(b, a, zero);
            let x = b.at(y, zero);
            vec![b.add(s[0], x)]
        })
    }));
    assert_eq!(y, 3.0);
}
