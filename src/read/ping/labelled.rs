//! The target that a loop printed in front of a summary of `ping`.
//!
//! ```text
//! 10.60.3.11: 2 packets transmitted, 2 received, 0% packet loss, time 1009ms
//! ```

use crate::fact::Endpoint;
use crate::read::request::endpoint;

pub(super) fn labelled(text: &str) -> Option<Endpoint> {
    let (before, _) = text.split_once(" packets transmitted, ")?;
    let (label, _) = before.trim().rsplit_once(' ')?;
    let label = label.trim_matches([' ', ':', '=', '-', '>']);
    let named = !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c));
    named.then(|| endpoint(label, None))
}

#[cfg(test)]
mod tests {
    use crate::read::ping::READER;
    use crate::read::told;

    #[test]
    fn a_summary_that_a_loop_labels_is_the_labels() {
        let text = "10.0.0.5: 2 packets transmitted, 2 received, 0% packet loss, time 1001ms\n\
                    10.0.0.6: 2 packets transmitted, 0 received, 100% packet loss, time 1018ms\n";
        let said = ["ping is answered at 10.0.0.5 (2 of 2 answered)", "ping is silent at 10.0.0.6 (0 of 2 answered)"];
        assert_eq!(told(READER, text), said);
    }
}
