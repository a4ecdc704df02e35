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
                AND score IS NOT NULL
        )
    )
FROM (
    SELECT DISTINCT install
    FROM impression
    WHERE project = ?1
        AND survey = ?2
        AND at_ms >= ?4
        AND at_ms < ?5
)
