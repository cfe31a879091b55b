"""Who works in which town?"""

from toolz import groupby, join


def team_roster(people: list[tuple[str, str]], offices: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Names by town, from (name, team) and (team, town); who has no town is left out."""
    matched = join(lambda person: person[1], people, lambda office: office[0], offices)
    by_town = groupby(lambda pair: pair[1][1], matched)
    return {town: sorted({person[0] for person, _ in pairs}) for town, pairs in sorted(by_town.items())}
