//! Pasted numbers, before and after: which hop the diagnosis puts first, and what it says of them.

use hopwise::diagnosis::Diagnosis;
use hopwise::engine::{Evidence, diagnose};
use hopwise::evidence::Origin;
use hopwise::read::read;
use hopwise::runbook::Shelf;
use hopwise::sketch::{Sketch, from_arrows};

fn told(pastes: &[(&str, &str)]) -> Diagnosis {
    let sketch = from_arrows("user -> shop -> search -> db", &Sketch::default()).unwrap();
    let evidence: Vec<Evidence> = pastes
        .iter()
        .map(|(command, text)| Evidence {
            origin: Origin { command: (!command.is_empty()).then(|| (*command).to_owned()), ..Origin::default() },
            reading: read(text, (!command.is_empty()).then_some(*command), None),
        })
        .collect();
    diagnose(&sketch, &evidence, &Shelf::shipped().0)
}

fn first(diagnosis: &Diagnosis) -> &str {
    diagnosis.elements.first().map_or("nobody", |element| element.element.as_str())
}

fn concluded(diagnosis: &Diagnosis) -> Vec<&str> {
    diagnosis.sums.iter().map(|sum| sum.concludes.as_str()).collect()
}

const SCRAPE: &str = "http_requests_total{job=\"shop\",code=\"200\"} SHOP\nhttp_requests_total{job=\"shop\",code=\"503\"} LOST\n\
                      http_requests_total{job=\"search\",code=\"200\"} SEARCH\nhttp_requests_total{job=\"search\",code=\"500\"} FAILED\n\
                      http_requests_total{job=\"db\",code=\"200\"} DB\nhttp_requests_total{job=\"db\",code=\"500\"} 0\n";

fn scrape(numbers: [&str; 5]) -> String {
    let words = ["SHOP", "LOST", "SEARCH", "FAILED", "DB"];
    words.iter().zip(numbers).fold(SCRAPE.to_owned(), |text, (word, number)| text.replace(word, number))
}

#[test]
fn two_scrapes_of_counters_lead_to_where_requests_are_lost() {
    let (calm, fault) =
        (scrape(["90000", "9", "120000", "12", "130000"]), scrape(["91000", "109", "121500", "122", "131700"]));
    let diagnosis = told(&[("", &calm), ("", &fault)]);
    assert_eq!(first(&diagnosis), "search");
    assert_eq!(concluded(&diagnosis), ["The loss begins at search (97 %)."]);
    let rows = &diagnosis.sums[0].rows;
    assert!(rows[1].starts_with("shop lost 99.9 of 1100 requests"), "{rows:?}");
}

#[test]
fn a_table_that_stays_calm_accuses_nobody() {
    let mut table = "time,service,requests,errors\n".to_owned();
    for minute in 10..20 {
        table += &format!("2026-11-28 17:{minute}:00,shop,{},{}\n", 500 + minute, minute % 2);
        table += &format!("2026-11-28 17:{minute}:00,search,{},{}\n", 800 - minute, minute % 3);
    }
    let diagnosis = told(&[("", &table)]);
    assert_eq!(concluded(&diagnosis), ["Nothing significant changed between the two windows."]);
    assert!(diagnosis.suspects.iter().all(|suspect| suspect.because.is_empty()));
}

#[test]
fn the_change_that_a_person_dates_divides_the_windows() {
    let mut table = "time,service,requests,latency_avg_ms\n".to_owned();
    for minute in (0..50).step_by(5) {
        let (shop, search) = if minute >= 25 { (190, 109) } else { (90, 10) };
        table += &format!(
            "17:{minute:02}:00,shop,500,{shop}\n17:{minute:02}:00,search,500,{search}\n17:{minute:02}:00,db,500,4\n"
        );
    }
    let diagnosis = told(&[("", &table), ("", "changed at 17:22: search: new version")]);
    assert_eq!(first(&diagnosis), "search");
    let windows = &diagnosis.sums[0].rows[0];
    assert!(windows.starts_with("Before: 17:00 to 17:20; after: 17:25 to 17:50, around the change"), "{windows}");
    assert!(windows.contains("(300 s) holds some of both and is left out"), "{windows}");
}

#[test]
fn windows_that_overlap_are_refused() {
    let answer = |minute: u32, value: u32| {
        format!(
            "{{\"Label\":\"HTTPCode_Target_5XX_Count\",\"Datapoints\":[{{\"Timestamp\":\"2026-11-28T17:{minute:02}:00Z\",\"Sum\":{value}.0,\"Unit\":\"Count\"}}]}}"
        )
    };
    let command = "aws cloudwatch get-metric-statistics --namespace AWS/ApplicationELB --metric-name HTTPCode_Target_5XX_Count --dimensions Name=LoadBalancer,Value=app/shop/50dc6c495c0c9188 --statistics Sum --period 300";
    let diagnosis = told(&[(command, &answer(0, 3)), (command, &answer(2, 90))]);
    assert!(
        concluded(&diagnosis).iter().any(|says| says.starts_with("The two windows overlap")),
        "{:?}",
        diagnosis.sums
    );
}

#[test]
fn a_mean_of_counts_is_no_sum() {
    let table = "element,measure,statistic,before,after\nshop,requests,average,480,505\nshop,errors,average,0,60\nshop,latency ms,average,90,400\n";
    let diagnosis = told(&[("", table)]);
    let rows: Vec<&String> = diagnosis.sums.iter().flat_map(|sum| &sum.rows).collect();
    assert!(rows.iter().any(|row| row.contains("The average of requests of shop is no sum")), "{rows:?}");
}

#[test]
fn a_person_who_knows_what_was_measured_is_believed() {
    let table = "service,measure,before,after\nshop,requests,480,505\nshop,latency avg ms,90,150\n\
                 index-7,requests,760,840\nindex-7,latency avg ms,6,40\ndb,requests,900,950\ndb,latency avg ms,5,5\n";
    let drawn = from_arrows("user -> shop -> search -> db", &Sketch::default()).unwrap();
    let mut nodes = drawn.nodes().to_vec();
    let evidence = [Evidence { origin: Origin::default(), reading: read(table, None, None) }];
    let shelf = Shelf::shipped().0;
    let places = |sketch: &Sketch| -> Vec<String> {
        let told = diagnose(sketch, &evidence, &shelf).measured.into_iter();
        told.map(|one| format!("{} at {}", one.of, one.element)).collect()
    };
    assert_eq!(places(&drawn), ["shop at shop", "db at db", "index-7 at "]);
    nodes[2].attrs.insert("measured_as".to_owned(), "search-2; index-7".into());
    let said = Sketch::new(nodes, drawn.edges().to_vec()).unwrap();
    assert_eq!(places(&said), ["shop at shop", "index-7 at search", "db at db"]);
    assert_eq!(first(&diagnose(&said, &evidence, &shelf)), "search");
}

#[test]
fn many_traces_before_and_after_lead_to_the_call_that_got_slow() {
    let span = |second: u64, number: u64| {
        let start = (1_795_243_800 + second) * 1_000_000 + number * 1_000;
        let (id, slow) = (second * 10 + number, second >= 300);
        let (own, called) = if slow { (260_000, 210_000) } else { (60_000, 10_000) };
        format!(
            r#"{{"traceId":"t{id}","id":"a{id}","kind":"SERVER","name":"get /","timestamp":{start},"duration":{own},"localEndpoint":{{"serviceName":"shop"}}}},
{{"traceId":"t{id}","parentId":"a{id}","id":"b{id}","kind":"SERVER","name":"find","timestamp":{start},"duration":{called},"localEndpoint":{{"serviceName":"search"}}}}"#
        )
    };
    let spans: Vec<String> = (0..600).step_by(5).flat_map(|second| (0..3).map(move |n| span(second, n))).collect();
    let diagnosis = told(&[("", &format!("[{}]", spans.join(",\n")))]);
    assert_eq!(first(&diagnosis), "search");
    // Nobody traced what search calls.
    assert_eq!(concluded(&diagnosis), ["The loss begins at search (67 %) or db (33 %)."]);
}

#[test]
fn an_upstream_that_nginx_cannot_reach_is_accused_and_not_nginx() {
    let drawing = "user -> nginx[127.7.2.2]:80 -> shop[127.7.2.11, 127.7.2.12]:8080";
    let sketch = from_arrows(drawing, &Sketch::default()).unwrap();
    let log = include_str!("../samples/access_log/nginx-load-fault.txt");
    let origin = Origin { vantage: Some("nginx".to_owned()), ..Origin::default() };
    let evidence = [Evidence { origin, reading: read(log, None, None) }];
    let diagnosis = diagnose(&sketch, &evidence, &Shelf::shipped().0);
    let suspect = &diagnosis.suspects[0];
    assert_eq!((suspect.element.as_str(), suspect.address), ("shop", "127.7.2.12".parse().ok()));
    let nginx = diagnosis.elements.iter().find(|one| one.element == "nginx").map_or(0.0, |one| one.probability);
    assert!(nginx < 0.05, "{nginx}");
}
