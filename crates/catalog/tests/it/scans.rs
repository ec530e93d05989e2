use base::{ItemId, PackagingId, Quantity, Rule};
use catalog::{AddBarcode, AddBarcodeError, AddPackaging, BarcodeAdded, BarcodeKind, NewItem};
use identity::Ctx;
use store::Database;

use super::world::{make, read, story, write};

fn pack(
    database: &Database,
    ctx: &Ctx,
    item_id: ItemId,
    name: &str,
    quantity: &str,
) -> Result<PackagingId, AddBarcodeError> {
    let quantity = Quantity::parse(quantity).unwrap();
    let request = AddPackaging { item_id, name: name.to_owned(), quantity };
    write(database, ctx, move |tx, ctx| catalog::add_packaging(tx, ctx, request.clone()))
        .map(|added| added.packaging_id)
}

fn code(
    database: &Database,
    ctx: &Ctx,
    item_id: ItemId,
    code: &str,
    packaging_id: Option<PackagingId>,
) -> Result<BarcodeAdded, AddBarcodeError> {
    let request = AddBarcode { item_id, code: code.to_owned(), packaging_id };
    write(database, ctx, move |tx, ctx| catalog::add_barcode(tx, ctx, request.clone()))
}

#[test]
fn a_scan_answers_item_and_quantity() {
    story(|database, ctx| {
        let tea = make(database, ctx, NewItem::new("TEA", "Tea"));
        let case = pack(database, ctx, tea, "Case of 24", "24").unwrap();
        assert_eq!(pack(database, ctx, tea, "Case of 24", "24").unwrap(), case);
        let single = code(database, ctx, tea, "036000291452", None).unwrap();
        assert_eq!(single.kind, BarcodeKind::Gtin12);
        assert_eq!(code(database, ctx, tea, "036000291452", None).unwrap(), single);
        code(database, ctx, tea, "10614141000415", Some(case)).unwrap();
        code(database, ctx, tea, "TEA-SHELF", None).unwrap();
        let scan = |text: &'static str| {
            read(database, ctx, move |tx, ctx| catalog::find_barcode(tx, ctx.company_id, text))
                .unwrap()
                .map(|scan| (scan.item_id, scan.packaging, scan.quantity.to_string()))
        };
        let one = Some((tea, String::new(), "1".to_owned()));
        assert_eq!(scan("036000291452"), one);
        assert_eq!(scan("0036000291452"), one);
        assert_eq!(scan("TEA-SHELF"), one);
        assert_eq!(scan("10614141000415"), Some((tea, "Case of 24".to_owned(), "24".to_owned())));
        assert_eq!(scan("96385074"), None);
        assert_eq!(scan("a\0b"), None);
        let detail = read(database, ctx, move |tx, ctx| catalog::item(tx, ctx, tea)).unwrap();
        assert_eq!((detail.packagings.len(), detail.barcodes.len()), (1, 3));
    });
}

#[test]
fn a_barcode_means_one_thing() {
    story(|database, ctx| {
        let tea = make(database, ctx, NewItem::new("TEA", "Tea"));
        let cup = make(database, ctx, NewItem::new("CUP", "Cup"));
        let case = pack(database, ctx, tea, "Case", "24").unwrap();
        code(database, ctx, tea, "036000291452", None).unwrap();
        let refused = |item_id, text: &str, packaging_id, expected: &str| {
            let error = code(database, ctx, item_id, text, packaging_id).unwrap_err();
            assert_eq!(error.problem().code, expected, "{error}");
        };
        refused(cup, "0036000291452", None, "barcode_taken");
        refused(tea, "036000291452", Some(case), "barcode_taken");
        refused(cup, "C", Some(case), "packaging_not_found");
        refused(cup, "036000291453", None, "check_digit_wrong");
        refused(cup, "a\0", None, "text_forbidden");
        refused(cup, "", None, "text_empty");
        refused(cup, &"9".repeat(1_000_000), None, "text_too_long");
        refused("999999999".parse().unwrap(), "X", None, "item_not_found");
        let error = pack(database, ctx, tea, "Case", "12").unwrap_err();
        assert_eq!(error.problem().code, "packaging_taken");
        for quantity in ["0", "-1", "0.5"] {
            let error = pack(database, ctx, tea, "Odd", quantity).unwrap_err();
            assert_eq!(error.problem().code, "packaging_quantity");
        }
    });
}

#[test]
fn a_code_is_looked_up_by_barcode_gs1_fields_and_sku() {
    story(|database, ctx| {
        let tea = make(database, ctx, NewItem::new("TEA", "Tea"));
        let case = pack(database, ctx, tea, "Case of 24", "24").unwrap();
        code(database, ctx, tea, "5901234123457", None).unwrap();
        code(database, ctx, tea, "10614141000415", Some(case)).unwrap();
        let found = |text: &str| {
            let request = catalog::LookUp { code: text.to_owned() };
            read(database, ctx, move |tx, ctx| catalog::look_up(tx, ctx, request.clone()))
                .unwrap()
                .lines
        };
        let plain = found("5901234123457");
        assert_eq!((plain[0].item_id, plain[0].quantity.to_string().as_str()), (tea, "1"));
        let lot = found("]d2010590123412345717301231\u{1d}10A7");
        assert_eq!(lot[0].lot.as_deref(), Some("A7"));
        assert_eq!(lot[0].expires_on.map(|day| day.to_string()).as_deref(), Some("2030-12-31"));
        let unit = found("(02)10614141000415(37)6");
        assert_eq!(
            (unit[0].packaging.as_str(), unit[0].quantity.to_string().as_str()),
            ("Case of 24", "24")
        );
        assert_eq!(unit[0].count.map(|count| count.to_string()).as_deref(), Some("6"));
        assert_eq!(found(" TEA ")[0].item_id, tea);
        for unknown in ["", "COFFEE", "4006381333931", "(01)04006381333931(10)A7"] {
            assert_eq!(found(unknown), vec![], "{unknown}");
        }
    });
}

#[test]
fn a_device_learns_the_codes_of_the_items_that_it_takes_along() {
    story(|database, ctx| {
        let tea = make(database, ctx, NewItem::new("TEA", "Tea"));
        make(database, ctx, NewItem::new("POT", "Pot"));
        make(database, ctx, NewItem::new("CUP", "Cup"));
        let case = pack(database, ctx, tea, "Case of 24", "24").unwrap();
        code(database, ctx, tea, "036000291452", None).unwrap();
        code(database, ctx, tea, "10614141000415", Some(case)).unwrap();
        let ask = |skus: String| {
            let filter = catalog::ItemCodesFilter { skus };
            read(database, ctx, move |tx, ctx| {
                let before = tx.statements();
                let lines = catalog::list_item_codes(tx, ctx, filter.clone())?.lines;
                Ok::<_, catalog::ReadError>((lines, tx.statements() - before))
            })
        };
        let (lines, statements) = ask("TEA\nPOT\nNONE\n".to_owned()).unwrap();
        let told: Vec<_> = lines.iter().map(|line| (line.sku.as_str(), line.codes.len())).collect();
        assert_eq!(told, [("POT", 0), ("TEA", 2)], "what is no item is left out");
        let codes: Vec<_> = lines[1]
            .codes
            .iter()
            .map(|one| (one.code.as_str(), one.packaging.as_str(), one.quantity.to_string()))
            .collect();
        let case = ("10614141000415", "Case of 24", "24".to_owned());
        assert_eq!(codes, [("036000291452", "", "1".to_owned()), case]);
        assert_eq!(ask("TEA".to_owned()).unwrap().1, statements);
        let many = vec!["TEA"; 201].join("\n");
        assert_eq!(ask(many).unwrap_err().problem().code, "page_limit");
    });
}
