//! Has the binary built again when the web UI was.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
