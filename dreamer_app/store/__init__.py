"""SQLite through sqlite-utils: migrations and one module per table family."""
