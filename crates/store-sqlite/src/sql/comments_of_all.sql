-- `comments.sql` over all surveys: ?2 is not used.
--
-- One upper bound alone: beside another one, the engine would read down from that, past every page
-- before.
--
-- One comment more than asked for tells whether there is a next page.
SELECT
    answer.at_ms,
    answer.response,
    answer.position,
    answer.prompt,
    answer.text,
    (
        SELECT beside.score
        FROM answer AS beside
        WHERE beside.project = answer.project
            AND beside.response = answer.response
            AND beside.kind = 'nps'
            AND beside.off_path = 0
        ORDER BY beside.position
        LIMIT 1
    ) AS score,
    response.page_url,
    response.language,
    answer.survey
FROM answer
JOIN response ON response.project = answer.project AND response.id = answer.response
WHERE answer.project = ?1
    AND ?2 IS NULL
    AND answer.at_ms >= ?3
    AND answer.text IS NOT NULL
    AND answer.off_path = 0
    AND answer.hidden = 0
    AND (answer.at_ms, answer.response, answer.position) < (?4, ?5, ?6)
ORDER BY answer.at_ms DESC, answer.response DESC, answer.position DESC
LIMIT ?7
