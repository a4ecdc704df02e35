-- Changes nothing when a higher revision is there already, so that the order of arrival is of no
-- consequence. Equal revisions of different items are decided by the item id.
INSERT INTO response (
    project, id, item, revision, complete, survey, version, install, at_ms, page_url, language,
    feedback, respondent, respondent_verified, respondent_traits, context, latency,
    browser, listed, scale, score, top, hidden
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
    ?18, ?19, ?20, ?21, ?22, ?23)
ON CONFLICT (project, id) DO UPDATE SET
    item = excluded.item,
    revision = excluded.revision,
    complete = excluded.complete,
    survey = excluded.survey,
    version = excluded.version,
    install = excluded.install,
    at_ms = excluded.at_ms,
    page_url = excluded.page_url,
    language = excluded.language,
    feedback = excluded.feedback,
    respondent = excluded.respondent,
    respondent_verified = excluded.respondent_verified,
    respondent_traits = excluded.respondent_traits,
    context = excluded.context,
    latency = excluded.latency,
    browser = excluded.browser,
    listed = excluded.listed,
    scale = excluded.scale,
    score = excluded.score,
    top = excluded.top,
    -- Whether a person gave it is said anew; what the team has decided stays.
    hidden = (response.hidden & 3) | excluded.hidden,
    -- There is something new to look at.
    snooze_until_ms = NULL,
    rev = response.rev + 1
WHERE (excluded.revision, excluded.item) > (response.revision, response.item)
