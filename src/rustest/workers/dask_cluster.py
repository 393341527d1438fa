"""The Dask cluster of a run: where it is, whether it has all that the tests need, and which of its workers live."""

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Protocol, TypeVar, cast

from rustest.model.errors import UsageError
from rustest.workers.outpost import Heard, Outpost, look_around

_PATIENCE = 10.0
"""Seconds that a scheduler has to answer."""


Value_co = TypeVar("Value_co", covariant=True)


class Answer(Protocol[Value_co]):
    """What comes of a call, later."""

    def result(self, timeout: float) -> Value_co:
        """Wait for it; raises TimeoutError."""
        ...


class Actor(Protocol):
    """An outpost, as it is asked from here."""

    def exchange(self, data: bytes, signals: tuple[int, ...], patience: float) -> Answer[Heard]:
        """As `Outpost.exchange`."""
        ...


class Future(Answer[Actor], Protocol):
    """An outpost that is being made."""

    def release(self) -> None:
        """Let go of it."""
        ...


class Client(Protocol):
    """What of distributed's client is used here."""

    def nthreads(self) -> Mapping[str, int]:
        """How many threads each worker has, by address."""
        ...

    def run(self, function: Callable[..., object], *arguments: object, on_error: str) -> Mapping[str, object]:
        """Call the function on all workers; what each gives, or raises."""
        ...

    def submit(self, function: type[Outpost], *arguments: object, **options: object) -> Future:
        """Have it called on one of the workers."""
        ...

    def close(self) -> None:
        """Leave the cluster."""
        ...


def join_cluster(address: str, rootdir: str) -> Client:
    """A client of the cluster; raises UsageError where there is none, or where tests cannot run on its workers."""
    client = _connect(address)
    try:
        _examine(client, address, (rootdir, os.getcwd()))
    except BaseException:
        client.close()
        raise
    return client


def _connect(address: str) -> Client:
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise UsageError("--dask needs distributed: pip install 'rustest[dask]'") from None
    try:
        return cast("Client", distributed.Client(address, timeout=_PATIENCE))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--dask: no scheduler answers at {address}: {error}; start one with 'dask scheduler', or mend the address"
        ) from None


def _examine(client: Client, address: str, folders: tuple[str, ...]) -> None:
    own, own_version, _ = look_around(folders)
    found = client.run(look_around, folders, on_error="return")
    if not found:
        raise UsageError(f"--dask: no worker has joined {address}; start some with 'dask worker {address}'")
    wrong: list[str] = []
    for worker, seen in found.items():
        if not isinstance(seen, tuple):
            wrong.append(f"{worker} cannot import rustest {own_version}: {seen}; install it there")
            continue
        python, version, missing = cast("tuple[str, str, Sequence[str]]", seen)
        if (python, version) != (own, own_version):
            wrong.append(
                f"{worker} has Python {python} and rustest {version}, not {own} and {own_version}; "
                "give all workers one environment"
            )
        wrong += (f"{worker} has no folder {folder}; put the project there" for folder in dict.fromkeys(missing))
    if wrong:
        raise UsageError("--dask: " + "\n".join(wrong))
