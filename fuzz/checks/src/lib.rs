//! What must hold for every input, one function a fuzz target.
//!
//! The targets in `fuzz/fuzz_targets` hand them what libFuzzer makes up; this crate's own tests
//! hand them `fuzz/regressions`, the inputs that once broke something and those worth starting from.
//! A check that does not hold panics.

pub mod evaluate;
pub mod event;
pub mod load;
pub mod views;
