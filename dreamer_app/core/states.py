"""What The Dreamer is doing and why it is not dreaming, as closed lists: one table for code, interface and docs.

Nothing here decides: the policy does. Texts are English; the interface translates them by their key.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dreamer_app.core.frozen import Frozen


class DreamerState(StrEnum):
    """What a person sees. Every state has a silhouette of its own in the tray.

    The policy works with finer phases (settling, shedding, classifying); each of them shows as one of these.
    """

    AWAKE = "awake"
    DROWSY = "drowsy"
    DREAMING = "dreaming"
    WAKING = "waking"
    PAUSED = "paused"
    BLOCKED = "blocked"


class Force(StrEnum):
    """How strongly a reason holds against dreaming.

    Attributes:
        HARD: Never overruled, not even by *Dream now* or *Keep dreaming while I work*.
        OWNER: Somebody uses the computer; *Keep dreaming while I work* overrules it.
        SOFT: Dreaming gets smaller before it stops.
        WAIT: It is not time yet; *Dream now* overrules it.
        FAULT: Something is missing that a person can mend.
    """

    HARD = "hard"
    OWNER = "owner"
    SOFT = "soft"
    WAIT = "wait"
    FAULT = "fault"


class SuspendReason(StrEnum):
    """Why it is not dreaming. Every skipped or cut night is stored with all of its reasons."""

    USER_ACTIVE = "user_active"
    API_REQUEST = "api_request"
    USER_REQUEST = "user_request"
    EXCLUSIVE_APP = "exclusive_app"
    IDLE_INHIBITED = "idle_inhibited"
    CPU_BUSY = "cpu_busy"
    GPU_BUSY = "gpu_busy"
    CPU_HOT = "cpu_hot"
    GPU_HOT = "gpu_hot"
    ON_BATTERY = "on_battery"
    POWER_SAVER = "power_saver"
    UPS_ON_BATTERY = "ups_on_battery"
    MEMORY_LOW = "memory_low"
    DISK_LOW = "disk_low"
    SYSTEM_SUSPEND = "system_suspend"
    OUTSIDE_SCHEDULE = "outside_schedule"
    BLACKOUT_HOURS = "blackout_hours"
    QUOTA_REACHED = "quota_reached"
    NOT_IDLE_YET = "not_idle_yet"
    SANDBOX_UNAVAILABLE = "sandbox_unavailable"
    MODEL_UNAVAILABLE = "model_unavailable"
    NO_KNOWLEDGE = "no_knowledge"
    IDLE_SOURCE_UNAVAILABLE = "idle_source_unavailable"
    SENSOR_UNAVAILABLE = "sensor_unavailable"
    TOO_MANY_FAILURES = "too_many_failures"
    SHUTTING_DOWN = "shutting_down"

    @property
    def force(self) -> Force:
        """How strongly it holds."""
        return _TABLE[self][0]

    @property
    def text(self) -> str:
        """In plain words, as the end of the sentence *Not dreaming: …*."""
        return _TABLE[self][1]

    @property
    def fix(self) -> str:
        """What a person can do about it; empty where waiting is all."""
        return _TABLE[self][2]


_TABLE: dict[SuspendReason, tuple[Force, str, str]] = {
    SuspendReason.USER_ACTIVE: (Force.OWNER, "someone is using the computer", ""),
    SuspendReason.API_REQUEST: (Force.OWNER, "a program asked for the model", ""),
    SuspendReason.USER_REQUEST: (Force.HARD, "paused by you", "Choose Resume."),
    SuspendReason.EXCLUSIVE_APP: (Force.HARD, "a game or an exclusive program is running", ""),
    SuspendReason.IDLE_INHIBITED: (Force.OWNER, "a video or a call is running", ""),
    SuspendReason.CPU_BUSY: (Force.SOFT, "other programs need the processor", ""),
    SuspendReason.GPU_BUSY: (Force.SOFT, "other programs need the graphics card", ""),
    SuspendReason.CPU_HOT: (Force.HARD, "the processor is hot", "Let it cool, or use fewer workers."),
    SuspendReason.GPU_HOT: (Force.HARD, "the graphics card is hot", "Let it cool, or use a smaller model."),
    SuspendReason.ON_BATTERY: (Force.HARD, "the computer runs on battery", "Plug it in."),
    SuspendReason.POWER_SAVER: (Force.HARD, "power saving is on", "Turn power saving off."),
    SuspendReason.UPS_ON_BATTERY: (Force.HARD, "the power is out", ""),
    SuspendReason.MEMORY_LOW: (Force.HARD, "memory is short", "Close a program."),
    SuspendReason.DISK_LOW: (Force.HARD, "the disk is almost full", "Make room, or move the data folder."),
    SuspendReason.SYSTEM_SUSPEND: (Force.HARD, "the computer goes to sleep", ""),
    SuspendReason.OUTSIDE_SCHEDULE: (Force.WAIT, "it is not a time for dreaming", "Change the schedule."),
    SuspendReason.BLACKOUT_HOURS: (Force.WAIT, "these are quiet hours", "Change the quiet hours."),
    SuspendReason.QUOTA_REACHED: (Force.WAIT, "tonight's goal is reached", "Raise the goal."),
    SuspendReason.NOT_IDLE_YET: (Force.WAIT, "the computer has not been idle long enough", ""),
    SuspendReason.SANDBOX_UNAVAILABLE: (Force.FAULT, "the workers cannot start", "Start Docker."),
    SuspendReason.MODEL_UNAVAILABLE: (Force.FAULT, "the model does not answer", "Start the model server."),
    SuspendReason.NO_KNOWLEDGE: (Force.FAULT, "there is nothing to dream about", "Pick a library to learn."),
    SuspendReason.IDLE_SOURCE_UNAVAILABLE: (
        Force.FAULT,
        "it cannot be seen whether somebody is here",
        "Open Diagnostics to see which source is missing.",
    ),
    SuspendReason.SENSOR_UNAVAILABLE: (Force.SOFT, "a temperature sensor is missing", "Open Diagnostics."),
    SuspendReason.TOO_MANY_FAILURES: (Force.FAULT, "too many dreams failed in a row", "Look at the log."),
    SuspendReason.SHUTTING_DOWN: (Force.HARD, "The Dreamer is closing", ""),
}


class Snapshot(Frozen):
    """Everything that tray, API and command line show about the running program, at one moment.

    Attributes:
        state: What it does.
        since: When that began; UTC.
        reasons: Every reason that holds now, the strongest first; empty while dreaming.
        detail: What went wrong and how to mend it, for reasons that are faults; may be empty.
        until: When a pause or a snooze ends, None when it does not by itself.
        next_dream: When it expects to fall asleep, None when that cannot be told.
        keep_dreaming: Whether *Keep dreaming while I work* is on.
        finishing: Whether it stops after the dreams under way.
        night_id: The night under way.
        libraries: What that night is about, by name.
        verified: Dreams verified in it.
        workers: Workers at work now.
        workers_wanted: Workers that the policy allows.
        cpu_celsius: Processor temperature, None when unknown.
        gpu_celsius: Temperature of the hottest graphics card, None when unknown or asleep.
        watts: Electric power, None when it cannot be read.
        to_review: Verified dreams that nobody has decided about.
        notices: What a person may want to mend although it stops nothing, in words.
    """

    state: DreamerState
    since: datetime
    reasons: tuple[SuspendReason, ...] = ()
    detail: str = ""
    until: datetime | None = None
    next_dream: datetime | None = None
    keep_dreaming: bool = False
    finishing: bool = False
    night_id: str | None = None
    libraries: tuple[str, ...] = ()
    verified: int = 0
    workers: int = 0
    workers_wanted: int = 0
    cpu_celsius: float | None = None
    gpu_celsius: float | None = None
    watts: float | None = None
    to_review: int = 0
    notices: tuple[str, ...] = ()
