//! Installing plugins: from the package index, by several at once, and what is said when it cannot be done.

use cotangent_xla::pjrt::{Error, Plugin};
use cotangent_xla::plugins::{self, Home, Kind, Phase, Request};
use std::fs;
use std::path::PathBuf;
use std::thread;

/// A folder that is removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("cotangent-{name}-{}", std::process::id()));
        Folder(path)
    }
    fn home(&self) -> Home {
        Home::at(&self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn two_at_once_install_once() {
    let folder = Folder::new("install");
    let home = folder.home();
    // What a process that was killed leaves behind.
    fs::create_dir_all(home.plugins().join(".work/target")).unwrap();
    let request = Request::new(Kind::Cpu, None).unwrap();
    let (results, phases) = thread::scope(|s| {
        let both: Vec<_> = (0..2)
            .map(|_| {
                s.spawn(|| {
                    let mut phases = Vec::new();
                    let result = plugins::install(&request, &home, &mut |p| {
                        assert!(p.total == 0 || p.done <= p.total);
                        if phases.last() != Some(&p.phase) {
                            phases.push(p.phase);
                        }
                    });
                    (result.unwrap(), phases)
                })
            })
            .collect();
        let (results, phases): (Vec<_>, Vec<_>) =
            both.into_iter().map(|t| t.join().unwrap()).unzip();
        (results, phases.concat())
    });
    assert_eq!(results[0], results[1]);
    assert_eq!(plugins::installed(&home), results[..1]);
    assert!(
        phases.contains(&Phase::Downloading) && phases.contains(&Phase::Waiting),
        "{phases:?}"
    );
    let left: Vec<_> = fs::read_dir(home.plugins())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n != ".lock")
        .collect();
    assert_eq!(left, ["cpu-lammps-jax-pjrt-cpu-0.11.2"]);
    // It is a plugin; and what of it remains after a failed copy is not.
    let plugin = Plugin::load(&results[0].library).unwrap();
    assert_eq!(plugin.api_version().0, 0);
    let whole = fs::read(&results[0].library).unwrap();
    let half = folder.0.join("half.so");
    fs::write(&half, &whole[..whole.len() / 2]).unwrap();
    let e = Plugin::load(&half).unwrap_err();
    assert!(e.to_string().contains("cut short"), "{e}");
}

#[test]
fn a_wrong_checksum_and_an_unknown_version_install_nothing() {
    let folder = Folder::new("checksum");
    let home = folder.home();
    let request = Request::new(Kind::Cpu, None).unwrap();
    for (version, sha256, says) in [
        ("0.11.2", Some("00"), "pip"),
        ("0.0.0.0.1", None, "pip says"),
    ] {
        let sha256 = sha256.map(|s| s.repeat(32));
        let r = request.clone().version(version, sha256.as_deref());
        let e = plugins::install(&r, &home, &mut |_| {}).unwrap_err();
        assert!(
            matches!(&e, Error::Install { reason, .. } if reason.contains(says)),
            "{e}"
        );
        assert!(e.help().unwrap().contains("COTANGENT_XLA_PLUGIN"));
    }
    assert!(plugins::installed(&home).is_empty());
}
