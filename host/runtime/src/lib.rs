//! Memory objects, contexts and callbacks of compiled programs.
