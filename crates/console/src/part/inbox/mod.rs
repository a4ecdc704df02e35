//! Turns the inbox into what is seen of it: list, open item, what is chosen from, what is typed.

pub mod act;
pub mod answers;
pub mod bulk;
pub mod context;
pub mod detail;
pub mod empty;
pub mod foot;
pub mod head;
pub mod hint;
pub mod history;
pub mod marks;
pub mod notes;
pub mod options;
pub mod others;
pub mod pick;
pub mod rows;
pub mod tags;
pub mod toolbar;

pub use act::{Act, Hands, Pressed};
pub use bulk::Bulk;
pub use detail::Open;
pub use foot::Foot;
pub use head::{Head, SEARCH};
pub use hint::hint;
pub use notes::NOTE;
pub use rows::Rows;
