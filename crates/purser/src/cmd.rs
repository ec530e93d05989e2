//! One file per command.

pub(crate) mod apikey;
pub(crate) mod approvals;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod blind;
pub(crate) mod check;
pub(crate) mod count;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod documents;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod jobs;
pub(crate) mod mail;
pub(crate) mod migrate;
pub(crate) mod opening;
pub(crate) mod pick;
pub(crate) mod plan;
pub(crate) mod print;
pub(crate) mod report;
pub(crate) mod scenario;
pub(crate) mod serve;
pub(crate) mod user;
pub(crate) mod webhook;
