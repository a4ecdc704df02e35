-- Installs that were shown the survey in the span, and those of them that gave a score in it.
SELECT
    COUNT(*),
    COUNT(*) FILTER (
        WHERE install IN (
            SELECT install
            FROM answer
            WHERE project = ?1
                AND survey = ?2
                AND question = ?3
                AND at_ms >= ?4
                AND at_ms < ?5
                AND kind = 'nps'
                AND score IS NOT NULL
                AND off_path = 0
                AND feedback = 0
                AND hidden = 0
        )
    )
FROM (
    SELECT DISTINCT install
    FROM impression
    WHERE project = ?1
        AND survey = ?2
        AND at_ms >= ?4
        AND at_ms < ?5
        AND feedback = 0
)
