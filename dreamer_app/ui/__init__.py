"""The desktop: tray, windows, dialogs. Qt lives here only; everything shown comes from the service."""

from dreamer_app.ui.lean_qt import look_at_no_sources

look_at_no_sources()  # before any module of this room is imported
