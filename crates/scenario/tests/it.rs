//! Scenarios through the doors: the golden cases on both engines, and files that are no cases.

mod it {
    mod files;
    mod golden;
}
