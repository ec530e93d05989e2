//! Pure decisions: whether a partner and its bank account are sound.

use base::{Currency, TextError, check_code, check_text};

use crate::model::Draft;
use crate::{NewPartner, PartnerError};

/// The longest name, in characters.
pub(crate) const NAME_LENGTH: usize = 200;
const TAX_NUMBER_LENGTH: usize = 64;
const EMAIL_LENGTH: usize = 254;
const PAYMENT_DAYS: i64 = 3_650;

/// The partner as it is written, when it is sound; `currency` is the company's.
pub(crate) fn draft(
    fields: &NewPartner,
    active: bool,
    currency: Currency,
) -> Result<Draft, PartnerError> {
    check_code("code", &fields.code)?;
    check_name("name", &fields.name)?;
    check_text("tax_number", &fields.tax_number, TAX_NUMBER_LENGTH)?;
    check_email(&fields.email)?;
    if !is_language(&fields.language) {
        return Err(PartnerError::Language { language: start_of(&fields.language) });
    }
    if !fields.category.is_empty() {
        check_code("category", &fields.category)?;
    }
    if !fields.supplier && !fields.customer {
        return Err(PartnerError::NoRole { code: fields.code.clone() });
    }
    let days = fields.payment_days;
    if !(0..=PAYMENT_DAYS).contains(&days) {
        return Err(PartnerError::PaymentDays { days });
    }
    Ok(Draft {
        code: fields.code.clone(),
        name: fields.name.clone(),
        supplier: fields.supplier,
        customer: fields.customer,
        customer_kind: fields.customer_kind,
        country: fields.country,
        currency: fields.currency.unwrap_or(currency),
        payment_days: days,
        email: fields.email.clone(),
        tax_number: fields.tax_number.clone(),
        language: fields.language.clone(),
        category: fields.category.clone(),
        active,
    })
}

/// Checks a name: one line that is not empty.
pub(crate) fn check_name(field: &'static str, name: &str) -> Result<(), TextError> {
    if name.is_empty() {
        return Err(TextError::Empty { field });
    }
    check_text(field, name, NAME_LENGTH)
}

/// Checks an e-mail address; it may be empty. Whether mail arrives there, only mail can tell.
pub(crate) fn check_email(email: &str) -> Result<(), PartnerError> {
    check_text("email", email, EMAIL_LENGTH)?;
    let sound = match email.split_once('@') {
        Some((person, host)) => {
            !person.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
                && !email.contains(char::is_whitespace)
        }
        None => email.is_empty(),
    };
    if sound { Ok(()) } else { Err(PartnerError::Email { email: email.to_owned() }) }
}

/// The start of a text that may be long, for an error message.
fn start_of(text: &str) -> String {
    text.chars().take(40).collect()
}

/// `en`, `deu`, `de-CH`, `zh-Hant-TW`; empty is the company's.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or("");
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    tag.is_empty()
        || (tag.len() <= 35
            && (2..=3).contains(&first.len())
            && letters(first)
            && parts.all(|part| {
                (2..=8).contains(&part.len())
                    && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }))
}

/// The IBAN in its electronic form, without blanks and in capitals, when its check digits are right.
/// Empty stays empty.
pub(crate) fn iban(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let plain: String =
        text.chars().filter(|c| *c != ' ').map(|found| found.to_ascii_uppercase()).collect();
    if plain.is_empty() {
        return Some(plain);
    }
    let bytes = plain.as_bytes();
    let shaped = (15..=34).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit);
    // ISO 7064 mod 97-10: country and check digits to the end, letters as 10 to 35.
    let remainder =
        bytes.iter().cycle().skip(4).take(bytes.len()).fold(0_u32, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            _ => (rest * 100 + u32::from(byte.wrapping_sub(b'A')) + 10) % 97,
        });
    (shaped && remainder == 1).then_some(plain)
}

/// An account as those may see it who may not change it: its last four characters.
pub(crate) fn masked(account: &str) -> String {
    match account.char_indices().rev().nth(3) {
        Some((at, _)) => format!("…{}", &account[at..]),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use base::Rule;

    use super::*;

    #[test]
    fn a_partner_is_sound_or_told_why_not() {
        #[track_caller]
        fn check(change: impl Fn(&mut NewPartner), expected: Result<(), &str>) {
            let mut fields = NewPartner::supplier("S-1", "Smith", "GB".parse().unwrap());
            change(&mut fields);
            let found = draft(&fields, true, Currency::GBP);
            assert_eq!(found.map(|_| ()).map_err(|error| error.problem().code), expected);
        }
        check(|_| {}, Ok(()));
        check(|f| f.code = String::new(), Err("text_empty"));
        check(|f| f.code = "a\0".to_owned(), Err("text_forbidden"));
        check(|f| f.name = "x".repeat(1_000_000), Err("text_too_long"));
        check(|f| f.supplier = false, Err("no_role"));
        check(|f| (f.supplier, f.customer) = (true, true), Ok(()));
        check(|f| f.payment_days = -1, Err("payment_days_out_of_range"));
        check(|f| f.payment_days = 3_651, Err("payment_days_out_of_range"));
        for (email, sound) in [
            ("a@b.example", true),
            ("a+c@b.co.uk", true),
            ("", true),
            ("a", false),
            ("@b.c", false),
            ("a@b", false),
            ("a@b.c d", false),
            ("a@@b.c", false),
            ("a@.b", false),
        ] {
            let expected = if sound { Ok(()) } else { Err("email_invalid") };
            check(|f| f.email = email.to_owned(), expected);
        }
        for (language, sound) in [
            ("", true),
            ("en", true),
            ("de-CH", true),
            ("zh-Hant-TW", true),
            ("e", false),
            ("en_GB", false),
            ("english", false),
            ("en-", false),
        ] {
            let expected = if sound { Ok(()) } else { Err("language_invalid") };
            check(|f| f.language = language.to_owned(), expected);
        }
        check(|f| f.language = "x".repeat(1_000_000), Err("language_invalid"));
    }

    #[test]
    fn an_iban_needs_its_check_digits() {
        #[track_caller]
        fn check(text: &str, expected: Option<&str>) {
            assert_eq!(iban(text).as_deref(), expected, "{text}");
        }
        check("GB82 WEST 1234 5698 7654 32", Some("GB82WEST12345698765432"));
        check("de89370400440532013000", Some("DE89370400440532013000"));
        check("NO93 8601 1117 947", Some("NO9386011117947"));
        check("", Some(""));
        check("GB83 WEST 1234 5698 7654 32", None);
        check("GB82WEST", None);
        check("GB82WEST1234569876543é", None);
        check("1282WEST12345698765432", None);
        check(&"G".repeat(1_000_000), None);
    }

    #[test]
    fn a_masked_account_shows_its_end() {
        assert_eq!(masked("GB82WEST12345698765432"), "…5432");
        assert_eq!(masked(""), "");
    }
}
