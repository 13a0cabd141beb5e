//! The first page: as of when, from what, under which policy; what the meeting has to study, and
//! what could not be judged.

use maud::{Markup, html};

use super::changes;
use crate::privacy::MASK;
use crate::report::digest::{Item, Matter};
use crate::report::{Report, format};
use crate::say;

pub(super) fn page(report: &Report, title: &str) -> Markup {
    let lang = report.lang;
    let digest = &report.digest;
    html! {
        section id="first" {
            header {
                h1 { (title) }
                p class="sub" {
                    (say!(lang, "report-as-of", day = format::day(lang, report.input.ctx.as_of)))
                    span class="dot" { "·" }
                    b { (lang.text("report-study-short")) }
                }
            }
            dl class="from" {
                dt { (lang.text("report-policy")) } dd { (report.policy_line()) }
                dt { (lang.text("report-sources")) } dd { (report.sources_line()) }
                @if let Some(county) = report.input.county {
                    dt { (lang.text("report-scope")) } dd { (county) }
                }
            }
            ul class="figures" {
                @for figure in &digest.figures {
                    li class=[figure.alert.then_some("alert")] {
                        span class="label" { (figure.label) }
                        span class="value" { (figure.value) }
                        span class="note" { (figure.note) }
                    }
                }
            }
            (changes::block(report))
            div class="block" {
                h3 { (lang.text("report-attention")) }
                @if digest.matters.is_empty() {
                    p class="none" { (lang.text("report-attention-none")) }
                } @else {
                    p class="lead" { (lang.text("report-attention-lead")) }
                    ol class="matters" { @for matter in &digest.matters { li { (matter_body(report, matter)) } } }
                }
            }
            div class="pair" {
                (block(report, &digest.talks))
                (block(report, &digest.open))
                (block(report, &digest.overdue))
                (block(report, &digest.ladder))
            }
            (unjudged(report))
        }
    }
}

fn matter_body(report: &Report, matter: &Matter) -> Markup {
    html! {
        div class="count" { @if matter.count == 0 { (MASK) } @else { (matter.count) } }
        div class="what" {
            p { a href={ "#" (matter.section) } { (matter.title) } " " span { (matter.text) (basis(report, matter)) } }
            @if !matter.items.is_empty() { ul class="items" { @for item in &matter.items { (one(item)) } } }
        }
    }
}

fn block(report: &Report, matter: &Matter) -> Markup {
    html! {
        div class="block" {
            h3 { (matter.title) }
            p class="lead" { (matter.text) }
            (items(report, matter))
        }
    }
}

fn items(report: &Report, matter: &Matter) -> Markup {
    html! {
        @if !matter.items.is_empty() {
            ul class="items" {
                @for item in &matter.items { (one(item)) }
                @if matter.more > 0 {
                    li class="more" { a href={ "#" (matter.section) } { (say!(report.lang, "report-more", n = matter.more)) } }
                }
            }
        }
    }
}

fn one(item: &Item) -> Markup {
    html! {
        li {
            b { (item.place) } " " (item.reason)
        }
    }
}

fn basis(report: &Report, matter: &Matter) -> String {
    if matter.basis.is_empty() {
        return String::new();
    }
    say!(report.lang, "report-basis", basis = &matter.basis)
}

fn unjudged(report: &Report) -> Markup {
    let lang = report.lang;
    html! {
        div class="block" {
            h3 { (lang.text("report-unjudged")) }
            @if report.digest.unjudged.is_empty() {
                p class="none" { (lang.text("report-unjudged-none")) }
            } @else {
                table class="plain" {
                    tbody { @for gap in &report.digest.unjudged {
                        tr {
                            th scope="row" { (gap.what) }
                            td class="n" { @match gap.count { Some(n) => (n), None => "—" } }
                            td { (gap.why) }
                        }
                    } }
                }
            }
        }
    }
}
