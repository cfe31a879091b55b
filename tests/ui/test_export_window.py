"""Exporting from a window: what is shown before, what is written, and that nothing to export is no error."""

from __future__ import annotations
