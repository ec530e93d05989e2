use std::time::Instant;
use store::Engine;
#[test]
fn timing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        store::testing::on_engine(engine, &catalog::SCHEMA, |db| {
            let ctx = identity::testing::ctx(db);
            let c = ctx.clone();
            db.write(move |tx| catalog::install_units(tx, &c)).unwrap();
            let n: usize = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
            let file = super::files::many(n, "1");
            for step in ["new", "same"] {
                let (c, f) = (ctx.clone(), file.clone());
                let t = Instant::now();
                db.write(move |tx| catalog::import_items(tx, &c, f.as_bytes(), false)).unwrap();
                eprintln!("{engine:?} {step} {:?}", t.elapsed());
            }
            let (c, f) = (ctx.clone(), file.replace(",1,", ",2,"));
            let t = Instant::now();
            db.write(move |tx| catalog::import_items(tx, &c, f.as_bytes(), false)).unwrap();
            eprintln!("{engine:?} change {:?}", t.elapsed());
            let c = ctx.clone();
            let t = Instant::now();
            db.read(move |tx| catalog::export_items(tx, &c)).unwrap();
            eprintln!("{engine:?} export {:?}", t.elapsed());
        });
    }
}
