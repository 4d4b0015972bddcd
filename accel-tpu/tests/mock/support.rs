//! A copy of the mock plugin with wishes of its own, and a program that touches every function.

use cotangent_xla::pjrt::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// A copy of the mock plugin; the file is removed with it.
pub struct Mock {
    file: PathBuf,
    pub plugin: Result<Plugin>,
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

fn library() -> PathBuf {
    let me = std::env::current_exe().unwrap();
    let folder = me.parent().unwrap();
    let name = format!(
        "{}cotangent_mock_plugin{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    folder.join(name)
}

/// A file that is not there yet.
pub fn place(ending: &str) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("cotangent-mock-{}-{n}.{ending}", std::process::id());
    std::env::temp_dir().join(name)
}

/// The plugin as it was built, and where its wishes go.
fn template() -> &'static (Vec<u8>, usize) {
    static TEMPLATE: OnceLock<(Vec<u8>, usize)> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let path = library();
        let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut mark = b"COTANGENT MOCK SETTINGS:".to_vec();
        let start = mark.len();
        mark.resize(512, b' ');
        let at: Vec<usize> = (0..bytes.len() - 512)
            .filter(|i| bytes[*i] == b'C' && bytes[*i..].starts_with(&mark))
            .collect();
        assert_eq!(at.len(), 1, "the mark is in the file once");
        (bytes, at[0] + start)
    })
}

/// The bytes of the plugin with wishes written in.
pub fn bytes(wishes: &str) -> Vec<u8> {
    assert!(wishes.len() < 400);
    let (bytes, start) = template();
    let mut bytes = bytes.clone();
    bytes[*start..start + wishes.len()].copy_from_slice(wishes.as_bytes());
    bytes
}

impl Mock {
    pub fn new(wishes: &str) -> Mock {
        let file = place("so");
        fs::write(&file, bytes(wishes)).unwrap();
        let plugin = Plugin::load(&file);
        Mock { file, plugin }
    }
    pub fn plugin(&self) -> &Plugin {
        self.plugin.as_ref().unwrap()
    }
    pub fn path(&self) -> &Path {
        &self.file
    }
    /// What the plugin counted.
    pub fn counts(&self) -> BTreeMap<String, i64> {
        let list = self.plugin().attributes().unwrap();
        list.into_iter()
            .filter_map(|(name, v)| match v {
                Value::Int(n) => Some((name, n)),
                _ => None,
            })
            .collect()
    }
    /// That every object was destroyed, and no handle misused.
    pub fn assert_clean(&self, when: &str) {
        for (name, n) in self.counts() {
            if name.starts_with("live ") || name == "misuse" {
                assert_eq!(n, 0, "{name} {when}");
            }
        }
    }
}

/// Takes two arrays, gives them back; the second one is overwritten if given away.
pub const PROGRAM: &str = "// mock: f32[2,3] s32[] -> f32[2,3] s32[] give 1\n";

pub fn arguments() -> [HostArray; 2] {
    let a = HostArray::new(&[1.0f32, 2., 3., 4., 5., 6.], &[2, 3]).unwrap();
    [a, HostArray::scalar(7i32).unwrap()]
}

/// Uses every function of the interface that this crate uses. The answer is what one execution gave.
pub fn everything(plugin: &Plugin) -> Result<Vec<HostArray>> {
    let client = plugin.client(&ClientOptions::new().cpu_devices(2)?)?;
    client.platform()?;
    client.platform_version()?;
    let device = &client.devices()[0];
    device.description()?;
    assert_eq!(device.memory()?.limit, Some(1000));
    let exe = client.compile(PROGRAM, &CompileOptions::new())?;
    assert_eq!(exe.signature().donated.len(), 1);
    let exe = client.deserialize(&exe.serialize()?)?;
    let compiled = exe.compiled();
    compiled.name()?;
    compiled.code_size()?;
    compiled.cost()?;
    assert_eq!(compiled.memory()?.arguments, 28);
    let [a, b] = arguments();
    let a = client.share(Arc::new(a), device)?;
    let b = client.upload(&b, device)?;
    a.address()?;
    assert_eq!(a.bytes_on_device()?, 24);
    let copy = a.copy_to(&client.devices()[1])?;
    assert!(copy.ready()?.is_ready()?);
    copy.wait()?;
    let results = exe.execute(vec![Arg::Keep(&a), Arg::Give(b)])?;
    let started = results[0].start_download()?;
    assert!(started.is_ready()?);
    let nothing = client.compile("// mock: ->", &CompileOptions::new())?;
    assert!(nothing.execute(vec![])?.is_empty());
    let topology = plugin.topology("two", &ClientOptions::new())?;
    topology.platform()?;
    assert_eq!(topology.devices()?.len(), 2);
    let ahead = topology.compile(PROGRAM, &CompileOptions::new())?;
    assert_eq!(ahead.optimized()?.counts()["parameter"], 2);
    Ok(vec![started.wait()?, results[1].download()?])
}
