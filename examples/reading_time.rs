//! Shows how the time for reading grows with the length of a text: for every kind, its longest sample repeated to 1, 2, 4, 8 and 10 MB.
//!
//! ```text
//! cargo run --release --example reading_time            all kinds
//! cargo run --release --example reading_time dig ping   those
//! kind              1 MB    2 MB    4 MB    8 MB   10 MB   MB/s  exponent  varied
//! dig              0.021   0.042   0.085   0.170   0.212   47.2      1.00    1.01
//! ```
//!
//! The exponent is the slope of time over length, both as logarithms: 1 is linear. Above 1.2 the program fails. `varied` is the same for a
//! text of up to 4 MB in which every repetition has other names and long numbers: what is compared with all that was told before shows there.

use std::path::Path;
use std::time::Instant;
use std::{env, fs, process};

use hopwise::read::read;

const MEGABYTES: [usize; 5] = [1, 2, 4, 8, 10];
const VARIED: [usize; 3] = [1, 2, 4];
/// A quadratic reader would need hours: what takes longer than this is not measured any further, seconds.
const PATIENCE: f64 = 20.0;
/// Some growth is the cache's and the allocator's.
const LINEAR: f64 = 1.2;

fn main() {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut kinds: Vec<_> = fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    kinds.sort();
    println!("{:16} {}   MB/s  exponent  varied", "kind", MEGABYTES.map(|size| format!("{size:4} MB")).join(" "));
    let mut crooked = Vec::new();
    for folder in kinds {
        let kind = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(sample) = longest(&folder).filter(|_| wanted.is_empty() || wanted.contains(&kind)) else { continue };
        let times = measure(&MEGABYTES, |size| sample.repeat(size / sample.len().max(1) + 1));
        let varied = measure(&VARIED, |size| {
            let mut text = String::new();
            (0..).map_while(|round| (text.len() < size).then(|| text.push_str(&vary(&sample, round)))).for_each(drop);
            text
        });
        let shown: Vec<String> = times.iter().map(|(_, seconds)| format!("{seconds:7.3}")).collect();
        let (exponent, of_varied) = (slope(&times), slope(&varied));
        let speed = times.last().map_or(0.0, |(size, seconds)| *size as f64 / seconds);
        println!("{kind:16} {:39} {speed:6.1} {exponent:9.2} {of_varied:7.2}", shown.join(" "));
        let unfinished = times.len() < MEGABYTES.len() || varied.len() < VARIED.len();
        if exponent > LINEAR || of_varied > LINEAR || unfinished {
            crooked.push(kind);
        }
    }
    if !crooked.is_empty() {
        println!("not linear: {}", crooked.join(", "));
        process::exit(1);
    }
}

/// The longest sample, without its prompt: a text of one command.
fn longest(folder: &Path) -> Option<String> {
    let texts = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let samples = texts.filter(|path| path.extension().is_some_and(|end| end == "txt"));
    let sample = samples.filter_map(|path| fs::read_to_string(path).ok()).max_by_key(String::len)?;
    let body =
        sample.strip_prefix("$ ").and_then(|rest| rest.split_once('\n')).map_or(sample.as_str(), |(_, body)| body);
    Some(format!("{}\n", body.trim_end()))
}

/// The sample with other names and other numbers of five digits and more.
fn vary(sample: &str, round: usize) -> String {
    let mut varied = String::new();
    let mut rest = sample;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, found) = rest.split_at(at);
        let end = found.find(|c: char| !c.is_ascii_digit()).unwrap_or(found.len());
        let (digits, after) = found.split_at(end);
        varied.push_str(before);
        match digits.parse::<usize>().ok().filter(|_| (5..12).contains(&digits.len())) {
            Some(number) => varied.push_str(&format!("{:0end$}", (number + round * 7919) % 10_usize.pow(end as u32))),
            None => varied.push_str(digits),
        }
        rest = after;
    }
    varied.push_str(rest);
    [".example", ".internal", ".test"].iter().fold(varied, |text, end| text.replace(end, &format!("{round}{end}")))
}

/// Megabytes and seconds, the better of two runs.
fn measure(sizes: &[usize], text: impl Fn(usize) -> String) -> Vec<(usize, f64)> {
    let mut times = Vec::new();
    for size in sizes.iter().copied() {
        let text = text(size * 1_000_000);
        let run = || {
            let began = Instant::now();
            std::hint::black_box(read(&text, None, None));
            began.elapsed().as_secs_f64()
        };
        let first = run();
        if first > PATIENCE {
            break;
        }
        times.push((size, first.min(run())));
    }
    times
}

/// The least-squares slope of the logarithms.
fn slope(times: &[(usize, f64)]) -> f64 {
    let points: Vec<(f64, f64)> = times.iter().map(|(size, seconds)| ((*size as f64).ln(), seconds.ln())).collect();
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let (over, under) = points.iter().fold((0.0, 0.0), |(over, under), point| {
        (over + (point.0 - x) * (point.1 - y), under + (point.0 - x) * (point.0 - x))
    });
    over / under
}
