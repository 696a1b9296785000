"""Where a journal lives: SQLite (a file, or in memory) and PostgreSQL, with one behaviour."""
