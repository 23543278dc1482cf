//! Starts the page.

fn main() {
    hopwise::browser::announce_panics();
    hopwise::ui::mount();
}
