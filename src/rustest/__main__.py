"""`python -m rustest`: the same as the command `rustest`."""

from rustest.cli.main import command

if __name__ == "__main__":  # and not where a worker process loads its parent's main module under another name
    command()
