//! Turns single facts into what is seen of them: one component a file.

pub mod chooser;
pub mod comments;
pub mod empty_span;
pub mod first_answer;
pub mod flags;
pub mod inbox;
pub mod notice;
pub mod painted;
pub mod performance;
pub mod scores;
pub mod skeleton;

pub use chooser::Chooser;
pub use comments::Comments;
pub use empty_span::EmptySpan;
pub use first_answer::FirstAnswer;
pub use notice::Notice;
pub use painted::Painted;
pub use skeleton::{PageSkeleton, Skeleton};
