import networkx
from toolz import keyfilter as keep


def households(pairs: list[tuple[str, str]], rents: dict[str, int]) -> list[dict[str, object]]:
    net = networkx.Graph()
    net.add_edges_from(pairs)
    result = []
    for members in networkx.connected_components(net):
        mine = keep(lambda one: one in members, rents)
        if mine:
            result.append({"people": sorted(members), "rent": sum(mine.values())})
    return sorted(result, key=lambda entry: entry["people"])
