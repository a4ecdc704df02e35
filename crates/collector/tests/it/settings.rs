//! Turns wrong settings into exit code 2 and a message that names the key and the reason.

use std::path::Path;

use collector::settings::{Given, OtlpEndpoint, Overrides, Settings, Source};

use crate::process::firsthand;
use crate::world::{EMAIL, KEY, PASSWORD};

/// Runs the binary and expects it to refuse, saying all of `words`.
fn check(args: &[&str], variables: &[(&str, &str)], words: &[&str]) {
    let mut command = firsthand();
    let output = command
        .args(args)
        .envs(variables.to_vec())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{args:?}: no {word:?} in: {said}");
    }
    assert_eq!(output.stdout, b"");
}

#[test]
fn a_wrong_flag_is_named() {
    let cases: [(&[&str], &[&str]); 18] = [
        (
            &["--listen", "8787"],
            &["--listen", "\"8787\"", "address and port"],
        ),
        (&["--base-path", "firsthand"], &["--base-path", "slash"]),
        (&["--base-path", "/a/../b"], &["--base-path", "letters"]),
        (&["--log", "xml"], &["--log", "\"xml\"", "text nor json"]),
        (
            &["--log-level", "loud"],
            &["--log-level", "\"loud\"", "debug"],
        ),
        (&["--public-url", "ftp://x"], &["--public-url", "https://"]),
        (&["--data", ""], &["--data"]),
        (
            &["--keep-slices", "5m"],
            &["--keep-slices", "\"5m\"", "48h"],
        ),
        (
            &["--keep-minutes", "24h"],
            &["--keep-minutes", "\"24h\"", "shorter than keep_slices"],
        ),
        (
            &["--keep-responses", "12h"],
            &["--keep-responses", "\"12h\"", "nor forever"],
        ),
        (
            &["--keep-dead-letters", "never"],
            &["--keep-dead-letters", "\"never\"", "3660d"],
        ),
        (&["--keep-ids", "7d"], &["--keep-ids", "\"7d\"", "from 8d"]),
        (&["--otlp-endpoint", "x"], &["--otlp-endpoint", "https://"]),
        (
            &["--rate-per-key", "0"],
            &["--rate-per-key", "\"0\"", "off"],
        ),
        (
            &["--address-header", "X Forwarded"],
            &["--address-header", "X-Forwarded-For"],
        ),
        (&["--metrics-token", "short"], &["--metrics-token", "16"]),
        (
            &["--config", "/nowhere/at/all.toml"],
            &["--config", "/nowhere/at/all.toml"],
        ),
        (&["--lisen", "127.0.0.1:1"], &["--lisen", "--listen"]),
    ];
    for (args, words) in cases {
        check(&[&["serve"], args].concat(), &[], words);
    }
}

#[test]
fn a_wrong_variable_is_named() {
    let cases = [
        ("FIRSTHAND_LISTEN", "localhost"),
        ("FIRSTHAND_BASE_PATH", "x"),
        ("FIRSTHAND_LOG", "loud"),
        ("FIRSTHAND_LOG_LEVEL", "7"),
        ("FIRSTHAND_PUBLIC_URL", "x"),
        ("FIRSTHAND_CONFIG", "/nowhere/at/all.toml"),
        ("FIRSTHAND_KEEP_SLICES", "2 days"),
        ("FIRSTHAND_KEEP_MINUTES", "1m"),
        ("FIRSTHAND_KEEP_LOSSES", "0d"),
        ("FIRSTHAND_KEEP_IDS", "forever"),
        ("FIRSTHAND_OTLP_ENDPOINT", "ftp://x"),
    ];
    for (name, value) in cases {
        check(&["serve"], &[(name, value)], &[name, value]);
    }
}

fn with_file(text: &str, check: impl FnOnce(&str)) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.toml");
    std::fs::write(&file, text).unwrap();
    check(file.to_str().unwrap());
}

#[test]
fn a_wrong_file_is_named_with_its_key() {
    let cases: [(&str, &[&str]); 9] = [
        (
            "lisen = \"127.0.0.1:1\"",
            &["firsthand.toml", "lisen", "unknown field"],
        ),
        ("listen = 8787", &["firsthand.toml", "listen", "line 1"]),
        (
            "keep_impressions = \"1h\"",
            &["keep_impressions in ", "\"1h\"", "1d"],
        ),
        (
            "listen = \"here\"",
            &["listen in ", "firsthand.toml", "\"here\""],
        ),
        ("log_level = \"loud\"", &["log_level in ", "\"loud\""]),
        ("listen = ", &["firsthand.toml", "line 1"]),
        (
            "keep_slices = \"1d\"\nkeep_minutes = \"2h\"",
            &["keep_minutes in ", "\"2h\""],
        ),
        (
            "metrics_token = \"with some spaces in it\"",
            &["metrics_token in ", "spaces"],
        ),
        (
            "[server]\nlisten = \"127.0.0.1:1\"",
            &["firsthand.toml", "server"],
        ),
    ];
    for (text, words) in cases {
        with_file(text, |file| check(&["serve", "--config", file], &[], words));
    }
}

#[test]
fn a_flag_wins_over_a_variable_and_that_over_the_file() {
    // The first one that is wrong and still used is the one that is named.
    with_file("listen = \"in the file\"", |file| {
        let config = ["serve", "--config", file];
        check(&config, &[], &["listen in ", "in the file"]);
        let variable = [("FIRSTHAND_LISTEN", "variable")];
        check(&config, &variable, &["FIRSTHAND_LISTEN", "\"variable\""]);
        let flag = [&config[..], &["--listen", "flag"]].concat();
        check(&flag, &variable, &["--listen", "\"flag\""]);
    });
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    check(&["serve", "--data", path], &[], &["--data", path]);
    let variable = [("FIRSTHAND_DATA", path)];
    check(&["serve"], &variable, &["FIRSTHAND_DATA", path]);
    let init = init_args(Path::new(path));
    let init: Vec<&str> = init.iter().map(String::as_str).collect();
    check(&init, &[], &["--data", path]);
    // Without the flag and its value.
    let init = [&init[..1], &init[3..]].concat();
    check(&init, &variable, &["FIRSTHAND_DATA", path]);
}

#[test]
fn an_address_that_is_taken_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = dir.path().to_str().unwrap();
    let args = ["serve", "--data", data, "--listen", &address];
    check(&args, &[], &["--listen", &address, "in use"]);
    let variable = [("FIRSTHAND_LISTEN", address.as_str())];
    let words = ["FIRSTHAND_LISTEN", &address, "in use"];
    check(&args[..3], &variable, &words);
    with_file(&format!("listen = {address:?}"), |file| {
        let args = [&args[..3], &["--config", file]].concat();
        check(&args, &[], &["listen in ", file, &address, "in use"]);
    });
}

#[test]
fn init_checks_what_it_is_given() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |change: &dyn Fn(&mut Vec<String>), words: &[&str]| {
        let data = dir.path().join("data");
        let mut args = init_args(&data);
        change(&mut args);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        check(&args, &[], words);
        assert!(!data.exists(), "nothing is made before everything is right");
    };
    let set = |flag: &'static str, value: &'static str| {
        move |args: &mut Vec<String>| {
            let at = args.iter().position(|arg| arg == flag).unwrap();
            args[at + 1] = value.into();
        }
    };
    refused(&set("--admin", "nobody"), &["--admin", "e-mail"]);
    refused(&set("--site-key", "short"), &["--site-key", "8 to 64"]);
    refused(
        &set("--origin", "https://shop.example/"),
        &["--origin", "slash"],
    );
    refused(&set("--origin", "*"), &["--origin", "scheme"]);
    refused(&|args| args.truncate(args.len() - 2), &["--origin"]);
    let survey = |text: &str| {
        let file = dir.path().join("survey.json");
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let file = survey("{\"id\":\"nps\"}");
    refused(
        &|args| args.extend(["--survey".into(), file.clone()]),
        &["--survey", "name"],
    );
    let good = serde_json::to_string(&collector::setup::first_survey()).unwrap();
    let file = survey(&format!("{good}{good}"));
    refused(
        &|args| args.extend(["--survey".into(), file.clone()]),
        &["--survey", "follows the end of the survey"],
    );
    let mut none = collector::setup::first_survey();
    none.questions.clear();
    let file = survey(&serde_json::to_string(&none).unwrap());
    let words = ["--survey", "at least one question"];
    refused(
        &|args| args.extend(["--survey".into(), file.clone()]),
        &words,
    );
}

#[test]
fn a_token_is_never_repeated() {
    let output = firsthand()
        .args(["serve", "--metrics-token", "s3cret"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn an_endpoint_is_completed_as_other_exporters_do() {
    let check = |given: &str, expected: &str| {
        let endpoint: OtlpEndpoint = given.parse().unwrap();
        assert_eq!(endpoint.url().as_str(), expected);
    };
    let whole = "http://127.0.0.1:4318/v1/metrics";
    check("http://127.0.0.1:4318", whole);
    check("http://127.0.0.1:4318/", whole);
    check(whole, whole);
    check(
        "https://a.example/otlp",
        "https://a.example/otlp/v1/metrics",
    );
}

#[test]
fn a_short_password_is_refused_and_not_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let mut args = init_args(dir.path());
    let at = args.iter().position(|arg| arg == PASSWORD).unwrap();
    args[at] = "s3cret".into();
    let output = firsthand().args(&args).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("--password") && !said.contains("s3cret"),
        "{said}"
    );
}

fn init_args(data: &Path) -> Vec<String> {
    let data = data.to_str().unwrap();
    let args = [
        "init",
        "--data",
        data,
        "--admin",
        EMAIL,
        "--password",
        PASSWORD,
        "--site-key",
        KEY,
        "--origin",
        "https://shop.example",
    ];
    args.map(String::from).to_vec()
}

#[test]
fn ranges_inside_are_allowed_by_the_file_alone() {
    with_file(
        "[outgoing]\nallow = [\"10.0.0.0/8\", \"fd00::/8\"]",
        |file| {
            let given = Overrides {
                config: Some(Given {
                    from: Source::Flag("--config"),
                    value: file.into(),
                }),
                ..Overrides::default()
            };
            let allowed = Settings::settle(given).unwrap().outgoing_allowed;
            let expected = ["10.0.0.0/8", "fd00::/8"].map(|range| range.parse().unwrap());
            assert_eq!(allowed, expected);
        },
    );
    with_file("[outgoing]\nallow = [\"10.0.0.0/33\"]", |file| {
        let words = ["outgoing.allow", file, "10.0.0.0/33", "range"];
        check(&["serve", "--config", file], &[], &words);
    });
}
