//! Tells the source of a program from what a program printed.
//!
//! ```text
//! except ConnectionRefusedError:
//!     raise RuntimeError(f"Connection refused: {host}:{port}")
//! ```

use super::Part;

/// How many lines are looked at to tell a program's source from what a program printed.
const SOURCE_LINES: usize = 200;

/// Whether the text is the source of a program: it may quote any output, in comments, in tests, in its messages.
pub(super) fn is_source(part: &Part) -> bool {
    const OPENINGS: [&str; 33] = [
        "//", "/*", "*/", "#!/", "#include", "use ", "import ", "def ", "fn ", "pub ", "let ", "const ", "var ",
        "class ", "return ", "public ", "private ", "func ", "package ", "static ", "if (", "if [", "for (", "while (",
        "async ", "export ", "except", "assert", "local ", "mod ", "elif ", "else:", "try:",
    ];
    let code = |text: &str| {
        let text = text.trim();
        OPENINGS.iter().any(|opening| text.starts_with(opening))
            || [");", "};", "});", ") {", "() {", "> {", "= {", "= [", "try {"].iter().any(|end| text.ends_with(end))
    };
    let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty()).take(SOURCE_LINES);
    let (found, all) = filled.fold((0u32, 0u32), |(found, all), line| (found + u32::from(code(&line.text)), all + 1));
    found >= 4 && found * 4 >= all
}
