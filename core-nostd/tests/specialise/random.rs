//! Random programs over sequences of unlike items: what they give is the same, and so are their gradients, where the items are fields of a record.
//!
//! A program is a list of statements over a network (`Vec<{Vec, Vec, number}>`), a vector, and a number so far; each statement reads the network in a way that
//! people do: in loops up and down, by constants, by calls, under conditions, or changes it. The same seeds in every run.

use super::{apart, as_fields, module, run, same};
use cotangent_core::ad::derive;
use cotangent_core::ir::{DeriveKind, Type};
use cotangent_core::text::print;
use cotangent_core::transform::specialise::specialise;
use cotangent_core::value::{Data, Tensor, Val};
use cotangent_core::verify::verify_lowered;
use std::fmt::Write;

const ITEM: &str = "{f64[?], seq<f64[?]>, f64}";

/// Numbers by a multiplication, the upper bits of them.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
    fn number(&mut self) -> f64 {
        self.below(2001) as f64 / 1000.0 - 1.0
    }
    fn vector(&mut self, n: usize) -> Val {
        let data: Vec<f64> = (0..n).map(|_| self.number()).collect();
        Val::tensor(Tensor::new(vec![n], Data::F64(data)).unwrap())
    }
}

/// Items whose vectors differ in length, and in how many there are of them.
fn network(r: &mut Random, items: usize) -> Val {
    let mut out = Vec::new();
    for k in 0..items {
        // The first two differ, so it is a record for certain.
        let n = if k < 2 { k + 1 } else { 1 + r.below(4) };
        let inner = 1 + r.below(3);
        let inner: Vec<Val> = (0..inner)
            .map(|_| {
                let n = 1 + r.below(3);
                r.vector(n)
            })
            .collect();
        let first = r.vector(n);
        out.push(Val::record(vec![
            first,
            Val::Seq(inner.into()),
            Val::from(r.number()),
        ]));
    }
    Val::Seq(out.into())
}

/// A program being written.
struct Text {
    r: Random,
    out: String,
    next: usize,
    /// The items that there are.
    items: usize,
    /// The network so far, and the number so far.
    net: String,
    acc: String,
}

impl Text {
    fn name(&mut self) -> String {
        self.next += 1;
        format!("v{}", self.next)
    }
    fn line(&mut self, s: &str) {
        let _ = writeln!(self.out, "  {s}");
    }
    /// Writes `text` with `$a` to `$z` as fresh names, `NET` and `ACC` as what they are so far, and `OP` as some elementwise function.
    fn write(&mut self, text: &str) -> Vec<String> {
        const OPS: [&str; 4] = ["sine", "tanh", "cosine", "negate"];
        let names: Vec<String> = (0..26).map(|_| self.name()).collect();
        let op = OPS[self.r.below(OPS.len())];
        let mut text = text.replace("NET", &self.net).replace("ACC", &self.acc);
        text = text.replace("OP", op).replace("ITEM", ITEM);
        for (c, n) in ('a'..='z').zip(&names) {
            text = text.replace(&format!("${c}"), n);
        }
        for l in text.lines() {
            self.line(l.trim());
        }
        names
    }
    /// What is made of an item `$i` and a number `$s`: `$t`.
    fn of_item(&mut self, net: &str) -> String {
        let k = self.r.below(4);
        match k {
            0 => format!("$b = get {net}[$i].0 : f64[?]\n$c = reduce_sum[0] $b : f64\n$d = OP $c : f64\n$t = add $s, $d : f64"),
            1 => format!("$b = get {net}[$i].2 : f64\n$c = multiply $b, $s : f64\n$d = OP $c : f64\n$t = subtract $d, $b : f64"),
            2 => format!(
                "$b = get {net}[$i].0 : f64[?]\n$n = len $b : u64\n$z = const u64 0
                $t = for $j: u64 in $z..$n ($u = $s: f64) {{
                  $c = get {net}[$i].0[$j] : f64
                  $d = multiply $c, $u : f64\n$e = OP $d : f64\n$f = add $e, $c : f64\nyield $f
                }}"
            ),
            _ => format!(
                "$b = get {net}[$i].1 : seq<f64[?]>\n$n = len $b : u64\n$z = const u64 0
                $t = for $j: u64 in $z..$n ($u = $s: f64) {{
                  $c = get {net}[$i].1[$j] : f64[?]
                  $d = reduce_sum[0] $c : f64\n$e = OP $d : f64\n$f = multiply $e, $u : f64\n$g = add $f, $d : f64\nyield $g
                }}"
            ),
        }
    }
    fn statement(&mut self) {
        match self.r.below(8) {
            // A loop over all items, up.
            0 | 1 => {
                let body = self.of_item("NET");
                let names = self.write(&format!(
                    "$k = const u64 0\n$l = len NET : u64
                    $r = for $i: u64 in $k..$l ($s = ACC: f64) {{\n{body}\nyield $t\n}}"
                ));
                self.acc.clone_from(&names[17]);
            }
            // Down, by an index that is computed.
            2 => {
                let body = self.of_item("NET");
                let names = self.write(&format!(
                    "$k = const u64 0\n$l = len NET : u64\n$o = const u64 1\n$p = subtract $l, $o : u64
                    $r = for $q: u64 in $k..$l ($s = ACC: f64) {{\n$i = subtract $p, $q : u64\n{body}\nyield $t\n}}"
                ));
                self.acc.clone_from(&names[17]);
            }
            // One item, by a constant.
            3 => {
                let k = self.r.below(self.items);
                let body = self.of_item("NET");
                let names = self.write(&format!("$i = const u64 {k}\n$s = OP ACC : f64\n{body}"));
                self.acc.clone_from(&names[19]);
            }
            // Every item changed, element by element, or its number.
            4 => {
                let change = match self.r.below(2) {
                    0 => "$b = get $s[$i].2 : f64\n$c = OP $b : f64\n$d = multiply $c, ACC : f64\n$e = OP $d : f64\n$t = update $s[$i].2 = $e : seq<ITEM>",
                    _ => "$b = get $s[$i].0 : f64[?]\n$n = len $b : u64\n$z = const u64 0
                    $t = for $j: u64 in $z..$n ($u = $s: seq<ITEM>) {
                      $c = get $u[$i].0[$j] : f64\n$d = add $c, ACC : f64\n$e = OP $d : f64\n$f = update $u[$i].0[$j] = $e : seq<ITEM>\nyield $f
                    }",
                };
                let names = self.write(&format!(
                    "$k = const u64 0\n$l = len NET : u64
                    $r = for $i: u64 in $k..$l ($s = NET: seq<ITEM>) {{\n{change}\nyield $t\n}}"
                ));
                self.net.clone_from(&names[17]);
            }
            // One of two networks, as the number so far says.
            5 => {
                let k = self.r.below(self.items);
                let names = self.write(&format!(
                    "$z = const f64 0.1\n$g = gt ACC, $z : bool
                    $r = if $g : seq<ITEM> {{
                      $i = const u64 {k}\n$b = get NET[$i].2 : f64\n$c = OP $b : f64\n$d = update NET[$i].2 = $c : seq<ITEM>\nyield $d
                    }} else {{\nyield NET\n}}"
                ));
                self.net.clone_from(&names[17]);
            }
            // A call.
            6 => {
                let names = self.write("$r = call @g(NET, ACC) : f64");
                self.acc.clone_from(&names[17]);
            }
            // Some items only, by a condition on the index.
            _ => {
                let k = self.r.below(self.items + 1);
                let body = self.of_item("NET");
                let names = self.write(&format!(
                    "$k = const u64 0\n$l = len NET : u64\n$m = const u64 {k}
                    $r = for $i: u64 in $k..$l ($s = ACC: f64) {{
                      $w = lt $i, $m : bool
                      $x = if $w : f64 {{\n{body}\nyield $t\n}} else {{\nyield $s\n}}
                      yield $x\n}}"
                ));
                self.acc.clone_from(&names[17]);
            }
        }
    }
}

/// A program for a network of so many items, which gives a number.
fn program(seed: u64, items: usize) -> String {
    let mut functions = String::new();
    for (name, statements) in [("f", 4), ("g", 2)] {
        let mut t = Text {
            r: Random(seed.wrapping_mul(2).wrapping_add(u64::from(name == "g"))),
            out: String::new(),
            next: 0,
            items,
            net: "net".into(),
            acc: "x".into(),
        };
        t.r.below(7);
        for _ in 0..statements {
            // What is called calls nothing.
            let before = (t.out.clone(), t.net.clone(), t.acc.clone());
            t.statement();
            if name == "g" && t.out.contains("call @g") {
                (t.out, t.net, t.acc) = before;
            }
        }
        let names = t.write("$k = const u64 0\n$a = get NET[$k].2 : f64\n$b = tanh ACC : f64\n$r = add $a, $b : f64");
        let _ = write!(
            functions,
            "func @{name}(net: seq<{ITEM}>, x: f64) -> (f64) {{\n{}  return {}\n}}\n",
            t.out, names[17]
        );
    }
    functions
}

/// Value and gradient with respect to both arguments, with the items in a sequence and in a record.
#[test]
fn random_programs_over_unlike_items() {
    let (mut apart_ones, mut refused) = (0, Vec::new());
    for seed in 0..300_u64 {
        let mut r = Random(seed);
        r.below(3);
        let items = 2 + r.below(4);
        let text = program(seed, items);
        let (mut m, f) = module(&text);
        let args = [network(&mut r, items), Val::from(r.number())];
        let own = m.funcs[f].param_types();
        let types: Vec<Type> = args.iter().zip(&own).map(|(v, t)| apart(v, t)).collect();
        assert!(matches!(types[0], Type::Record(_)));
        let fields: Vec<Val> = args
            .iter()
            .zip(&types)
            .map(|(v, t)| as_fields(v, t))
            .collect();
        let mut v = m.clone();
        let g = match specialise(&mut v, f, &types, &[]) {
            Ok(g) => g,
            Err(e) => {
                refused.push(format!("seed {seed}: {}", e.why));
                continue;
            }
        };
        verify_lowered(&v)
            .unwrap_or_else(|e| panic!("seed {seed}: {}\n{text}\n{}", e[0], print(&v)));
        same(&run(&m, f, &args), &run(&v, g, &fields));
        for wrt in [&[0][..], &[0, 1]] {
            let a = derive(&mut m, f, DeriveKind::ValueAndGradient, wrt).unwrap();
            let b = derive(&mut v, g, DeriveKind::ValueAndGradient, wrt)
                .unwrap_or_else(|e| panic!("seed {seed}: {e}\n{text}"));
            same(&run(&m, a, &args), &run(&v, b, &fields));
        }
        apart_ones += 1;
    }
    println!("{apart_ones} programs; refused: {refused:#?}");
    assert!(refused.is_empty(), "{refused:#?}");
}
