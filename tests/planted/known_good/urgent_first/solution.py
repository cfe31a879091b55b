"""What comes first?"""

from boltons.queueutils import HeapPriorityQueue


def urgent_first(tasks: list[tuple[str, int]]) -> list[str]:
    """Tasks by urgency, the most urgent first; equally urgent ones as they came."""
    waiting = HeapPriorityQueue()
    for number, (name, urgency) in enumerate(tasks):
        waiting.add((number, name), priority=urgency)
    return [waiting.pop()[1] for _ in tasks]
