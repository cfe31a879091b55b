"""Everyday worlds that an app can be about, so that a task reads like software somebody wants.

Words only. Which widgets show them is no matter of this module.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Domain:
    """The words of one everyday world.

    Attributes:
        prefix: Start of class names, e.g. `Pantry`.
        noun: One thing that is kept, e.g. `item`.
        plural: Several of them; also the name of the attribute that holds them.
        names: Six short names of things, lower case.
        amount: What is counted per thing, e.g. `jars`.
        group: What things are grouped by, e.g. `shelf`.
        groups: Three groups.
        mark: A yes-or-no property, e.g. `organic`.
        about: What the app is for, continuing "a small app that".
        goal: A modest number of things that somebody aims at.
    """

    prefix: str
    noun: str
    plural: str
    names: tuple[str, ...]
    amount: str
    group: str
    groups: tuple[str, str, str]
    mark: str
    about: str
    goal: int = 4


def article(noun: str) -> str:
    """`a ticket`, `an item`."""
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def _domain(words: str, names: str, groups: str, about: str, goal: int = 4) -> Domain:
    prefix, noun, plural, amount, group, mark = words.split()
    first, second, third = groups.split()
    return Domain(prefix, noun, plural, tuple(names.split()), amount, group, (first, second, third), mark, about, goal)


DOMAINS: tuple[Domain, ...] = (
    _domain(
        "Pantry item items jars shelf organic",
        "rice beans oats salt flour honey",
        "Top Middle Cellar",
        "keeps track of a pantry",
    ),
    _domain(
        "Ticket ticket tickets hours queue urgent",
        "login export search printer invoice backup",
        "Desktop Web Network",
        "logs support tickets",
        5,
    ),
    _domain(
        "Playlist song songs minutes genre explicit",
        "aurora tides ember juno lumen nomad",
        "Jazz Rock Folk",
        "puts a playlist together",
    ),
    _domain(
        "Garden plant plants litres bed thirsty",
        "mint basil thyme fern rose tulip",
        "North South Greenhouse",
        "plans the watering of a garden",
        5,
    ),
    _domain(
        "Harbour ship ships crates pier delayed",
        "alma borea cutty delphi egret freya",
        "East West Dry",
        "registers arrivals in a harbour",
        3,
    ),
    _domain(
        "Library book books copies section rare",
        "emma dune ulysses walden hamlet middlemarch",
        "Fiction Poetry Science",
        "takes in books returned to a library",
    ),
    _domain(
        "Workout exercise exercises sets area advanced",
        "squat plank lunge row press curl",
        "Legs Core Arms",
        "writes down a workout",
        3,
    ),
    _domain(
        "Kitchen dish dishes portions station vegan",
        "soup salad curry pasta tart risotto",
        "Grill Oven Cold",
        "collects the orders of a kitchen",
    ),
    _domain(
        "Parcel parcel parcels kilos zone fragile",
        "atlas boots clock drone easel flute",
        "Local Inland Abroad",
        "checks in parcels at a counter",
        5,
    ),
    _domain(
        "Budget expense expenses euros category shared",
        "rent bus lunch gym phone coffee",
        "Home Travel Food",
        "records household expenses",
    ),
    _domain(
        "Clinic patient patients visits ward insured",
        "adams baker clark davis evans foster",
        "Eye Skin Heart",
        "signs patients in at a clinic",
        3,
    ),
    _domain(
        "Fleet van vans trips depot electric",
        "otter lynx heron badger falcon stoat",
        "Leeds Bath York",
        "follows a fleet of delivery vans",
    ),
    _domain(
        "Reading chapter chapters pages mood finished",
        "storm letter bridge garden winter return",
        "Calm Dark Witty",
        "keeps a reading diary",
    ),
    _domain(
        "Quiz player players points team captain",
        "ada bruno chloe dana emil farah",
        "Red Blue Green",
        "keeps the score of a pub quiz",
    ),
    _domain(
        "Voyage stop stops nights country booked",
        "oslo bergen malmo gdansk riga tartu",
        "Norway Sweden Baltics",
        "sketches a journey",
    ),
    _domain(
        "Aquarium kind kinds tanks water shy",
        "guppy tetra molly loach betta danio",
        "Fresh Brackish Salt",
        "lists the stock of an aquarium",
        3,
    ),
    _domain(
        "Museum exhibit exhibits visitors wing fragile",
        "vase mask coin harp globe scroll",
        "East West Annex",
        "catalogues exhibits of a museum",
    ),
    _domain(
        "Course lesson lessons minutes level optional",
        "loops lists files tests types regex",
        "Basic Core Expert",
        "plans the lessons of a course",
        5,
    ),
    _domain(
        "Orchard crate crates apples row ripe",
        "elstar gala fuji idared jonagold topaz",
        "Hill Valley Wall",
        "counts crates in an orchard",
    ),
    _domain(
        "Print job jobs pages printer colour",
        "poster flyer thesis menu badge ticket",
        "Laser Inkjet Plotter",
        "queues print jobs",
        3,
    ),
    _domain(
        "Observatory star stars nights sky variable",
        "vega rigel deneb altair mira spica",
        "North South Zenith",
        "notes observed stars",
    ),
    _domain(
        "Bakery loaf loaves grams oven seeded",
        "rye spelt corn barley wheat sourdough",
        "Stone Gas Steam",
        "plans a morning in a bakery",
    ),
    _domain(
        "Release change changes commits branch breaking",
        "login cache theme parser index docs",
        "Stable Beta Nightly",
        "collects the notes of a release",
        5,
    ),
    _domain(
        "Warehouse pallet pallets boxes aisle sealed",
        "bolts cable paint tiles glass rope",
        "North Centre South",
        "books pallets into a warehouse",
        3,
    ),
    _domain(
        "Choir singer singers songs voice soloist",
        "anna boris celia dario elsa felix",
        "Soprano Tenor Bass",
        "lines up a choir",
    ),
    _domain(
        "Camp guest guests days tent arrived",
        "ivo jana kaspar lena milan nora",
        "River Forest Lake",
        "welcomes guests at a camp site",
    ),
)
