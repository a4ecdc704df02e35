//! Turns saved views and links to views into requests, and replies into answers or errors.

use protocol::query::views::{
    MadeShare, NewSavedView, NewShare, OpenShare, SavedView, SavedViews, Shared, Shares,
};

use crate::api::{ApiError, delete, get, post};

/// Asks for one's own views and those of the team.
///
/// # Errors
/// When there was no usable answer; so for all below.
pub async fn saved() -> Result<SavedViews, ApiError> {
    get("api/v1/views").await
}

/// Saves a view.
///
/// # Errors
/// [`ApiError::Refused`] for a name that is no name.
pub async fn save(view: &NewSavedView) -> Result<SavedView, ApiError> {
    post("api/v1/views", view).await
}

/// Forgets a view.
///
/// # Errors
/// [`ApiError::NotFound`] when somebody was faster.
pub async fn forget(id: u64) -> Result<(), ApiError> {
    delete(&format!("api/v1/views/{id}")).await
}

/// Asks for the links that there are and were.
///
/// # Errors
/// As [`saved`].
pub async fn shares() -> Result<Shares, ApiError> {
    get("api/v1/shares").await
}

/// Makes a link.
///
/// # Errors
/// [`ApiError::Refused`] for what cannot be shared.
pub async fn share(new: &NewShare) -> Result<MadeShare, ApiError> {
    post("api/v1/shares", new).await
}

/// Takes a link back.
///
/// # Errors
/// [`ApiError::NotFound`] when somebody was faster.
pub async fn take_back(id: u64) -> Result<(), ApiError> {
    delete(&format!("api/v1/shares/{id}")).await
}

/// Opens a link.
///
/// # Errors
/// [`ApiError::NotFound`] for one that leads nowhere, [`ApiError::WrongCredentials`] where it takes another
/// password, [`ApiError::TooManyAttempts`].
pub async fn open(asked: &OpenShare) -> Result<Shared, ApiError> {
    post("api/v1/shared", asked).await
}
