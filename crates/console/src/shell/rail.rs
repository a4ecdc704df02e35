//! Turns the pages there are into the way between them: a rail, or a bar at the bottom of a phone.

use leptos::prelude::*;

use super::help;
use super::menu::Menu;
use super::pages::{Page, pages};
use super::palette::Palette;
use super::views::ViewsOpen;
use crate::route::route;
use crate::words::say;

/// The pages, the palette, and the menu of whoever is signed in.
#[component]
pub fn Rail(
    /// Who is signed in.
    email: String,
) -> impl IntoView {
    let palette = expect_context::<Palette>();
    let views = expect_context::<ViewsOpen>().0;
    let here = route().path;
    view! {
        <header class="rail">
            <a class="wordmark" href="scores">{ui::mark()}</a>
            <button class="search-button" type="button" on:click=move |_| palette.is_open.set(true)>
                <span>{say::rail_search()}</span>
                {help::caps("Mod+k")}
            </button>
            <button
                class="search-button views-button" type="button" on:click=move |_| views.set(true)
            >
                <span>{say::views_title()}</span>
                {help::caps("g v")}
            </button>
            <nav aria-label=say::rail_pages()>
                {pages().map(|page| view! { <Link page here/> }).collect_view()}
            </nav>
            <Menu email/>
        </header>
    }
}

#[component]
fn Link(page: Page, here: Memo<String>) -> impl IntoView {
    view! {
        <a href=page.path aria-current=move || here.with(|path| page.holds(path)).then_some("page")>
            <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
                <path d=page.sign/>
            </svg>
            <span>{(page.name)()}</span>
        </a>
    }
}
