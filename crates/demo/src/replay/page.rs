//! The result as a page that needs nothing from elsewhere.

use std::fmt::Write as _;

use super::outcome::Outcome;
use super::screen::sections;

/// The result as HTML. All text is escaped.
#[must_use]
pub fn page(outcome: &Outcome) -> String {
    let mut body = String::new();
    for (heading, lines) in sections(outcome) {
        let lines: String = lines.iter().map(|line| format!("{}<br>", escaped(line))).collect();
        // Writing into a text cannot fail.
        let _ = writeln!(body, "<tr><th>{}</th><td>{lines}</td></tr>", escaped(heading));
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n\
         body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }}\n\
         th {{ text-align: left; vertical-align: top; padding: .4rem 1.5rem .4rem 0 }}\n\
         td {{ padding: .4rem 0; overflow-wrap: anywhere }}\n\
         tr + tr > * {{ border-top: 1px solid #ccc }}\n\
         </style>\n</head>\n<body>\n<h1>{title}</h1>\n<table>\n{body}</table>\n</body>\n</html>\n",
        title = escaped(&outcome.company)
    )
}

/// Text that means nothing to a browser but itself.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("<a href='x'>\"&\""), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;");
    }
}
