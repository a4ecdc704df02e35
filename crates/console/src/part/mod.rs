//! Turns single facts into what is seen of them: one component a file.

pub mod chooser;
pub mod comments;
pub mod empty_span;
pub mod first_answer;
pub mod headline;
pub mod histogram;
pub mod inbox;
pub mod notice;
pub mod painted;
pub mod performance;
pub mod response_rate;
pub mod skeleton;
pub mod split;

pub use chooser::Chooser;
pub use comments::Comments;
pub use empty_span::EmptySpan;
pub use first_answer::FirstAnswer;
pub use headline::Headline;
pub use histogram::Histogram;
pub use notice::Notice;
pub use painted::Painted;
pub use response_rate::ResponseRate;
pub use skeleton::{PageSkeleton, Skeleton};
pub use split::Split;
