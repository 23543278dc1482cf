//! What is learned from all pastes while they are placed, and what follows from it once all are.

use super::*;

/// One list for each question that no single paste answers.
#[derive(Default)]
pub(super) struct Notes {
    /// Series that no label places.
    pub strays: Vec<(Series, Unplaced)>,
    pub clocks: Vec<clock::Reading>,
    /// Whose sessions others wait for.
    pub holders: Vec<NodeIx>,
    pub held: Vec<twice::Held>,
    pub returns: Vec<back::Return>,
    pub answers: Vec<lookup::Answer>,
    pub aliases: Vec<alias::Alias>,
    pub misled: settings::Misled,
    pub told: Vec<peers::Told>,
    pub serials: Vec<serial::Serial>,
    /// Requests by hand to ports that nobody uses.
    pub tried: Vec<Seen>,
    /// Requests by hand that show nobody's token.
    pub bare: Vec<Seen>,
    pub callers: nameless::Callers,
    pub restarts: Vec<over::Restart>,
    pub captures: Vec<capture::Capture>,
    pub hosts: legs::Hosts,
    pub intents: Vec<intent::Intent>,
}

impl Notes {
    /// Holds everything that was placed against everything else. `taken` tells when each paste was.
    pub(super) fn compare(self, placed: &mut Placed, taken: &BTreeMap<usize, i64>, sketch: &Sketch, routes: &Routes) {
        let named = self.strays.iter().filter(|(series, _)| series.measure.is_some());
        placed.unmeasured = named.map(|(one, _)| one.of()).collect();
        placed.unplaced.extend(series::comparable(self.strays));
        lookup::compare(&mut placed.observations, &self.answers, sketch);
        serial::compare(&mut placed.observations, &self.serials);
        lookup::without_nameless(&mut placed.observations);
        nameless::compare(&mut placed.observations, &self.callers, &mut placed.assumed, sketch);
        left::compare(&mut placed.observations, &mut placed.assumed, sketch);
        trail::compare(&mut placed.observations);
        slip::compare(placed, sketch);
        slip::compare_searched(&mut placed.observations);
        slip::compare_ports(placed, &self.tried, sketch);
        alias::compare(&mut placed.observations, &self.aliases, sketch);
        clock::compare(&mut placed.observations, &self.clocks);
        intent::compare(placed, &self.intents, sketch);
        over::compare(placed, &self.restarts, taken, sketch, routes);
        benched::compare(placed, taken, sketch, routes);
        capture::compare(&mut placed.observations, &self.captures, sketch, routes);
        legs::compare(&mut placed.observations, &self.hosts, sketch);
        twice::compare(&mut placed.observations, &self.held, sketch);
        back::compare(&mut placed.observations, self.returns, sketch, routes);
        settings::compare(&mut placed.observations, &self.misled);
        peers::compare(&mut placed.observations, &self.told, sketch);
        manner::compare(&mut placed.observations, sketch);
        entry::compare(&mut placed.observations, sketch);
        straight::compare(&mut placed.observations, sketch, routes);
        challenge::compare(&mut placed.observations, routes);
        challenge::compare_bare(placed, &self.bare, sketch);
        disks::compare(&mut placed.observations);
        pace::compare(&mut placed.observations);
        waiting::compare(&mut placed.observations, routes);
        impatient::compare(&mut placed.observations, routes);
        delay::compare(&mut placed.observations, &placed.delays, routes);
        echo::compare(placed, routes);
        blocker::compare(&mut placed.observations, &self.holders);
    }
}
