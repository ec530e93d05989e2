//! tmp
fn main() {
    for schema in demo::SCHEMA.in_order() {
        for s in schema.statements {
            println!(
                "--- {}\nexplain query plan {};",
                s.name,
                s.rendered(store::Engine::Sqlite).sql
            );
        }
    }
}
