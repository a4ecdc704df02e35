//! Turns the languages that a person reads into the one that a survey is shown in.
