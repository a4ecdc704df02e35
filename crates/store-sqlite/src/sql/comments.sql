-- Followed by conditions, an order and a limit. One upper bound of time alone: beside another one, the
-- engine would read down from that, past every page before.
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
CROSS JOIN response ON response.project = answer.project AND response.id = answer.response
