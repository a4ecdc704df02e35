//! Turns what the widget has to say into German.

use super::Words;

pub(super) static WORDS: Words = Words {
    language: "de",
    next: "Weiter",
    send: "Senden",
    skip: "Überspringen",
    close: "Umfrage schließen",
    progress: "Frage {n} von {of}",
    arrived: "Eine kurze Umfrage ist erschienen: {title} Mit F6 kommen Sie hin.",
    left: "Zeichen übrig: {n}",
    over: "Zeichen zu viel: {n}",
    nearly: "Zeichen übrig: höchstens {n}",
    full: "Der Text ist zu lang",
    score_missing: "Wählen Sie eine Zahl von 0 bis 10, dann geht es weiter.",
    text_missing: "Schreiben Sie eine Antwort, dann geht es weiter.",
    text_too_long: "Kürzen Sie den Text, dann geht es weiter. Zeichen zu viel: {n}.",
    sending: "Wird gesendet …",
    waiting: "Noch nicht gesendet",
    waiting_text: "Ihre Antwort bleibt erhalten, solange diese Seite offen ist, und wird gesendet, sobald die Verbindung wieder steht.",
    refused: "Ihre Antwort konnte nicht gespeichert werden",
    refused_text: "Sie wurde nicht angenommen, und nichts wurde aufbewahrt. Sie können dieses Fenster schließen.",
};
