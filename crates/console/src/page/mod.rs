//! Turns parts into whole pages: one file each.

pub mod not_found;
pub mod performance;
pub mod scores;
pub mod sign_in;
pub mod unavailable;

pub use not_found::NotFound;
pub use performance::PerformancePage;
pub use scores::ScoresPage;
pub use sign_in::SignIn;
pub use unavailable::Unavailable;
