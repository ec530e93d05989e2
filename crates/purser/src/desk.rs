//! The web UI inside the binary: what `web/` was built to when the binary was. A debug binary reads
//! the files from there, so that a new build of the UI needs none of the binary.

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Built;

/// A file of the web UI by its path.
pub(crate) fn file(path: &str) -> Option<api::File> {
    // The file that keeps the folder in the repository is not of the UI.
    let file = Built::get(path).filter(|_| !path.starts_with('.'))?;
    Some(api::File { sha256: file.metadata.sha256_hash(), bytes: file.data })
}

/// Whether there is a web UI in this binary.
pub(crate) fn is_built() -> bool {
    file("index.html").is_some()
}

/// The address that signs in with a link's token. It stands behind the `#`, which browsers send to
/// nobody.
pub(crate) fn sign_in_address(base: &str, token: &str) -> String {
    format!("{base}/sign-in#link={token}")
}
