//! `write-files`

use super::{Check, Suite, asks_nothing, judge_steps};

pub const CHECK: Check = Check {
    id: "write-files",
    suite: Suite::Registration,
    title: "Files come back as they were uploaded",
    failing_title: "Files cannot be uploaded, or come back changed",
    asks: asks_nothing,
    judge: |facts| {
        judge_steps(
            facts,
            "An empty file, text, bytes and 5 MiB come back byte for byte.",
            "write-files-",
            &[
                "write-files-get-empty",
                "write-files-get-text",
                "write-files-get-binary",
                "write-files-get-large",
            ],
        )
    },
};
