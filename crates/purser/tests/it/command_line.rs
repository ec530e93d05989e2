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
    let told = purser("sqlite::memory:", &["bench", "w1", "--unsafe-durability"]);
    assert!(told.expect_err("no figures of unsafe work").contains("durable"));
    let told = purser("sqlite::memory:", &["serve", "--listen", "0.0.0.0:1"]).expect_err("no TLS");
    assert!(told.contains("TLS"), "{told}");
}

#[test]
fn files_are_taken_over_whole_or_not_at_all() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::new(engine);
        let url = site.fresh.url.as_str();
        let folder = std::env::temp_dir().join(format!("purser-import-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let import =
            |file: &str, more: &[&str]| purser(url, &[&["import", "items", file], more].concat());

        let good = path("good.csv");
        std::fs::write(&good, "sku,name\nTEA,Tea\nMUG,Mug\n").expect("a file");
        let broken = path("broken.csv");
        std::fs::write(&broken, "sku,name,weight_grams\nPOT,Pot,1\nCUP,Cup,heavy\n")
            .expect("a file");

        let tried = import(&good, &["--dry-run"]).expect("a trial");
        assert!(tried.contains("2 rows: 2 would be created"), "{tried}");
        let taken = import(&good, &[]).expect("a good file");
        assert!(taken.contains("2 rows: 2 created, 0 changed, 0 unchanged"), "{taken}");
        let again = import(&good, &[]).expect("the same file");
        assert!(again.contains("0 created, 0 changed, 2 unchanged"), "{again}");

        let told = import(&broken, &[]).expect_err("a broken row");
        assert!(told.contains("row 3, column weight_grams"), "{told}");
        assert!(told.contains("nothing was changed"), "{told}");
        let exported = purser(url, &["export", "items"]).expect("the items");
        assert!(exported.contains("TEA") && !exported.contains("POT"), "{exported}");

        let lists = purser(url, &["export"]).expect("the names");
        assert!(lists.contains("purchase-orders") && lists.contains("suppliers"), "{lists}");
        let lines = purser(url, &["export", "items", "--filter", "text=Tea", "--format", "jsonl"]);
        let lines = lines.expect("one item");
        assert!(lines.contains("\"sku\":\"TEA\"") && lines.lines().count() == 1, "{lines}");
        let accounts = purser(url, &["export", "accounts"]).expect("the accounts");
        assert!(accounts.starts_with("account_id,code,") && accounts.contains("Payables"));
        let told = purser(url, &["export", "nonsense"]).expect_err("no such list");
        assert!(told.contains("purchase-orders"), "{told}");
        let told = purser(url, &["export", "items", "--filter", "colour=red"]);
        assert!(told.expect_err("no such filter").contains("colour"));

        let reports = purser(url, &["report"]).expect("the names of reports");
        assert!(reports.lines().any(|name| name == "stock-aging/lines"), "{reports}");
        let card = purser(url, &["report", "stock-card", "--filter", "sku=TEA"]).expect("a card");
        assert!(card.contains("opening,") && card.contains("closing,"), "{card}");
        let told = purser(url, &["report", "nonsense"]).expect_err("no such report");
        assert!(told.contains("stock-card"), "{told}");
        let sheet = path("card.xlsx");
        let asked = ["report", "stock-card", &sheet, "--filter", "sku=TEA", "--format", "xlsx"];
        purser(url, &asked).expect("a workbook");
        assert!(std::fs::read(&sheet).expect("the workbook").starts_with(b"PK"));

        let file = path("out.csv");
        purser(url, &["export", "items", &file]).expect("a file of the items");
        let same = import(&file, &[]).expect("what was exported");
        assert!(same.contains("0 created, 0 changed, 2 unchanged"), "{same}");
        let missing = import(&path("nowhere.csv"), &[]).expect_err("no such file");
        assert!(missing.contains("nowhere.csv"), "{missing}");
        std::fs::remove_dir_all(&folder).expect("the folder goes away");
    }
}

#[test]
fn a_going_company_is_opened_from_a_folder_and_taken_back() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::new(engine);
        let url = site.fresh.url.as_str();
        let folder = std::env::temp_dir().join(format!("purser-opening-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let books = folder.join("books").to_string_lossy().into_owned();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.join("books").join(name), text).expect("a file");
        };
        let opening = |more: &[&str]| purser(url, &[&["opening"], more].concat());
        let open =
            |more: &[&str]| opening(&[&[books.as_str(), "--date", "2020-01-01"], more].concat());

        let told = opening(&[&books, "--template"]).expect("the files to fill in");
        assert!(told.contains("waiting_value"), "{told}");
        let told = open(&[]).expect_err("nothing in them yet");
        assert!(told.contains("the trial balance is missing"), "{told}");
        write("trial_balance.csv", "account,debit,credit\n1300,100.00,\n3000,,100.00\n");
        let tried = open(&["--dry-run"]).expect("a trial");
        assert!(tried.contains("trial_balance.csv: 2 rows"), "{tried}");
        assert!(tried.contains("this was a trial run"), "{tried}");

        write(
            "trial_balance.csv",
            "account,debit,credit\n1000,0.01,\n1300,100.00,\n3000,,100.01\n",
        );
        let told = open(&[]).expect_err("no such goods");
        assert!(told.contains("1000 Stock") && told.contains("off by 0.01 GBP"), "{told}");
        let opened = open(&["--book-difference"]).expect("by name");
        assert!(opened.contains("0.01 GBP stands on the opening difference"), "{opened}");
        assert!(purser(url, &["check"]).expect("sound books").contains(", 0 broken"));
        assert!(open(&[]).expect_err("only once").contains("undo that opening first"));

        let told = opening(&["--undo"]).expect_err("no reason");
        assert!(told.contains("--reason"), "{told}");
        let undone = opening(&["--undo", "--reason", "a wrong list"]).expect("taken back");
        assert!(undone.contains("2020-01-01 is undone"), "{undone}");
        assert!(purser(url, &["check"]).expect("sound books").contains(", 0 broken"));

        write("stocks.csv", "sku\n");
        let told = open(&[]).expect_err("a file of another name");
        assert!(told.contains("stocks.csv") && told.contains("trial_balance"), "{told}");
        std::fs::remove_dir_all(&folder).expect("the folder goes away");
    }
}

#[test]
fn a_sign_in_link_from_the_command_line_signs_in_once() {
    let site = Site::new(Engine::Sqlite);
    let server = site.start();
    let link = ["user", "sign-in-link", "--login", "Admin", "--at", "https://purser.example/"];
    let printed = purser(&site.fresh.url, &link).expect("a link");
    let (page, token) = printed.trim().split_once("#link=").expect("a token behind the page");
    assert_eq!(page, "https://purser.example/sign-in");
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let sign_in = || {
        let request =
            agent.post(format!("{}/session/link", server.base)).header("x-purser", "desk");
        request
            .send_json(serde_json::json!({ "token": token }))
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!((sign_in(), sign_in()), (200, 401));
    let nobody = ["user", "sign-in-link", "--login", "nobody"];
    let refused = purser(&site.fresh.url, &nobody).expect_err("nobody has no link");
    assert!(refused.contains("there is no user nobody"), "{refused}");
    server.kill();
}

#[test]
fn files_are_attached_listed_and_written_and_papers_are_printed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::new(engine);
        let url = site.fresh.url.as_str();
        let server = site.start();
        server.client().furnish();
        drop(server);
        let folder =
            std::env::temp_dir().join(format!("purser-files-{}-{engine:?}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        std::fs::write(path("proof.pdf"), b"%PDF-1.7 a proof").expect("a file");
        let attach = |to: &str| {
            let file = path("proof.pdf");
            purser(url, &["attach", &file, "--to", "item", to, "--type", "data-sheet"])
        };
        let told = attach("A").expect("attached");
        assert!(told.contains("version 1: application/pdf of 16 bytes"), "{told}");
        assert!(attach("A").expect("attached").contains("attached before"));
        assert!(attach("Z").expect_err("no such item").contains("there is no item Z"));
        let told = purser(url, &["documents", "--of", "item", "A"]).expect("a list");
        assert!(told.contains("proof.pdf") && told.contains("1 documents"), "{told}");
        let id = told.split_whitespace().next().expect("an id").to_owned();
        purser(url, &["document", "get", &id, &path("back.pdf")]).expect("a file");
        assert_eq!(std::fs::read(path("back.pdf")).expect("the file"), b"%PDF-1.7 a proof");
        let told = purser(url, &["document", "detach", &id, "--reason", "of another item"]);
        assert!(told.expect("detached").contains("is detached"));
        assert!(purser(url, &["documents"]).expect("a list").contains("0 documents"));
        assert!(purser(url, &["documents", "--all"]).expect("a list").contains("detached"));
        for (paper, name) in [("item-label", "A"), ("place-label", "WH/Stock")] {
            let file = path(paper);
            purser(url, &["print", paper, name, &file, "--copies", "2"]).expect("a paper");
            assert!(std::fs::read(&file).expect("the paper").starts_with(b"%PDF-1.7"));
        }
        let told = purser(url, &["print", "purchase-order", "PO-9", &path("none")]);
        assert!(told.expect_err("no such order").contains("PO-9"));
        assert!(purser(url, &["check"]).expect("sound books").contains(", 0 broken"));
        std::fs::remove_dir_all(&folder).expect("the folder goes away");
    }
}

#[test]
fn rules_of_approval_and_what_waits_are_handled_from_the_command_line() {
    let site = Site::new(Engine::Sqlite);
    let url = site.fresh.url.as_str();
    let kinds = purser(url, &["approvals", "kinds"]).expect("kinds");
    assert!(kinds.contains("purchase_order (purchasing.approve)"), "{kinds}");
    assert!(kinds.contains("price_over_offer_percent (above)"), "{kinds}");
    let folder = std::env::temp_dir().join(format!("purser-rules-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("rule.json").to_string_lossy().into_owned();
    let rule = |text: &str| std::fs::write(&file, text).expect("a file");
    rule(
        r#"{"kind": "purchase_order", "code": "R1", "people": 2,
        "conditions": [{"fact": "exception", "is": ["no_offer"]}]}"#,
    );
    assert!(purser(url, &["approvals", "set-rule", &file]).expect("a rule").contains("revision 1"));
    rule(
        r#"{"kind": "purchase_order", "code": "R1",
        "conditions": [{"fact": "price_over_offer_percent", "above": 10}]}"#,
    );
    assert!(purser(url, &["approvals", "set-rule", &file]).expect("a rule").contains("revision 2"));
    let rules = purser(url, &["approvals", "rules"]).expect("rules");
    let told = "purchase_order R1: price_over_offer_percent above 10: 1 with purchasing.approve";
    assert_eq!(rules.trim(), told);
    rule(r#"{"kind": "purchase_order", "code": "R2", "conditions": [{"fact": "weather"}]}"#);
    let wrong = purser(url, &["approvals", "set-rule", &file]).expect_err("no such fact");
    assert!(wrong.contains("it has: supplier"), "{wrong}");
    let retired = purser(url, &["approvals", "retire-rule", "purchase_order", "R1"]);
    assert!(retired.expect("retired").contains("asks no longer"));
    let none = purser(url, &["approvals", "list"]).expect("a list");
    assert!(none.contains("0 approvals wait"), "{none}");
    let none = purser(url, &["approvals", "escalate"]).expect("nothing is due");
    assert!(none.contains("nothing has waited too long"), "{none}");
    let unknown = purser(
        url,
        &["approvals", "delegate", "--from", "admin", "--to", "nobody", "--until", "9999-01-01"],
    );
    assert!(unknown.expect_err("no such day or user").contains("cannot be"));
    let report =
        purser(url, &["report", "segregation-of-duties", "-", "--filter", "rule=bank_pay"]);
    assert!(report.expect("a report").contains("changes bank details and pays"));
}

#[test]
fn a_delivery_is_scanned_from_a_file_and_what_nobody_ordered_waits() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::new(engine);
        let url = site.fresh.url.as_str();
        let server = site.start();
        server.client().furnish();
        drop(server);
        let folder =
            std::env::temp_dir().join(format!("purser-blind-{}-{engine:?}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        std::fs::write(path("suppliers.csv"), "code,name,country\nACME,Acme,GB\n").expect("a file");
        purser(url, &["import", "suppliers", &path("suppliers.csv")]).expect("a supplier");

        let opened = purser(url, &["blind", "open", "ACME", "--delivery-note", "7"]).expect("open");
        let id = opened.split(['(', ')']).nth(1).expect("an id").to_owned();
        std::fs::write(path("bad.csv"), "code,quantity\nA,three\n").expect("a file");
        let scan = |file: &str| {
            purser(url, &["blind", "scan", &id, &path(file), "--client-ref", "gate 1"])
        };
        assert!(scan("bad.csv").expect_err("no number").contains("quantity"));
        let rows = "code,quantity,damaged,description\nA,3,,\n9999,1,yes,a blue box\n";
        std::fs::write(path("scans.csv"), rows).expect("a file");
        let told = scan("scans.csv").expect("scanned");
        assert!(told.contains("2 scans") && told.contains("--seq 2"), "{told}");
        assert!(scan("scans.csv").expect("scanned once").contains("--seq 2"));
        let told = purser(url, &["blind", "match", &id]).expect("a match");
        assert!(told.contains("3 A: not_ordered"), "{told}");
        assert!(told.contains("1 a blue box: item_unknown"), "{told}");
        let fingerprint = told.split_whitespace().skip_while(|word| *word != "--fingerprint");
        let fingerprint = fingerprint.clone().nth(1).expect("a fingerprint");
        let book = |seq: &str, fingerprint: &str| {
            let seen = ["--seq", seq, "--fingerprint", fingerprint];
            purser(url, &[&["blind", "book", &id][..], &seen].concat())
        };
        for stale in [book("1", fingerprint), book("2", "0")] {
            assert!(stale.expect_err("changed since").contains("look at the match again"));
        }
        let told = book("2", fingerprint).expect("booked");
        assert!(told.contains("UG-000001, UG-000002"), "{told}");
        let again = purser(url, &["blind", "cancel", &id, "--reason", "late"]);
        assert!(again.expect_err("booked").contains("is booked"));
        assert!(purser(url, &["check"]).expect("sound books").contains(", 0 broken"));
        std::fs::remove_dir_all(&folder).expect("the folder goes away");
    }
}

#[test]
fn a_second_factor_is_reset_from_the_command_line_with_a_reason() {
    let site = Site::new(Engine::Sqlite);
    let url = site.fresh.url.as_str();
    let reset = ["user", "reset-second-factor", "--login", "Admin", "--reason", "lost the phone"];
    let told = purser(url, &reset).expect_err("there is none");
    assert!(told.contains("nothing to reset"), "{told}");

    let database = &site.fresh.database;
    let now = base::Timestamp::from_micros(1_767_603_600_000_000);
    let (secret, codes) = (identity::TotpSecret::random(), identity::RecoveryCodes::random());
    let session = identity::Secret::random();
    let (digest, token) = (session.digest(), session.reveal());
    let set_up: Result<(), store::StoreError> = database.write(move |tx| {
        let company = identity::companies(tx)?.remove(0).company_id;
        let user = identity::find_member(tx, company, "admin")?.expect("an administrator");
        let started = identity::start_session(tx, company, user, &digest, now, "test");
        started.expect("a session");
        let caller = identity::find_any_session(tx, &token, now, "test").expect("a caller");
        let proof = identity::Proof::FreshSession;
        identity::begin_second_factor(tx, &caller, proof, &secret).expect("begun");
        let code = secret.code_at(now);
        identity::confirm_second_factor(tx, &caller, &code, &codes).expect("on");
        Ok(())
    });
    set_up.expect("a second factor");
    assert!(purser(url, &["user", "list"]).expect("users").contains("second factor"));
    let done = purser(url, &reset).expect("reset");
    assert!(done.contains("password alone"), "{done}");
    assert!(!purser(url, &["user", "list"]).expect("users").contains("second factor"));
    let trail = purser(url, &["export", "audit", "--filter", "verb=identity.reset_second_factor"]);
    assert!(trail.expect("the trail").contains("lost the phone"));
    assert!(purser(url, &["check"]).expect("sound books").contains(", 0 broken"));
}
