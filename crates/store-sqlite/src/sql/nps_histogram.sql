-- The latest score of each install in the span, then how many installs have each score.
SELECT score, COUNT(*)
FROM (
    SELECT
        score,
        ROW_NUMBER() OVER (PARTITION BY install ORDER BY at_ms DESC, response DESC) AS nth
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
WHERE nth = 1
GROUP BY score
