//! How values look on the wire: a string, read by the type's own parser, with an error that names
//! what was expected.

use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::schema::Type;

/// The pattern of a decimal string in the OpenAPI schema.
pub(crate) const DECIMAL: &str = r"^-?[0-9]+(\.[0-9]+)?$";

/// Starts the schema of a value written as a string.
pub(crate) fn text(example: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).examples([example])
}

/// Reads a `T` from a string and from nothing else.
pub(crate) struct FromText<T> {
    expects: &'static str,
    reads: PhantomData<T>,
}

impl<T> FromText<T> {
    pub(crate) fn new(expects: &'static str) -> Self {
        FromText { expects, reads: PhantomData }
    }
}

impl<T> Visitor<'_> for FromText<T>
where
    T: FromStr,
    T::Err: Display,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expects)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|error| E::custom(format_args!("expected {}: {error}", self.expects)))
    }
}

/// Gives a type with `Display` and `parse` its `FromStr`, its serde as a string and its schema.
macro_rules! as_text {
    ($type:ident, $error:ty, $expects:literal, $schema:expr) => {
        impl std::str::FromStr for $type {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                $type::parse(text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                source.deserialize_str($crate::wire::FromText::new($expects))
            }
        }

        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $schema.into()
            }
        }

        impl utoipa::ToSchema for $type {}
    };
}
