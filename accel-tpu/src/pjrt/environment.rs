//! What plugins read from the environment when they are loaded, set before that where the user has not set it.

use std::path::Path;

/// Without these, plugins write to standard error. Their errors come as values anyway; to see the rest, set `TF_CPP_MIN_LOG_LEVEL=0`.
const QUIET: [(&str, &str); 3] = [
    ("TF_CPP_MIN_LOG_LEVEL", "3"),
    ("TPU_MIN_LOG_LEVEL", "3"),
    ("TPU_STDERR_LOG_LEVEL", "3"),
];

/// What libtpu must find where there is no TPU: else it asks a metadata server for minutes, and writes files of logs.
const NO_TPU: [(&str, &str); 5] = [
    ("TPU_SKIP_MDS_QUERY", "1"),
    ("TPU_ACCELERATOR_TYPE", "v5litepod-4"),
    ("TPU_WORKER_HOSTNAMES", "localhost"),
    ("TPU_WORKER_ID", "0"),
    ("TPU_LOG_DIR", "disabled"),
];

/// Prepares the environment for a plugin. Called before it is loaded, by one thread at a time.
pub(super) fn prepare(plugin: &Path) {
    set(&QUIET);
    let name = plugin.file_name().and_then(|n| n.to_str());
    let hardware = ["/dev/accel0", "/dev/vfio/0"];
    let present = hardware.iter().any(|d| Path::new(d).exists());
    if name.unwrap_or_default().contains("libtpu") && !present {
        set(&NO_TPU);
    }
}

fn set(values: &[(&str, &str)]) {
    for (name, value) in values {
        if std::env::var_os(name).is_none() {
            // SAFETY: Rust code reads the environment under a lock that this takes too; C code of other threads that reads it at this very
            // moment is the risk that every program with `setenv` takes, and plugins cannot be told otherwise. The caller holds a lock.
            unsafe { std::env::set_var(name, value) };
        }
    }
}
