//! The list of facts against what the sources of all crates state.

use super::world::story;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use webhooks::{FACTS, FactFilter};

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let (folders, files): (Vec<_>, Vec<_>) =
        entries.map(|entry| entry.path()).partition(|path| path.is_dir());
    let own = files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    own.chain(folders.iter().flat_map(|folder| rust_files(folder))).collect()
}

/// The words of a crate that could name its facts, and the permissions among them.
fn words_of(name: &str, folder: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut words, mut permissions) = (BTreeSet::new(), BTreeSet::new());
    for file in rust_files(&folder.join("src")) {
        if file.ends_with("webhooks/src/facts.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let mut before = "";
        for (at, part) in text.split('"').enumerate() {
            let word = part.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
            let is_name = |word: &str| {
                !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')
            };
            if at % 2 == 1 && word.is_some_and(is_name) {
                let permission = before.trim_end().ends_with("Permission(");
                let of = if permission { &mut permissions } else { &mut words };
                of.insert(part.to_owned());
            }
            before = part;
        }
    }
    (words, permissions)
}

#[test]
fn every_fact_that_is_stated_is_listed_and_no_other() {
    assert!(FACTS.is_sorted());
    let listed: BTreeSet<String> = FACTS.iter().map(|&fact| fact.to_owned()).collect();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut could_be, mut is) = (BTreeSet::new(), BTreeSet::new());
    for entry in fs::read_dir(crates).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let (words, permissions) = words_of(&name, &folder);
        is.extend(words.difference(&permissions).cloned());
        could_be.extend(words);
    }
    is.remove("purser.db");
    assert!(is.len() > 100, "the sources were read: {}", is.len());
    let missing: Vec<_> = is.difference(&listed).collect();
    assert!(missing.is_empty(), "stated, and not in webhooks::FACTS: {missing:?}");
    let nobodys: Vec<_> = listed.difference(&could_be).collect();
    assert!(nobodys.is_empty(), "in webhooks::FACTS, and stated nowhere: {nobodys:?}");
}

#[test]
fn the_manual_lists_every_fact() {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/WEBHOOKS.md");
    let manual = fs::read_to_string(manual).unwrap();
    let listed = manual.split("\n## The facts\n").nth(1).unwrap();
    for fact in FACTS {
        let (area, word) = fact.split_once('.').unwrap();
        let row = listed.lines().find(|line| line.starts_with(&format!("| `{area}.*` |")));
        let row = row.unwrap_or_else(|| panic!("docs/WEBHOOKS.md has no facts of {area}"));
        assert!(row.contains(&format!("`{word}`")), "docs/WEBHOOKS.md lacks {fact}");
    }
}

#[test]
fn facts_are_listed_by_pattern() {
    story(|world| {
        let named = |pattern: &str| {
            let filter = FactFilter { pattern: Some(pattern.to_owned()) };
            let page = world.look(move |tx, ctx| webhooks::list_facts(tx, ctx, filter.clone()));
            page.lines.into_iter().map(|row| (row.fact, row.area)).collect::<Vec<_>>()
        };
        assert_eq!(named("sales.shipped"), [("sales.shipped".to_owned(), "sales.*".to_owned())]);
        assert!(named("sales.*").iter().all(|(fact, _)| fact.starts_with("sales.")));
        assert_eq!(named("*").len(), FACTS.len());
    });
}
