//! `cotangent plugin`: installs and lists XLA's plugins.

use crate::report::{self, Result};
use cotangent_xla::pjrt::{Error, Plugin};
use cotangent_xla::plugins::{
    self, Found, Home, Kind, PACKAGES, Package, Phase, Progress, Request, Source,
};
use indicatif::{ProgressBar, ProgressStyle};

/// Install and list the plugins that run programs on CPUs, TPUs and GPUs through XLA.
#[derive(clap::Args)]
#[command(after_help = "\
A plugin is looked for in this order: the variable COTANGENT_XLA_PLUGIN (a path, or cpu=path;tpu=path), the file plugins.conf in the folder of
plugins (lines like `cpu = path`), what `cotangent plugin install` installed last.

Examples:
  cotangent plugin install cpu
  cotangent plugin install cpu --package xla-cpu-pjrt   another package; `plugin list` names them
  cotangent plugin install tpu --version 0.0.51         another version, not checked against a checksum of ours
  cotangent plugin list")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Install(Install),
    /// Say which plugins there are, where they were found, and which versions of PJRT and StableHLO they speak.
    List,
}

/// Download a plugin with pip, check it against its checksum, and unpack it into a folder of yours.
///
/// The folder is that of the variable COTANGENT_HOME, or `cotangent` in the system's folder for data of a user.
#[derive(clap::Args)]
// `--version` is that of the package here.
#[command(disable_version_flag = true)]
struct Install {
    /// What for: cpu, tpu or cuda.
    kind: Kind,
    /// The package, where there are several; `plugin list` names them.
    #[arg(long)]
    package: Option<String>,
    /// Another version than the one that this release was tried with.
    #[arg(long)]
    version: Option<String>,
    /// The SHA-256 of that version's file; without, it is not checked.
    #[arg(long, requires = "version")]
    sha256: Option<String>,
}

/// An error of a plugin, with what to do.
pub fn failed(e: &Error) -> miette::Report {
    report::plain(e.to_string(), e.help())
}

pub fn run(args: &Args) -> Result<()> {
    match &args.command {
        Command::Install(args) => install(args),
        Command::List => list(),
    }
}

fn install(args: &Install) -> Result<()> {
    let Some(home) = Home::of_user() else {
        return Err(report::plain(
            "there is no folder to install into",
            Some("set HOME or COTANGENT_HOME".into()),
        ));
    };
    let mut request = Request::new(args.kind, args.package.as_deref()).map_err(|e| failed(&e))?;
    if let Some(version) = &args.version {
        request = request.version(version, args.sha256.as_deref());
    }
    let bar = ProgressBar::no_length();
    let style = |template: &str| {
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
    };
    bar.set_style(style("{bar:40} {bytes}/{total_bytes} {msg}"));
    let mut show = |p: Progress| {
        bar.set_message(match p.phase {
            Phase::Waiting => "waiting for another installation",
            Phase::Downloading => "downloading",
            Phase::Unpacking => "unpacking",
        });
        if p.total > 0 {
            bar.set_length(p.total);
        }
        bar.set_position(p.done);
    };
    let done = plugins::install(&request, &home, &mut show);
    bar.finish_and_clear();
    let done = done.map_err(|e| failed(&e))?;
    let plugin = Plugin::load(&done.library).map_err(|e| failed(&e))?;
    println!("{} is installed: {}", done.package, versions(&plugin));
    println!("{}", done.library.display());
    Ok(())
}

/// Versions of the interface and of StableHLO.
fn versions(plugin: &Plugin) -> String {
    let (major, minor) = plugin.api_version();
    let dotted = |v: Option<Vec<i64>>| {
        let parts = v?.iter().map(i64::to_string).collect::<Vec<_>>();
        Some(parts.join("."))
    };
    match plugin.stablehlo_versions() {
        Ok((newest, oldest)) => match (dotted(newest), dotted(oldest)) {
            (Some(newest), Some(oldest)) => {
                format!("PJRT {major}.{minor}, StableHLO {oldest} to {newest}")
            }
            _ => format!("PJRT {major}.{minor}"),
        },
        Err(e) => format!("PJRT {major}.{minor}, {e}"),
    }
}

fn list() -> Result<()> {
    let installed = Home::of_user().map_or_else(Vec::new, |home| plugins::installed(&home));
    for kind in Kind::ALL {
        let found = match plugins::find_anywhere(kind, None) {
            Ok(found) => Some(found),
            Err(Error::NoPlugin { .. }) => None,
            Err(e) => return Err(failed(&e)),
        };
        match &found {
            Some(found) => show(found),
            None => println!("{kind:5} no plugin"),
        }
        let there = |name: &str| {
            let used =
                matches!(&found, Some(Found { source: Source::Installed(n), .. }) if n == name);
            used || installed.iter().any(|i| i.package == name)
        };
        for i in installed.iter().filter(|i| i.kind == kind) {
            if found.as_ref().is_none_or(|f| f.path != i.library) {
                println!("      also installed: {}", i.package);
            }
        }
        for p in PACKAGES.iter().filter(|p| p.kind == kind) {
            let name = format!("{} {}", p.wheel.name, p.wheel.version);
            if !there(&name) {
                println!(
                    "      can be installed: {name}, {} MB: {}",
                    p.bytes() / 1_000_000,
                    p.about
                );
                let preferred = Package::find(kind, None) == Some(p);
                let choice = if preferred {
                    String::new()
                } else {
                    format!(" --package {}", p.wheel.name)
                };
                println!("        cotangent plugin install {kind}{choice}");
            }
        }
    }
    Ok(())
}

fn show(found: &Found) {
    let kind = found.kind;
    match Plugin::load(&found.path) {
        Ok(plugin) => println!("{kind:5} {}: {}", found.source, versions(&plugin)),
        Err(e) => println!("{kind:5} {}: {e}", found.source),
    }
    println!("      {}", found.path.display());
}
