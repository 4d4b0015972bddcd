//! The CPU plugin: programs in, numbers out, and errors for all that cannot be.

use cotangent_xla::pjrt::*;
use cotangent_xla::plugins::{self, Kind};
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::thread;

/// One client for all tests of this program.
fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let plugin = plugins::for_tests(Kind::Cpu).unwrap();
        let options = ClientOptions::new().cpu_devices(8).unwrap();
        plugin.client(&options).unwrap()
    })
}

fn floats(data: &[f32], dims: &[usize]) -> HostArray {
    HostArray::new(data, dims).unwrap()
}

const PLUS: &str = "func.func @main(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>, %c: tensor<2x2xf32> {tf.aliasing_output = 0 : i32})
    -> (tensor<2x2xf32>, tensor<i32>) {
  %d = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
  %e = stablehlo.add %d, %c : tensor<2x2xf32>
  %n = stablehlo.constant dense<7> : tensor<i32>
  return %e, %n : tensor<2x2xf32>, tensor<i32>
}";

fn arguments() -> [HostArray; 3] {
    [
        floats(&[1., 2., 3., 4., 5., 6.], &[2, 3]),
        floats(&[1., 0., 0., 1., 1., 1.], &[3, 2]),
        floats(&[100.0; 4], &[2, 2]),
    ]
}

const SUM: [f32; 4] = [104.0, 105.0, 110.0, 111.0];

#[test]
fn a_program_runs() {
    let exe = client().compile(PLUS, &CompileOptions::new()).unwrap();
    let s = exe.signature();
    assert_eq!(s.inputs[1], ArrayType::new(ElementType::F32, [3, 2]));
    assert_eq!(s.outputs[1], ArrayType::new(ElementType::S32, []));
    assert_eq!(s.donated.iter().copied().collect::<Vec<_>>(), [2]);
    let results = exe.run(&arguments()).unwrap();
    assert_eq!(results[0].to_vec::<f32>().unwrap(), SUM);
    assert_eq!(results[1].to_scalar::<i32>().unwrap(), 7);
    let memory = exe.compiled().memory().unwrap();
    assert_eq!((memory.arguments, memory.aliased), (64, 16));
    let hlo = exe.compiled().optimized().unwrap();
    assert_eq!(hlo.counts()["dot"], 1);
    assert!(hlo.launched() >= 4 && hlo.collectives().is_empty());
}

#[test]
fn every_element_type_goes_there_and_back() {
    for e in ElementType::ALL {
        let ty = ArrayType::new(e, [5, 3]);
        let t = ty.to_string();
        let text = format!(
            "func.func @main(%a: {t}) -> {r} {{ %b = stablehlo.transpose %a, dims = [1, 0] : ({t}) -> {r}\n return %b : {r} }}",
            r = ArrayType::new(e, [3, 5])
        );
        let exe = client().compile(&text, &CompileOptions::new()).unwrap();
        assert_eq!(exe.signature().inputs, std::slice::from_ref(&ty));
        let n = ty.bytes().unwrap();
        let data: Vec<u8> = (0..n).map(|i| (i * 37 % 113) as u8).collect();
        let a = HostArray::from_bytes(ty.clone(), &data).unwrap();
        let b = exe.run(std::slice::from_ref(&a)).unwrap().remove(0);
        let w = e.bytes();
        for (i, j) in (0..5).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let (from, to) = (w * (3 * i + j), w * (5 * j + i));
            assert_eq!(a.bytes()[from..from + w], b.bytes()[to..to + w], "{t}");
        }
    }
}

#[test]
fn empty_arrays_and_no_results() {
    let t = "tensor<0x4xf32>";
    let text = format!("func.func @main(%a: {t}) -> {t} {{ return %a : {t} }}");
    let exe = client().compile(&text, &CompileOptions::new()).unwrap();
    let out = exe.run(&[floats(&[], &[0, 4])]).unwrap();
    assert!(out[0].bytes().is_empty());
    let text = "func.func @main(%a: tensor<f32>) { return }";
    let exe = client().compile(text, &CompileOptions::new()).unwrap();
    assert!(
        exe.run(&[HostArray::scalar(1f32).unwrap()])
            .unwrap()
            .is_empty()
    );
}

#[test]
fn arguments_are_checked() {
    let exe = client().compile(PLUS, &CompileOptions::new()).unwrap();
    let [a, b, c] = arguments();
    let e = exe.run(&[a.clone(), b.clone()]).unwrap_err();
    assert_eq!(
        e,
        Error::ArgumentCount {
            expected: 3,
            found: 2
        }
    );
    // The same bytes with other extents, and with other elements.
    for wrong in [
        floats(&[0.0; 6], &[3, 2]),
        HostArray::new(&[0i32; 6], &[2, 3]).unwrap(),
    ] {
        let e = exe.run(&[wrong, b.clone(), c.clone()]).unwrap_err();
        assert!(matches!(e, Error::ArgumentType { index: 0, .. }), "{e}");
    }
    let [d0, d1] = [&client().devices()[0], &client().devices()[1]];
    let up = |array: &HostArray, device| Arg::Give(client().upload(array, device).unwrap());
    let e = exe
        .execute(vec![up(&a, d0), up(&b, d1), up(&c, d0)])
        .unwrap_err();
    assert!(matches!(e, Error::ArgumentDevice { index: 1, .. }), "{e}");
    let other = client().plugin().client(&ClientOptions::new()).unwrap();
    let e = client().upload(&a, &other.devices()[0]).unwrap_err();
    assert!(e.to_string().contains("another client"), "{e}");
    let strange = other.upload(&a, &other.devices()[0]).unwrap();
    let e = exe
        .execute(vec![Arg::Give(strange), up(&b, d0), up(&c, d0)])
        .unwrap_err();
    assert!(e.to_string().contains("another client"), "{e}");
    let e = exe.execute_on_all(vec![]).unwrap_err();
    assert!(matches!(e, Error::DeviceCount { .. }));
}

#[test]
fn what_is_given_away_is_overwritten_and_what_is_kept_is_not() {
    let exe = client().compile(PLUS, &CompileOptions::new()).unwrap();
    let device = &client().devices()[0];
    let [a, b, c] = arguments().map(|x| client().upload(&x, device).unwrap());
    let place = c.address().unwrap();
    let r = exe
        .execute(vec![(&a).into(), (&b).into(), (&c).into()])
        .unwrap();
    assert_ne!(r[0].address().unwrap(), place);
    assert_eq!(c.download().unwrap(), arguments()[2]);
    let r = exe
        .execute(vec![(&a).into(), (&b).into(), c.into()])
        .unwrap();
    assert_eq!(r[0].address().unwrap(), place);
    assert_eq!(r[0].download().unwrap().to_vec::<f32>().unwrap(), SUM);
}

#[test]
fn shared_memory_is_not_copied_and_lives_as_long_as_its_buffer() {
    let device = &client().devices()[0];
    let array = Arc::new(floats(&[1.5; 64], &[64]));
    let buffer = client().share(array.clone(), device).unwrap();
    buffer.wait().unwrap();
    assert_eq!(buffer.address().unwrap(), array.bytes().as_ptr() as usize);
    assert_eq!(Arc::strong_count(&array), 2);
    assert_eq!(buffer.download().unwrap(), *array);
    drop(buffer);
    let mut n = 0;
    while Arc::strong_count(&array) > 1 && n < 1000 {
        thread::sleep(std::time::Duration::from_millis(1));
        n += 1;
    }
    assert_eq!(Arc::strong_count(&array), 1);
}

#[test]
fn executables_go_through_bytes() {
    let exe = client().compile(PLUS, &CompileOptions::new()).unwrap();
    let bytes = exe.serialize().unwrap();
    let again = client().deserialize(&bytes).unwrap();
    assert_eq!(again.signature(), exe.signature());
    let results = again.run(&arguments()).unwrap();
    assert_eq!(results[0].to_vec::<f32>().unwrap(), SUM);
    let e = client().deserialize(b"something").unwrap_err();
    assert!(e.code().is_some(), "{e}");
}

#[test]
fn programs_that_are_wrong_give_errors() {
    let compile = |text: &str| client().compile(text, &CompileOptions::new()).unwrap_err();
    for (text, says) in [
        ("", "empty"),
        ("nonsense", "nonsense"),
        ("func.func @main() { return", "expected"),
        ("func.func @other() { return }", "main"),
        ("func.func @main(%a: tensor<?xf32>) { return }", "not known"),
        (
            "func.func @main(%a: tensor<2xf32>) -> tensor<3xf32> { return %a : tensor<2xf32> }",
            "tensor<3xf32>",
        ),
    ] {
        let e = compile(text);
        assert!(e.to_string().contains(says), "{e}");
    }
    let unknown = CompileOptions::new().flag("xla_no_such_flag", Flag::Bool(true));
    let e = client().compile(PLUS, &unknown).unwrap_err();
    assert_eq!(e.code(), Some(Code::InvalidArgument));
    let many = CompileOptions::new().replicas(NonZeroU32::new(1000).unwrap());
    assert!(client().compile(PLUS, &many).is_err());
    let absent = CompileOptions::new().devices([4711]);
    assert!(client().compile(PLUS, &absent).is_err());
    let huge = "func.func @main() -> tensor<1000000x1000000xf32> {
        %c = stablehlo.constant dense<1.0> : tensor<1000000x1000000xf32> return %c : tensor<1000000x1000000xf32> }";
    let r = client().compile(huge, &CompileOptions::new());
    let e = r.and_then(|e| e.run(&[])).unwrap_err();
    assert_eq!(e.code(), Some(Code::ResourceExhausted), "{e}");
    assert!(e.help().unwrap().contains("batches"));
}

#[test]
fn eight_devices_sum_up() {
    let eight = NonZeroU32::new(8).unwrap();
    let text = "func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {
      %s = \"stablehlo.all_reduce\"(%a) ({
        ^bb0(%x: tensor<f32>, %y: tensor<f32>):
          %z = stablehlo.add %x, %y : tensor<f32>
          stablehlo.return %z : tensor<f32>
      }) {replica_groups = dense<[[0, 1, 2, 3, 4, 5, 6, 7]]> : tensor<1x8xi64>} : (tensor<2xf32>) -> tensor<2xf32>
      return %s : tensor<2xf32>
    }";
    let options = CompileOptions::new().replicas(eight);
    let exe = client().compile(text, &options).unwrap();
    assert_eq!(exe.devices().len(), 8);
    assert_eq!(
        exe.compiled().optimized().unwrap().collectives()["all-reduce"],
        1
    );
    let args = exe
        .devices()
        .iter()
        .map(|d| {
            let x = floats(&[d.id() as f32, 1.0], &[2]);
            vec![Arg::Give(client().upload(&x, d).unwrap())]
        })
        .collect();
    for list in exe.execute_on_all(args).unwrap() {
        let x = list[0].download().unwrap().to_vec::<f32>().unwrap();
        assert_eq!(x, [28.0, 8.0]);
    }
}

#[test]
fn one_array_spread_over_eight_devices() {
    let text = "module { sdy.mesh @mesh = <[\"x\"=8]>
      func.func @main(%a: tensor<16x4xf32> {sdy.sharding = #sdy.sharding<@mesh, [{\"x\"}, {}]>}) -> tensor<f32> {
        %zero = stablehlo.constant dense<0.0> : tensor<f32>
        %s = stablehlo.reduce(%a init: %zero) applies stablehlo.add across dimensions = [0, 1] : (tensor<16x4xf32>, tensor<f32>) -> tensor<f32>
        return %s : tensor<f32>
      } }";
    let options = CompileOptions::new().partitions(NonZeroU32::new(8).unwrap());
    let exe = client().compile(text, &options).unwrap();
    // Each device takes its share.
    assert_eq!(
        exe.signature().inputs,
        [ArrayType::new(ElementType::F32, [2, 4])]
    );
    let args = exe
        .devices()
        .iter()
        .map(|d| {
            vec![Arg::Give(
                client().upload(&floats(&[1.0; 8], &[2, 4]), d).unwrap(),
            )]
        })
        .collect();
    for list in exe.execute_on_all(args).unwrap() {
        assert_eq!(
            list[0].download().unwrap().to_scalar::<f32>().unwrap(),
            64.0
        );
    }
    let device = &client().devices()[3];
    let a = client()
        .upload(&floats(&[5.0], &[1]), &client().devices()[0])
        .unwrap();
    let b = a.copy_to(device).unwrap();
    assert_eq!(b.device(), device);
    assert_eq!(b.download().unwrap(), a.download().unwrap());
}

#[test]
fn many_threads_use_one_executable() {
    let exe = client().compile(PLUS, &CompileOptions::new()).unwrap();
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                for _ in 0..50 {
                    let r = exe.run(&arguments()).unwrap();
                    assert_eq!(r[0].to_vec::<f32>().unwrap(), SUM);
                }
            });
        }
    });
}

#[test]
fn results_in_another_order_of_axes_come_in_the_hosts() {
    let text = "module { func.func @main(%a: tensor<2x3xf32>) -> (tensor<3x2xf32> {mhlo.layout_mode = \"{0,1}\"}) {
        %b = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
        return %b : tensor<3x2xf32> } }";
    let exe = client().compile(text, &CompileOptions::new()).unwrap();
    let a = floats(&[1., 2., 3., 4., 5., 6.], &[2, 3]);
    let results = exe.run(&[a]).unwrap();
    assert_eq!(results, [floats(&[1., 4., 2., 5., 3., 6.], &[3, 2])]);
}
