INSERT INTO answer (project, response, position, survey, install, at_ms, question, prompt, score, text)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
