"""SQLite through sqlite-utils: migrations and one module per table family."""

from __future__ import annotations

from dreamer_app.store.lean_import import import_lean

import_lean("sqlite_utils")  # before any module of this room imports it
