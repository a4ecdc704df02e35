//! Turns "a store behaves so" into tests that every backend runs unchanged.
//!
//! A backend calls [`conformance_suite!`](crate::conformance_suite) with a function that opens an
//! empty store; every behaviour below becomes one test of that backend.

mod answers;
mod attachments;
mod authoring;
mod build;
mod custody;
mod desk;
mod directory;
mod expiry;
mod guards;
mod inbox;
mod ledger;
mod promises;
mod reports;
mod responses;
mod scores;
mod setup;
mod telemetry;
mod views;

pub use self::answers::*;
pub use self::attachments::*;
pub use self::authoring::*;
pub use self::build::*;
pub use self::custody::*;
pub use self::desk::*;
pub use self::directory::*;
pub use self::expiry::*;
pub use self::guards::*;
pub use self::inbox::*;
pub use self::ledger::*;
pub use self::promises::*;
pub use self::reports::*;
pub use self::responses::*;
pub use self::scores::*;
pub use self::setup::*;
pub use self::telemetry::*;
pub use self::views::*;

/// Makes one test per behaviour.
///
/// Takes a function that answers an empty store as `(guard, Arc<dyn Store>)`; the guard lives as
/// long as the test. The backend needs `tokio` with `macros` among its dev-dependencies.
#[macro_export]
macro_rules! conformance_suite {
    ($open:path) => {
        $crate::conformance_suite! { @each $open:
            new_items_are_accepted
            a_repeated_item_is_a_duplicate
            a_repetition_within_one_batch_is_a_duplicate
            another_body_under_one_id_is_a_conflict
            projects_do_not_share_item_ids
            an_empty_batch_is_answered
            the_highest_revision_wins_in_every_order
            equal_revisions_do_not_depend_on_order
            a_later_revision_can_take_an_answer_back
            the_latest_score_of_each_person_counts
            only_scores_count
            a_span_has_a_start_and_no_end
            reach_counts_people_once
            scores_stay_with_their_survey_and_question
            comments_come_newest_first_page_by_page
            a_comment_brings_its_score_and_page
            any_text_survives
            every_kind_of_answer_is_read_back
            a_later_revision_replaces_everything
            who_answered_is_read_back
            only_scores_of_the_nps_scale_count
            what_is_off_the_path_never_counts
            feedback_is_no_part_of_scores_and_reach
            what_is_written_beside_options_is_a_comment
            comments_of_all_surveys_are_one_list
            comments_beside_a_score_are_of_its_kind
            every_way_to_close_is_kept
            an_image_is_kept_once
            an_image_id_belongs_to_one_project
            a_missing_image_is_told_until_it_arrives
            an_image_that_nobody_names_is_forgotten
            projects_are_listed_by_age
            a_site_is_found_by_its_key
            a_site_keeps_its_project
            a_site_has_a_secret_once_it_was_set
            a_survey_counts_its_versions
            surveys_are_published_together_or_not_at_all
            people_are_found_without_case
            a_new_password_ends_every_session
            an_address_keeps_its_project
            a_session_ends_when_it_must
            a_session_can_be_extended_and_closed
            the_audit_log_is_read_from_its_end
            an_invitation_is_used_once
            a_link_replaces_the_one_before
            another_role_ends_sessions
            the_last_admin_stays
            a_changed_password_leaves_one_session
            own_sessions_are_listed_and_ended
            a_token_works_until_it_ends
            a_report_counts_once
            a_report_and_an_item_do_not_share_an_id
            sums_do_not_depend_on_order
            spans_are_answered_to_the_slice
            features_are_those_that_were_seen
            clients_are_installs
            what_is_held_is_counted_apart
            a_skewed_report_casts_no_vote
            a_threshold_knows_what_was_held_against_it
            templates_are_added_up
            vitals_and_overflow_are_added_up
            changes_are_told_once
            projects_do_not_share_sums
            pruning_leaves_the_longer_sums
            ids_of_reports_are_kept_for_a_while
            outages_are_scored_anew
            outages_freeze
            partial_outages_are_others
            outages_are_found_by_overlap
            hours_are_scored
            alerts_stand_where_they_changed_last
            maintenance_is_announced_and_withdrawn
            budgets_count_their_versions
            an_install_is_told_and_erased
            a_person_is_found_by_every_revision
            a_shared_install_is_told_apart
            a_response_is_erased_alone
            what_was_erased_does_not_come_back
            copies_that_hold_what_was_erased_are_told
            rewriting_changes_nothing
            each_kind_has_its_own_age
            what_would_go_is_counted
            ids_outlive_what_they_name
            expiry_goes_in_steps
            vitals_expire
            what_is_told_can_be_read
            letters_go_with_their_install
            letters_of_whom_was_erased_stay_away
            letters_name_people
            every_fate_is_counted
            fates_are_told_by_sender_and_hour
            holes_are_what_never_came
            a_span_has_its_page_loads
            holes_are_not_made_up
            a_clock_offset_is_the_smallest
            letters_are_kept_until_they_are_discarded
            what_was_kept_aside_can_be_read
            the_oldest_letters_of_a_reason_go
            what_is_forgotten_stays_counted
            a_site_is_changed_from_what_it_was
            a_replaced_key_works_for_a_while
            a_site_is_heard_from
            a_project_is_renamed
            how_long_things_are_kept_is_chosen
            the_audit_log_is_filtered
            versions_of_senders_are_counted
            an_identity_is_one_person
            plans_are_noted_with_what_they_change
            what_was_written_is_in_the_inbox
            the_inbox_comes_page_by_page
            a_view_shows_what_it_says
            words_are_found
            words_follow_revisions
            a_step_is_told_and_undone
            an_undone_step_respects_others
            all_that_a_view_shows_is_changed
            a_slower_change_is_refused
            what_is_kept_aside_counts_nowhere
            what_is_snoozed_comes_back
            what_was_erased_leaves_the_inbox
            the_inbox_is_counted
            tags_are_renamed_merged_and_forgotten
            a_note_is_its_authors
            a_timeline_is_of_one_person
            what_is_alike_is_suggested
            an_export_is_whole
            a_view_is_its_owners_or_the_teams
            a_link_works_until_it_ends
            what_names_somebody_goes_with_them
            scores_follow_the_view
            each_person_scores_once
            scores_are_set_apart
            scores_kept_aside_are_told
            reach_is_of_all_surveys
            days_put_together_say_the_same
            releases_are_kept
            a_draft_is_kept_as_it_was_typed
            a_slower_author_is_told
            the_log_is_not_told_of_every_save
            a_draft_replaces_no_version_that_its_author_does_not_know
            a_release_takes_its_draft_with_it
            an_older_version_is_published_anew
            a_survey_can_stand_still
            tests_never_mix
            a_test_stays_one
            sightings_are_told_once
            page_loads_are_counted
            a_probe_writes
            a_closed_store_takes_nothing
        }
    };
    (@each $open:path: $($behaviour:ident)*) => {$(
        #[tokio::test]
        async fn $behaviour() {
            let (_guard, store) = $open();
            $crate::conformance::$behaviour(&*store).await;
        }
    )*};
}
