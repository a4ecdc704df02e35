INSERT INTO item (
    project, id, type, seq, body_hash, at_ms, sent_wall_ms, age_ms, clock_offset_ms, received_ms,
    install, session, boot, sdk, line
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
ON CONFLICT (project, id) DO NOTHING
