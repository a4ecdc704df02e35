INSERT INTO conflict (project, id, body_hash, received_ms, install, line)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (project, id, body_hash) DO NOTHING
