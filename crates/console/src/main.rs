//! Turns a loaded wasm module into the console on the page.

use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    console::browser::take_words();
    leptos::mount::mount_to_body(|| view! { <console::App/> });
}
