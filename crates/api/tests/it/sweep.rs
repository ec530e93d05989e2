//! Every route of the contract is asked nonsense: each field in turn is unknown, of a wrong type, of a
//! number that cannot be, a text that cannot be stored, an id of nobody. Nothing may fail on our
//! side, what cannot be meant is refused with a code, and the books stay sound.

use super::world::{Answer, Client};
use reconcile::SCHEMA;
use serde_json::{Map, Value, json};
use store::testing::on_both_engines;

/// How deep bodies are built: a field of a line of an order of a batch.
const DEPTH: usize = 6;

/// The contract's schemas.
struct Contract(Value);

impl Contract {
    /// A schema with its reference followed.
    fn follow<'c>(&'c self, schema: &'c Value) -> &'c Value {
        let Some(reference) = schema["$ref"].as_str() else { return schema };
        let name = reference.rsplit('/').next().unwrap_or_default();
        self.follow(&self.0["components"]["schemas"][name])
    }

    /// A value that the schema allows. Only what is required is filled in, and one of each list.
    fn value(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.follow(schema);
        if depth == 0 {
            return Value::Null;
        }
        if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
            return first.clone();
        }
        for choice in ["oneOf", "anyOf", "allOf"] {
            if let Some(first) = schema[choice].as_array().and_then(|options| options.first()) {
                return self.value(first, depth);
            }
        }
        if let Some(first) = schema["examples"].as_array().and_then(|examples| examples.first()) {
            return first.clone();
        }
        match kind(schema) {
            "object" => Value::Object(self.object(schema, depth, |_, required| required)),
            "array" => json!([self.value(&schema["items"], depth - 1)]),
            "integer" | "number" => json!(1),
            "boolean" => json!(true),
            _ => schema.get("example").cloned().unwrap_or(json!("x")),
        }
    }

    fn object(
        &self,
        schema: &Value,
        depth: usize,
        wanted: impl Fn(&str, bool) -> bool,
    ) -> Map<String, Value> {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let fields = schema["properties"].as_object().into_iter().flatten();
        fields
            .filter(|(name, _)| wanted(name, required.contains(&name.as_str())))
            .map(|(name, field)| (name.clone(), self.value(field, depth - 1)))
            .collect()
    }

    /// Bodies with one thing wrong each, and whether they have to be refused.
    fn wrong(&self, schema: &Value, depth: usize) -> Vec<(String, Value, bool)> {
        let schema = self.follow(schema);
        if depth == 0 {
            return Vec::new();
        }
        if let Some(options) = schema["oneOf"].as_array() {
            return options.iter().flat_map(|option| self.wrong(option, depth)).collect();
        }
        match kind(schema) {
            "object" => self.wrong_fields(schema, depth),
            "array" => {
                let inner = self.wrong(&schema["items"], depth - 1);
                let lists = inner
                    .into_iter()
                    .map(|(told, value, must)| (format!("[0].{told}"), json!([value]), must));
                lists.collect()
            }
            "string" => texts(schema),
            "integer" => vec![
                ("a text".into(), json!("one"), true),
                ("too large".into(), json!(1e30), true),
                ("below zero".into(), json!(-1), false),
                ("the least".into(), json!(i64::MIN), false),
                ("the most".into(), json!(i64::MAX), false),
            ],
            "boolean" => vec![("a text".into(), json!("yes"), true)],
            _ => Vec::new(),
        }
    }

    fn wrong_fields(&self, schema: &Value, depth: usize) -> Vec<(String, Value, bool)> {
        let sound = self.object(schema, depth, |_, required| required);
        let mut wrong = Vec::new();
        if schema["additionalProperties"] == json!(false) {
            let mut extra = sound.clone();
            extra.insert("no_such_field".into(), json!(1));
            wrong.push(("an unknown field".into(), Value::Object(extra), true));
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            for (told, value, must) in self.wrong(field, depth - 1) {
                let mut body = sound.clone();
                body.insert(name.clone(), value);
                wrong.push((format!("{name}: {told}"), Value::Object(body), must));
            }
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut body = sound.clone();
            body.remove(name);
            wrong.push((format!("{name}: missing"), Value::Object(body.clone()), true));
            body.insert(name.into(), Value::Null);
            wrong.push((format!("{name}: null"), Value::Object(body), true));
        }
        wrong
    }
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).find(|k| *k != "null").unwrap_or("")
        }
        _ => "",
    }
}

/// Texts that cannot be, by what the schema says of them.
fn texts(schema: &Value) -> Vec<(String, Value, bool)> {
    let pattern = schema.get("pattern").is_some() || schema.get("enum").is_some();
    let mut wrong = vec![
        ("a number".into(), json!(1), true),
        ("a list".into(), json!([]), true),
        ("an object".into(), json!({}), true),
        // What is no plain text refuses it by its form, plain text when it would be stored.
        ("a NUL".into(), json!("a\0b"), true),
        ("a megabyte".into(), json!("x".repeat(1_000_000)), true),
        ("nothing".into(), json!(""), pattern),
        ("an id of nobody".into(), json!("999999999999"), false),
    ];
    if pattern {
        for text in ["1e3", "NaN", "1.00000001", "99999999999999999999999", "1,5", " 1", "--1"] {
            wrong.push((text.to_owned(), json!(text), true));
        }
        wrong.push(("below zero".into(), json!("-5"), false));
        wrong.push(("the most".into(), json!("9223372036854"), false));
    }
    wrong
}

/// Whether the request was refused: as a whole, or as the one element or file that it has.
fn is_refused(answer: &Answer) -> bool {
    if answer.status.is_client_error() {
        return !answer.code().is_empty();
    }
    let body = answer.json();
    let elements = ["items", "partners", "orders", "results", "payments"];
    let element = elements.iter().find_map(|name| body[name].get(0)).unwrap_or(&Value::Null);
    let file = body["errors"].get(0).is_some_and(|error| error["file"].is_string());
    let read = body["files"].get(0).is_some_and(|file| file["errors"].get(0).is_some());
    element["outcome"] == "refused" || (file && body["applied"] == false) || read
}

fn told(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).chars().take(300).collect()
}

#[test]
fn every_verb_refuses_nonsense_and_fails_on_none() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let contract = Contract(api::openapi());
        let paths = contract.0["paths"].as_object().expect("paths").clone();
        let (mut asked, mut wrong) = (0, Vec::new());
        for (path, methods) in &paths {
            let schema = &methods["post"]["requestBody"]["content"]["application/json"]["schema"];
            if schema.is_null() {
                continue;
            }
            let path = path.trim_start_matches("/api/v1");
            for (number, (what, body, must)) in contract.wrong(schema, DEPTH).iter().enumerate() {
                let answer = client.post(path, &format!("{path}-{number}"), body.to_string());
                asked += 1;
                if answer.status.is_server_error() || (*must && !is_refused(&answer)) {
                    wrong.push(format!("{path}, {what}: {} {}", answer.status, told(&answer)));
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(asked > 1_000, "the contract has verbs with fields: {asked}");
        // What was meant all the same is done, whole.
        let company = database.read(identity::companies).expect("companies").remove(0).company_id;
        store::testing::assert_sound(database, &SCHEMA, company);
    });
}

#[test]
fn every_list_refuses_nonsense_and_fails_on_none() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let contract = Contract(api::openapi());
        let paths = contract.0["paths"].as_object().expect("paths").clone();
        let (mut asked, mut wrong) = (0, Vec::new());
        // A stream has no end that could be waited for.
        let answers =
            |get: &Value| !get["responses"]["200"]["content"]["text/event-stream"].is_object();
        let gets = paths.iter().filter(|(_, methods)| !methods["get"].is_null());
        for (path, methods) in gets.filter(|(_, methods)| answers(&methods["get"])) {
            let path = path.trim_start_matches("/api/v1").replace("{id}", "999999999999");
            let parameters = methods["get"]["parameters"].as_array().cloned().unwrap_or_default();
            let names =
                parameters.iter().filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str());
            let mut queries = vec!["no_such_filter=1".to_owned(), "%00=1".to_owned()];
            for name in names {
                for value in ["%00", "-1", "99999999999999999999", "zz", "%F0%9F%98%80", "1.5"] {
                    queries.push(format!("{name}={value}"));
                }
                queries.push(format!("{name}={}", "x".repeat(5_000)));
            }
            for query in queries {
                let answer = client.get(&format!("{path}?{query}"));
                asked += 1;
                let shown: String = query.chars().take(60).collect();
                let unknown = query.starts_with("no_such_filter") && !path.contains("999999999999");
                if answer.status.is_server_error() || (unknown && !answer.status.is_client_error())
                {
                    wrong.push(format!("{path}?{shown}: {} {}", answer.status, told(&answer)));
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(asked > 500, "{asked}");
    });
}
