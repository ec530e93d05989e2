//! Prints the report of some paths.
fn main() {
    let paths: Vec<_> = std::env::args().skip(1).map(Into::into).collect();
    match scenario::run(&paths, scenario::Options::default()) {
        Ok(report) => print!("{}", report.text()),
        Err(error) => println!("{error}"),
    }
}
