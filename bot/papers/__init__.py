"""Papers to hand on: results as Word files that fit one page. Knows python-docx, and nothing of channels."""
