//! Times of things that are measured in turns.

use std::time::Instant;

/// The median of each work's times in microseconds, over so many rounds in which each has its turn.
/// A round before them is not counted.
pub fn in_turns(rounds: usize, works: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut times = vec![Vec::with_capacity(rounds); works.len()];
    for round in 0..=rounds {
        for (work, times) in works.iter_mut().zip(&mut times) {
            let begun = Instant::now();
            work();
            let time = begun.elapsed().as_secs_f64() * 1e6;
            if round > 0 {
                times.push(time);
            }
        }
    }
    times.into_iter().map(median).collect()
}

/// The shortest of so many times in microseconds: what the work takes when nothing is in its way.
pub fn shortest(runs: usize, mut work: impl FnMut()) -> f64 {
    let run = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64() * 1e6
    };
    (0..runs).map(run).fold(f64::INFINITY, f64::min)
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A time with as many digits as can be meant.
pub fn shown(micros: f64) -> String {
    match micros {
        ..10.0 => format!("{micros:.2}"),
        ..100.0 => format!("{micros:.1}"),
        _ => format!("{micros:.0}"),
    }
}
