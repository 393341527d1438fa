"""`python -m rustest`: the same as the command `rustest`."""

from rustest.cli.main import command

command()
