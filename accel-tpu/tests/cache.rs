//! Compiled programs on disk: found again, not found for anything else, and a damaged file is as none.

use cotangent_xla::pjrt::*;
use cotangent_xla::plugins::{self, Kind};
use std::fs;
use std::path::PathBuf;

fn program(n: u32) -> String {
    format!(
        "func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {{
            %k = stablehlo.constant dense<{n}.0> : tensor<2xf32>
            %b = stablehlo.multiply %a, %k : tensor<2xf32>
            return %b : tensor<2xf32>
        }}"
    )
}

#[test]
fn executables_are_kept_on_disk() {
    let plugin = plugins::for_tests(Kind::Cpu).unwrap();
    let client = plugin
        .client(&ClientOptions::new().cpu_devices(1).unwrap())
        .unwrap();
    let folder = std::env::temp_dir().join(format!("cotangent-cache-{}", std::process::id()));
    let cache = Cache::at(&folder);
    let options = CompileOptions::new();
    let get = |text: &str, options: &CompileOptions, cache: &Cache| {
        client.compile_cached(text, options, cache).unwrap()
    };
    let times = |exe: &Executable| {
        let a = HostArray::new(&[1.0f32, 2.0], &[2]).unwrap();
        exe.run(&[a]).unwrap()[0].to_vec::<f32>().unwrap()[1] / 2.0
    };
    let files = || -> Vec<PathBuf> {
        let list = fs::read_dir(&folder).unwrap();
        list.map(|e| e.unwrap().path()).collect()
    };
    let (exe, origin) = get(&program(3), &options, &cache);
    assert_eq!((times(&exe), origin), (3.0, Origin::Stored));
    let (exe, origin) = get(&program(3), &options, &cache);
    assert_eq!((times(&exe), origin), (3.0, Origin::Loaded));
    // Another program, and other options.
    assert_eq!(get(&program(4), &options, &cache).1, Origin::Stored);
    let fast = options
        .clone()
        .flag("xla_cpu_enable_fast_math", Flag::Bool(true));
    assert_eq!(get(&program(3), &fast, &cache).1, Origin::Stored);
    let all = files();
    assert_eq!(all.len(), 3);
    // Damaged at the beginning, in the middle, at the end; cut short; empty.
    let found = |exe: &PathBuf| {
        // Whose file it is shows in what is not found any more.
        let origins = [(3, &options), (4, &options), (3, &fast)]
            .map(|(n, options)| get(&program(n), options, &cache).1);
        let stored = origins.iter().filter(|o| **o == Origin::Stored).count();
        assert_eq!(stored, 1, "{}: {origins:?}", exe.display());
    };
    for path in &all {
        let whole = fs::read(path).unwrap();
        let n = whole.len();
        for at in [3, n / 2, n - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            fs::write(path, bytes).unwrap();
            found(path);
        }
        for left in [n - n / 3, 0] {
            fs::write(path, &whole[..left]).unwrap();
            found(path);
        }
    }
    // A file of one program under the name of another is not taken for it.
    let (a, b) = (&all[0], &all[1]);
    fs::copy(a, b).unwrap();
    for (n, options) in [(3, &options), (4, &options), (3, &fast)] {
        assert_eq!(times(&get(&program(n), options, &cache).0), n as f32);
    }
    // One file at most fits.
    let small = cache.clone().limit(1);
    get(&program(5), &options, &small);
    assert_eq!(files().len(), 1);
    fs::remove_dir_all(&folder).unwrap();
    // Where nothing can be written the program runs all the same.
    fs::write(&folder, "a file, not a folder").unwrap();
    let (exe, origin) = get(&program(6), &options, &cache);
    assert!(matches!(origin, Origin::NotStored(Error::File { .. })));
    assert_eq!(times(&exe), 6.0);
    fs::remove_file(&folder).unwrap();
}
