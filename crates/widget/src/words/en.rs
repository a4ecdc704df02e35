//! Turns what the widget has to say into English.

use super::Words;

pub(super) static WORDS: Words = Words {
    language: "en",
    next: "Next",
    send: "Send",
    skip: "Skip",
    close: "Close survey",
    progress: "Question {n} of {of}",
    arrived: "A short survey has opened: {title} Press F6 to answer it.",
    left: "Characters left: {n}",
    over: "Characters too many: {n}",
    nearly: "Characters left: at most {n}",
    full: "The text is too long",
    score_missing: "Choose a number from 0 to 10 to go on.",
    text_missing: "Write an answer to go on.",
    text_too_long: "Shorten the text to go on. Characters too many: {n}.",
    sending: "Sending…",
    waiting: "Not sent yet",
    waiting_text: "Your answer is kept while this page stays open, and is sent when the connection is back.",
    refused: "Your answer could not be saved",
    refused_text: "It was not accepted, and nothing was kept. You can close this.",
};
