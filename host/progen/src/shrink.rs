//! Smaller programs that still fail.

use crate::program::{Bool, Float, Int, Program, Stmt};

/// The smallest program found for which `fails` still holds, by dropping statements and opening up control flow.
pub fn shrink(program: &Program, fails: &mut dyn FnMut(&Program) -> bool) -> Program {
    let mut best = program.clone();
    loop {
        let smaller = smaller(&best).into_iter().find(|p| fails(p));
        match smaller {
            Some(p) => best = p,
            None => return best,
        }
    }
}

/// Programs that are one step smaller: a statement less, an arm instead of a branch, a part instead of an expression.
pub fn smaller(p: &Program) -> Vec<Program> {
    let mut out = vec![];
    // The last function, if nobody needs it; the variables a helper shares.
    if p.functions.len() > 1 {
        let mut q = p.clone();
        q.functions.pop();
        out.push(q);
    }
    for f in 1..p.functions.len() {
        for k in 0..p.functions[f].shares.len() {
            if p.functions[f].shares[k] {
                let mut q = p.clone();
                q.functions[f].shares[k] = false;
                out.push(q);
            }
        }
    }
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
        Stmt::Sum(v, n, x) => float(x, &|x| Stmt::Sum(*v, *n, x)),
        Stmt::Return(x) => float(x, &Stmt::Return),
        Stmt::Node(op, i, x) => float(x, &|x| Stmt::Node(*op, i.clone(), x)),
        Stmt::Row(op, i, j, x) => float(x, &|x| Stmt::Row(*op, i.clone(), j.clone(), x)),
        Stmt::Vector(op, i, x) => float(x, &|x| Stmt::Vector(*op, i.clone(), x)),
        Stmt::Arrays(op, k, i, x) => float(x, &|x| Stmt::Arrays(*op, *k, i.clone(), x)),
        Stmt::Complex(op, x) => float(x, &|x| Stmt::Complex(*op, x)),
        Stmt::Call { f, to, x, n, array } => float(x, &|x| Stmt::Call {
            f: *f,
            to: *to,
            x,
            n: *n,
            array: *array,
        }),
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
        Stmt::SetInt(..)
        | Stmt::CopyArray(..)
        | Stmt::Pop(_)
        | Stmt::Swap(..)
        | Stmt::SwapArrays
        | Stmt::Assert(_)
        | Stmt::Br(_) => vec![],
    }
}

fn smaller_float(x: &Float) -> Vec<Float> {
    match x {
        Float::Const(_) => vec![],
        Float::Unary(_, a)
        | Float::Call(_, a, _)
        | Float::Stop(a)
        | Float::Derive(_, a, _)
        | Float::Rule(_, a) => {
            let mut out = vec![(**a).clone()];
            for b in smaller_float(a) {
                let mut y = x.clone();
                if let Float::Unary(_, a)
                | Float::Call(_, a, _)
                | Float::Stop(a)
                | Float::Derive(_, a, _)
                | Float::Rule(_, a) = &mut y
                {
                    **a = b;
                }
                out.push(y);
            }
            out
        }
        Float::Binary(_, a, b) | Float::If(_, a, b) | Float::Select(_, a, b) => {
            vec![(**a).clone(), (**b).clone()]
        }
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
