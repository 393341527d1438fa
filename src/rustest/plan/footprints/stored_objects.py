"""What the methods of a test's class store in its instance: objects of the test's own, if they make them."""

import dis
from types import CodeType, FunctionType

from rustest.model.hints import cast
from rustest.plan.footprints.code_glance import unwrap
from rustest.plan.footprints.known_object import Unknown
from rustest.plan.footprints.process_acts import Surroundings
from rustest.plan.footprints.process_trace import ProcessTrace
from rustest.plan.footprints.process_values import Value


def stores_made(cls: type, name: str, around: Surroundings) -> bool:
    """Whether all that methods of the class store under that name is what they have made, and in their instance."""
    stores = made = 0
    for method in (cast("object", value) for holder in cls.__mro__ for value in vars(holder).values()):
        function = unwrap(method)
        if function is not None and (number := _stores(function.__code__, name)):
            stores += number
            has_instance = not isinstance(method, classmethod | staticmethod)
            made += _stores_of_made(function, cls, name, around) if has_instance else 0
    return 0 < stores == made


def _stores(code: CodeType, name: str) -> int:
    """How often the function, and those inside it, may store something under that name."""
    inside = sum(_stores(constant, name) for constant in code.co_consts if isinstance(constant, CodeType))
    if "setattr" in code.co_names:
        inside += name in code.co_consts
    if name not in code.co_names:
        return inside
    return inside + [one.argval for one in dis.get_instructions(code) if one.opname == "STORE_ATTR"].count(name)


def _stores_of_made(function: FunctionType, cls: type, name: str, around: Surroundings) -> int:
    if function.__globals__ is not around.names:
        return 0
    trace = StoringTrace(function.__code__, around, cls)
    trace.walk([*dis.get_instructions(function)])
    return trace.made.count(name)


class StoringTrace(ProcessTrace):
    """A walk through a method's code that looks at what it stores in the instance."""

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(code, around, cls)
        self.made: list[str] = []
        """The names under which it stores what it has made, one for each time."""

    def _set_attribute(self, owner: Value, name: str, value: Value) -> None:
        if owner.known is Unknown.SELF and self.is_made(value):
            self.made.append(name)
        super()._set_attribute(owner, name, value)
