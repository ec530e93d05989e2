//! One's own second factor over HTTP. Secrets and recovery codes are made here and shown once: no answer is
//! kept for a repeat, and none by a cache.

use crate::app::App;
use crate::call::{Caller, read_json};
use crate::problem::ApiError;
use crate::route::{All, Done, Routes, json, refused};
use crate::session::{asked, authenticate, note_refusal, too_many};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use identity::{Proof, RecoveryCodes, SecondFactor, SecondFactorError, TotpSecret};
use qrcode::{Color, EcLevel, QrCode};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;
use utoipa::openapi::HttpMethod;

/// Beginning to set up a second factor.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BeginSecondFactor {
    /// The own password. It may be left out within 15 minutes of signing in.
    #[serde(default)]
    #[schema(format = Password)]
    password: Option<String>,
}

/// What an authenticator app is set up with. It is shown once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct SecondFactorBegun {
    /// The secret to be typed in, in base 32.
    secret: String,
    /// The address that an app reads from the QR code, `otpauth://...`.
    address: String,
    /// The address as a QR code.
    qr: Qr,
}

/// A QR code to be drawn as one path of SVG, dark on white, with four squares of white around it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct Qr {
    /// How many squares wide and high it is, with the white.
    side: u32,
    /// The dark squares as the `d` of a path.
    path: String,
}

/// The code that an app shows.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmSecondFactor {
    /// Six digits.
    code: String,
}

/// Password and code, for whoever has a second factor.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProveSecondFactor {
    /// The own password; whoever has none signs in anew and leaves it out.
    #[serde(default)]
    #[schema(format = Password)]
    password: Option<String>,
    /// A code of the app, or a recovery code.
    code: String,
}

/// Recovery codes. They are shown once, and each signs in once in the place of a code of the app.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct RecoveryCodesMade {
    /// Ten of them.
    codes: Vec<String>,
}

pub(crate) fn add(routes: Routes) -> Routes {
    let own = "A user's own session; no API key.";
    routes
        .open::<All, SecondFactor>(
            "/me/second-factor",
            own,
            "Tell about one's own second factor",
            (HttpMethod::Get, get(tell)),
        )
        .open::<BeginSecondFactor, SecondFactorBegun>(
            "/me/second-factor",
            own,
            "Begin to set up a second factor",
            (HttpMethod::Post, post(begin)),
        )
        .open::<ConfirmSecondFactor, RecoveryCodesMade>(
            "/me/second-factor/confirm",
            own,
            "Turn the second factor on with a code of the app",
            (HttpMethod::Post, post(confirm)),
        )
        .open::<ProveSecondFactor, RecoveryCodesMade>(
            "/me/second-factor/recovery-codes",
            own,
            "Make one's recovery codes anew",
            (HttpMethod::Post, post(renew)),
        )
        .open::<ProveSecondFactor, Done>(
            "/me/second-factor/off",
            own,
            "Turn one's second factor off",
            (HttpMethod::Post, post(turn_off)),
        )
}

async fn tell(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let _: All = asked(query.as_deref())?;
    let caller = Caller::of(&app, &headers)?.lacking_second_factor();
    let told = caller.look(&app, |tx, who| identity::second_factor(tx, who).map_err(refused));
    json(&told.await?)
}

async fn begin(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let asked: BeginSecondFactor = read_json(&headers, &body)?;
    let secret = TotpSecret::random();
    let fresh = secret.clone();
    proven(&app, &headers, asked.password, move |tx, who, proof| {
        identity::begin_second_factor(tx, who, proof, &fresh).map_err(refused)?;
        let me = identity::me(tx, &who.ctx)?;
        let address = secret.address(&format!("{}@{}", me.login, me.company));
        let qr = qr(&address)?;
        Ok(SecondFactorBegun { secret: secret.text(), address, qr })
    })
    .await
}

async fn confirm(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let asked: ConfirmSecondFactor = read_json(&headers, &body)?;
    let codes = RecoveryCodes::random();
    proven(&app, &headers, None, move |tx, who, _| {
        identity::confirm_second_factor(tx, who, &asked.code, &codes).map_err(refused)?;
        Ok(RecoveryCodesMade { codes: codes.reveal() })
    })
    .await
}

async fn renew(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let asked: ProveSecondFactor = read_json(&headers, &body)?;
    let (codes, code) = (RecoveryCodes::random(), asked.code);
    proven(&app, &headers, asked.password, move |tx, who, proof| {
        identity::renew_recovery_codes(tx, who, proof, &code, &codes).map_err(refused)?;
        Ok(RecoveryCodesMade { codes: codes.reveal() })
    })
    .await
}

async fn turn_off(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let asked: ProveSecondFactor = read_json(&headers, &body)?;
    let code = asked.code;
    proven(&app, &headers, asked.password, move |tx, who, proof| {
        identity::turn_off_second_factor(tx, who, proof, &code).map_err(refused)?;
        Ok(Done::now())
    })
    .await
}

/// Does something with the own second factor after the password was compared, when one was given. Wrong
/// passwords and codes count as at sign-in, so that whoever found an open session cannot guess on.
async fn proven<T: Serialize + Send + 'static>(
    app: &App,
    headers: &HeaderMap,
    password: Option<String>,
    mut work: impl FnMut(&mut Tx<'_>, &identity::Caller, Proof) -> Result<T, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let caller = Caller::of_write(app, headers)?.lacking_second_factor();
    let login = caller.look(app, |tx, who| {
        who.session_id.ok_or_else(|| refused(SecondFactorError::NoSession))?;
        Ok((identity::me(tx, &who.ctx)?.login, who.ctx.user_id))
    });
    let (login, user_id) = login.await?;
    let guess = match app.doorkeeper.guess(&login, (app.now)()).await {
        Ok(guess) => guess,
        Err(seconds) => return Ok(too_many(seconds)),
    };
    let proof = match password.filter(|password| !password.is_empty()) {
        None => Proof::FreshSession,
        Some(password) => match authenticate(app, &login, password).await? {
            Some(user_id) => Proof::Password(user_id),
            None => {
                guess.was_wrong();
                return Err(refused(SecondFactorError::WrongPassword));
            }
        },
    };
    let done = app.database.submit(move |tx| {
        let who = caller.sign_in(tx)?;
        work(tx, &who, proof)
    });
    match done.await {
        Ok(done) => json(&done),
        Err(error) => {
            note_refusal(app, headers, &guess, &error, user_id).await;
            Err(error)
        }
    }
}

/// A text as a QR code.
fn qr(text: &str) -> Result<Qr, ApiError> {
    const WHITE: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| {
        ApiError::from(store::StoreError::Unusable(format!("no QR code of the address: {error}")))
    })?;
    let width = code.width();
    let squares = code.to_colors().into_iter().enumerate();
    let path = squares.filter(|(_, color)| *color == Color::Dark).map(|(at, _)| {
        let (x, y) = (at % width + WHITE, at / width + WHITE);
        format!("M{x} {y}h1v1h-1z")
    });
    Ok(Qr { path: path.collect(), side: u32::try_from(width + 2 * WHITE).unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_a_square_with_white_around_it() {
        let drawn = qr("otpauth://totp/Purser:ada?secret=GEZDGNBV&issuer=Purser").expect("a code");
        assert_eq!(drawn.side, 8 + 33);
        // The mark in the first corner: seven dark squares beside each other.
        assert!(drawn.path.starts_with("M4 4h1v1h-1zM5 4h1v1h-1zM6 4h1v1h-1zM7 4h1v1h-1z"));
        assert!(!drawn.path.contains("M3 "));
    }
}
