//! What a test wants the plugin to do wrong.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

#[derive(Default)]
pub struct Wishes {
    pub null: bool,
    pub major: Option<i32>,
    pub minor: Option<i32>,
    pub table: Option<usize>,
    pub missing: Vec<usize>,
    pub fail: Vec<Fail>,
    pub event: Option<(i32, String)>,
    pub few: bool,
    pub strange: bool,
    pub devices: usize,
    pub cpu: bool,
    pub columns: bool,
}

pub struct Fail {
    pub slot: usize,
    pub nth: u64,
    pub code: i32,
    pub message: String,
}

pub fn get() -> &'static Wishes {
    static WISHES: OnceLock<Wishes> = OnceLock::new();
    WISHES.get_or_init(|| parse(&crate::settings()))
}

fn parse(text: &str) -> Wishes {
    let mut w = Wishes {
        devices: 1,
        ..Wishes::default()
    };
    for word in text.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let number = |s: &str| s.parse::<i64>().unwrap_or(0);
        match name {
            "null" => w.null = true,
            "major" => w.major = Some(number(value) as i32),
            "minor" => w.minor = Some(number(value) as i32),
            "table" => w.table = Some(number(value) as usize),
            "missing" => w.missing.push(number(value) as usize),
            "few" => w.few = true,
            "strange" => w.strange = true,
            "cpu" => w.cpu = true,
            "columns" => w.columns = true,
            "devices" => w.devices = number(value) as usize,
            "event" => {
                let (code, message) = value.split_once(':').unwrap_or((value, ""));
                w.event = Some((number(code) as i32, message.replace('_', " ")));
            }
            "fail" => {
                let mut parts = value.splitn(4, ':');
                let mut part = || parts.next().unwrap_or("");
                w.fail.push(Fail {
                    slot: number(part()) as usize,
                    nth: number(part()) as u64,
                    code: number(part()) as i32,
                    message: part().replace('_', " "),
                });
            }
            _ => {}
        }
    }
    w
}

/// Counts of things that happened, by name.
static COUNTS: Mutex<BTreeMap<String, i64>> = Mutex::new(BTreeMap::new());

pub fn count(name: impl Into<String>, n: i64) -> i64 {
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    let count = counts.entry(name.into()).or_default();
    *count += n;
    *count
}

pub fn counts() -> BTreeMap<String, i64> {
    COUNTS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}
