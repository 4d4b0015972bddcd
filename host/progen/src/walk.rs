//! All float expressions of statements, and of the expressions in them.

use crate::program::{Bool, Float, Stmt};

pub(crate) fn stmts(list: &[Stmt], f: &mut dyn FnMut(&Float)) {
    for s in list {
        stmt(s, f);
    }
}

fn stmt(s: &Stmt, f: &mut dyn FnMut(&Float)) {
    match s {
        Stmt::SetFloat(_, x)
        | Stmt::SetArray(_, _, x)
        | Stmt::SetRaw(_, _, x)
        | Stmt::SetRecord(_, x)
        | Stmt::Push(x)
        | Stmt::Map(_, x)
        | Stmt::Sum(_, _, x)
        | Stmt::Node(_, _, x)
        | Stmt::Row(_, _, _, x)
        | Stmt::Vector(_, _, x)
        | Stmt::Arrays(_, _, _, x)
        | Stmt::Complex(_, x)
        | Stmt::Call { x, .. }
        | Stmt::Return(x) => float(x, f),
        Stmt::SetInt(..)
        | Stmt::CopyArray(..)
        | Stmt::Pop(_)
        | Stmt::Swap(..)
        | Stmt::SwapArrays
        | Stmt::Br(_) => {}
        Stmt::Assert(c) => bool(c, f),
        Stmt::If(c, a, b) => {
            bool(c, f);
            stmts(a, f);
            stmts(b, f);
        }
        Stmt::Switch(_, arms) => arms.iter().for_each(|a| stmts(a, f)),
        Stmt::For(_, _, body) | Stmt::Block(body) => stmts(body, f),
        Stmt::While { cond, body, .. } => {
            bool(cond, f);
            stmts(body, f);
        }
    }
}

fn float(x: &Float, f: &mut dyn FnMut(&Float)) {
    f(x);
    match x {
        Float::Unary(_, a)
        | Float::Call(_, a, _)
        | Float::Stop(a)
        | Float::Derive(_, a, _)
        | Float::Rule(_, a) => float(a, f),
        Float::Binary(_, a, b) => {
            float(a, f);
            float(b, f);
        }
        Float::If(c, a, b) | Float::Select(c, a, b) => {
            bool(c, f);
            float(a, f);
            float(b, f);
        }
        Float::Const(_)
        | Float::Var(_)
        | Float::Param(_)
        | Float::Elem
        | Float::Array(..)
        | Float::Record(_)
        | Float::Vector(_)
        | Float::FromInt(_)
        | Float::Node(_)
        | Float::NodeArray(..)
        | Float::Row(..)
        | Float::Reduce(_)
        | Float::Complex(_) => {}
    }
}

fn bool(c: &Bool, f: &mut dyn FnMut(&Float)) {
    match c {
        Bool::FloatLess(x, _) => float(x, f),
        Bool::And(a, b) => {
            bool(a, f);
            bool(b, f);
        }
        Bool::Not(a) => bool(a, f),
        Bool::Less(..) | Bool::Equal(..) => {}
    }
}
