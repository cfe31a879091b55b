"""A secret alphabet."""

from boltons.dictutils import OneToOne


def secret_alphabet(pairs: list[tuple[str, str]], text: str, back: bool) -> str:
    """Letters replaced by their partners, or back again; later pairs replace earlier ones; others stay."""
    code = OneToOne()
    for letter, secret in pairs:
        code[letter] = secret
    table = code.inv if back else code
    return "".join(table.get(letter, letter) for letter in text)
