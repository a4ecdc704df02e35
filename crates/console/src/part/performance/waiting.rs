//! Turns waiting into the outlines of the Performance pages, at their final size.

use leptos::prelude::*;

/// The outline of the list of features.
#[component]
pub fn FeaturesWaiting() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">"Loading"</span>
            {[(); 4].map(|()| view! { <i class="block feature-block"></i> })}
        </div>
    }
}

/// The outline of one feature.
#[component]
pub fn FeatureWaiting() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">"Loading"</span>
            <i class="block feature-block"></i>
            {[(); 2].map(|()| view! { <i class="block chart-block"></i> })}
        </div>
    }
}

/// The outline of what was up.
#[component]
pub fn AvailabilityWaiting() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">"Loading"</span>
            {[(); 3].map(|()| view! { <i class="block up-block"></i> })}
        </div>
    }
}
