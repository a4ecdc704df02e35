-- The first three columns are read by their place, the others by name.
SELECT
    response.number,
    response.id,
    response.at_ms,
    response.survey,
    response.feedback,
    response.scale,
    response.score,
    response.top,
    response.status,
    response.hidden,
    response.snooze_until_ms,
    response.rev,
    response.page_url,
    response.language,
    response.browser,
    response.respondent,
    person.email AS assignee,
    original.id AS original,
    (
        SELECT json_group_array(tag.name ORDER BY tag.name) FROM response_tag
        JOIN tag ON tag.number = response_tag.tag
        WHERE response_tag.response = response.number
    ) AS tags,
    (
        SELECT COUNT(*) FROM response_attachment AS named
        JOIN attachment ON attachment.id = named.attachment AND attachment.project = named.project
        WHERE named.project = response.project AND named.response = response.id
    ) AS images,
    (SELECT COUNT(*) FROM note WHERE note.response = response.number) AS notes
FROM response
LEFT JOIN person ON person.id = response.assignee
LEFT JOIN response AS original ON original.number = response.duplicate_of
