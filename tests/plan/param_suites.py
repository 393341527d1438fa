"""Projects made up at random, whose fixtures have params in every scope."""

from random import Random

SCOPES = ["function", "class", "module", "package", "session"]
FILES = ["test_1.py", "a/test_2.py", "a/test_3.py", "b/test_4.py"]
PARAMS = [
    "[1, 2]",
    "['x', 'y', 'z']",
    "[1, 1, 2]",
    "[{}, []]",
    "[param(1, id='one'), param(2, marks=mark.skip)]",
    "[True, 1, 1.0]",
    "[None]",
    "[]",
]
IDS = ["", "", "", ", ids=lambda value: f'id{value!r:.3}'", ", ids=repr"]


class Suite:
    """One project: its sources, by path."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.files: dict[str, str] = {}
        shared = self.fixtures({}, self.random.randint(1, 4), "s")
        self.files["conftest.py"] = self.source(shared)
        inner = self.fixtures(shared, self.random.randint(0, 2), "a")
        self.files["a/conftest.py"] = self.source(inner)
        for name in FILES:
            seen = {**shared, **inner} if name.startswith("a/") else dict(shared)
            self.files[name] = self.test_file(seen)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def fixtures(self, seen: dict[str, tuple[int, str]], count: int, prefix: str) -> dict[str, tuple[int, str]]:
        """Each fixture's scope and source by name; now and then one overrides another, and asks for it."""
        made: dict[str, tuple[int, str]] = {}
        for number in range(count):
            overrides = seen and self.chance(25)
            name = self.random.choice(list(seen)) if overrides else f"{prefix}{number}"
            visible = {**seen, **made}
            scope = self.random.randrange(5)
            if overrides:  # narrower than what others may ask of it would be an error
                scope = seen[name][0]
            wide = [other for other, (width, _) in visible.items() if width >= scope and other != name]
            asked = self.random.sample(wide, min(len(wide), self.random.choice([0, 0, 1, 2])))
            if overrides and self.chance(50):
                asked.append(name)
            made[name] = (scope, self.fixture(name, scope, asked))
        return made

    def fixture(self, name: str, scope: int, asked: list[str]) -> str:
        options = [f"scope={SCOPES[scope]!r}"]
        if self.chance(55):
            options.append(f"params={self.random.choice(PARAMS)}{self.random.choice(IDS)}")
        if self.chance(10):
            options.append("autouse=True")
        return f"@fixture({', '.join(options)})\ndef {name}({', '.join(asked)}): ...\n"

    def source(self, fixtures: dict[str, tuple[int, str]]) -> str:
        return "\n".join(text for _, text in fixtures.values())

    def test_file(self, seen: dict[str, tuple[int, str]]) -> str:
        own = self.fixtures(seen, self.random.randint(0, 2), "m")
        seen = {**seen, **own}
        parts = [self.source(own)]
        for number in range(self.random.randint(0, 4)):
            parts.append(self.test(f"test_{number}", seen, ""))
        if self.chance(60):
            parts.append(f"class TestC:\n    x = 1\n{self.methods(seen)}")
        if self.chance(30):
            parts.append(f"class TestD:\n    x = 1\n{self.methods(seen)}")
        return "\n".join(parts)

    def methods(self, seen: dict[str, tuple[int, str]]) -> str:
        return "\n".join(self.test(f"test_{number}", seen, "    ") for number in range(self.random.randint(0, 3)))

    def test(self, name: str, seen: dict[str, tuple[int, str]], margin: str) -> str:
        asked = self.random.sample(list(seen), min(len(seen), self.random.choice([0, 1, 1, 2, 3])))
        lines: list[str] = []
        if asked and self.chance(20):
            lines.append(f"@parametrize({asked[0]!r}, [2, 1, 'x'], indirect=True)")
        elif len(asked) > 1 and self.chance(15):
            lines.append(f"@parametrize('{asked[0]},p', [(1, 2), ('y', 3)], indirect=[{asked[0]!r}])")
            asked.append("p")
        elif asked and self.chance(10) and seen[asked[0]][0] == 0:
            lines.append(f"@parametrize({asked[0]!r}, ['direct'])")
        if self.chance(20):
            lines.append("@parametrize('q', [5, 6])")
            asked.append("q")
        prefix = "async " if self.chance(40) else ""
        arguments = ["self"] * bool(margin) + asked
        lines.append(f"{prefix}def {name}({', '.join(arguments)}): ...")
        return "".join(f"{margin}{line}\n" for line in lines)
