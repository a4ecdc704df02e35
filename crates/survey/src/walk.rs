//! Turns answers into the way that a person takes through a survey.
