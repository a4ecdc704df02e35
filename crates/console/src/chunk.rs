//! Turns pages into parts of the module that are fetched when somebody goes there.
//!
//! Whatever only one page needs is in its own file, and so is what several of them share but the
//! shell does not: see `split.rs` of `xtask`. A page is named once, at the end of this file.

use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use core::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
#[cfg(not(feature = "whole"))]
use leptos::wasm_split::wasm_split;

use crate::api::{self, ApiError};
use crate::browser;
use crate::page::scores::{Groups, Under};
use crate::page::settings::{
    SettingsAccess, SettingsData, SettingsDone, SettingsProject, SettingsTimes,
};
use crate::page::{
    InboxPage, PasswordPage, PerformancePage, ScoresPage, SettingsPage, SignIn, SignInAgain,
    SurveyPage, SurveysPage, VisitPage,
};
use crate::part::inbox::empty::Empty;
use crate::part::inbox::{Bulk, Foot, Hands, Open, hint};
use crate::part::{EmptySpan, FirstAnswer, Notice, Skeleton};
use crate::shell::help::HelpDialog;
use crate::shell::menu::MenuPanel;
use crate::shell::palette::PaletteDialog;
use crate::shell::toast::ToastList;
use crate::shell::views::ViewsDialog;

/// Between two attempts to fetch what stands for itself.
const RETRY: Duration = Duration::from_secs(2);
/// After the start, when what is not seen yet is fetched.
const AHEAD: Duration = Duration::from_secs(3);

type Soon<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A page whose code may not be here yet.
#[derive(Clone, Copy, Debug)]
pub struct Chunk {
    /// Tells it from others.
    name: &'static str,
    /// Fetches the code; a failure is not remembered.
    fetch: fn() -> Soon<()>,
    /// The page itself, at once where its code is here.
    view: fn() -> Soon<AnyView>,
}

impl PartialEq for Chunk {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Where the code of a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Code {
    Fetching,
    Here,
    Missing(ApiError),
}

/// Shows a page as soon as its code is here, its outline before.
#[component]
pub fn Lazily(
    /// Which page.
    chunk: Chunk,
    /// Whether nothing stands for it until it is here; it is asked for again and again.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let code = RwSignal::new(Code::Fetching);
    let fetch = move || {
        spawn_local(async move {
            let now = match (chunk.fetch)().await {
                Ok(()) => Code::Here,
                // Nobody reads why of what is asked for again.
                Err(_) if quiet => Code::Missing(ApiError::Unreachable),
                Err(_) => Code::Missing(why().await),
            };
            // Somebody may have left for another page meanwhile.
            code.try_set(now);
        });
    };
    fetch();
    Effect::new(move || {
        if quiet && code.with(|code| matches!(code, Code::Missing(_))) {
            set_timeout(fetch, RETRY);
        }
    });
    move || match code.get() {
        Code::Here => at_once((chunk.view)()).unwrap_or_else(|| ().into_any()),
        _ if quiet => ().into_any(),
        Code::Fetching => view! { <Skeleton/> }.into_any(),
        Code::Missing(why) => view! {
            <Notice
                trouble=Signal::stored(Some(why))
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

/// Why a file of this version is not to be had: the console is out of reach, or has been updated since.
async fn why() -> ApiError {
    match api::text("").await {
        Ok(_) => ApiError::Unreadable,
        Err(error) => error,
    }
}

/// Whether what `is_shown` stands for has been painted: what is fetched then delays nobody's first look.
pub fn is_painted(is_shown: Memo<bool>) -> Signal<bool> {
    let is_painted = RwSignal::new(false);
    Effect::new(move || {
        if is_shown.get() {
            // Somebody may have left for another page meanwhile.
            browser::after_paint(move || {
                is_painted.try_set(true);
            });
        }
    });
    is_painted.into()
}

/// Shows something from the first time on that it is wanted. Its code comes then, or when nothing else
/// is to be done any more.
#[component]
pub fn Later(
    /// What it is.
    chunk: Chunk,
    /// Whether it is wanted.
    #[prop(into)]
    wanted: Signal<bool>,
) -> impl IntoView {
    let is_there = RwSignal::new(false);
    Effect::new(move || {
        if wanted.get() {
            is_there.set(true);
        }
    });
    let ahead = move || spawn_local(async move { drop((chunk.fetch)().await) });
    if let Ok(handle) = set_timeout_with_handle(ahead, AHEAD) {
        on_cleanup(move || handle.clear());
    }
    move || is_there.get().then(|| view! { <Lazily chunk quiet=true/> })
}

/// What comes without waiting.
fn at_once(view: Soon<AnyView>) -> Option<AnyView> {
    match pin!(view).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(view)) => Some(view),
        Poll::Ready(Err(_)) | Poll::Pending => None,
    }
}

/// Names a page, the file that its code is in, and where that begins. Several can share a file.
macro_rules! chunk {
    ($(#[$doc:meta])* $name:ident, $module:ident, $function:ident, $fetch:ident, $page:expr) => {
        $(#[$doc])*
        pub const $name: Chunk = Chunk {
            name: stringify!($function),
            fetch: || Box::pin($fetch()),
            view: || Box::pin($function()),
        };

        #[cfg(not(feature = "whole"))]
        #[wasm_split($module, wasm_split_path = ::leptos::wasm_split, preload($fetch), fallible)]
        fn $function() -> Result<AnyView, SplitLoaderError> {
            Ok($page.into_any())
        }

        #[cfg(feature = "whole")]
        fn $function() -> impl Future<Output = Result<AnyView, SplitLoaderError>> {
            core::future::ready(Ok($page.into_any()))
        }

        #[cfg(feature = "whole")]
        fn $fetch() -> impl Future<Output = Result<(), SplitLoaderError>> {
            core::future::ready(Ok(()))
        }
    };
}

chunk!(
    /// Choosing a password by a link.
    PASSWORD, door, password, fetch_password, view! { <PasswordPage/> }
);
chunk!(
    /// What people wrote.
    INBOX, inbox, inbox, fetch_inbox, view! { <InboxPage/> }
);
chunk!(
    /// One of them, beside the list.
    INBOX_ANSWER, inbox_answer, inbox_answer, fetch_inbox_answer, view! { <Open/> }
);
chunk!(
    /// What keys do, where none is open.
    INBOX_HINT, inbox_answer, inbox_hint, fetch_inbox_hint, hint()
);
chunk!(
    /// The list as a file.
    INBOX_FOOT, inbox_answer, inbox_foot, fetch_inbox_foot, view! { <Foot/> }
);
chunk!(
    /// Where there is none of them.
    INBOX_EMPTY, inbox_answer, inbox_empty, fetch_inbox_empty, view! { <Empty/> }
);
chunk!(
    /// What is done to them.
    INBOX_HANDS, inbox_answer, inbox_hands, fetch_inbox_hands, view! { <Hands/> }
);
chunk!(
    /// What is done to many at once.
    INBOX_BULK, inbox_answer, inbox_bulk, fetch_inbox_bulk, view! { <Bulk/> }
);
chunk!(
    /// How people feel and why.
    SCORES, scores, scores, fetch_scores, view! { <ScoresPage/> }
);
chunk!(
    /// What goes along with a score, below it.
    SCORES_GROUPS, scores_groups, scores_groups, fetch_scores_groups, view! { <Groups/> }
);
chunk!(
    /// What was left out of it, and the same as files.
    SCORES_FOOT, scores_groups, scores_foot, fetch_scores_foot, view! { <Under/> }
);
chunk!(
    /// How to get the first answer.
    SCORES_FIRST, scores_empty, scores_first, fetch_scores_first, view! { <FirstAnswer/> }
);
chunk!(
    /// Nobody has answered in this span.
    SCORES_EMPTY, scores_empty, scores_empty, fetch_scores_empty, view! { <EmptySpan/> }
);
chunk!(
    /// What people are asked.
    SURVEYS, surveys, surveys, fetch_surveys, view! { <SurveysPage/> }
);
chunk!(
    /// One survey, under work or to be tried.
    SURVEY, survey, survey, fetch_survey, view! { <SurveyPage/> }
);
chunk!(
    /// How fast what people do is, and what was up.
    PERFORMANCE, performance, performance, fetch_performance, view! { <PerformancePage/> }
);

chunk!(
    /// What is set up, who may do what, and how it went.
    SETTINGS, settings, settings, fetch_settings, view! { <SettingsPage/> }
);
chunk!(
    /// What is set up.
    SETTINGS_PROJECT, settings_project, settings_project, fetch_settings_project, view! { <SettingsProject/> }
);
chunk!(
    /// What is promised, and what happened meanwhile.
    SETTINGS_TIMES, settings_times, settings_times, fetch_settings_times, view! { <SettingsTimes/> }
);
chunk!(
    /// How it went, and whose it is.
    SETTINGS_DATA, settings_data, settings_data, fetch_settings_data, view! { <SettingsData/> }
);
chunk!(
    /// Who may do what.
    SETTINGS_ACCESS, settings_access, settings_access, fetch_settings_access, view! { <SettingsAccess/> }
);
chunk!(
    /// Who did what, and whoever looks.
    SETTINGS_DONE, settings_done, settings_done, fetch_settings_done, view! { <SettingsDone/> }
);
chunk!(
    /// A view that was shared by a link.
    VISIT, door, visit, fetch_visit, view! { <VisitPage/> }
);
chunk!(
    /// Saved views, and links to views.
    VIEWS, views, views, fetch_views, view! { <ViewsDialog/> }
);

chunk!(
    /// The form where a page would be.
    SIGN_IN, door, sign_in, fetch_sign_in, view! { <SignIn/> }
);
chunk!(
    /// The form over a page.
    SIGN_IN_AGAIN, door, sign_in_again, fetch_sign_in_again, view! { <SignInAgain/> }
);
chunk!(
    /// Search and jump.
    PALETTE, over, palette, fetch_palette, view! { <PaletteDialog/> }
);
chunk!(
    /// The list of keys.
    HELP, over, help, fetch_help, view! { <HelpDialog/> }
);
chunk!(
    /// What is in the menu.
    MENU, over, menu, fetch_menu, view! { <MenuPanel/> }
);
chunk!(
    /// Messages.
    TOASTS, over, toasts, fetch_toasts, view! { <ToastList/> }
);
