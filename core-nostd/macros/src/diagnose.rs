//! What is said where something is not supported in a differentiable function.

/// Why a type or path of the standard library cannot be used, and what to do instead. Names that a user's own type may well have (`Cell`,
/// `Path`) are not among them: those get the compiler's message about the missing derive.
pub(crate) fn std_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" => {
            "maps and sets cannot be used in a `#[differentiable]` function; use a Vec, or look the values up outside and pass them in"
        }
        "Box" | "Rc" | "Arc" | "RefCell" | "Mutex" | "RwLock" => {
            "smart pointers and cells cannot be used in a `#[differentiable]` function; use values, or a Vec of nodes with index links"
        }
        "String" | "str" => {
            "strings cannot be used in a `#[differentiable]` function; it computes with numbers"
        }
        "VecDeque" | "BinaryHeap" | "LinkedList" => {
            "this collection cannot be used in a `#[differentiable]` function; use a Vec"
        }
        "Instant" | "SystemTime" | "File" | "PathBuf" => {
            "input, output and clocks cannot be used in a `#[differentiable]` function; do that outside and pass the numbers in"
        }
        _ => return None,
    })
}

/// Why a macro cannot be used, and what to do instead.
pub(crate) fn user_macro(name: &str) -> String {
    match name {
        "println" | "print" | "eprintln" | "eprint" | "dbg" | "write" | "writeln" | "format" => {
            format!(
                "`{name}!` cannot be used in a `#[differentiable]` function: it computes numbers and has no input or output; return what you want to print"
            )
        }
        _ => format!(
            "`{name}!` cannot be used in a `#[differentiable]` function: the attribute cannot see what a macro expands to; call a function instead (vec!, assert!, assert_eq!, debug_assert!, panic!, unreachable!, matches! can be used)"
        ),
    }
}
