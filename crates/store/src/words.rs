//! Words: enums that are the same word in the database, in JSON and in files.

/// A word that is none of those expected.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("unknown word; write one of {0}")]
pub struct UnknownWord(pub &'static str);

/// Declares enums whose values are words in the database, in JSON and in files. The literal after
/// the name lists the words for whoever wrote another; the crate that uses it has `serde` and
/// `utoipa`.
#[macro_export]
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $all:literal {
        $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+
    })+) => {$(
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize,
            ::utoipa::ToSchema,
        )]
        $(#[$doc])*
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$word_doc])* $variant,)+ }

        impl $name {
            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> Result<Self, $crate::UnknownWord> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err($crate::UnknownWord($all)),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl $crate::ToValue for $name {
            fn to_value(&self) -> $crate::Value {
                $crate::ToValue::to_value(self.word())
            }
        }

        impl $crate::FromValue for $name {
            fn from_value(value: &$crate::Value) -> Option<Self> {
                match value {
                    $crate::Value::Text(text) => text.parse().ok(),
                    _ => None,
                }
            }
        }
    )+};
}
