"""What is raised while one test is planned, and becomes that test's problem; the rest of the plan stands."""


class PlanError(Exception):
    """A test cannot run as it is written; the message says what is wrong, where, and how to mend it."""
