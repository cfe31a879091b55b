"""Exporting from a window: what is shown before, what is written, and that nothing to export is no error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from dreamer_app.core.types import Review
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.service.academy import Academy
from dreamer_app.store.store import Store
from dreamer_app.ui.export_window import ExportWindow
from tests.builders import dream
from tests.store.filling import settle
from tests.ui.waiting import until
