"""Excerpts: as much of a long text as its reader can take."""


def bounded(text: str, longest: int) -> str:
    """The text, or so much of its beginning and of its end, and how much is left out."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def tail(text: str, longest: int) -> str:
    """The text, or so much of its end, and how much is left out."""
    left_out = len(text) - longest
    return text if left_out <= 0 else f"... {left_out} characters left out ...\n{text[left_out:]}"
