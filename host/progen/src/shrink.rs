//! Smaller programs that still fail.

use crate::program::{Bool, Float, Int, Program, Stmt};

/// The smallest program found for which `fails` still holds, by dropping statements and opening up control flow.
pub fn shrink(program: &Program, fails: &mut dyn FnMut(&Program) -> bool) -> Program {
    let mut best = program.clone();
    loop {
        let smaller = candidates(&best).into_iter().find(|p| fails(p));
        match smaller {
            Some(p) => best = p,
            None => return best,
        }
    }
}

fn candidates(p: &Program) -> Vec<Program> {
    let mut out = vec![];
    for f in 0..p.functions.len() {
        for body in smaller_list(&p.functions[f].body) {
            let mut q = p.clone();
            q.functions[f].body = body;
            out.push(q);
        }
    }
    out
}

fn smaller_list(list: &[Stmt]) -> Vec<Vec<Stmt>> {
    let mut out = vec![];
    let put = |k: usize, with: &[Stmt]| [&list[..k], with, &list[k + 1..]].concat();
    if list.len() > 3 {
        out.push(list[..list.len() / 2].to_vec());
        out.push(list[list.len() / 2..].to_vec());
    }
    for (k, s) in list.iter().enumerate() {
        out.push(put(k, &[]));
        let bodies: Vec<&Vec<Stmt>> = match s {
            Stmt::If(_, a, b) => vec![a, b],
            Stmt::Switch(_, arms) => arms.iter().collect(),
            Stmt::For(_, _, body) | Stmt::While { body, .. } | Stmt::Block(body) => vec![body],
            _ => vec![],
        };
        for b in bodies {
            out.push(put(k, b));
        }
        for s in smaller_stmt(s) {
            out.push(put(k, &[s]));
        }
    }
    out
}

fn smaller_stmt(s: &Stmt) -> Vec<Stmt> {
    let float = |x: &Float, make: &dyn Fn(Float) -> Stmt| -> Vec<Stmt> {
        smaller_float(x).into_iter().map(make).collect()
    };
    match s {
        Stmt::SetFloat(v, x) => float(x, &|x| Stmt::SetFloat(*v, x)),
        Stmt::SetArray(v, i, x) => float(x, &|x| Stmt::SetArray(*v, i.clone(), x)),
        Stmt::SetRaw(v, i, x) => float(x, &|x| Stmt::SetRaw(*v, i.clone(), x)),
        Stmt::SetRecord(i, x) => float(x, &|x| Stmt::SetRecord(i.clone(), x)),
        Stmt::Push(x) => float(x, &Stmt::Push),
        Stmt::Map(v, x) => float(x, &|x| Stmt::Map(*v, x)),
        Stmt::Return(x) => float(x, &Stmt::Return),
        Stmt::If(c, a, b) => {
            let mut out: Vec<Stmt> = smaller_bool(c)
                .into_iter()
                .map(|c| Stmt::If(c, a.clone(), b.clone()))
                .collect();
            out.extend(
                smaller_list(a)
                    .into_iter()
                    .map(|a| Stmt::If(c.clone(), a, b.clone())),
            );
            out.extend(
                smaller_list(b)
                    .into_iter()
                    .map(|b| Stmt::If(c.clone(), a.clone(), b)),
            );
            out
        }
        Stmt::Switch(i, arms) => {
            let mut out = vec![];
            for k in 0..arms.len() {
                for a in smaller_list(&arms[k]) {
                    let mut arms = arms.clone();
                    arms[k] = a;
                    out.push(Stmt::Switch(i.clone(), arms));
                }
            }
            out
        }
        Stmt::For(n, v, body) => smaller_list(body)
            .into_iter()
            .map(|b| Stmt::For(*n, *v, b))
            .collect(),
        Stmt::While {
            trips,
            cond,
            counts,
            body,
        } => {
            let make = |cond: Bool, body: Vec<Stmt>| Stmt::While {
                trips: *trips,
                cond,
                counts: *counts,
                body,
            };
            let mut out: Vec<Stmt> = smaller_bool(cond)
                .into_iter()
                .map(|c| make(c, body.clone()))
                .collect();
            out.extend(
                smaller_list(body)
                    .into_iter()
                    .map(|b| make(cond.clone(), b)),
            );
            out
        }
        Stmt::Block(body) => smaller_list(body).into_iter().map(Stmt::Block).collect(),
        Stmt::SetInt(..) | Stmt::CopyArray(..) | Stmt::Pop(_) | Stmt::Assert(_) | Stmt::Br(_) => {
            vec![]
        }
    }
}

fn smaller_float(x: &Float) -> Vec<Float> {
    match x {
        Float::Const(_) => vec![],
        Float::Unary(_, a) | Float::Call(_, a, _) => vec![(**a).clone()],
        Float::Binary(_, a, b) | Float::If(_, a, b) => vec![(**a).clone(), (**b).clone()],
        _ => vec![Float::Const(0.5)],
    }
}

fn smaller_bool(c: &Bool) -> Vec<Bool> {
    match c {
        Bool::And(a, b) => vec![(**a).clone(), (**b).clone()],
        Bool::Not(a) => vec![(**a).clone()],
        Bool::Equal(Int::Const(0), Int::Const(_)) => vec![],
        _ => vec![
            Bool::Equal(Int::Const(0), Int::Const(0)),
            Bool::Equal(Int::Const(0), Int::Const(1)),
        ],
    }
}
