//! Turns a survey as written into what is wrong with it, before anyone sees it.
