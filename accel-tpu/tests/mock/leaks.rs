//! Ten thousand executions leave nothing behind, on one thread and on many.

use crate::support::{Mock, PROGRAM, arguments};
use cotangent_xla::pjrt::*;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::thread;

#[test]
fn ten_thousand_executions() {
    let mock = Mock::new("");
    let client = mock.plugin().client(&ClientOptions::new()).unwrap();
    let exe = client.compile(PROGRAM, &CompileOptions::new()).unwrap();
    let [a, b] = arguments().map(Arc::new);
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                for i in 0..2500 {
                    let device = &client.devices()[0];
                    let x = client.share(a.clone(), device).unwrap();
                    let y = client.upload(&b, device).unwrap();
                    let results = match i % 3 {
                        0 => exe.execute(vec![Arg::Keep(&x), Arg::Keep(&y)]),
                        1 => exe.execute(vec![Arg::Give(x), Arg::Give(y)]),
                        // One too few: refused.
                        _ => exe.execute(vec![Arg::Give(x)]).or(Ok(vec![])),
                    };
                    for r in results.unwrap() {
                        r.download().unwrap();
                    }
                }
            });
        }
    });
    let counts = mock.counts();
    assert_eq!(counts["calls PJRT_LoadedExecutable_Execute"], 4 * 1667);
    // Nothing but the client, its device, and the executable is there.
    for (name, n) in counts.iter().filter(|(n, _)| n.starts_with("live ")) {
        let expected = match &name[5..] {
            "client" | "device" | "description" | "loaded executable" | "executable" => 1,
            _ => 0,
        };
        assert_eq!(*n, expected, "{name}");
    }
    assert_eq!((Arc::strong_count(&a), counts.get("misuse")), (1, None));
    drop((exe, client));
    mock.assert_clean("at the end");
}

#[test]
fn what_is_made_keeps_its_makers_alive() {
    let mock = Mock::new("devices=2");
    let client = mock.plugin().client(&ClientOptions::new()).unwrap();
    let two = CompileOptions::new().replicas(NonZeroU32::new(2).unwrap());
    let exe = client.compile(PROGRAM, &two).unwrap();
    let lists = exe
        .devices()
        .iter()
        .map(|d| {
            let up = |a: &HostArray| Arg::Give(client.upload(a, d).unwrap());
            arguments().iter().map(up).collect()
        })
        .collect();
    let results = exe.execute_on_all(lists).unwrap();
    let ready = results[1][0].ready().unwrap();
    drop((client, exe));
    assert_eq!(mock.counts()["live client"], 1);
    assert_eq!(results[1][1].download().unwrap(), arguments()[1]);
    drop(results);
    ready.wait().unwrap();
    drop(ready);
    mock.assert_clean("at the end");
}

#[test]
fn a_shared_array_is_given_back_also_when_the_plugin_does_not_call() {
    // Telling of the end of the use is what fails.
    let mock = Mock::new("fail=9:1:13:no");
    let client = mock.plugin().client(&ClientOptions::new()).unwrap();
    let a = Arc::new(arguments()[0].clone());
    assert!(client.share(a.clone(), &client.devices()[0]).is_err());
    assert_eq!(Arc::strong_count(&a), 1);
    drop(client);
    mock.assert_clean("at the end");
}

#[test]
fn a_panic_in_a_call_back_stays_there() {
    let mock = Mock::new("");
    let client = mock.plugin().client(&ClientOptions::new()).unwrap();
    let b = client
        .upload(&arguments()[0], &client.devices()[0])
        .unwrap();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let promised = b.ready().unwrap().on_ready(Box::new(|_| panic!("here")));
    std::panic::set_hook(hook);
    assert!(promised.is_ok());
    drop((b, client));
    mock.assert_clean("at the end");
}
