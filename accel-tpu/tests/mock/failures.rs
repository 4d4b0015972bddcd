//! Every function fails once, in every way; the error names it, the process goes on, and nothing is left.

use crate::support::{Mock, PROGRAM, arguments, everything};
use cotangent_xla::pjrt::*;

/// The functions that the program in `support` calls, by slot.
fn functions() -> Vec<(usize, &'static str)> {
    // Nobody can be told that the first two failed.
    abi::FUNCTIONS
        .iter()
        .map(|(slot, name, _)| (*slot, *name))
        .filter(|(slot, _)| *slot > 1)
        .collect()
}

/// Functions that destroy: their errors cannot be told to anyone.
fn destroys(name: &str) -> bool {
    name.ends_with("_Destroy")
}

#[test]
fn the_program_calls_every_function_once() {
    // Asked for by other tests, or only when something fails; and what is left out where the device's memory is the host's, or is not.
    let (to_host, layout) = ("PJRT_Buffer_ToHostBuffer", "PJRT_Buffer_GetMemoryLayout");
    for (kind, elsewhere) in [
        ("", ["PJRT_Error_GetCode", layout]),
        ("cpu", ["PJRT_Error_GetCode", to_host]),
    ] {
        let mock = Mock::new(kind);
        assert_eq!(everything(mock.plugin()).unwrap(), arguments());
        let counts = mock.counts();
        for (_, name) in functions() {
            let called = counts.contains_key(&format!("calls {name}"));
            assert_eq!(called, !elsewhere.contains(&name), "{name}");
        }
        mock.assert_clean("after all");
    }
}

#[test]
fn other_layouts_are_left_to_the_plugin() {
    // In another order of axes: the plugin copies.
    let mock = Mock::new("cpu columns");
    assert_eq!(everything(mock.plugin()).unwrap(), arguments());
    assert!(mock.counts().contains_key("calls PJRT_Buffer_ToHostBuffer"));
    mock.assert_clean("after another layout");
}

#[test]
fn every_function_fails_once() {
    let kinds = |(slot, name)| [("", slot, name), ("cpu", slot, name)];
    for (kind, slot, name) in functions().into_iter().flat_map(kinds) {
        // The counts come through the attributes; errors of errors have a test of their own.
        if ["PJRT_Error_GetCode", "PJRT_Plugin_Attributes"].contains(&name) {
            continue;
        }
        // The first call, and the second for those that are called for several reasons.
        for nth in 1..=2 {
            let mock = Mock::new(&format!("{kind} fail={slot}:{nth}:13:it_broke"));
            let result = mock.plugin.clone().and_then(|p| everything(&p));
            let calls = match &mock.plugin {
                Ok(_) => *mock.counts().get(&format!("calls {name}")).unwrap_or(&0),
                Err(_) => 1,
            };
            if calls < nth {
                continue;
            }
            if destroys(name) {
                assert_eq!(result.unwrap(), arguments(), "{name}");
                continue;
            }
            let e = result.unwrap_err();
            assert!(
                matches!(&e, Error::Plugin { function, code: Code::Internal, message } if *function == name && message == "it broke"),
                "{name}: {e:?}"
            );
            if mock.plugin.is_ok() {
                mock.assert_clean(&format!("after {name} failed"));
            }
        }
    }
}

#[test]
fn attributes_fail() {
    let mock = Mock::new("fail=4:1:13:it_broke");
    let e = mock.plugin().attributes().unwrap_err();
    assert!(e.to_string().contains("it broke"), "{e}");
    // The mock tells no versions of StableHLO.
    assert_eq!(mock.plugin().stablehlo_versions().unwrap(), (None, None));
    mock.assert_clean("after attributes failed");
}

#[test]
fn every_function_is_missing_once() {
    for (slot, name) in functions() {
        if destroys(name) || name == "PJRT_Error_GetCode" || name == "PJRT_Plugin_Attributes" {
            continue;
        }
        let kind = match name {
            "PJRT_Buffer_GetMemoryLayout" => "cpu ",
            _ => "",
        };
        let mock = Mock::new(&format!("{kind}missing={slot}"));
        let e = mock
            .plugin
            .clone()
            .and_then(|p| everything(&p))
            .unwrap_err();
        assert!(
            matches!(e, Error::Missing { function, .. } if function == name),
            "{name}: {e}"
        );
        assert_eq!(e.code(), Some(Code::Unimplemented));
        if mock.plugin.is_ok() {
            mock.assert_clean(&format!("without {name}"));
        }
    }
}

#[test]
fn errors_without_a_message_or_a_code() {
    let mock = Mock::new("fail=10:1:8:");
    let e = mock.plugin().client(&ClientOptions::new()).unwrap_err();
    assert_eq!(e.code(), Some(Code::ResourceExhausted));
    assert!(e.to_string().contains("no message"), "{e}");
    // The code is not told; or telling it fails; or it is one of a later version.
    for wishes in [
        "missing=2 fail=10:1:8:no",
        "fail=2:1:13:x fail=10:1:8:no",
        "fail=10:1:77:no",
    ] {
        let mock = Mock::new(wishes);
        let e = mock.plugin().client(&ClientOptions::new()).unwrap_err();
        assert_eq!(e.code(), Some(Code::Unknown), "{wishes}");
        assert!(e.to_string().ends_with(": no"), "{e}");
        mock.assert_clean(wishes);
    }
    // Not even the message.
    let mock = Mock::new("missing=1 fail=10:1:8:no");
    let e = mock.plugin().client(&ClientOptions::new()).unwrap_err();
    assert!(e.to_string().contains("no message"), "{e}");
}

#[test]
fn no_hardware() {
    let mock = Mock::new("fail=10:0:9:No_visible_GPU_devices");
    let e = mock.plugin().client(&ClientOptions::new()).unwrap_err();
    assert!(e.help().unwrap().contains("ahead of time"), "{e}");
    // Compiling ahead of time needs none.
    let topology = mock
        .plugin()
        .topology("two", &ClientOptions::new())
        .unwrap();
    assert!(topology.compile(PROGRAM, &CompileOptions::new()).is_ok());
    assert!(
        mock.plugin()
            .topology("three", &ClientOptions::new())
            .is_err()
    );
    let none = Mock::new("devices=0");
    let e = none.plugin().client(&ClientOptions::new()).unwrap_err();
    assert!(e.to_string().contains("no devices"), "{e}");
}

#[test]
fn an_execution_that_fails_later() {
    // Also where results would be read without the plugin.
    for kind in ["", "cpu"] {
        let mock = Mock::new(&format!("{kind} event=8:out_of_memory_on_the_device"));
        let client = mock.plugin().client(&ClientOptions::new()).unwrap();
        let exe = client.compile(PROGRAM, &CompileOptions::new()).unwrap();
        let up = |a: &HostArray| Arg::Give(client.upload(a, &client.devices()[0]).unwrap());
        let results = exe.execute(arguments().iter().map(up).collect()).unwrap();
        for e in [results[0].wait(), results[0].download().map(drop)] {
            let e = e.unwrap_err();
            assert_eq!(e.code(), Some(Code::ResourceExhausted));
            assert!(e.help().unwrap().contains("batches"), "{e}");
        }
        // A download that is dropped waits all the same; none is started where the failure is known.
        assert_eq!(results[1].start_download().is_ok(), kind.is_empty());
        // Without results the events of the devices tell.
        let nothing = client
            .compile("// mock: ->", &CompileOptions::new())
            .unwrap();
        assert!(nothing.execute(vec![]).is_err());
        drop((results, exe, nothing, client));
        mock.assert_clean("after failed executions");
    }
}

#[test]
fn plugins_that_contradict_themselves() {
    let mock = Mock::new("few");
    let client = mock.plugin().client(&ClientOptions::new()).unwrap();
    let e = client.compile(PROGRAM, &CompileOptions::new()).unwrap_err();
    assert!(e.to_string().contains("another number of results"), "{e}");
    drop(client);
    mock.assert_clean("after a refused executable");
    let mock = Mock::new("strange");
    let client = mock.plugin().client(&ClientOptions::new()).unwrap();
    let exe = client.compile(PROGRAM, &CompileOptions::new()).unwrap();
    let e = exe.run(&arguments()).unwrap_err();
    assert!(e.to_string().contains("element type 99"), "{e}");
    drop((exe, client));
    mock.assert_clean("after strange results");
}
