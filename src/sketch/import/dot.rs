//! Graphs in the DOT language of Graphviz: nodes, labels and arrows; how it looks is left aside.
//!
//! ```text
//! digraph shop {
//!   rankdir=LR; node [shape=box];
//!   lb [label="Front LB"];
//!   lb -> api -> {db cache};
//! }
//! ```

use super::Plan;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Arrow,
    Sign(char),
}

pub(super) fn read(text: &str) -> Option<Plan> {
    let first = text.split_whitespace().next()?;
    let (head, _) = text.split_once('{')?;
    if !matches!(first.trim_end_matches('{'), "digraph" | "graph" | "strict") || head.lines().count() > 2 {
        return None;
    }
    let mut tokens = tokens(text).into_iter().skip_while(|token| *token != Token::Sign('{')).skip(1).peekable();
    let mut plan = Plan::default();
    // What stands left of the arrow, and what was named since it.
    let (mut callers, mut named): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut after_arrow = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Word(word) if word == "subgraph" => {
                tokens.next_if(|next| matches!(next, Token::Word(_)));
            }
            // `rankdir=LR`
            Token::Word(_) if tokens.next_if_eq(&Token::Sign('=')).is_some() => {
                tokens.next();
            }
            Token::Word(word) if matches!(word.as_str(), "node" | "edge" | "graph") => {}
            Token::Word(word) => {
                plan.hop(&word);
                if after_arrow {
                    callers.iter().for_each(|from| plan.join(from, &word));
                }
                named.push(word);
            }
            Token::Arrow => {
                callers = std::mem::take(&mut named);
                after_arrow = true;
            }
            Token::Sign('[') => {
                let attributes: Vec<Token> = tokens.by_ref().take_while(|token| *token != Token::Sign(']')).collect();
                if let ([only], Some(label)) = (named.as_slice(), label(&attributes)) {
                    plan.label(only, &label);
                }
            }
            // The hops inside braces behind an arrow are all called by the same.
            Token::Sign('{') => {}
            Token::Sign('}') if after_arrow => {}
            Token::Sign(_) if after_arrow && named.is_empty() => {}
            Token::Sign(_) => {
                named.clear();
                callers.clear();
                after_arrow = false;
            }
        }
        // Without an arrow, the next word begins a statement of its own.
        if !after_arrow && !matches!(tokens.peek(), Some(Token::Arrow | Token::Sign('['))) {
            named.clear();
        }
    }
    Some(plan)
}

fn label(attributes: &[Token]) -> Option<String> {
    let at = attributes.iter().position(|token| *token == Token::Word("label".to_owned()))?;
    match attributes.get(at + 1..at + 3)? {
        [Token::Sign('='), Token::Word(label)] => Some(label.replace("\\n", " ")),
        _ => None,
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.starts_with('#')) {
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => {
                    let mut word = String::new();
                    while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                        word.extend(if letter == '\\' && letters.peek() == Some(&'"') {
                            letters.next()
                        } else {
                            Some(letter)
                        });
                    }
                    tokens.push(Token::Word(word));
                }
                '-' if letters.next_if(|next| matches!(next, '>' | '-')).is_some() => tokens.push(Token::Arrow),
                letter if letter.is_alphanumeric() || letter == '_' || letter == '.' => {
                    let mut word = letter.to_string();
                    while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || matches!(next, '_' | '.')) {
                        word.push(next);
                    }
                    tokens.push(Token::Word(word));
                }
                letter if letter.is_whitespace() => {}
                sign => tokens.push(Token::Sign(sign)),
            }
        }
        // A line ends a statement in all but rare files.
        tokens.push(Token::Sign(';'));
    }
    tokens
}
