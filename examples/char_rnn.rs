//! Two layers of long short-term memory learn three of Shakespeare's sonnets letter by letter, and go on from a few words.
//!
//! ```text
//! cargo run --release --example char_rnn
//! cargo run --release --example char_rnn -- --executor xla --prompt "My mistress"
//! cargo run --release --example char_rnn -- --text FILE --steps 2000 --temperature 0.7
//! ```
//!
//! A model is a struct, its loss a loop over letters ([`surprise`]), and a step of training one program that the executor compiles from both:
//! the loop, its reverse and Adam. What the model says afterwards is the same struct's method, run as the plain Rust that it is.

#[path = "common/options.rs"]
mod options;
#[path = "common/random.rs"]
pub mod random;

use clap::Parser;
use cotangent::{Differentiable, Tensor, differentiable};
use cotangent_models::layers::Dense;
use cotangent_models::{Adam, Key, Lstm, Memory, Trainer};
use options::Options;
use random::Random;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

/// What is read where nothing else is asked for.
pub const SONNETS: &str = include_str!("data/sonnets.txt");
/// Letters of a passage, and passages of a step.
const PASSAGE: usize = 40;
const PASSAGES: usize = 16;

/// What reads, remembers and says.
#[derive(Clone, Debug, Differentiable)]
pub struct Reader {
    /// Reads letters.
    pub first: Lstm,
    /// Reads what the first layer shows.
    pub second: Lstm,
    /// To what comes next.
    pub say: Dense,
}

/// What a reader remembers.
#[derive(Clone, Debug, Differentiable)]
pub struct Memories {
    first: Memory,
    second: Memory,
}

impl Reader {
    /// With random weights.
    pub fn random(letters: usize, hidden: usize, key: Key) -> Reader {
        Reader {
            first: Lstm::new(letters, hidden, key.split(1)),
            second: Lstm::new(hidden, hidden, key.split(2)),
            say: Dense::new(hidden, letters, key.split(3)),
        }
    }
}

#[differentiable]
impl Reader {
    /// Nothing read yet.
    pub fn blank(&self, batch: usize) -> Memories {
        Memories {
            first: self.first.blank(batch),
            second: self.second.blank(batch),
        }
    }
    /// Reads a letter of each passage, `[batch, letters]`.
    pub fn read(&self, x: &Tensor<f32, 2>, memories: &Memories) -> Memories {
        let first = self.first.step(x, &memories.first);
        let second = self.second.step(&first.shown, &memories.second);
        Memories { first, second }
    }
    /// Logarithms of the probabilities of what comes next.
    pub fn next(&self, memories: &Memories) -> Tensor<f32, 2> {
        let y = memories.second.shown.matmul(&self.say.weights);
        y.add_bias(&self.say.bias).log_softmax()
    }
}

/// How surprised the reader is by what comes next: minus the logarithm of the probability that it gave it, on the mean over letters and passages.
#[differentiable]
pub fn surprise(reader: &Reader, letters: &[Tensor<f32, 2>], next: &[Vec<usize>]) -> f32 {
    let mut memories = reader.blank(letters[0].extent(0));
    let mut sum = 0.0;
    for t in 0..letters.len() {
        memories = reader.read(&letters[t], &memories);
        sum += reader.next(&memories).pick_loss(&next[t]);
    }
    sum / letters.len() as f32
}

/// A text as numbers of letters.
pub struct Text {
    letters: Vec<char>,
    read: Vec<usize>,
}

/// Passages: for each of their letters where it is among all, and the number of the one after it.
pub type Batch = (Vec<Tensor<f32, 2>>, Vec<Vec<usize>>);

impl Text {
    /// # Errors
    /// If it is shorter than a passage.
    pub fn new(text: &str) -> Result<Text, String> {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() <= PASSAGE {
            return Err(format!(
                "the text has {} letters, a passage of it {PASSAGE}: take a longer one",
                letters.len()
            ));
        }
        letters.sort_unstable();
        letters.dedup();
        let number = |c| letters.binary_search(&c).ok();
        let read = text.chars().filter_map(number).collect();
        Ok(Text { letters, read })
    }
    /// How many different letters there are.
    pub fn letters(&self) -> usize {
        self.letters.len()
    }
    /// A row for each: 1 where it is among the letters.
    fn show(&self, of: &[usize]) -> Tensor<f32, 2> {
        Tensor::from_fn([of.len(), self.letters()], |[i, j]| {
            f32::from(u8::from(of[i] == j))
        })
    }
    /// Random passages.
    pub fn passages(&self, count: usize, length: usize, random: &mut Random) -> Batch {
        let last = self.read.len() - length;
        let starts: Vec<usize> = (0..count)
            .map(|_| ((random.uniform() * last as f64) as usize).min(last - 1))
            .collect();
        let at = |t| starts.iter().map(|s| self.read[s + t]).collect::<Vec<_>>();
        (0..length).map(|t| (self.show(&at(t)), at(t + 1))).unzip()
    }
    /// What a reader says after the prompt: the likeliest letter each time, or at a temperature above 0 a random one.
    ///
    /// # Errors
    /// If there is a letter in the prompt that is not in the text, or the prompt is empty.
    pub fn go_on(
        &self,
        reader: &Reader,
        prompt: &str,
        count: usize,
        temperature: f64,
        random: &mut Random,
    ) -> Result<String, String> {
        let mut memories = reader.blank(1);
        if prompt.is_empty() {
            return Err("the prompt is empty: give it a letter or more".into());
        }
        for c in prompt.chars() {
            let n = self.letters.binary_search(&c).map_err(|_| {
                format!("{c:?} of the prompt is not a letter of the text, which is all that the reader knows")
            })?;
            memories = reader.read(&self.show(&[n]), &memories);
        }
        let mut said = String::new();
        for _ in 0..count {
            let next = reader.next(&memories);
            // The greatest of numbers with noise of Gumbel's distribution is one drawn with the probabilities (E. J. Gumbel, 1954).
            let lots = next.as_slice().iter().map(|&p| {
                let noise = -(-random.uniform().max(1e-300).ln()).max(1e-300).ln();
                f64::from(p) + temperature * noise
            });
            let best = lots.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
            let n = best.map_or(0, |(n, _)| n);
            said.push(self.letters[n]);
            memories = reader.read(&self.show(&[n]), &memories);
        }
        Ok(said)
    }
}

/// What is asked for.
#[derive(Parser)]
#[command(about = "Learns a text letter by letter and goes on from a prompt")]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
    /// A text to learn instead of the sonnets.
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// Steps of training.
    #[arg(long, default_value_t = 800)]
    steps: usize,
    /// Numbers in the memory of a layer.
    #[arg(long, default_value_t = 128)]
    hidden: usize,
    /// The rate of Adam at the start; it falls to a tenth of it.
    #[arg(long, default_value_t = 0.01)]
    rate: f64,
    /// What the reader goes on from.
    #[arg(long, default_value = "Shall I compare thee")]
    prompt: String,
    /// How many letters it says.
    #[arg(long, default_value_t = 300)]
    letters: usize,
    /// 0 for the likeliest letter each time, more for more chance.
    #[arg(long, default_value_t = 0.0)]
    temperature: f64,
}

/// Learns and goes on. The result: the surprise at the start and at the end, what it said, and how many letters of it go on as the text does.
pub fn run(a: &Arguments, out: &mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>> {
    let text = match &a.text {
        None => SONNETS.to_string(),
        Some(file) => {
            std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?
        }
    };
    let known = Text::new(&text)?;
    let mut random = Random(7);
    // What is wrong with a prompt is said before it learns.
    let reader = Reader::random(known.letters(), a.hidden.max(1), Key::new(1));
    known.go_on(&reader, &a.prompt, 0, 0.0, &mut random)?;
    let options = cotangent::Options::new().executor(&a.options.executor);
    let mut trainer = Trainer::new(surprise {}, Adam::new(a.rate), &reader, &options)?;
    let (mut start, mut mean) = (0.0, 0.0);
    for step in 0..a.steps {
        let part = step as f64 / a.steps as f64;
        trainer.optimiser.rate = a.rate * 0.1f64.powf(part);
        let (letters, next) = known.passages(PASSAGES, PASSAGE, &mut random);
        let loss = f64::from(trainer.step((&letters[..], &next[..]))?);
        if step == 0 {
            (start, mean) = (loss, loss);
        }
        mean += 0.05 * (loss - mean);
        if step % 50 == 0 || step + 1 == a.steps {
            writeln!(out, "step {step:5}: {mean:.3} nats a letter")?;
            out.flush()?;
        }
    }
    let said = known.go_on(
        &trainer.net()?,
        &a.prompt,
        a.letters,
        a.temperature,
        &mut random,
    )?;
    writeln!(out, "\n{}|{said}", a.prompt)?;
    let rest = text.split_once(&a.prompt).map_or("", |(_, rest)| rest);
    let right = said.chars().zip(rest.chars()).take_while(|(a, b)| a == b);
    let right = right.count();
    writeln!(out, "\n{right} letters as in the text")?;
    Ok(json!({ "surprise": mean, "surprise_at_start": start, "said": said, "right": right }))
}

fn main() -> Result<(), Box<dyn Error>> {
    let a = Arguments::parse();
    a.options.start(|out| run(&a, out))
}
