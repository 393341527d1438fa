"""A value in one line, whatever it is."""

LIMIT = 240


def saferepr(value: object, *, verbosity: int = 0) -> str:
    """The representation, bounded and on one line; never raises."""
    try:
        text = repr(value)
    except Exception as error:
        text = f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    text = "\\n".join(text.splitlines())
    return text if len(text) <= LIMIT or verbosity > 1 else f"{text[:117]}...{text[-117:]}"
