"""G3, security: nothing that reaches out of a dream, or into the machinery that judges it.

Two readers: bandit with its own rule set, and our deny rules for what only matters to a judged program. It is a quality
gate: the sealed worker and the blind run are what a hostile program cannot get past.
"""

from __future__ import annotations

import logging
import tempfile
import threading
from pathlib import Path

from dreamer_app.guardian.gates.security_rules import violations
from dreamer_app.guardian.late_imports import late_import
from dreamer_app.guardian.receipts import Finding, StaticGate, listed, rejected
from dreamer_app.guardian.trial import Trial

_TEST_FILE = "test_solution.py"
_lock = threading.Lock()
"""Bandit keeps its plug-ins and its log level in module state."""


class SecurityGate(StaticGate):
    """Rejects findings of bandit of medium severity or more, and every violation of our own rules."""

    id = "G3"
    name = "security"
    version = "1"

    def read(self, trial: Trial) -> Finding:
        """Own rules first, they name the reason more precisely; then bandit."""
        sources = {"solution.py": trial.candidate.solution, _TEST_FILE: trial.scenario.tests}
        problems = [
            f"{file}:{violation.line}: {violation.rule}: {violation.what}"
            for file, tree in (("solution.py", trial.solution_tree), (_TEST_FILE, trial.tests_tree))
            for violation in violations(tree, is_test=file == _TEST_FILE)
        ]
        problems += bandit_findings(sources)
        if problems:
            return rejected(problems[0], problems=listed(problems))
        return Finding(True, {"files": len(sources)})


def bandit_findings(sources: dict[str, str]) -> list[str]:
    """What bandit says with at least medium severity; `# nosec` is not listened to.

    Args:
        sources: Text by file name.

    Raises:
        RuntimeError: Bandit skipped a file.
    """
    with _lock, tempfile.TemporaryDirectory(prefix="dreamer-bandit-") as folder:
        for noisy in ("bandit", "stevedore"):  # the second one tells of formats that nobody asked for
            logging.getLogger(noisy).setLevel(logging.CRITICAL)
        for name, text in sources.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        settings = late_import("bandit.core.config").BanditConfig()
        scan = late_import("bandit.core.manager").BanditManager(settings, "file", ignore_nosec=True)
        scan.discover_files([str(Path(folder) / name) for name in sources])
        scan.run_tests()
        if scan.skipped or len(scan.files_list) != len(sources):
            raise RuntimeError(f"bandit could not read {scan.skipped}")
        found = scan.get_issue_list(sev_level="MEDIUM", conf_level="LOW")
        return [f"{Path(issue.fname).name}:{issue.lineno}: {issue.test_id}: {issue.text}" for issue in found]
