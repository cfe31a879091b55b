"""An uninterruptible power supply through a Network UPS Tools server (TCP, a line a question)."""

from __future__ import annotations

import socket

from dreamer_app.energy.reading import EnergyReading

PORT = 3493
SECONDS = 1.0
SHORTEST_RUNTIME = 300.0
"""Seconds of power left below which the supply is about to give out."""

LONGEST_ANSWER = 65_536


class Nut:
    """Asks a server about all of its supplies.

    Args:
        server: `host` or `host:port`; empty asks none.
    """

    name = "UPS (NUT)"
    closely, calmly = 2.0, 5.0

    def __init__(self, server: str) -> None:
        host, _, port = server.strip().partition(":")
        self._address = (host, int(port) if port.isdigit() else PORT) if host else None

    def read(self) -> EnergyReading:
        """The state of the worst supply; unknown when no server answers."""
        if self._address is None:
            return EnergyReading()
        try:
            with socket.create_connection(self._address, SECONDS) as line, line.makefile("rb") as answers:
                names = [words[1] for words in _list(line, answers, "UPS") if len(words) > 1]
                variables = [
                    {words[2]: words[3] for words in _list(line, answers, f"VAR {name}") if len(words) > 3}
                    for name in names
                ]
        except (OSError, ValueError):
            return EnergyReading()
        return _worst([found for found in variables if "ups.status" in found])

    def close(self) -> None:
        """Nothing is held between reads."""


def _list(line: socket.socket, answers: object, what: str) -> list[list[str]]:
    """The lines of one LIST answer, split into words; quoted text is one word.

    Raises:
        ValueError: The server refuses, or says something else.
        OSError: It does not answer in time.
    """
    line.sendall(f"LIST {what}\n".encode())
    found: list[list[str]] = []
    size = 0
    while True:
        text = answers.readline(LONGEST_ANSWER).decode(errors="replace").strip()  # type: ignore[attr-defined]
        size += len(text)
        if not text or text.startswith("ERR") or size > LONGEST_ANSWER:
            raise ValueError(text)
        if text.startswith("END LIST"):
            return found
        if not text.startswith("BEGIN LIST"):
            head, _, quoted = text.partition('"')
            found.append([*head.split(), quoted.rstrip('"')])


def _worst(supplies: list[dict[str, str]]) -> EnergyReading:
    if not supplies:
        return EnergyReading()
    states = [set(found["ups.status"].split()) for found in supplies]
    charges = [charge for found in supplies if (charge := _number(found.get("battery.charge"))) is not None]
    short = [
        "OB" in state and (left := _number(found.get("battery.runtime"))) is not None and left < SHORTEST_RUNTIME
        for state, found in zip(states, supplies, strict=True)
    ]
    return EnergyReading(
        ups_on_battery=any("OB" in state for state in states),
        ups_low=any(short) or any(state & {"LB", "FSD"} for state in states),
        ups_charge=min(charges) / 100 if charges else None,
    )


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
