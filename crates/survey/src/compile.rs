//! Turns a survey as written into what agent and widget are given.
