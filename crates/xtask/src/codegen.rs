//! Turns the wire types into what other languages read: TypeScript and JSON Schemas.

use std::path::PathBuf;

use anyhow::Result;

use crate::paths;
use crate::run;

/// One generated file, and the example that prints it.
#[derive(Debug)]
pub(crate) struct Generated {
    path: &'static str,
    package: &'static str,
    feature: &'static str,
    example: &'static str,
}

/// Every generated file.
pub(crate) const ALL: [Generated; 3] = [
    Generated {
        path: "pkg/sdk/src/types.gen.ts",
        package: "agent",
        feature: "ts",
        example: "types",
    },
    Generated {
        path: "pkg/sdk/schema/survey.schema.json",
        package: "survey",
        feature: "schema",
        example: "schema",
    },
    Generated {
        path: "pkg/sdk/schema/budgets.schema.json",
        package: "latency",
        feature: "schema",
        example: "schema",
    },
];

impl Generated {
    pub(crate) fn file(&self) -> PathBuf {
        paths::root().join(self.path)
    }

    /// The text that belongs to the wire types as they are now.
    ///
    /// # Errors
    /// When the generator does not compile or fails.
    pub(crate) fn generate(&self) -> Result<String> {
        let mut text = run::output(run::cargo().args([
            "run",
            "--quiet",
            "--package",
            self.package,
            "--features",
            self.feature,
            "--example",
            self.example,
        ]))?;
        text.push('\n');
        Ok(text)
    }
}

/// Writes the generated files that changed.
///
/// # Errors
/// As [`Generated::generate`], and when a file cannot be written.
pub(crate) fn write() -> Result<()> {
    for generated in &ALL {
        let text = generated.generate()?;
        let file = generated.file();
        let shown = paths::shown(&file);
        if std::fs::read_to_string(&file).is_ok_and(|kept| kept == text) {
            run::say(format_args!("{shown} is up to date"));
        } else {
            run::write(&file, text)?;
            run::say(format_args!("wrote {shown}"));
        }
    }
    Ok(())
}
