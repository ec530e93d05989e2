//! The real files, read whole: the figures that the demo promises.

#[path = "it/reading.rs"]
mod reading;

#[path = "it/planning.rs"]
mod planning;

#[path = "it/replaying.rs"]
mod replaying;

use std::sync::LazyLock;

use base::Day;
use demo::{Class, Data, Matches, Trade, World};

/// Everything, read once for all tests.
struct Real {
    data: Data,
    classes: Vec<Class>,
    matches: Matches,
    trade: Trade,
    world: World,
}

static REAL: LazyLock<Real> = LazyLock::new(|| {
    let folder = demo::data_folder(None).expect("the data is beside the sources");
    let data = Data::read(&folder).expect("the files are sound");
    let classes = demo::classify_lines(&data);
    let matches = demo::match_adjustments(&data);
    let trade = Trade::of(&data, &classes, &matches);
    let world = World::plan(&data, &classes, &trade, demo::SEED, day("2010-12-01"))
        .expect("the world can be planned");
    Real { data, classes, matches, trade, world }
});

fn day(text: &str) -> Day {
    Day::parse(text).expect("a literal day")
}
