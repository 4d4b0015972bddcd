//! What reads: the recursive network, its gradient through trees, and what it learns; the one that learns sonnets by heart.

use super::char_rnn::{self, Reader, SONNETS, Text};
use super::tree_network::random::Random;
use super::tree_network::{
    Connective, Expression, Network, Node, examples, right, run, surprise, truth,
};
use super::{number, printed};
use clap::Parser;
use cotangent::check::{Check, check_gradients};
use cotangent::{Options, list_executors};
use cotangent_models::Key;

#[test]
fn tree_network_reads_expressions_longer_than_it_has_seen() {
    let (text, result) = printed(|out| run(1, 2000, out));
    assert!(number(&result, "short") > 0.99, "{text}");
    assert!(number(&result, "long") > 0.95, "{text}");
    // Without training it guesses.
    let mut random = Random(2);
    let guess = right(&Network::random(&mut random), 1000, 6, &mut random);
    assert!((guess - 0.5).abs() < 0.2, "{guess}");
}

#[test]
fn tree_network_gradient_goes_through_the_recursion() {
    let network = Network::random(&mut Random(5));
    let tree = Expression::Pair(
        Connective::Implies,
        Box::new(Expression::Not(Box::new(Expression::Constant(true)))),
        Box::new(Expression::Pair(
            Connective::Xor,
            Box::new(Expression::Constant(false)),
            Box::new(Expression::Constant(true)),
        )),
    );
    assert_eq!(tree.to_string(), "(¬1→(0⊕1))");
    let nodes = tree.nodes();
    assert_eq!(nodes.len(), 6);
    assert_eq!(nodes[5], Node::Pair(Connective::Implies, 1, 4));
    let all = Check {
        elements: 1000,
        ..Check::default()
    };
    let report = check_gradients::<truth>((&network, &nodes), &all).unwrap();
    assert!(report.forward && report.reverse && report.elements > 600);
    // No part of the tree is of these kinds.
    let gradient = truth::gradient_wrt::<0>(&network, &nodes).unwrap();
    assert!(gradient.and.left.as_flattened().iter().all(|x| *x == 0.0));
    assert!(gradient.xor.left.as_flattened().iter().any(|x| *x != 0.0));

    let (expressions, values) = examples(8, 9, &mut Random(6));
    let nodes: Vec<Vec<Node>> = expressions.iter().map(Expression::nodes).collect();
    let plain = surprise(&network, &nodes, &values);
    for name in list_executors() {
        let runner = surprise::with(&Options::new().executor(name));
        let args = (&network, &nodes[..], &values[..]);
        let found = runner.call(args).unwrap();
        assert!((found - plain).abs() < 1e-12, "{name}: {found} {plain}");
        runner.check_gradients(args, &Check::default()).unwrap();
    }
}

#[test]
fn char_rnn_learns_sonnets_by_heart() {
    let arguments = char_rnn::Arguments::parse_from(["char_rnn", "--letters", "120"]);
    let (text, result) = printed(|out| char_rnn::run(&arguments, out));
    assert!(number(&result, "surprise_at_start") > 3.5, "{text}");
    assert!(number(&result, "surprise") < 0.4, "{text}");
    assert!(number(&result, "right") >= 100.0, "{text}");
}

#[test]
fn char_rnn_gradient_goes_through_its_memory() {
    let text = Text::new(SONNETS).unwrap();
    let reader = Reader::random(text.letters(), 4, Key::new(3));
    let (letters, next) = text.passages(2, 3, &mut char_rnn::random::Random(1));
    let args = (&reader, &letters[..], &next[..]);
    let plain = char_rnn::surprise(&reader, &letters, &next);
    for name in list_executors() {
        let runner = char_rnn::surprise::with(&Options::new().executor(name));
        let found = runner.call(args).unwrap();
        assert!((found - plain).abs() < 1e-5, "{name}: {found} {plain}");
        let report = runner.check_gradients(args, &Check::default()).unwrap();
        assert!(report.forward && report.reverse, "{report:?}");
    }
}

#[test]
fn char_rnn_says_what_is_wrong() {
    let run = |args: &[&str]| {
        let arguments = char_rnn::Arguments::parse_from([&["char_rnn"], args].concat());
        let error = char_rnn::run(&arguments, &mut Vec::new()).unwrap_err();
        error.to_string()
    };
    assert!(run(&["--prompt", "ß"]).contains("'ß' of the prompt is not a letter"));
    assert!(run(&["--prompt", ""]).contains("empty"));
    assert!(run(&["--text", "no such file"]).contains("no such file: "));
    assert!(run(&["--text", "examples/data/misra1a.csv", "--prompt", "z"]).contains("'z'"));
    assert!(Text::new("short").is_err_and(|e| e.contains("take a longer one")));
}
