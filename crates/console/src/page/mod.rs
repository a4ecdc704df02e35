//! Turns parts into whole pages: one file each.

pub mod inbox;
pub mod not_found;
pub mod password;
pub mod performance;
pub mod scores;
pub mod settings;
pub mod sign_in;
pub mod surveys;
pub mod unavailable;
pub mod visit;

pub use inbox::InboxPage;
pub use not_found::NotFound;
pub use password::PasswordPage;
pub use performance::PerformancePage;
pub use scores::ScoresPage;
pub use settings::SettingsPage;
pub use sign_in::{SignIn, SignInAgain};
pub use surveys::{SurveyPage, SurveysPage};
pub use unavailable::Unavailable;
pub use visit::VisitPage;
