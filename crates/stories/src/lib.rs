//! Business stories and house rules live in `tests/`.
