//! Why a command of the command line did not do its work, in words for a person.

use base::Rule;

/// A sentence that says what is wrong and what to do.
#[derive(Debug)]
pub(crate) struct Failure(pub String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Failure {
        Failure(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure(error.to_string())
    }
}

/// A rule's refusal as a failure.
pub(crate) fn refused(error: impl Rule) -> Failure {
    Failure(error.problem().detail)
}
