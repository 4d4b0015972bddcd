//! Compiling for TPUs and GPUs where there is none, and another plugin for CPUs with the public header. These are large to download: `.ci/run`
//! asks for this, `cargo test` does not.

use cotangent_core::ad;
use cotangent_core::ir::{
    Builder, DType, DeriveKind, DotDims, Module, ReduceOp, Reduction, Type, UnaryOp,
};
use cotangent_xla::chips::Target;
use cotangent_xla::emit::{self, Boundary, Cut, Layout, Plan, marshal};
use cotangent_xla::executor;
use cotangent_xla::pjrt::*;
use cotangent_xla::plugins::{self, Home, Kind, Request};
use cotangent_xla::report::Report;
use std::fmt::Write;
use std::fs;
use std::num::NonZeroU32;
use std::process::Command;

const DOT: &str = "func.func @main(%a: tensor<256x512xf32>, %b: tensor<512x128xf32>) -> tensor<256x128xf32> {
    %c = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<256x512xf32>, tensor<512x128xf32>) -> tensor<256x128xf32>
    %d = stablehlo.tanh %c : tensor<256x128xf32>
    return %d : tensor<256x128xf32>
}";

fn compile(target: &str, text: &str, options: Option<CompileOptions>) -> Result<(usize, Report)> {
    let target: Target = target.parse().unwrap();
    let plugin = plugins::for_tests(target.kind)?;
    let topology = target.open(&plugin)?;
    let devices = topology.devices()?.len();
    let options = options.unwrap_or_else(|| target.compile_options(&plugin));
    let compiled = topology.compile(text, &options)?;
    Ok((devices, Report::new(&compiled, target.device(devices))?))
}

#[test]
fn tpus() {
    for (target, devices) in [
        ("tpu:v2:2x2", 8),
        ("tpu:v5e:1x1", 1),
        ("tpu:v5e:2x2", 4),
        ("tpu:v5p:2x2x1", 4),
        ("tpu:v6e:16x16", 256),
    ] {
        let (found, report) = compile(target, DOT, None).unwrap();
        assert_eq!(found, devices, "{target}");
        // 2 * 256 * 512 * 128, and the hyperbolic tangents.
        let flops = report.flops.unwrap();
        assert!((3.3e7..4e7).contains(&flops), "{target}: {flops}");
        // What comes in and goes out at least.
        assert!(report.bytes.unwrap() >= 4.0 * (256. * 512. + 512. * 128. + 256. * 128.));
        assert_eq!(report.host_transfers, 0);
        let (compute, memory) = report.roofline().unwrap();
        assert!(compute > 0.0 && memory > compute, "{report}");
        assert!(report.serialized.unwrap() > 1000);
        assert!(report.to_string().contains("all in one executable"));
    }
}

#[test]
fn four_tpus_share_the_work() {
    let text = "module { sdy.mesh @mesh = <[\"x\"=4]>
      func.func @main(%a: tensor<256x512xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {\"x\"}]>},
                      %b: tensor<512x128xf32> {sdy.sharding = #sdy.sharding<@mesh, [{\"x\"}, {}]>}) -> tensor<256x128xf32> {
        %c = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<256x512xf32>, tensor<512x128xf32>) -> tensor<256x128xf32>
        return %c : tensor<256x128xf32>
      } }";
    let options = CompileOptions::new().partitions(NonZeroU32::new(4).unwrap());
    let (_, report) = compile("tpu:v5e:2x2", text, Some(options)).unwrap();
    assert_eq!(report.collectives.values().sum::<usize>(), 1, "{report}");
    assert!(report.flops.unwrap() < 1e7, "each has a quarter: {report}");
}

/// A step of two dense layers, `w - 0.1 dw` for each matrix, for batches over one axis of the devices and columns of the first matrix over the other.
fn step(rows: u32, columns: u32) -> String {
    let known = |shape: &[u64]| Type::known(DType::F32, shape);
    let types = [known(&[256, 512]), known(&[512, 128]), known(&[1024, 256])];
    let mut b = Builder::new("loss", &types);
    let [w, v, x] = b.params()[..] else {
        unreachable!()
    };
    let product = |b: &mut Builder, x, w| {
        let dims = DotDims {
            lhs_contract: vec![1],
            rhs_contract: vec![0],
            ..DotDims::default()
        };
        b.inst1(dims, &[x, w])
    };
    let h = product(&mut b, x, w);
    let h = b.unary(UnaryOp::Tanh, h);
    let y = product(&mut b, h, v);
    let y = b.mul(y, y);
    let loss = b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0, 1]), &[y]);
    let mut m = Module::new();
    let f = m.funcs.push(b.finish(&[loss]).unwrap());
    let g = ad::derive(&mut m, f, DeriveKind::ValueAndGradient, &[0, 1]).unwrap();
    let mut b = Builder::new("step", &types);
    let params = b.params();
    let results = [Type::scalar(DType::F32), types[0].clone(), types[1].clone()];
    let made = b.call(g, &params, &results);
    let next = |b: &mut Builder, i: usize| {
        let by = b.scale(made[1 + i], 0.1);
        b.sub(params[i], by)
    };
    let out = [next(&mut b, 0), next(&mut b, 1), made[0]];
    let step = m.funcs.push(b.finish(&out).unwrap());
    let cut = |axis, along| Some(Cut { axis, along });
    let boundary = Boundary {
        mesh: vec![("data".into(), rows), ("model".into(), columns)],
        given: vec![true, true],
        cuts: vec![cut(1, 1), cut(0, 1), cut(0, 0)],
    };
    let layouts: Vec<Layout> = types
        .iter()
        .map(|t| marshal::layout_of_type(t).unwrap())
        .collect();
    let options = emit::Options::default();
    let m = executor::prepared(&m, options);
    let plan = Plan {
        args: &layouts,
        boundary: Some(&boundary),
        options,
        ..Plan::default()
    };
    emit::emit(&m, step, plan).unwrap().text
}

#[test]
fn training_over_slices_of_tpus() {
    // 6 * 1024 * 256 * 512 and 6 * 1024 * 512 * 128, less the derivative by the batch.
    let all = 2.0 * 1024.0 * 512.0 * (256.0 * 2.0 + 128.0 * 3.0);
    for (target, rows, columns) in [
        ("tpu:v5e:2x2", 4, 1),
        ("tpu:v5e:2x2", 2, 2),
        ("tpu:v5p:2x2x1", 2, 2),
        ("tpu:v6e:16x16", 64, 4),
    ] {
        let n = NonZeroU32::new(rows * columns).unwrap();
        let options = CompileOptions::new().partitions(n);
        let (devices, report) = compile(target, &step(rows, columns), Some(options)).unwrap();
        assert_eq!(devices, n.get() as usize, "{target}");
        let share = all / f64::from(n.get());
        let flops = report.flops.unwrap();
        assert!(
            (0.9 * share..2.0 * share).contains(&flops),
            "{target}: {flops} {share}"
        );
        let memory = report.memory.unwrap();
        assert!(memory.aliased > 0, "{target}: {report}");
        let sums: usize = report.collectives.values().sum();
        assert!(sums > 0 && report.host_transfers == 0, "{target}: {report}");
        if columns == 1 {
            // The gradients and the loss are added in one.
            assert_eq!(sums, 1, "{target}: {report}");
        }
    }
}

#[test]
fn what_a_tpu_cannot_do_is_an_error() {
    let error = |target: &str, text: &str| compile(target, text, None).unwrap_err();
    // libtpu would end the process over this one.
    let e = error(
        "tpu:v5e:1x1",
        "func.func @main(%a: tensor<?xf32>) { return }",
    );
    assert!(matches!(e, Error::Program(_)), "{e}");
    let huge = "func.func @main(%a: tensor<100000x100000xf32>) -> tensor<100000x100000xf32> {
        %b = stablehlo.tanh %a : tensor<100000x100000xf32> return %b : tensor<100000x100000xf32> }";
    let e = error("tpu:v5e:1x1", huge);
    assert_eq!(e.code(), Some(Code::ResourceExhausted), "{e}");
    assert!(e.help().unwrap().contains("batches"));
    let e = error("tpu:v5e:3x7", DOT);
    assert!(e.code().is_some(), "{e}");
    assert!(
        error("tpu:v5e:1x1", "nonsense")
            .to_string()
            .contains("nonsense")
    );
    // No hardware: an error of the client, not of the process.
    let plugin = plugins::for_tests(Kind::Tpu).unwrap();
    if let Err(e) = plugin.client(&ClientOptions::new()) {
        assert!(e.help().unwrap().contains("ahead of time"), "{e}");
    }
}

#[test]
fn a_gpu() {
    let (devices, report) = compile("cuda:h100", DOT, None).unwrap();
    assert_eq!(devices, 1);
    assert!(report.memory.unwrap().arguments >= 4 * (256 * 512 + 512 * 128));
    assert!(report.serialized.unwrap() > 1000);
    assert_eq!(report.host_transfers, 0);
    let plugin = plugins::for_tests(Kind::Cuda).unwrap();
    if let Err(e) = plugin.client(&ClientOptions::new()) {
        assert!(e.code().is_some(), "{e}");
    }
}

/// The older plugin for CPUs, in a folder of its own: what is installed last is what others find.
fn second_cpu_plugin() -> plugins::Installed {
    let target = std::env::current_exe().unwrap();
    let target = target.ancestors().nth(3).unwrap();
    let request = Request::new(Kind::Cpu, Some("xla-cpu-pjrt")).unwrap();
    let home = Home::at(target.join("cotangent-second-plugin"));
    plugins::install(&request, &home, &mut |_| {}).unwrap()
}

#[test]
fn a_plugin_of_another_year() {
    let plugin = Plugin::load(second_cpu_plugin().library).unwrap();
    assert_eq!(plugin.api_version(), (0, 81));
    let client = plugin
        .client(&ClientOptions::new().cpu_devices(2).unwrap())
        .unwrap();
    let exe = client.compile(DOT, &CompileOptions::new()).unwrap();
    let ones = |dims: &[usize]| {
        HostArray::new(&vec![2f32.powi(-10); dims.iter().product()], dims).unwrap()
    };
    let out = exe.run(&[ones(&[256, 512]), ones(&[512, 128])]).unwrap();
    let x = out[0].as_slice::<f32>().unwrap();
    assert!(
        x.iter().all(|x| (x - 4.882_812e-4).abs() < 1e-8),
        "{}",
        x[0]
    );
    // This one counts.
    let report = Report::new(exe.compiled(), None).unwrap();
    assert!(
        report.flops.unwrap() >= 2.0 * 256.0 * 512.0 * 128.0,
        "{report}"
    );
    let again = client.deserialize(&exe.serialize().unwrap()).unwrap();
    assert_eq!(again.signature(), exe.signature());
}

/// Structures that have grown since the header that the older plugin brings (0.81).
const GROWN: [&str; 3] = [
    "PJRT_Executable_GetCompiledMemoryStats",
    "PJRT_Executable_DeserializeAndLoad",
    "PJRT_Device_MemoryStats",
];

#[test]
fn slots_and_sizes_are_those_of_the_public_header() {
    let library = second_cpu_plugin().library;
    let folder = library.parent().unwrap();
    let mut program =
        String::from("#include \"pjrt_c_api.h\"\n#include <stdio.h>\nint main(void) {\n");
    for (_, name, _) in abi::FUNCTIONS {
        writeln!(
            program,
            "printf(\"%zu %zu\\n\", offsetof(PJRT_Api, {name}), sizeof({name}_Args));"
        )
        .unwrap();
    }
    program += "return 0; }\n";
    let place = std::env::temp_dir().join(format!("cotangent-header-{}", std::process::id()));
    fs::create_dir_all(&place).unwrap();
    let (source, binary) = (place.join("sizes.c"), place.join("sizes"));
    fs::write(&source, program).unwrap();
    let compiled = Command::new(std::env::var("CC").unwrap_or("cc".into()))
        .arg("-I")
        .arg(folder.join("include"))
        .arg("-o")
        .args([&binary, &source])
        .status()
        .unwrap();
    assert!(compiled.success());
    let out = Command::new(&binary).output().unwrap().stdout;
    let out = String::from_utf8(out).unwrap();
    assert_eq!(out.lines().count(), abi::FUNCTIONS.len());
    for (line, (slot, name, ours)) in out.lines().zip(abi::FUNCTIONS) {
        let (offset, theirs) = line.split_once(' ').unwrap();
        assert_eq!(offset, (40 + 8 * slot).to_string(), "{name}");
        let theirs: usize = theirs.parse().unwrap();
        if GROWN.contains(name) {
            assert!(*ours > theirs, "{name}");
        } else {
            assert_eq!(*ours, theirs, "{name}");
        }
    }
    fs::remove_dir_all(&place).unwrap();
}
