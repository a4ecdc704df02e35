INSERT INTO answer (
    project, response, position, survey, feedback, install, at_ms, question, prompt, kind, off_path,
    score, top, text, reaction, hidden
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
    (SELECT hidden FROM response WHERE project = ?1 AND id = ?2))
