//! Turns pages into parts of the module that are fetched when somebody goes there.
//!
//! Whatever only one page needs is in its own file, and so is what several of them share but the
//! shell does not: see `split.rs` of `xtask`. A page is named once, at the end of this file.

use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::api::ApiError;
use crate::page::{PasswordPage, PerformancePage, ScoresPage};
use crate::part::{Notice, Skeleton};

type Soon<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A page whose code may not be here yet.
#[derive(Clone, Copy, Debug)]
pub struct Chunk {
    /// Fetches the code; a failure is not remembered.
    fetch: fn() -> Soon<()>,
    /// The page itself, at once where its code is here.
    view: fn() -> Soon<AnyView>,
}

/// Where the code of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Fetching,
    Here,
    OutOfReach,
}

/// Shows a page as soon as its code is here, its outline before.
#[component]
pub fn Lazily(
    /// Which page.
    chunk: Chunk,
) -> impl IntoView {
    let code = RwSignal::new(Code::Fetching);
    let fetch = move || {
        spawn_local(async move {
            let came = (chunk.fetch)().await.is_ok();
            // Somebody may have left for another page meanwhile.
            code.try_set(if came { Code::Here } else { Code::OutOfReach });
        });
    };
    fetch();
    move || match code.get() {
        Code::Here => at_once((chunk.view)()).unwrap_or_else(|| view! { <Skeleton/> }.into_any()),
        Code::Fetching => view! { <Skeleton/> }.into_any(),
        Code::OutOfReach => view! {
            <Notice
                trouble=Signal::stored(Some(ApiError::Unreachable))
                kept=Signal::stored(None::<String>)
                retry=move |()| {
                    code.set(Code::Fetching);
                    fetch();
                }
            />
        }
        .into_any(),
    }
}

/// What comes without waiting.
fn at_once(view: Soon<AnyView>) -> Option<AnyView> {
    match pin!(view).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(view)) => Some(view),
        Poll::Ready(Err(_)) | Poll::Pending => None,
    }
}

/// Names a page and where its code begins.
macro_rules! chunk {
    ($(#[$doc:meta])* $name:ident, $function:ident, $fetch:ident, $page:expr) => {
        $(#[$doc])*
        pub const $name: Chunk = Chunk {
            fetch: || Box::pin($fetch()),
            view: || Box::pin($function()),
        };

        #[wasm_split($function, wasm_split_path = ::leptos::wasm_split, preload($fetch), fallible)]
        fn $function() -> Result<AnyView, SplitLoaderError> {
            Ok($page.into_any())
        }
    };
}

chunk!(
    /// Choosing a password by a link.
    PASSWORD, password, fetch_password, view! { <PasswordPage/> }
);
chunk!(
    /// How people feel and why.
    SCORES, scores, fetch_scores, view! { <ScoresPage/> }
);
chunk!(
    /// How fast what people do is, and what was up.
    PERFORMANCE, performance, fetch_performance, view! { <PerformancePage/> }
);
