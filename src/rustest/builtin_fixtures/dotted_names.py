"""Names with dots: from `"package.module.Class.attribute"` to the object that has the attribute."""

from importlib import import_module


def resolve_owner(dotted: str, raising: bool) -> tuple[object, str]:
    """Import what is needed, and give the object before the last dot and the name after it.

    Raises AttributeError for what is not there, and for the last name only if `raising`; ImportError where a module
    cannot be imported; TypeError for a name without dots.
    """
    path, dot, name = dotted.rpartition(".")
    if not dot:
        raise TypeError(f"{dotted!r} names no attribute: write it with its module, as in 'os.getcwd'")
    first, *rest = path.split(".")
    owner: object = import_module(first)
    reached = first
    for part in rest:
        reached = f"{reached}.{part}"
        owner = _step(owner, part, reached)
    if raising:
        getattr(owner, name)
    return owner, name


def _step(owner: object, part: str, reached: str) -> object:
    """The attribute of that name, or the module, which nobody may have imported yet."""
    try:
        found: object = getattr(owner, part)
    except AttributeError:
        try:
            found = import_module(reached)
        except ModuleNotFoundError as missing:
            if missing.name != reached:
                raise  # the module is there, and imports something that is not
            raise AttributeError(f"{owner!r} has no attribute {part!r}, nor is there a module {reached!r}") from None
    return found
