use super::contract::SCHEMA;
use super::world::Client;
use store::testing::on_both_engines;

#[test]
fn a_stream_names_the_areas_in_which_something_was_done_and_ends_with_the_server() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let (kind, mut stream) = client.open("/events");
        assert_eq!(kind, "text/event-stream");
        client.post("/warehouses", "wh", r#"{"code":"WH","name":"Main"}"#);
        let told = client.hear(&mut stream).expect("an event");
        assert_eq!(told, "event: changed\ndata: {\"areas\":[\"stock\"]}\n\n");
        client.app.end_streams()();
        assert_eq!(client.hear(&mut stream), None);
    });
}

#[test]
fn nobody_hears_of_areas_in_which_he_may_do_nothing() {
    on_both_engines(SCHEMA, |database| {
        let all = Client::new(database);
        let some = Client::with_scopes(database, &["catalog.*"]);
        let (_, mut stream) = some.open("/events");
        all.post("/warehouses", "wh", r#"{"code":"WH","name":"Main"}"#);
        all.post("/categories", "c", r#"{"code":"TEA","name":"Tea"}"#);
        let told = some.hear(&mut stream).expect("an event");
        assert_eq!(told, "event: changed\ndata: {\"areas\":[\"catalog\"]}\n\n");
        let mut stranger = all;
        stranger.token = "pk_1_wrong".to_owned();
        assert_eq!(stranger.get("/events").code(), "wrong_api_key");
    });
}
