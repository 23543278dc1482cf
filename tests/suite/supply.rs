//! What is built in comes from one registry, by checksum, and under licenses that `deny.toml` allows.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The strings of one list of `deny.toml`.
fn list<'a>(policy: &'a str, name: &str) -> Vec<&'a str> {
    let list = policy.split_once(&format!("\n{name} = [")).unwrap().1.split(']').next().unwrap();
    list.split('"').skip(1).step_by(2).collect()
}

/// Whether an expression of SPDX can be met: one side of an `OR`, every side of an `AND`.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let expression = expression.replace('/', " OR ");
    let meets_all = |side: &str| {
        side.split(" AND ")
            .map(|license| license.trim().trim_matches(['(', ')']))
            .all(|license| allowed.contains(&license))
    };
    // `(MIT OR Apache-2.0) AND Unicode-3.0`: each bracket counts by itself.
    if let Some((left, right)) = expression.strip_prefix('(').and_then(|rest| rest.split_once(") AND ")) {
        return is_allowed(left, allowed) && is_allowed(right, allowed);
    }
    expression.split(" OR ").any(meets_all)
}

#[test]
fn every_package_has_a_license_that_is_allowed() {
    let policy = file("deny.toml");
    let (allowed, banned) = (list(&policy, "allow"), list(&policy, "deny"));
    let output = Command::new(env::var("CARGO").unwrap_or("cargo".to_owned()))
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 20, "{}", packages.len());
    let mut refused = Vec::new();
    for package in packages {
        let (name, license) = (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or("no license"));
        if !is_allowed(license, &allowed) || banned.contains(&name) {
            refused.push(format!("{name}: {license}"));
        }
    }
    assert!(refused.is_empty(), "deny.toml does not allow {}", refused.join(", "));
}

#[test]
fn expressions_of_licenses_are_understood() {
    let allowed = ["MIT", "Unicode-3.0"];
    for fine in
        ["MIT", "Apache-2.0 OR MIT", "MIT/Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0", "MIT AND Unicode-3.0"]
    {
        assert!(is_allowed(fine, &allowed), "{fine}");
    }
    for other in ["LGPL-3.0", "no license", "MIT AND MPL-2.0", "(MIT OR Apache-2.0) AND MPL-2.0"] {
        assert!(!is_allowed(other, &allowed), "{other}");
    }
}

#[test]
fn every_package_comes_from_one_registry_by_checksum() {
    let lock = file("Cargo.lock");
    let packages: Vec<&str> = lock.split("[[package]]").skip(1).collect();
    let sources: std::collections::BTreeSet<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
    assert!(sources.len() == 1 && sources.iter().all(|source| source.starts_with("\"registry+")), "{sources:?}");
    for package in packages.iter().filter(|package| package.contains("\nsource = ")) {
        assert!(package.contains("\nchecksum = "), "{package}");
    }
    let npm: Value = serde_json::from_str(&file("package-lock.json")).unwrap();
    for (name, package) in npm["packages"].as_object().unwrap().iter().filter(|(name, _)| !name.is_empty()) {
        assert!(package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-")), "{name}");
    }
}
