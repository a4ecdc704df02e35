-- Responses that a change names are kept by number: their ids go with them.
SELECT
    step.number, step.at_ms, step.actor, field, before, after,
    (
        SELECT id FROM response
        WHERE field = 'duplicate_of' AND response.number = CAST(before AS INTEGER)
    ),
    (
        SELECT id FROM response
        WHERE field = 'duplicate_of' AND response.number = CAST(after AS INTEGER)
    )
FROM triage_change AS change
JOIN triage_step AS step ON step.number = change.step
WHERE change.response = ?1
ORDER BY step.number, field, subject
