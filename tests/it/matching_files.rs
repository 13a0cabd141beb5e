//! `touyan match` on files: the manual's example, faults, orders, holders, draws.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use touyan::frame;
use touyan::matching::{manual, schema_json};

pub(crate) fn touyan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_touyan")).args(["--lang", "en"]).args(arguments).output().unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    let files = entries.map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap()));
    files.filter(|(name, _)| name != touyan::run::TIMINGS).collect()
}

fn manual_text() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/match.md")).unwrap()
}

#[test]
fn the_manual_and_the_schema_of_matching_follow_the_code() {
    crate::bless("docs/match.md", &manual::render(&manual_text()));
    crate::bless("docs/match.schema.json", &schema_json());
}

/// Writes the files that the manual's fenced blocks name.
fn write_examples(dir: &Path) {
    let text = manual_text();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        if let Some((_, name)) = info.split_once(' ') {
            let text = body.join("\n") + "\n";
            // They are the examples of the folder of small tables too.
            crate::bless(&format!("notebooks-data/match/{name}"), &text);
            fs::write(dir.join(name), text).unwrap();
        }
    }
}

/// The lines of a table of the manual below a heading, without its head.
fn rows_below(heading: &str) -> Vec<Vec<String>> {
    let text = manual_text();
    let below = text.split_once(heading).expect("the manual has the heading").1;
    let rows = below.lines().skip_while(|l| !l.starts_with('|')).take_while(|l| l.starts_with('|')).skip(2);
    rows.map(|l| l.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect()).collect()
}

#[test]
fn the_manuals_example_gives_what_the_manual_says() {
    let dir = tempfile::tempdir().unwrap();
    write_examples(dir.path());
    let at = |name: &str| dir.path().join(name);
    let out = at("matched");
    let [edges, policy, posts, people] = ["pairs.csv", "match.toml", "posts.csv", "people.csv"].map(at);
    let tables = ["match", text(&edges), "--policy", text(&policy), "--vacancies", text(&posts)];
    let matched = |more: &[&str]| touyan(&[&tables[..], &["--candidates", text(&people)], more].concat());
    let run = matched(&["--out", text(&out)]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let table = |name: &str| frame::read_parquet(&out.join(format!("{name}.parquet"))).unwrap();
    let assignment = table("assignment");
    let told: Vec<Vec<String>> = (0..assignment.height())
        .map(|row| {
            let word = |c| frame::texts(&assignment, c).unwrap()[row].unwrap_or("").to_owned();
            let number = |c| frame::numbers(&assignment, c).unwrap()[row].map_or_else(String::new, |v| v.to_string());
            vec![word("vacancy"), word("candidate"), number("fit"), word("next_best"), number("next_best_loss")]
        })
        .collect();
    assert_eq!(told, rows_below("<!-- assignment -->"));
    let quotas = table("quotas");
    let told: Vec<Vec<String>> = (0..quotas.height())
        .map(|row| {
            let whole = |c| frame::wholes(&quotas, c).unwrap()[row].map_or_else(String::new, |v: i64| v.to_string());
            let number = |c| frame::numbers(&quotas, c).unwrap()[row].map_or_else(String::new, |v| v.to_string());
            let word = |c| frame::texts(&quotas, c).unwrap()[row].unwrap_or("").to_owned();
            let (low, high) = (number("cost_low"), number("cost_high"));
            vec![word("quota"), word("per"), whole("least"), whole("sum"), low, high, whole("cost_seats")]
        })
        .collect();
    assert_eq!(told, rows_below("<!-- quotas -->"));
    let verified = touyan(&["verify", text(&out), "--book", text(&at("pairs.csv"))]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));

    // The same bytes for any number of threads and any order of rows, but for the file's own hash.
    let mut shuffled: Vec<String> = fs::read_to_string(at("pairs.csv")).unwrap().lines().map(str::to_owned).collect();
    shuffled[1..].reverse();
    fs::write(at("pairs.csv"), shuffled.join("\n") + "\n").unwrap();
    for threads in ["1", "4"] {
        let again = dir.path().join(format!("again{threads}"));
        let run = matched(&["--out", text(&again), "--threads", threads]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let (mut one, mut other) = (files(&out), files(&again));
        assert!(one.remove("run.json").is_some() && other.remove("run.json").is_some());
        assert_eq!(one, other);
    }
    // Another edge list than that of the run is found out.
    let verified = touyan(&["verify", text(&out), "--book", text(&at("pairs.csv"))]);
    assert_eq!(verified.status.code(), Some(1));
}

#[test]
fn faults_say_where_and_how_to_mend_them() {
    let dir = tempfile::tempdir().unwrap();
    let edges = dir.path().join("edges.csv");
    let policy = dir.path().join("p.toml");
    let run = |rows: &str, rules: &str, more: &[&str]| {
        fs::write(&edges, rows).unwrap();
        fs::write(&policy, rules).unwrap();
        let output = touyan(&[&["match", text(&edges), "--policy", text(&policy)], more].concat());
        (output.status.code(), stderr(&output))
    };
    let head = "vacancy,candidate,fit\n";
    let told = |rows: &str, rules: &str, words: &[&str]| {
        let (code, text) = run(rows, rules, &[]);
        assert_eq!(code, Some(2), "{text}");
        words.iter().for_each(|word| assert!(text.contains(word), "{word:?} in {text}"));
    };
    told(&format!("{head}a,x,1\na,x,2\n"), "", &["rows 2 and 3", "keep one"]);
    told(&format!("{head}a,x,1\na,y,one\n"), "", &["fit", "row 3"]);
    told(&format!("{head}a,x,1\n,y,2\n"), "", &["row 3", "vacancy"]);
    told("post,candidate,fit\na,x,1\n", "", &["vacancy", "match.vacancy"]);
    told(&format!("{head}a,x,1\n"), "[match]\nfitt = \"x\"\n", &["fitt", "fit"]);
    told(&format!("{head}a,x,1\n"), "[match]\nfit = \"sex\"\n", &["protected"]);
    told(&format!("{head}a,x,1\n"), "[match.vacancies]\nseats = \"n\"\n", &["--vacancies"]);
    told(&format!("{head}a,x,1e300\n"), "", &["row 2"]);
    told(&format!("{head}a,x,9007199254740993\n"), "", &["row 2"]);
    told(
        "vacancy,candidate,fit,order\na,x,1,perhaps\n",
        "[match]\norder = \"order\"\n",
        &["edges.csv", "row 2", "perhaps"],
    );
    told(&format!("{head}a,x,1\n"), "[match]\nmode = \"stable\"\nobjective = \"fit\"\n", &["no objective"]);
    let quota = |of: &str| format!("[match]\n[match.quotas.q]\nof = {of}\nleast = 1\n");
    told(&format!("{head}a,x,1\n"), &quota("{ age = { mn = 30 } }"), &["match.quotas.q"]);
    told(&format!("{head}a,x,1\n"), &quota("{ age = { min = 60, max = 30 } }"), &["not above"]);
    told(
        &format!("{head}a,x,1\n"),
        "[match]\nmode = \"stable\"\n[match.quotas.q]\nof = { sex = [\"f\"] }\nleast = 1\n",
        &["stable", "quotas"],
    );
    told(&format!("{head}a,x,1\n"), "[match.quotas.q]\nof = { sex = [\"f\"] }\n", &["give a bound"]);
    let numbers = ["990121198002151017", "990121199511302041"];
    told(&format!("{head}a,{},1\nb,{},2\n", numbers[0], numbers[1]), "", &["identity"]);
    // Forced into two vacancies; held without a seat.
    let orders = "vacancy,candidate,fit,order\na,x,1,force\nb,x,2,force\n";
    told(orders, "[match]\norder = \"order\"\n", &["\"x\"", "\"a\"", "\"b\""]);
    let people = dir.path().join("people.csv");
    fs::write(&people, "candidate,holds\nx,a\ny,a\n").unwrap();
    let (code, said) = run(
        &format!("{head}a,x,1\na,y,2\n"),
        "[match.candidates]\nholds = \"holds\"\n",
        &["--candidates", text(&people)],
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("2 candidates") && said.contains("1 seats"), "{said}");
    // A table that nothing reads; a quota on nobody.
    let (code, said) = run(&format!("{head}a,x,1\n"), "", &["--conflicts", text(&people)]);
    assert!(code == Some(2) && said.contains("[match.conflicts]"), "{said}");
    fs::write(&people, "candidate,sex\nx,female\n").unwrap();
    let (code, said) =
        run(&format!("{head}a,x,1\n"), &quota("{ sex = [\"femal\"] }"), &["--candidates", text(&people)]);
    assert!(code == Some(2) && said.contains("no candidate belongs"), "{said}");
    // A condition that no vacancy meets; a price between two grid points; an order against the candidate's own word.
    let vacancies = dir.path().join("vacancies.csv");
    fs::write(&vacancies, "vacancy,town\na,east\n").unwrap();
    let (code, said) = run(
        &format!("{head}a,x,1\n"),
        "[match.quotas.q]\nof = { sex = [\"female\"] }\nwhere = { town = [\"est\"] }\nleast = 1\n",
        &["--candidates", text(&people), "--vacancies", text(&vacancies)],
    );
    assert!(code == Some(2) && said.contains("match.quotas.q.where"), "{said}");
    told(
        &format!("{head}a,x,1\n"),
        "[match]\nobjective = \"fit\"\ndecimals = 1\nopen_price = 1.25\n",
        &["match.open_price", "1.25"],
    );
    told(
        "vacancy,candidate,fit,order,willing\na,x,1,force,no\n",
        "[match]\norder = \"order\"\nwilling = \"willing\"\n",
        &["Row 2", "not willing"],
    );
    // Quotas that contradict each other are named, with the least that works.
    fs::write(&people, "candidate,sex\nx,female\ny,male\n").unwrap();
    let (code, said) = run(
        &format!("{head}a,x,1\nb,y,2\n"),
        "[match.quotas.women]\nof = { sex = [\"female\"] }\nleast = 2\n",
        &["--candidates", text(&people)],
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("women") && said.contains("at least 1 fewer"), "{said}");
}

#[test]
fn shortages_count_all_seats_that_share_the_people() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    // c may go to all, d to b and to d; d's class comes last.
    fs::write(path("e.csv"), "vacancy,candidate,fit\na,c,1\nb,c,5\nb,d,2\nd,d,9\nf,g,1\n").unwrap();
    fs::write(path("v.csv"), "vacancy,seats,class\na,3,1\nb,1,1\nd,1,2\nf,1,2\n").unwrap();
    fs::write(path("p.toml"), "[match.vacancies]\nseats = \"seats\"\nclass = \"class\"\n").unwrap();
    let of = |name: &str| path(name).to_str().unwrap().to_owned();
    let (edges, rules, vacancies, out) = (of("e.csv"), of("p.toml"), of("v.csv"), of("out"));
    let run = ["match", &edges, "--policy", &rules, "--vacancies", &vacancies, "--out", &out];
    assert!(touyan(&run).status.success());
    let open = frame::read_parquet(&path("out").join("open_posts.parquet")).unwrap();
    // Two seats of a and the one of d; five seats share two people.
    let whole = |name: &str| frame::wholes(&open, name).unwrap().into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(frame::words(&open, "vacancy").unwrap(), ["a", "d"]);
    assert_eq!((whole("open"), whole("posts")), (vec![2, 1], vec![3, 3]));
    assert_eq!((whole("seats"), whole("people")), (vec![5, 5], vec![2, 2]));
}

#[test]
fn a_replay_gives_the_whole_log() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, out) = (dir.path().join("edges.csv"), dir.path().join("out"));
    fs::write(&edges, "vacancy,candidate,fit\na,x,1.5\na,y,3\nb,x,2\n").unwrap();
    assert!(touyan(&["match", text(&edges), "--out", text(&out)]).status.success());
    let verify = || touyan(&["verify", text(&out), "--book", text(&edges)]);
    assert!(verify().status.success());
    let log = out.join("run.json");
    let honest = fs::read_to_string(&log).unwrap();
    for (from, to) in [
        ("\"decimals\": 1", "\"decimals\": 2"),
        ("\"edges\": 3", "\"edges\": 4"),
        ("\"prices\": 4,", ""),
        ("\"policy\": \"", "\"policy\": \"0"),
        ("\"csv\": false", "\"csv\": true"),
    ] {
        assert_eq!(honest.matches(from).count(), 1, "{from}");
        fs::write(&log, honest.replace(from, to)).unwrap();
        assert!(!verify().status.success(), "{from}");
    }
}

#[test]
fn a_seat_that_stays_open_is_no_loss_in_points() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("e.csv"), "vacancy,candidate,fit\na,x,80\nb,y,70\n").unwrap();
    fs::write(at("c.csv"), "candidate,sex\nx,f\ny,m\n").unwrap();
    let quota = "[match.quotas.women]\nof = { sex = [\"f\"] }\nmost = 5\n";
    // The same with a quota that binds nobody.
    for quota in ["", quota] {
        fs::write(at("p.toml"), format!("[match]\nobjective = \"fit\"\nopen_price = 30\n{quota}")).unwrap();
        let (edges, policy, people, out) = (at("e.csv"), at("p.toml"), at("c.csv"), at("out"));
        let base = ["match", text(&edges), "--policy", text(&policy), "--out", text(&out)];
        let more = ["--candidates", text(&people)];
        let run = touyan(&[&base[..], if quota.is_empty() { &[] } else { &more }].concat());
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let table = frame::read_parquet(&out.join("assignment.parquet")).unwrap();
        assert_eq!(frame::numbers(&table, "next_best_loss").unwrap(), [None, None]);
    }
}

#[test]
fn wide_fits_are_too_much_for_draws_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, policy) = (dir.path().join("e.csv"), dir.path().join("p.toml"));
    fs::write(&edges, "vacancy,candidate,fit\na,x,62.34567891\n").unwrap();
    let run = |rules: &str| {
        fs::write(&policy, format!("[match]\ndecimals = 8\n{rules}")).unwrap();
        touyan(&["match", text(&edges), "--policy", text(&policy)])
    };
    assert_eq!(run("").status.code(), Some(0));
    let refused = run("[match.robustness]\ndraws = 10\ncandidate_error = 1\n");
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("draws reckon"), "{}", stderr(&refused));
}

#[test]
fn holders_move_up_and_their_post_is_filled_again() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, people, policy, out) =
        (dir.path().join("e.csv"), dir.path().join("c.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    // h holds the deputy's post; nobody else fits the head's, and n may take the deputy's.
    fs::write(&edges, "vacancy,candidate,fit\nhead,h,80\ndeputy,h,90\ndeputy,n,60\n").unwrap();
    fs::write(&people, "candidate,holds\nh,deputy\nn,\n").unwrap();
    fs::write(&policy, "[match.candidates]\nholds = \"holds\"\n").unwrap();
    let run =
        touyan(&["match", text(&edges), "--policy", text(&policy), "--candidates", text(&people), "--out", text(&out)]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let table = frame::read_parquet(&out.join("assignment.parquet")).unwrap();
    let (vacancy, candidate) = (frame::words(&table, "vacancy").unwrap(), frame::words(&table, "candidate").unwrap());
    assert_eq!(vacancy.into_iter().zip(candidate).collect::<Vec<_>>(), [("deputy", "n"), ("head", "h")]);
    assert_eq!(touyan(&["verify", text(&out), "--book", text(&edges)]).status.code(), Some(0));
}

#[test]
fn orders_are_followed_and_their_cost_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, policy, out) = (dir.path().join("e.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    // Without orders: a ← x 90, b ← y 80. Forcing y into a leaves x for b.
    fs::write(&edges, "vacancy,candidate,fit,order\na,x,90,\na,y,70,force\nb,x,60,\nb,y,80,\nc,z,50,forbid\nc,w,45,\n")
        .unwrap();
    fs::write(&policy, "[match]\norder = \"order\"\n").unwrap();
    let run = touyan(&["match", text(&edges), "--policy", text(&policy), "--out", text(&out)]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let orders = frame::read_parquet(&out.join("orders.parquet")).unwrap();
    assert_eq!(frame::numbers(&orders, "cost").unwrap(), [Some(90.0 + 80.0 - 70.0 - 60.0), Some(5.0)]);
    assert_eq!(frame::wholes(&orders, "seats").unwrap(), [Some(0), Some(0)]);
    assert_eq!(touyan(&["verify", text(&out), "--book", text(&edges)]).status.code(), Some(0));
}

#[test]
fn draws_say_what_stays() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, policy, out) = (dir.path().join("e.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    fs::write(&edges, "vacancy,candidate,fit\na,x,90\na,y,10\nb,y,50\nb,z,49\n").unwrap();
    fs::write(&policy, "[match]\nsolutions = 3\n[match.robustness]\ndraws = 400\ncandidate_error = 3\n").unwrap();
    let run = touyan(&["match", text(&edges), "--policy", text(&policy), "--out", text(&out)]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let table = frame::read_parquet(&out.join("assignment.parquet")).unwrap();
    let shown = String::from_utf8(run.stdout).unwrap();
    assert!(shown.contains("a ← x (90)"), "{shown}");
    let stays = frame::numbers(&table, "kept").unwrap();
    assert_eq!(stays[0], Some(1.0));
    // y and z differ by one point and by two errors of 3: P(N(0, 18) > −1) = 0.593.
    assert!(stays[1].is_some_and(|share| (0.5..0.69).contains(&share)), "{stays:?}");
    let solutions = frame::read_parquet(&out.join("solutions.parquet")).unwrap();
    let losses: BTreeSet<i64> =
        frame::numbers(&solutions, "loss").unwrap().into_iter().flatten().map(|l| l as i64).collect();
    assert!(losses.contains(&1), "{losses:?}");
    assert_eq!(touyan(&["verify", text(&out), "--book", text(&edges)]).status.code(), Some(0));
}
