use base::{Quantity, Rule};
use catalog::{DefineCategory, DefineError, DefineUnit, NewItem};
use identity::Ctx;
use store::Database;

use super::world::{get, make, read, story, write};

fn unit(code: &str, base: &str, ratio: &str) -> DefineUnit {
    let (code, base, ratio) = (code.to_owned(), base.to_owned(), ratio.to_owned());
    DefineUnit { name: code.clone(), code, whole: false, base, ratio }
}

fn define(database: &Database, ctx: &Ctx, request: DefineUnit) -> Result<(), DefineError> {
    write(database, ctx, move |tx, ctx| catalog::define_unit(tx, ctx, request.clone())).map(|_| ())
}

#[test]
fn the_usual_units_install_once() {
    story(|database, ctx| {
        let count = || read(database, ctx, catalog::list_units).unwrap().len();
        let before = count();
        write(database, ctx, catalog::install_units).unwrap();
        assert_eq!((before, count()), (20, 20));
    });
}

#[test]
fn a_unit_joins_a_family_through_any_of_its_units() {
    story(|database, ctx| {
        define(database, ctx, unit("sack", "kg", "25")).unwrap();
        define(database, ctx, unit("sack", "kg", "25")).unwrap();
        define(database, ctx, unit("sackload", "sack", "40")).unwrap();
        let flour = NewItem {
            stock_unit: "g".into(),
            purchase_unit: "sackload".into(),
            ..NewItem::new("F", "Flour")
        };
        let item_id = make(database, ctx, flour);
        let item = get(database, ctx, item_id);
        let grams = catalog::to_stock_unit(&item, Quantity::ONE, &item.purchase_unit);
        assert_eq!(grams.unwrap(), Quantity::units(1_000_000));
        let refused = |request: DefineUnit, code: &str| {
            let error = define(database, ctx, request).unwrap_err();
            assert_eq!(error.problem().code, code, "{error}");
        };
        refused(unit("sack", "kg", "20"), "unit_taken");
        refused(unit("bag", "bushel", "1"), "base_not_found");
        refused(unit("bag", "kg", ""), "ratio_invalid");
        refused(unit("bag", "kg", "-5"), "ratio_invalid");
        refused(unit("bag", "kg", "1/0"), "ratio_invalid");
        refused(unit("bag", "", "5"), "ratio_without_base");
        refused(unit("b\0", "", ""), "text_forbidden");
    });
}

#[test]
fn a_category_is_named_moved_and_never_below_itself() {
    story(|database, ctx| {
        let define = |code: &str, name: &str, parent: &str| {
            let (code, name, parent) = (code.to_owned(), name.to_owned(), parent.to_owned());
            let request = DefineCategory { code, name, parent };
            write(database, ctx, move |tx, ctx| catalog::define_category(tx, ctx, request.clone()))
        };
        define("food", "Food", "").unwrap();
        define("fruit", "Fruit", "food").unwrap();
        assert_eq!(define("fruit", "Fruit", "food").unwrap().revision, 1);
        assert_eq!(define("fruit", "Fresh fruit", "food").unwrap().revision, 2);
        let error = define("food", "Food", "fruit").unwrap_err();
        assert_eq!(error.problem().code, "category_loop");
        let error = define("drink", "Drink", "groceries").unwrap_err();
        assert_eq!(error.problem().code, "base_not_found");
        let item_id =
            make(database, ctx, NewItem { category: "fruit".into(), ..NewItem::new("A", "Apple") });
        assert_eq!(get(database, ctx, item_id).category, "fruit");
    });
}
