"""How wide text is on a terminal."""


def columns(text: str) -> int:
    """How many columns the text takes: wide characters two, and those that stand upon others none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(one) else 1 + (east_asian_width(one) in "WF") for one in text)
