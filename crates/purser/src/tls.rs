//! Serving over TLS, by rustls: versions 1.2 and 1.3, with the primitives of ring, which builds with a
//! C compiler alone.

use crate::cmd::serve::{DRAIN, asked_to_stop};
use crate::failure::Failure;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// For how long a browser that has once come by TLS comes by nothing else: a year.
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// A server's certificate chain and the key to it, as PEM files.
pub(crate) struct Identity {
    pub chain: PathBuf,
    pub key: PathBuf,
}

impl Identity {
    /// Reads the files and sees that they fit each other.
    pub(crate) fn load(&self) -> Result<ServerConfig, Failure> {
        let unread = |path: &Path, what: &str, error: rustls::pki_types::pem::Error| {
            Failure(format!("{}: no {what} was read ({error}); give a PEM file", path.display()))
        };
        let chain = CertificateDer::pem_file_iter(&self.chain)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| unread(&self.chain, "certificate", error))?;
        if chain.is_empty() {
            let path = self.chain.display();
            return Err(Failure(format!("{path}: no certificate is in it; give a PEM file")));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| unread(&self.key, "private key", error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let unusable = |error: rustls::Error| {
            let (chain, key) = (self.chain.display(), self.key.display());
            Failure(format!("{chain} and {key} do not make a server's identity: {error}"))
        };
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(unusable)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// Serves a router over TLS until the process is asked to stop; then finishes what is under way. On
/// SIGHUP the certificate is read anew; one that cannot be used leaves the old one in place.
pub(crate) fn listen(
    address: SocketAddr,
    router: Router,
    (identity, loaded): (&Identity, ServerConfig),
    stopping: impl FnOnce(),
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    let config = RustlsConfig::from_config(Arc::new(loaded));
    let router = router.layer(axum::middleware::map_response(|mut response: Response| {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT);
        std::future::ready(response)
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let handle = Handle::new();
        let server = axum_server::bind_rustls(address, config.clone())
            .handle(handle.clone())
            .serve(router.into_make_service());
        let beside = async {
            match handle.listening().await {
                Some(address) => ready(address),
                // The server has ended, and its error tells why.
                None => std::future::pending().await,
            }
            tokio::select! {
                () = renew(identity, &config) => {}
                () = asked_to_stop() => {
                    stopping();
                    handle.graceful_shutdown(Some(DRAIN));
                }
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            ended = server => {
                ended.map_err(|error| Failure(format!("cannot listen on {address}: {error}")))
            }
            () = beside => Ok(()),
        }
    })?;
    runtime.shutdown_timeout(DRAIN);
    Ok(())
}

/// Reads the certificate anew whenever the process is told to.
async fn renew(identity: &Identity, config: &RustlsConfig) {
    let hangup = tokio::signal::unix::SignalKind::hangup();
    let Ok(mut told) = tokio::signal::unix::signal(hangup) else {
        return std::future::pending().await;
    };
    while told.recv().await.is_some() {
        match identity.load() {
            Ok(renewed) => {
                config.reload_from_config(Arc::new(renewed));
                tracing::warn!("the certificate was read anew");
            }
            Err(failure) => tracing::error!(%failure, "the old certificate stays in use"),
        }
    }
}
