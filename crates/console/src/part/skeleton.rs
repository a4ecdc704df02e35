//! Turns waiting into the outline of what will be there, at its final size.

use leptos::prelude::*;

use crate::words::say;

/// The outline of the numbers.
///
/// Fades in by style after 150 ms, so that a quick answer is not preceded by a flash.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{say::app_loading()}</span>
            <div class="figures"><i class="block tall"></i><i class="block tall"></i></div>
            <i class="block over-time"></i>
            <div class="pictures"><i class="block taller"></i><i class="block"></i></div>
        </div>
    }
}

/// The outline of the whole page, while it is not known who looks.
#[component]
pub fn PageSkeleton() -> impl IntoView {
    view! {
        <div class="frame">
            <header class="rail skeleton"><span class="wordmark">{ui::mark()}</span></header>
            <main class="page">
                <h1 class="visually-hidden">"Firsthand"</h1>
                <div class="page-head skeleton"><i class="block head"></i></div>
                <Skeleton/>
            </main>
        </div>
    }
}
