//! instant-distance in a process of its own, answering rounds: see engine-process.mjs for the protocol.
//!   instant-distance-peer <folder> <dimension> <m, which it does not take> <efConstruction>
use instant_distance::{Builder, Hnsw, Point, PointId, Search};
use std::io::{BufRead, Write};
use std::time::Instant;

#[derive(Clone)]
struct Row(Box<[f32]>);

impl Point for Row {
    fn distance(&self, other: &Self) -> f32 {
        let mut lanes = [0f32; 8];
        for (a, b) in self.0.chunks_exact(8).zip(other.0.chunks_exact(8)) {
            for i in 0..8 {
                lanes[i] += a[i] * b[i];
            }
        }
        1.0 - lanes.iter().sum::<f32>()
    }
}

fn rows(path: &str, dimension: usize) -> Vec<Row> {
    let bytes = std::fs::read(path).expect(path);
    let floats: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    floats.chunks_exact(dimension).map(|row| Row(row.into())).collect()
}

/// Of the thread: the process has no other.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("processor time");
    stat.split(' ').next().and_then(|n| n.parse::<f64>().ok()).expect("a number") / 1e9
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (folder, dimension) = (&arguments[1], arguments[2].parse::<usize>().expect("dimension"));
    let ef_construction = arguments[4].parse().expect("efConstruction");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("one thread");
    let base = rows(&format!("{folder}/base.f32"), dimension);
    let (cpu, wall) = (cpu_seconds(), Instant::now());
    let (index, ids): (Hnsw<Row>, Vec<PointId>) =
        Builder::default().seed(1).ef_construction(ef_construction).ef_search(100).build_hnsw(base);
    let mut row_of = vec![0i32; ids.len()];
    for (row, id) in ids.iter().enumerate() {
        row_of[id.into_inner() as usize] = row as i32;
    }
    let about = "instant-distance 0.6.1, M 32, ef 100: its width is fixed when an index is built";
    println!(
        "ready {{\"cpu\":{},\"wall\":{},\"about\":\"{about}\",\"fixed\":true}}",
        cpu_seconds() - cpu,
        wall.elapsed().as_secs_f64()
    );
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let words: Vec<&str> = line.split(' ').collect();
        let mut queries = rows(&format!("{folder}/set{}.f32", words[1]), dimension);
        queries.truncate(words[3].parse().expect("a count"));
        let mut out = Vec::with_capacity(queries.len() * 40);
        let mut search = Search::default();
        let (cpu, wall) = (cpu_seconds(), Instant::now());
        for query in &queries {
            let mut found = [-1i32; 10];
            for (at, hit) in index.search(query, &mut search).take(10).enumerate() {
                found[at] = row_of[hit.pid.into_inner() as usize];
            }
            out.extend(found.iter().flat_map(|id| id.to_le_bytes()));
        }
        let (cpu, wall) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
        std::fs::write(words[4], out).expect(words[4]);
        println!("done {{\"cpu\":{cpu},\"wall\":{wall}}}");
        std::io::stdout().flush().expect("stdout");
    }
}
