"""Operators as they are written."""

from _ast import (
    Add,
    BitAnd,
    BitOr,
    BitXor,
    Div,
    Eq,
    FloorDiv,
    Gt,
    GtE,
    In,
    Invert,
    Is,
    IsNot,
    LShift,
    Lt,
    LtE,
    MatMult,
    Mod,
    Mult,
    NotEq,
    NotIn,
    Pow,
    RShift,
    Sub,
    UAdd,
    USub,
    cmpop,
    operator,
    unaryop,
)

COMPARING: dict[type[cmpop], str] = {
    Eq: "==",
    NotEq: "!=",
    Lt: "<",
    LtE: "<=",
    Gt: ">",
    GtE: ">=",
    Is: "is",
    IsNot: "is not",
    In: "in",
    NotIn: "not in",
}

BINARY: dict[type[operator], str] = {
    Add: "+",
    Sub: "-",
    Mult: "*",
    Div: "/",
    FloorDiv: "//",
    Mod: "%",
    Pow: "**",
    MatMult: "@",
    LShift: "<<",
    RShift: ">>",
    BitAnd: "&",
    BitOr: "|",
    BitXor: "^",
}

UNARY: dict[type[unaryop], str] = {UAdd: "+", USub: "-", Invert: "~"}
"""Without `not`, which is told as part of the sentence."""
