use super::server::{Site, purser};
use store::Engine;

#[test]
fn a_company_is_set_up_checked_and_backed_up_from_the_command_line() {
    let site = Site::new(Engine::Sqlite);
    let url = site.fresh.url.as_str();
    assert!(purser(url, &["user", "list"]).expect("users").contains("admin"));
    assert!(purser(url, &["apikey", "list"]).expect("keys").contains("test"));
    assert!(purser(url, &["check"]).expect("sound books").contains(", 0 broken"));
    let digest = purser(url, &["check", "--digest"]).expect("a digest");
    assert_eq!(digest.trim().len(), 64);
    assert!(purser(url, &["doctor"]).expect("a fit installation").contains("up to date"));

    let folder =
        std::path::Path::new(url.trim_start_matches("sqlite:")).parent().expect("a folder");
    let copy = folder.join("copy.db").to_string_lossy().into_owned();
    purser(url, &["backup", &copy]).expect("a backup");
    assert!(purser(url, &["backup", &copy]).expect_err("no second one").contains("exists"));
    let elsewhere = format!("sqlite:{}", folder.join("restored.db").display());
    let restored = purser(&elsewhere, &["restore", &copy]).expect("a restore");
    assert!(restored.contains("every check holds"), "{restored}");
    assert_eq!(purser(&elsewhere, &["check", "--digest"]).expect("its digest"), digest);
}

#[test]
fn what_is_not_understood_is_told_in_words() {
    let told = purser("nonsense:x", &["check"]).expect_err("no such engine");
    assert!(told.contains("sqlite:PATH"), "{told}");
    let told = purser("sqlite::memory:", &["check"]).expect_err("no company");
    assert!(told.contains("set-up token"), "{told}");
    let told = purser("sqlite::memory:", &["serve", "--listen", "0.0.0.0:1"]).expect_err("no TLS");
    assert!(told.contains("TLS"), "{told}");
}
