//! The five kinds of value that a column holds, and how Rust values become them.

use crate::StoreError;
use base::{Day, Price, Quantity, Rate, Timestamp};
use std::sync::Arc;

/// One column's value. There are no booleans (0/1), no floats and no native dates in the database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// No value.
    Null,
    /// A 64-bit integer: an id, an amount, a quantity, a flag, a moment.
    Int(i64),
    /// Text: a name, a code, an ISO day, a JSON document.
    Text(String),
    /// Bytes: a hash, a stored answer.
    Bytes(Vec<u8>),
}

/// What can be bound to a parameter.
pub trait ToValue {
    /// The value as the database holds it.
    fn to_value(&self) -> Value;
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// Reads the value, or `None` when it is of another kind.
    fn from_value(value: &Value) -> Option<Self>;
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}
impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

macro_rules! integer_like {
    ($($kind:ty: $to:expr, $from:expr;)*) => {$(
        impl ToValue for $kind {
            fn to_value(&self) -> Value {
                let to: fn(&$kind) -> i64 = $to;
                Value::Int(to(self))
            }
        }
        impl FromValue for $kind {
            fn from_value(value: &Value) -> Option<Self> {
                let from: fn(i64) -> Option<$kind> = $from;
                match value {
                    Value::Int(int) => from(*int),
                    _ => None,
                }
            }
        }
    )*};
}

integer_like! {
    i64: |v| *v, Some;
    u32: |v| i64::from(*v), |v| u32::try_from(v).ok();
    u64: |v| i64::try_from(*v).unwrap_or(i64::MAX), |v| u64::try_from(v).ok();
    bool: |v| i64::from(*v), |v| match v { 0 => Some(false), 1 => Some(true), _ => None };
    Quantity: |v| v.micro(), |v| Some(Quantity::from_micro(v));
    Price: |v| v.micro(), |v| Some(Price::from_micro(v));
    Rate: |v| v.nano(), |v| Some(Rate::from_nano(v));
    Timestamp: |v| v.micros(), |v| Some(Timestamp::from_micros(v));
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}
impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}
impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}
impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}
impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }
}
impl ToValue for Day {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl FromValue for Day {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Day::parse(text).ok(),
            _ => None,
        }
    }
}
impl ToValue for base::Currency {
    fn to_value(&self) -> Value {
        Value::Text(self.code().to_owned())
    }
}
impl FromValue for base::Currency {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => base::Currency::parse(text).ok(),
            _ => None,
        }
    }
}

macro_rules! typed_ids {
    ($($id:ident),* $(,)?) => {$(
        impl ToValue for base::$id {
            fn to_value(&self) -> Value {
                Value::Int(base::Id::raw(*self))
            }
        }
        impl FromValue for base::$id {
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Int(raw) => Some(base::Id::from_raw(*raw)),
                    _ => None,
                }
            }
        }
    )*};
}

base::for_each_id!(typed_ids);

/// One row of an answer, read by position in the order the statement selects. The rows of an answer
/// share one memory, which is there as long as one of them.
#[derive(Clone)]
pub struct Row {
    cells: Arc<Vec<Value>>,
    from: usize,
    to: usize,
}

impl Row {
    /// The rows of an answer from its cells, row by row, each of `width` columns.
    pub(crate) fn all(cells: Vec<Value>, width: usize) -> Vec<Row> {
        let (count, cells) = (cells.len().checked_div(width).unwrap_or(0), Arc::new(cells));
        let row =
            |at: usize| Row { cells: Arc::clone(&cells), from: at * width, to: (at + 1) * width };
        (0..count).map(row).collect()
    }

    /// Reads column `index` (from 0).
    ///
    /// # Errors
    /// [`StoreError::Decode`] when the column is missing or of another kind: a fault of the
    /// statement or of the stored data, never of the user.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, StoreError> {
        let value = self.values().get(index);
        value.and_then(T::from_value).ok_or_else(|| StoreError::Decode {
            column: index,
            found: format!("{value:?}"),
            wanted: std::any::type_name::<T>(),
        })
    }

    /// The values in the order selected.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.cells[self.from..self.to]
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.values()).finish()
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.values() == other.values()
    }
}

impl Eq for Row {}

/// The rows of a statement's set parameter, each with the columns that its `{rows:...}` token names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub(crate) width: usize,
    /// The cells, row by row; shared with the engine while the statement runs.
    pub(crate) values: Arc<Vec<Value>>,
}

impl Rows {
    /// A set of rows of `width` columns.
    #[must_use]
    pub fn new(width: usize) -> Rows {
        Rows { width, values: Arc::default() }
    }

    /// A set of one column.
    pub fn column<T: ToValue>(values: impl IntoIterator<Item = T>) -> Rows {
        let values = values.into_iter().map(|value| value.to_value()).collect();
        Rows { width: 1, values: Arc::new(values) }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When the row's width differs from the set's: a fault of the code that builds it.
    pub fn push<const N: usize>(&mut self, row: [Value; N]) {
        assert_eq!(N, self.width, "a set row must have as many values as its set");
        Arc::make_mut(&mut self.values).extend(row);
    }

    /// How many rows the set has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether the set has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// A statement's parameters: the single values in order, and the rows of its set if it has one.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pub(crate) values: Vec<Value>,
    pub(crate) rows: Option<Rows>,
}

impl Params {
    /// Parameters `$1`, `$2`, ... in order.
    #[must_use]
    pub fn new(values: Vec<Value>) -> Params {
        Params { values, rows: None }
    }

    /// The same with the rows of the statement's `{rows:...}` token.
    #[must_use]
    pub fn with_rows(mut self, rows: Rows) -> Params {
        self.rows = Some(rows);
        self
    }
}

/// `params![a, b]` binds `$1`, `$2`; `params![a, b; rows]` binds the set parameter as well.
#[macro_export]
macro_rules! params {
    () => { $crate::Params::default() };
    (; $rows:expr) => { $crate::Params::default().with_rows($rows) };
    ($($value:expr),+ $(,)?) => {
        $crate::Params::new(vec![$($crate::ToValue::to_value(&$value)),+])
    };
    ($($value:expr),+ ; $rows:expr) => {
        $crate::Params::new(vec![$($crate::ToValue::to_value(&$value)),+]).with_rows($rows)
    };
}

/// `row![a, b]` is one row of a set parameter.
#[macro_export]
macro_rules! row {
    ($($value:expr),+ $(,)?) => { [$($crate::ToValue::to_value(&$value)),+] };
}
