//! Ten thousand executions on a real plugin leave nothing behind. Alone in its program, because it watches the memory of the process.

use cotangent_xla::pjrt::*;
use cotangent_xla::plugins::{self, Kind};
use std::fs;

const DOUBLE: &str = "func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {
    %b = stablehlo.add %a, %a : tensor<2xf32>
    return %b : tensor<2xf32>
}";

/// Memory of this process in KiB.
fn resident() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|l| l.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn ten_thousand_executions_take_no_more_memory_than_a_thousand() {
    let plugin = plugins::for_tests(Kind::Cpu).unwrap();
    let client = plugin
        .client(&ClientOptions::new().cpu_devices(1).unwrap())
        .unwrap();
    let exe = client.compile(DOUBLE, &CompileOptions::new()).unwrap();
    let a = HostArray::new(&[1.0f32, 2.0], &[2]).unwrap();
    let times = |n: usize| {
        for _ in 0..n {
            let r = exe.run(std::slice::from_ref(&a)).unwrap();
            assert_eq!(r[0].as_slice::<f32>().unwrap(), [2.0, 4.0]);
        }
    };
    times(1000);
    let Some(before) = resident() else { return };
    times(9000);
    let grown = resident().unwrap().saturating_sub(before);
    // A leak of one buffer of this size an execution is at least 64 bytes each; of the objects around it, more.
    assert!(grown < 2048, "{grown} KiB more");
}
