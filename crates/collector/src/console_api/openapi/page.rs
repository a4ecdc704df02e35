//! Turns the document of the API into a page: static, without a script, with a link to each type.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

const HEAD: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width\"><title>Firsthand API</title>\
    <link rel=\"stylesheet\" href=\"docs.css\"></head><body><main><h1>Firsthand API</h1>";

/// The page.
pub(super) fn page(document: &Value) -> String {
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    for (path, operations) in entries(&document["paths"]) {
        for (method, operation) in entries(operations) {
            let tag = operation["tags"][0].as_str().unwrap_or_default();
            groups
                .entry(tag)
                .or_default()
                .push_str(&route(path, method, operation));
        }
    }
    let mut page = String::from(HEAD);
    let about = text(&document["info"]["description"]);
    // Text can always be written to a string, here and below.
    let _ = write!(
        page,
        "<p>{about} The same for programs: <a href=\"openapi.json\">openapi.json</a>.</p><nav>"
    );
    for tag in groups.keys() {
        let _ = write!(page, "<a href=\"#{0}\">{0}</a>", escaped(tag));
    }
    page.push_str("<a href=\"#types\">types</a></nav>");
    for (tag, routes) in &groups {
        let tag = escaped(tag);
        let _ = write!(
            page,
            "<section id=\"{tag}\"><h2>{tag}</h2>{routes}</section>"
        );
    }
    page.push_str("<section id=\"types\"><h2>Types</h2>");
    for (name, schema) in entries(&document["components"]["schemas"]) {
        page.push_str(&kind(name, schema));
    }
    page.push_str("</section></main></body></html>\n");
    page
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn route(path: &str, method: &str, operation: &Value) -> String {
    let mut html = format!(
        "<article><h3><span class=\"method\">{}</span>{}</h3><p>{}</p><p class=\"who\">{}</p>",
        method.to_uppercase(),
        escaped(path),
        text(&operation["summary"]),
        text(&operation["description"]),
    );
    let body = |content: &Value| {
        let found = entries(content).next();
        found.map(|(mime, body)| match body["schema"]["$ref"].as_str() {
            Some(reference) => link(reference),
            None => format!("<code>{}</code>", escaped(mime)),
        })
    };
    if let Some(takes) = body(&operation["requestBody"]["content"]) {
        let _ = write!(html, "<p>Takes {takes}.</p>");
    }
    if let Some(answers) = body(&operation["responses"]["200"]["content"]) {
        let _ = write!(html, "<p>Answers {answers}.</p>");
    }
    let parameters = operation["parameters"].as_array();
    let named = parameters.into_iter().flatten();
    let rows: String = named
        .map(|one| {
            let (name, about) = (text(&one["name"]), text(&one["description"]));
            format!("<tr><td><code>{name}</code></td><td>{about}</td></tr>")
        })
        .collect();
    if !rows.is_empty() {
        let _ = write!(html, "<table>{rows}</table>");
    }
    html.push_str("</article>");
    html
}

fn kind(name: &str, schema: &Value) -> String {
    let name = escaped(name);
    let about = text(&schema["description"]);
    let mut html = format!("<article id=\"type-{name}\"><h3>{name}</h3><p>{about}</p>");
    let rows: String = entries(&schema["properties"])
        .map(|(field, of)| {
            let about = text(&of["description"]);
            let shape = shape(of);
            format!(
                "<tr><td><code>{}</code></td><td>{shape} {about}</td></tr>",
                escaped(field)
            )
        })
        .collect();
    if !rows.is_empty() {
        let _ = write!(html, "<table>{rows}</table>");
    }
    let values = schema["enum"].as_array().into_iter().flatten();
    let values: Vec<_> = values
        .map(|one| format!("<code>{}</code>", text(one)))
        .collect();
    if !values.is_empty() {
        let _ = write!(html, "<p>{}</p>", values.join(" "));
    }
    html.push_str("</article>");
    html
}

/// What a value is, in a word or a link.
fn shape(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return link(reference);
    }
    if schema["type"] == "array" {
        return format!("list of {}", shape(&schema["items"]));
    }
    for several in ["oneOf", "allOf"] {
        if let Some(parts) = schema[several].as_array() {
            let parts: Vec<_> = parts.iter().map(shape).collect();
            return parts.join(" or ");
        }
    }
    match &schema["type"] {
        Value::String(name) => format!("<code>{}</code>", escaped(name)),
        Value::Array(names) => {
            let names: Vec<_> = names.iter().map(text).collect();
            format!("<code>{}</code>", names.join(" or "))
        }
        _ => String::from("<code>any</code>"),
    }
}

fn link(reference: &str) -> String {
    let name = escaped(reference.rsplit('/').next().unwrap_or_default());
    format!("<a href=\"#type-{name}\">{name}</a>")
}

fn text(value: &Value) -> String {
    escaped(value.as_str().unwrap_or_default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
