//! A recursive network reads logic: trained on short expressions, it knows the value of much longer ones.
//!
//! ```text
//! cargo run --release --example tree_network
//! ```
//!
//! An expression is a tree, and so is what the network computes: the state of a node is made of the states of its children by a layer for its kind
//! ([`state`]). Reverse mode goes back through that recursion, over whatever tree there is. Nothing tells the network what "and" means;
//! it is told only whether whole expressions are true.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

#[path = "common/adam.rs"]
mod adam;
#[path = "common/options.rs"]
mod options;
#[path = "common/random.rs"]
pub mod random;

use adam::Adam;
use clap::Parser;
use cotangent::{Differentiable, differentiable};
use options::Options;
use random::Random;
use serde_json::json;
use std::error::Error;
use std::fmt;
use std::io::Write;
use std::time::Instant;

/// Numbers in the state of a node.
const SIZE: usize = 8;
/// Constants in the longest expressions of the training.
pub const SHORT: usize = 6;
/// Constants in the longest expressions of the examination.
pub const LONG: usize = 60;
/// The rate of Adam at the start; it falls to a hundredth of it.
const RATE: f64 = 0.02;
/// Expressions of a step of training.
const BATCH: usize = 32;

/// An expression, as one writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// True or false.
    Constant(bool),
    /// Not.
    Not(Box<Expression>),
    /// A connective between two.
    Pair(Connective, Box<Expression>, Box<Expression>),
}

/// What connects two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Differentiable)]
pub enum Connective {
    /// Both.
    And,
    /// One at least.
    Or,
    /// One and not the other.
    Xor,
    /// Not the first without the second.
    Implies,
}

/// A node of an expression whose nodes are in one array, each after its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Differentiable)]
pub enum Node {
    /// True or false.
    Constant(bool),
    /// Of the node there.
    Not(usize),
    /// Of the two nodes there.
    Pair(Connective, usize, usize),
}

impl Expression {
    /// The node of this expression, after those below it.
    fn flatten(&self, nodes: &mut Vec<Node>) -> usize {
        let node = match self {
            Expression::Constant(value) => Node::Constant(*value),
            Expression::Not(a) => Node::Not(a.flatten(nodes)),
            Expression::Pair(how, a, b) => {
                let (a, b) = (a.flatten(nodes), b.flatten(nodes));
                Node::Pair(*how, a, b)
            }
        };
        nodes.push(node);
        nodes.len() - 1
    }

    /// Its nodes; the last is that of the whole expression.
    pub fn nodes(&self) -> Vec<Node> {
        let mut nodes = Vec::new();
        self.flatten(&mut nodes);
        nodes
    }

    /// Whether it is true.
    pub fn value(&self) -> bool {
        match self {
            Expression::Constant(value) => *value,
            Expression::Not(a) => !a.value(),
            Expression::Pair(how, a, b) => {
                let (a, b) = (a.value(), b.value());
                match how {
                    Connective::And => a && b,
                    Connective::Or => a || b,
                    Connective::Xor => a != b,
                    Connective::Implies => !a || b,
                }
            }
        }
    }

    /// A random expression with so many constants.
    pub fn random(constants: usize, random: &mut Random) -> Expression {
        let inner = if constants == 1 {
            Expression::Constant(random.uniform() < 0.5)
        } else {
            let left = 1 + (random.uniform() * (constants - 1) as f64) as usize;
            let connectives = [
                Connective::And,
                Connective::Or,
                Connective::Xor,
                Connective::Implies,
            ];
            let how = connectives[(4.0 * random.uniform()) as usize];
            let a = Box::new(Expression::random(left, random));
            let b = Box::new(Expression::random(constants - left, random));
            Expression::Pair(how, a, b)
        };
        if random.uniform() < 0.25 {
            Expression::Not(Box::new(inner))
        } else {
            inner
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Constant(value) => f.write_str(if *value { "1" } else { "0" }),
            Expression::Not(a) => write!(f, "¬{a}"),
            Expression::Pair(how, a, b) => {
                let sign = match how {
                    Connective::And => "∧",
                    Connective::Or => "∨",
                    Connective::Xor => "⊕",
                    Connective::Implies => "→",
                };
                write!(f, "({a}{sign}{b})")
            }
        }
    }
}

/// The state of a node, from that of one child.
#[derive(Clone, Debug, Differentiable)]
pub struct Unary {
    /// A row for each number of the state.
    pub weights: [[f64; SIZE]; SIZE],
    /// The biases.
    pub bias: [f64; SIZE],
}

/// The state of a node, from those of two children.
#[derive(Clone, Debug, Differentiable)]
pub struct Binary {
    /// A row for each number of the state: of the first child.
    pub left: [[f64; SIZE]; SIZE],
    /// And of the second.
    pub right: [[f64; SIZE]; SIZE],
    /// The biases.
    pub bias: [f64; SIZE],
}

/// The network: a layer for each kind of node.
#[derive(Clone, Debug, Differentiable)]
pub struct Network {
    /// The states of false and of true.
    pub constants: [[f64; SIZE]; 2],
    /// For not.
    pub not: Unary,
    /// For the connectives.
    pub and: Binary,
    /// See `and`.
    pub or: Binary,
    /// See `and`.
    pub xor: Binary,
    /// See `and`.
    pub implies: Binary,
    /// What of the state says that it is true.
    pub answer: [f64; SIZE],
}

#[differentiable]
fn dot(a: &[f64; SIZE], b: &[f64; SIZE]) -> f64 {
    let mut sum = 0.0;
    for i in 0..SIZE {
        sum += a[i] * b[i];
    }
    sum
}

#[differentiable]
impl Unary {
    fn apply(&self, a: &[f64; SIZE]) -> [f64; SIZE] {
        let mut state = [0.0; SIZE];
        for i in 0..SIZE {
            state[i] = (self.bias[i] + dot(&self.weights[i], a)).tanh();
        }
        state
    }
}

#[differentiable]
impl Binary {
    fn apply(&self, a: &[f64; SIZE], b: &[f64; SIZE]) -> [f64; SIZE] {
        let mut state = [0.0; SIZE];
        for i in 0..SIZE {
            state[i] = (self.bias[i] + dot(&self.left[i], a) + dot(&self.right[i], b)).tanh();
        }
        state
    }
}

/// What the network makes of the tree below a node.
#[differentiable]
pub fn state(network: &Network, nodes: &[Node], at: usize) -> [f64; SIZE] {
    match nodes[at] {
        Node::Constant(value) => network.constants[value as usize],
        Node::Not(a) => network.not.apply(&state(network, nodes, a)),
        Node::Pair(how, a, b) => {
            let (a, b) = (state(network, nodes, a), state(network, nodes, b));
            let layer = match how {
                Connective::And => &network.and,
                Connective::Or => &network.or,
                Connective::Xor => &network.xor,
                Connective::Implies => &network.implies,
            };
            layer.apply(&a, &b)
        }
    }
}

/// How true the network thinks an expression is: above zero is true.
#[differentiable]
pub fn truth(network: &Network, nodes: &[Node]) -> f64 {
    dot(&network.answer, &state(network, nodes, nodes.len() - 1))
}

/// How surprised the network is by the values of expressions, on the mean: minus the logarithm of the probability that it gives them.
#[differentiable]
pub fn surprise(network: &Network, expressions: &[Vec<Node>], values: &[bool]) -> f64 {
    let mut sum = 0.0;
    for (nodes, &value) in expressions.iter().zip(values) {
        let truth = truth(network, nodes);
        let margin = if value { truth } else { -truth };
        sum += (1.0 + (-margin).exp()).ln();
    }
    sum / values.len() as f64
}

impl Network {
    /// With random weights.
    pub fn random(random: &mut Random) -> Network {
        fn any<const N: usize>(random: &mut Random) -> [f64; N] {
            std::array::from_fn(|_| 0.5 * random.normal())
        }
        fn rows(random: &mut Random) -> [[f64; SIZE]; SIZE] {
            std::array::from_fn(|_| any(random))
        }
        fn binary(random: &mut Random) -> Binary {
            Binary {
                left: rows(random),
                right: rows(random),
                bias: [0.0; SIZE],
            }
        }
        Network {
            constants: [any(random), any(random)],
            not: Unary {
                weights: rows(random),
                bias: [0.0; SIZE],
            },
            and: binary(random),
            or: binary(random),
            xor: binary(random),
            implies: binary(random),
            answer: any(random),
        }
    }

    /// All its numbers, part by part.
    pub fn parts(&mut self) -> Vec<&mut [f64]> {
        let mut all = vec![
            self.constants.as_flattened_mut(),
            self.not.weights.as_flattened_mut(),
            &mut self.not.bias,
            &mut self.answer,
        ];
        for layer in [
            &mut self.and,
            &mut self.or,
            &mut self.xor,
            &mut self.implies,
        ] {
            all.push(layer.left.as_flattened_mut());
            all.push(layer.right.as_flattened_mut());
            all.push(&mut layer.bias);
        }
        all
    }
}

/// Random expressions of up to so many constants, as many true as false ones, with their values.
pub fn examples(
    count: usize,
    constants: usize,
    random: &mut Random,
) -> (Vec<Expression>, Vec<bool>) {
    let mut chosen = Vec::new();
    while chosen.len() < count {
        let constants = 1 + (random.uniform() * constants as f64) as usize;
        let expression = Expression::random(constants, random);
        if expression.value() == (chosen.len() % 2 == 0) {
            chosen.push(expression);
        }
    }
    let values = chosen.iter().map(Expression::value).collect();
    (chosen, values)
}

/// How many of so many random expressions of exactly so many constants the network gets right, as a part of 1.
pub fn right(network: &Network, count: usize, constants: usize, random: &mut Random) -> f64 {
    let good = (0..count).filter(|_| {
        let expression = Expression::random(constants, random);
        (truth(network, &expression.nodes()) > 0.0) == expression.value()
    });
    good.count() as f64 / count as f64
}

/// Trains with new random expressions; `report` is told the steps and the surprise lately.
pub fn train(
    network: &mut Network,
    steps: usize,
    random: &mut Random,
    mut report: impl FnMut(usize, f64) -> std::io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let mut adams: Vec<Adam> = network
        .parts()
        .iter()
        .map(|p| Adam::new(RATE, p.len()))
        .collect();
    let (mut sum, mut since) = (0.0, 0);
    for step in 1..=steps {
        let (expressions, values) = examples(BATCH, SHORT, random);
        let nodes: Vec<Vec<Node>> = expressions.iter().map(Expression::nodes).collect();
        let (value, mut gradient) =
            surprise::value_and_gradient_wrt::<0>(network, &nodes, &values)?;
        let rate = RATE * 0.01f64.powf(step as f64 / steps as f64);
        for ((part, by), adam) in network
            .parts()
            .into_iter()
            .zip(gradient.parts())
            .zip(&mut adams)
        {
            adam.set_rate(rate);
            adam.step(part, by);
        }
        sum += value;
        since += 1;
        if since == steps.div_ceil(20) || step == steps {
            report(step, sum / since as f64)?;
            (sum, since) = (0.0, 0);
        }
    }
    Ok(())
}

/// Trains a network to know the values of logical expressions, by reverse mode through the recursion over their trees.
#[derive(Parser, Debug)]
#[command(name = "tree_network")]
struct Arguments {
    /// Of the weights and of the expressions.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps of Adam.
    #[arg(long, default_value_t = 3000)]
    steps: usize,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments {
        seed,
        steps,
        options,
    } = Arguments::parse();
    options.start(|out| run(seed, steps, out))
}

/// An expression and what is below it, a line for each, with what the network thinks of it.
fn print_tree(
    network: &Network,
    expression: &Expression,
    depth: usize,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let truth = truth(network, &expression.nodes());
    let mark = if (truth > 0.0) == expression.value() {
        ""
    } else {
        "  wrong"
    };
    writeln!(
        out,
        "{truth:>+8.2}  {}{expression}{mark}",
        "    ".repeat(depth)
    )?;
    match expression {
        Expression::Constant(_) => Ok(()),
        Expression::Not(a) => print_tree(network, a, depth + 1, out),
        Expression::Pair(_, a, b) => {
            print_tree(network, a, depth + 1, out)?;
            print_tree(network, b, depth + 1, out)
        }
    }
}

/// Prints how the network learns, and how well it then does on expressions of every length.
pub fn run(
    seed: u64,
    steps: usize,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let mut random = Random(seed);
    let mut network = Network::random(&mut random);
    let start = Instant::now();
    writeln!(out, " steps   surprise")?;
    train(&mut network, steps, &mut random, |step, surprise| {
        let bar = "█".repeat((surprise * 60.0).round() as usize);
        writeln!(out, "{step:>6} {surprise:>10.5} {bar}")
    })?;
    let seconds = start.elapsed().as_secs_f64();

    writeln!(
        out,
        "\nHow true the network thinks each part of an expression is (trained on whole ones only):\n"
    )?;
    let shown = Expression::random(SHORT + 2, &mut random);
    print_tree(&network, &shown, 0, out)?;

    writeln!(
        out,
        "\nconstants   right, of 1000 (trained with up to {SHORT})"
    )?;
    let mut rates = Vec::new();
    for constants in [2, 4, SHORT, 2 * SHORT, 5 * SHORT, LONG] {
        let rate = right(&network, 1000, constants, &mut random);
        let bar = "█".repeat((rate * 50.0).round() as usize);
        writeln!(out, "{constants:>9} {:>6.1}% {bar}", 100.0 * rate)?;
        rates.push((constants, rate));
    }
    let rate_of = |n: usize| rates.iter().find(|r| r.0 == n).map(|r| r.1);
    let (short, long) = (rate_of(SHORT), rate_of(LONG));
    let percent = |rate: Option<f64>| 100.0 * rate.unwrap_or(0.0);
    writeln!(
        out,
        "\n{:.1}% right at {SHORT} constants, {:.1}% at {LONG}; {steps} steps of {BATCH} expressions in {seconds:.2} s",
        percent(short),
        percent(long)
    )?;
    Ok(json!({ "short": short, "long": long, "rates": rates, "steps": steps, "seconds": seconds }))
}
