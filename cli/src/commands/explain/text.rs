//! An explained evaluation for people.

use std::io::Write;

use rules::{AbortReason, Field, InquiryFailure, Message, Outcome, Text};

use super::story::{Asked, Did, Place, Step, Story, counted, mode, reason};
use crate::exit::Failure;
use crate::judged::after;
use crate::terminal::{BOLD, ERROR, FAINT, GOOD, NOTE, Shown, of_outcome};
use rules::evaluation::Seen;

pub(super) fn write(story: &Story<'_>, out: &mut impl Write) -> Result<(), Failure> {
    outcome(story, out)?;
    for (round, steps) in story.rounds.iter().enumerate() {
        if round > 0 {
            writeln!(out, "\n{BOLD}what was changed is read again{BOLD:#} (round {round})")?;
        }
        for one in steps {
            step(one, story.message, out)?;
        }
    }
    for rule in &story.not_reached {
        writeln!(out, "\n{FAINT}{}: not reached{FAINT:#}", rule.id())?;
    }
    Ok(())
}

fn outcome(story: &Story<'_>, out: &mut impl Write) -> Result<(), Failure> {
    let verdict = story.verdict;
    let name = verdict.outcome.name();
    let style = of_outcome(name);
    write!(out, "{style}{name}{style:#}")?;
    if let Outcome::Abort(why) = verdict.outcome {
        write!(out, " because {}", abort(why))?;
    }
    if let Some(rule) = verdict.rule {
        write!(out, ", decided by {BOLD}{rule}{BOLD:#}")?;
    }
    if verdict.score > 0 {
        write!(out, ", score {}", verdict.score)?;
        let thresholds = [("deny", story.thresholds.deny), ("abort", story.thresholds.abort)];
        for (name, points) in thresholds {
            if let Some(points) = points {
                write!(out, ", {name} from {points}")?;
            }
        }
    }
    writeln!(out)?;
    let after = after(verdict, story.message);
    // With other names, attributes stand in another order, or as one.
    let names = |message: &Message| message.attributes.keys().cloned().collect::<Vec<_>>();
    let renamed = after.filter(|after| names(after) != names(story.message));
    for (field, before) in shown(story.message) {
        let name = name_of(field, story.message);
        writeln!(out, "  {FAINT}{name}{FAINT:#}  \"{}\"", Shown(before.as_str()))?;
        let left = after.and_then(|after| after.fields().find(|(other, _)| *other == field));
        match left {
            _ if renamed.is_some() && is_of_attribute(field) => {}
            Some((_, text)) if text != before => {
                writeln!(
                    out,
                    "  {:>width$}  \"{}\"",
                    "→",
                    Shown(text),
                    width = name.chars().count()
                )?;
            }
            _ => {}
        }
    }
    if let Some(message) = renamed {
        for (field, text) in shown(message).filter(|(field, _)| is_of_attribute(*field)) {
            writeln!(out, "  → {}  \"{}\"", name_of(field, message), Shown(text.as_str()))?;
        }
    }
    Ok(())
}

/// A message's fields; of an attribute's name only where no value is shown beside it.
fn shown(message: &Message) -> impl Iterator<Item = (Field, &Text)> {
    let values: Vec<usize> = message.attributes.values().map(Vec::len).collect();
    message.fields().filter(move |(field, _)| match field {
        Field::AttributeName(index) => values.get(*index) == Some(&0),
        _ => true,
    })
}

fn is_of_attribute(field: Field) -> bool {
    matches!(field, Field::Attribute(_) | Field::AttributeName(_))
}

fn step(step: &Step<'_>, message: &Message, out: &mut impl Write) -> Result<(), Failure> {
    let rule = step.rule;
    let detectors = rule.detectors().collect::<Vec<_>>().join(", ");
    write!(out, "\n{}. {BOLD}{}{BOLD:#}", step.number, rule.id())?;
    write!(out, " {FAINT}({detectors}; {}", rule.action().name())?;
    if mode(rule) != "enforce" {
        write!(out, ", {}", mode(rule))?;
    }
    write!(out, "){FAINT:#}")?;
    match &step.did {
        Did::Skipped(why) => writeln!(out, " skipped: {}", reason(*why))?,
        Did::Looked { places, asked } => {
            if step.decided {
                write!(out, " {NOTE}decided{NOTE:#}")?;
            }
            if let Some(points) = step.added {
                write!(out, " {NOTE}added {points} points{NOTE:#}")?;
            }
            if places.is_empty() && asked.is_empty() {
                write!(out, " found nothing")?;
            }
            writeln!(out)?;
            for one in places {
                place(one, step, message, out)?;
            }
            for one in asked {
                inquiry(one, out)?;
            }
        }
    }
    Ok(())
}

fn place(
    place: &Place<'_>,
    step: &Step<'_>,
    message: &Message,
    out: &mut impl Write,
) -> Result<(), Failure> {
    write!(out, "   {}", name_of(place.field, message))?;
    match (place.span, place.text) {
        (Some(span), Some(text)) => {
            write!(out, " {}..{} \"{}\"", span.start(), span.end(), Shown(text))?;
            if place.rewritten {
                write!(out, " as rewritten before")?;
            }
        }
        (Some(span), None) => write!(out, " {}..{}", span.start(), span.end())?,
        (None, _) => write!(out, " as a whole")?,
    }
    let style = if place.seen == Seen::Counts { GOOD } else { FAINT };
    write!(out, "  {style}{}{style:#}", counted(place.seen))?;
    writeln!(
        out,
        "  {FAINT}{}: confidence {} of {} needed{FAINT:#}",
        place.detector,
        place.confidence,
        step.rule.threshold()
    )?;
    if let Some(read) = &place.read {
        write!(out, "     {FAINT}read as")?;
        if let Some(entry) = &read.entry {
            write!(out, " \"{}\"", Shown(entry))?;
        }
        let kind: Vec<_> =
            [read.category, read.severity, read.language].into_iter().flatten().collect();
        if !kind.is_empty() {
            write!(out, " ({})", kind.join(", "))?;
        }
        writeln!(out, "{FAINT:#}")?;
    }
    for (reason, points) in place.parts {
        writeln!(out, "     {FAINT}{points:>+4}  {reason}{FAINT:#}")?;
    }
    let sum: i16 = place.parts.iter().map(|(_, points)| points).sum();
    if sum > i16::from(place.confidence) {
        writeln!(out, "     {FAINT}{:>4}  is the most{FAINT:#}", place.confidence)?;
    }
    Ok(())
}

fn inquiry(asked: &Asked, out: &mut impl Write) -> Result<(), Failure> {
    write!(out, "   {} asked: ", asked.detector)?;
    match asked.answer {
        Ok(true) => writeln!(out, "{NOTE}flagged{NOTE:#}")?,
        Ok(false) => writeln!(out, "not flagged")?,
        Err(why) => writeln!(out, "{ERROR}no answer{ERROR:#}, {}", failure(why))?,
    }
    Ok(())
}

fn abort(reason: AbortReason) -> String {
    match reason {
        AbortReason::Rule => "a rule says so".to_owned(),
        AbortReason::Inquiry(why) => format!("a rule got no answer ({})", failure(why)),
        AbortReason::Unsettled => "the rules kept changing each other's replacements".to_owned(),
    }
}

fn failure(why: InquiryFailure) -> &'static str {
    match why {
        InquiryFailure::TimedOut => "none came in time",
        InquiryFailure::Unreachable => "the other side was not reached",
        InquiryFailure::Refused => "the other side refused",
        InquiryFailure::NotUnderstood => "what came is not an answer",
    }
}

/// A field's name; of an attribute's value, with the attribute's.
fn name_of(field: Field, message: &Message) -> String {
    match field {
        Field::Attribute(index) => match message.attribute(index) {
            Some((_, name, value)) => format!("attribute {}[{value}]", Shown(name)),
            None => field.name().to_owned(),
        },
        Field::AttributeName(_) => "name of an attribute".to_owned(),
        _ => field.name().to_owned(),
    }
}
