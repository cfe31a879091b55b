"""A leaderboard with room for a few."""

from sortedcontainers import SortedDict


def leaderboard(results: list[tuple[int, str]], room: int) -> list[str]:
    """The best so many results, best first, after they came in one by one; who comes later at a score takes it over."""
    board = SortedDict()
    for score, name in results:
        if len(board) == room and score not in board:
            if score < board.peekitem(0)[0]:
                continue
            board.popitem(0)
        board[score] = name
    return [f"{name}: {score}" for score, name in reversed(board.items())]
