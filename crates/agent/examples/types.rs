//! Turns the wire types and the commands into one TypeScript file, on standard output.

use std::io::{self, Write};

use agent::{Body, Command, DeliveryState, Event, Known, WarnCode};
use protocol::budget::Stage;
use protocol::config::{
    Class, Condition, Config, Fact, FeatureRule, Furniture, LauncherSpec, Match, Metering, Op,
    Outcome, Probe, Quiet, RequestRule, Scope, SurveyRule, Trigger as CompiledTrigger,
};
use protocol::envelope::Header;
use protocol::id::{AttachmentId, BatchId, BootId, InstallId, ItemId, ResponseId, SessionId};
use protocol::item::{
    Answer, AnswerValue, Chosen, ChosenOption, DismissReason, Dismissal, Impression, Item,
    ItemType, PageContext, Person, Response, SurveyRef,
};
use protocol::latency::{
    Exemplar, FeatureReport, KeyReport, LatencyContext, LatencyReport, Within,
};
use protocol::outcome::{BatchReply, DiscardReason, ErrorBody, ErrorCode, ErrorReply, ItemError};
use protocol::score::NpsScore;
use protocol::survey::{
    Again, Bucket, Choice, ChoiceOption, Colors, Corner, Device, DisplayRule, Ending, EventTest,
    Feedback, FeedbackParts, Filter, Image, Intro, Launcher, Link, Look, MissingLanguage, Palette,
    Placement, Question, QuestionKind, Reaction, Rule, ScaleLook, Survey, SurveyContent,
    SurveyKind, Target, Test, TextFormat, Trigger, UrlTest, ValueTest, Wait, Waits,
};
use protocol::text::{LocalText, Phrase};
use ts_rs::TS;

const HEADER: &str = "\
// Turns the wire and the agent's commands into types for TypeScript; written by
// `cargo xtask codegen`, never by hand.
";

/// One declaration with its documentation, as a module exports it.
fn declaration<T: TS>(config: &ts_rs::Config) -> String {
    let text = format!(
        "{}export {}",
        prose(&T::docs().unwrap_or_default()),
        T::decl(config)
    );
    let lines = text.lines().map(|line| format!("{}\n", line.trim_end()));
    format!("\n{}", lines.collect::<String>())
}

/// The documentation without its examples, which are Rust.
fn prose(docs: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut in_example = false;
    for line in docs.lines() {
        let is_fence = line.trim_start_matches([' ', '*']).starts_with("```");
        in_example ^= is_fence;
        if !in_example && !is_fence {
            kept.push(line);
        }
    }
    // What led to an example leads to the end now.
    while kept.len() > 2 && kept[kept.len() - 2].trim() == "*" {
        kept.remove(kept.len() - 2);
    }
    kept.iter().map(|line| format!("{line}\n")).collect()
}

macro_rules! declarations {
    ($($ty:ty),* $(,)?) => {
        [$(declaration::<$ty>),*]
    };
}

fn main() -> io::Result<()> {
    let config = ts_rs::Config::default();
    let mut out = io::stdout().lock();
    out.write_all(HEADER.as_bytes())?;
    let declarations = declarations![
        // What the page sends.
        ItemId,
        BatchId,
        InstallId,
        SessionId,
        BootId,
        ResponseId,
        Header,
        Item<Body>,
        ItemType,
        SurveyRef,
        PageContext,
        Impression,
        Response,
        Answer,
        AnswerValue,
        NpsScore,
        Chosen,
        ChosenOption,
        Person,
        AttachmentId,
        Dismissal,
        DismissReason,
        LatencyReport,
        FeatureReport,
        Within,
        Stage,
        KeyReport,
        Exemplar,
        LatencyContext,
        // What the collector answers.
        BatchReply,
        ItemError,
        DiscardReason,
        ErrorReply,
        ErrorBody,
        ErrorCode,
        // What the collector tells pages.
        Config,
        Metering,
        FeatureRule,
        RequestRule,
        SurveyRule,
        Class,
        Condition,
        Fact,
        Match,
        Op,
        CompiledTrigger,
        Quiet,
        Scope,
        Outcome,
        Furniture,
        Probe,
        LauncherSpec,
        SurveyContent,
        FeedbackParts,
        // What authors write, and widgets show in one language.
        LocalText,
        Phrase,
        Survey,
        SurveyKind,
        Feedback,
        Launcher,
        MissingLanguage,
        Intro<Phrase>,
        Question<Phrase>,
        QuestionKind<Phrase>,
        Choice<Phrase>,
        ChoiceOption<Phrase>,
        TextFormat,
        ScaleLook,
        Reaction,
        Image<Phrase>,
        Link<Phrase>,
        Ending<Phrase>,
        Rule,
        Test,
        Bucket,
        Target,
        Look,
        Placement,
        Corner,
        Colors,
        Palette,
        DisplayRule,
        UrlTest,
        Device,
        Filter,
        ValueTest,
        EventTest,
        Trigger,
        Again,
        Waits,
        Wait,
        // What the agent tells the facade.
        Command,
        Body,
        DeliveryState,
        Event,
        Known,
        WarnCode,
    ];
    for declaration in declarations {
        out.write_all(declaration(&config).as_bytes())?;
    }
    Ok(())
}
