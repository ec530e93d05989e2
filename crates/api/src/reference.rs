//! The API reference as one page, made from the contract: no script, nothing fetched.

use serde_json::Value;

/// The page. `document` is the OpenAPI document.
#[must_use]
pub fn page(document: &Value) -> String {
    let mut body = String::new();
    let empty = serde_json::Map::new();
    let paths = document["paths"].as_object().unwrap_or(&empty);
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap_or(&empty) {
            body.push_str(&format!(
                "<section><h2><code>{} {}</code></h2><p>{}</p><p class=\"permission\">{}</p>{}{}</section>",
                method.to_uppercase(),
                escaped(path),
                escaped(operation["summary"].as_str().unwrap_or("")),
                escaped(operation["description"].as_str().unwrap_or("")),
                parameters(operation),
                request(operation, document),
            ));
        }
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <title>Purser API</title><style>{STYLE}</style></head><body><h1>Purser API</h1>\
         <p>Every request carries <code>Authorization: Bearer pk_...</code>; every write an \
         <code>Idempotency-Key</code>. The contract is <a href=\"/api/v1/openapi.json\">\
         openapi.json</a>.</p>{body}</body></html>"
    )
}

/// The look of the server's own pages.
pub const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;\
padding:0 1rem;color:#1b2733}h1{font-size:1.6rem}h2{font-size:1rem;margin:0}\
section{border-top:1px solid #d5dde5;padding:.8rem 0}code{background:#f1f4f7;padding:.1rem .3rem}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .6rem .2rem 0;\
border-bottom:1px solid #e6ebf0;vertical-align:top}.permission{color:#5a6b7b;margin:.2rem 0}";

fn parameters(operation: &Value) -> String {
    let names: Vec<String> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str())
        .map(|name| format!("<code>{}</code>", escaped(name)))
        .collect();
    if names.is_empty() { String::new() } else { format!("<p>Query: {}</p>", names.join(" ")) }
}

fn request(operation: &Value, document: &Value) -> String {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    let Some(name) = schema.as_str().and_then(|path| path.rsplit('/').next()) else {
        return String::new();
    };
    let shape = &document["components"]["schemas"][name];
    let rows: String = shape["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(field, schema)| {
            format!(
                "<tr><td><code>{}</code></td><td>{}</td></tr>",
                escaped(field),
                escaped(schema["description"].as_str().unwrap_or(""))
            )
        })
        .collect();
    format!("<table><tr><th>{}</th><th></th></tr>{rows}</table>", escaped(name))
}

/// Text as HTML.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
