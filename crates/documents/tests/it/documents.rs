use super::world::{attach, bytes, list, note, order, show, story, write};
use base::{Day, DocumentId, Id, UserId};
use documents::{
    Attach, AttachError, Detach, DetachError, DocumentFilter, DocumentSort, DocumentType,
    EvidenceError, File, Record,
};

const PDF: &[u8] = b"%PDF-1.7 a delivery note";
const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photo";

#[test]
fn a_file_is_kept_once_however_often_it_is_attached() {
    story(|database, ctx| {
        let first = attach(database, ctx, &order(1), note("dn.pdf"), PDF).unwrap();
        assert_eq!((first.version, first.repeated), (1, false));
        assert_eq!(first.media_type, "application/pdf");
        let again = attach(database, ctx, &order(1), note("copy.pdf"), PDF).unwrap();
        assert_eq!((again.document_id, again.repeated), (first.document_id, true));
        // With another day to expire it is another document.
        let expires_on = Some(Day::of(2026, 12, 31).unwrap());
        let dated = Attach { expires_on, ..note("dn.pdf") };
        let dated = attach(database, ctx, &order(1), dated, PDF).unwrap();
        assert_ne!(dated.document_id, first.document_id);
        let other = attach(database, ctx, &order(2), note("dn.pdf"), PDF).unwrap();
        assert_ne!(other.document_id, first.document_id);
        assert_eq!(other.sha256, first.sha256);
        let content = bytes(database, ctx, other.document_id);
        assert_eq!((content.bytes.as_slice(), content.name.as_str()), (PDF, "dn.pdf"));
        let row = show(database, ctx, first.document_id);
        assert_eq!((row.record.as_str(), row.size), ("PO-000001", 24));
        assert!(row.current && row.replaces.is_none() && row.uploaded_by.starts_with("tester-"));
    });
}

#[test]
fn a_version_replaces_the_latest_and_comes_back_when_that_is_detached() {
    story(|database, ctx| {
        let first = attach(database, ctx, &order(1), note("a.pdf"), PDF).unwrap().document_id;
        let next = |replaces, text: &str| {
            let request = Attach { replaces: Some(replaces), ..note("b.txt") };
            attach(database, ctx, &order(1), request, text.as_bytes())
        };
        let second = next(first, "two").unwrap();
        assert_eq!(second.version, 2);
        assert!(!show(database, ctx, first).current);
        let late = next(first, "three").unwrap_err();
        let expected = AttachError::NotLatest { document_id: first, version: 1, latest: 2 };
        assert_eq!(late, expected);
        let elsewhere = Attach { replaces: Some(second.document_id), ..note("c.txt") };
        let elsewhere = attach(database, ctx, &order(2), elsewhere, b"x").unwrap_err();
        assert_eq!(elsewhere, AttachError::NotFound(second.document_id));

        let detach = |document_id: DocumentId, reason: &'static str| {
            write(database, ctx, move |tx, ctx| {
                documents::detach(tx, ctx, &Detach { document_id, reason: reason.to_owned() })
            })
        };
        assert!(matches!(detach(second.document_id, " ").unwrap_err(), DetachError::Text(_)));
        detach(second.document_id, "the wrong file").unwrap();
        let again = detach(second.document_id, "once more").unwrap_err();
        assert_eq!(again, DetachError::Detached(second.document_id));
        assert!(show(database, ctx, first).current);
        let row = show(database, ctx, second.document_id);
        assert_eq!((row.current, row.detach_reason.as_str()), (false, "the wrong file"));
        assert!(row.detached_by.starts_with("tester-") && row.detached_at.is_some());
        assert_eq!(bytes(database, ctx, second.document_id).bytes, b"two");
        assert!(matches!(
            next(second.document_id, "four").unwrap_err(),
            AttachError::Detached(id) if id == second.document_id
        ));
        let third = next(first, "three").unwrap();
        assert_eq!(third.version, 3);
        let row = show(database, ctx, third.document_id);
        assert_eq!(row.replaces, Some(second.document_id));
    });
}

#[test]
fn lists_filter_sort_and_page() {
    story(|database, ctx| {
        let day = |text: &str| Some(Day::parse(text).unwrap());
        let certificate = |name: &str, expires_on| Attach {
            document_type: DocumentType::Certificate,
            expires_on,
            ..note(name)
        };
        attach(database, ctx, &order(1), certificate("b", day("2026-03-01")), b"1").unwrap();
        attach(database, ctx, &order(1), certificate("c", day("2026-02-01")), b"2").unwrap();
        attach(database, ctx, &order(2), note("a"), PHOTO).unwrap();
        let hidden = documents::Record { kind: "bill".to_owned(), id: 1, name: "B-1".to_owned() };
        attach(database, ctx, &hidden, note("d"), b"4").unwrap();
        let names = |filter: DocumentFilter| {
            let rows = list(database, ctx, DocumentFilter { limit: Some(1), ..filter });
            rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        let all = DocumentFilter::default;
        assert_eq!(names(DocumentFilter { sort: DocumentSort::Name, ..all() }), ["a", "b", "c"]);
        assert_eq!(names(DocumentFilter { sort: DocumentSort::Expiry, ..all() }), ["c", "b", "a"]);
        assert_eq!(names(all()).len(), 3);
        let before = DocumentFilter { expires_before: day("2026-03-01"), ..all() };
        assert_eq!(names(before), ["c"]);
        let kind = Some("purchase_order".to_owned());
        let one = |id: &str| DocumentFilter {
            record_kind: kind.clone(),
            record_id: Some(id.to_owned()),
            sort: DocumentSort::Name,
            ..all()
        };
        assert_eq!(names(one("1")), ["b", "c"]);
        assert_eq!(names(one("x")), Vec::<String>::new());
        let typed = DocumentFilter { document_type: Some(DocumentType::DeliveryNote), ..all() };
        assert_eq!(names(typed), ["a"]);
        let nobody = DocumentFilter { uploaded_by: Some("nobody".to_owned()), ..all() };
        assert_eq!(names(nobody), Vec::<String>::new());
        assert_eq!(names(DocumentFilter { current: Some(false), ..all() }), Vec::<String>::new());
        assert_eq!(names(DocumentFilter { current: Some(true), ..all() }).len(), 3);
    });
}

#[test]
fn what_is_wrong_with_a_file_is_said_and_nothing_is_kept() {
    story(|database, ctx| {
        let refuse = |request: Attach, content: &[u8]| {
            attach(database, ctx, &order(1), request, content).unwrap_err()
        };
        assert_eq!(refuse(note("a"), b""), AttachError::Empty);
        assert_eq!(refuse(note("a"), b"MZ\x90\0"), AttachError::UnknownMedia);
        assert_eq!(refuse(note("../a"), b"x"), AttachError::Folder("../a".to_owned()));
        assert!(matches!(refuse(note(" "), b"x"), AttachError::Text(_)));
        let missing = DocumentId::from_raw(7);
        let replaces = Attach { replaces: Some(missing), ..note("a") };
        assert_eq!(refuse(replaces, b"x"), AttachError::NotFound(missing));
        write(database, ctx, |tx, ctx| identity::set_policy(tx, ctx, "document_limit_mib", "1"))
            .unwrap();
        let large = vec![b'x'; (1 << 20) + 1];
        let expected = AttachError::TooLarge { size: (1 << 20) + 1, limit: 1 << 20 };
        assert_eq!(refuse(note("a"), &large), expected);
        let claimed = write(database, ctx, |tx, ctx| {
            let file = File { content: PDF, claimed: "image/png" };
            documents::attach(tx, ctx, &order(1), &note("a"), file)
        });
        let found = "application/pdf";
        let claimed_png = AttachError::MediaDiffers { claimed: "image/png".to_owned(), found };
        assert_eq!(claimed.unwrap_err(), claimed_png);
        assert_eq!(list(database, ctx, DocumentFilter::default()).len(), 0);
        let reader =
            identity::testing::holding(ctx, UserId::from_raw(9), &["documents.read"], None);
        let denied = attach(database, &reader, &order(1), note("a"), b"x").unwrap_err();
        assert!(matches!(denied, AttachError::Denied(_)));
        let denied = write(database, &reader, |tx, ctx| {
            let document_id = DocumentId::from_raw(7);
            documents::detach(tx, ctx, &Detach { document_id, reason: "x".to_owned() })
        });
        assert!(matches!(denied.unwrap_err(), DetachError::Denied(_)));
    });
}

#[test]
fn what_is_named_as_evidence_stays_attached() {
    story(|database, ctx| {
        let at = |id: i64, name: &str| {
            let content = format!("photo {name}").into_bytes();
            attach(database, ctx, &order(id), note(name), &content).unwrap().document_id
        };
        let (wet, torn, other) = (at(1, "wet"), at(1, "torn"), at(1, "other"));
        let find = |ids: Vec<DocumentId>, kinds: &'static [&'static str]| {
            write(database, ctx, move |tx, ctx| {
                documents::find_evidence(tx, ctx, ids.clone(), kinds)
            })
        };
        let names = find(vec![torn, wet], &["purchase_order"]).unwrap();
        assert_eq!(names.into_values().collect::<Vec<_>>(), ["wet", "torn"]);
        assert_eq!(find(Vec::new(), &[]).unwrap().len(), 0);
        let document_id = DocumentId::from_raw(7);
        let nobody = EvidenceError::NotFound { document_id };
        assert_eq!(find(vec![document_id], &["purchase_order"]), Err(nobody));
        let of_item = find(vec![wet], &["item"]).unwrap_err();
        assert!(matches!(of_item, EvidenceError::OtherRecord { .. }), "{of_item:?}");

        let receipt = Record { kind: "receipt".to_owned(), id: 3, name: "RC-3".to_owned() };
        let named = receipt.clone();
        // A document that is named twice on a line is its evidence once.
        write(database, ctx, move |tx, ctx| {
            let (first, second) = ([wet, torn, wet], [wet]);
            documents::name_evidence(tx, ctx, [(&named, 1, &first[..]), (&named, 2, &second[..])])
        })
        .unwrap();
        let told =
            write(database, ctx, move |tx, ctx| documents::evidence_of(tx, ctx, &receipt)).unwrap();
        let told: Vec<_> = told.into_iter().map(|row| (row.line, row.name)).collect();
        let line = |line: i64, name: &str| (line, name.to_owned());
        assert_eq!(told, [line(1, "wet"), line(1, "torn"), line(2, "wet")]);

        let detach = |document_id: DocumentId| {
            let request = Detach { document_id, reason: "of another order".to_owned() };
            write(database, ctx, move |tx, ctx| documents::detach(tx, ctx, &request))
        };
        let refused = DetachError::IsEvidence { document_id: wet, record: "RC-3".into(), line: 1 };
        assert_eq!(detach(wet).unwrap_err(), refused);
        detach(other).unwrap();
        let gone = EvidenceError::Detached { document_id: other };
        assert_eq!(find(vec![other], &["purchase_order"]), Err(gone));
    });
}
