//! Turns an entry and the redirects after it into one attempt: pages see only its end.

use url::Url;

use super::entry::Entry;

/// Redirects that a browser follows.
///
/// # Source
///
/// Fetch standard, "HTTP-redirect fetch", step 7.
const MAX_REDIRECTS: usize = 20;

/// The entry at `index` and those that it was sent on to, which are taken from now on.
pub(super) fn follow<'a>(
    index: usize,
    entries: &'a [Option<Entry>],
    is_taken: &mut [bool],
) -> Vec<&'a Entry> {
    let mut chain: Vec<&Entry> = entries[index].iter().collect();
    let mut at = index;
    while chain.len() <= MAX_REDIRECTS {
        let Some(last) = chain.last() else { break };
        let Some(to) = last.redirect() else { break };
        let is_next = |place: &usize| {
            let entry = entries[*place].as_ref();
            !is_taken[*place]
                && entry.is_some_and(|next| next.page == last.page && is_at(next, &to))
        };
        let Some(next) = (at + 1..entries.len()).find(is_next) else {
            break;
        };
        is_taken[next] = true;
        chain.extend(&entries[next]);
        at = next;
    }
    chain
}

/// The fragment is never sent.
fn is_at(entry: &Entry, url: &Url) -> bool {
    let without = |url: &Url| {
        let mut url = url.clone();
        url.set_fragment(None);
        url
    };
    without(&entry.url) == without(url)
}
