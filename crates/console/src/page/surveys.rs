//! Turns addresses at and below `surveys` into the list, one survey under work, or one to be tried.

#![expect(
    unreachable_pub,
    reason = "what components are made of is pub, and they are not"
)]

mod board;
mod clash;
mod desk;
mod finding;
mod more;
mod preview;
mod templates;
mod trial;
mod versions;

use leptos::prelude::*;

use self::board::BoardPage;
use self::desk::DeskPage;
use self::trial::TrialPage;
use super::NotFound;
use crate::route::route;
use crate::surveys::url::Place;

/// `/surveys`
#[component]
pub fn SurveysPage() -> impl IntoView {
    view! { <BoardPage/> }
}

/// `/surveys/ID`, `/surveys/ID/try`
#[component]
pub fn SurveyPage() -> impl IntoView {
    let route = route();
    let place = Memo::new(move |_| route.path.with(|path| Place::of(path)));
    move || match place.get() {
        Some(Place::Desk(id)) => view! { <DeskPage id/> }.into_any(),
        Some(Place::Try(id)) => view! { <TrialPage id/> }.into_any(),
        Some(Place::Board) | None => view! { <NotFound/> }.into_any(),
    }
}
