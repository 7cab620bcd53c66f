"""A pytest plugin for mutation testing: Hypothesis draws the same few examples each time, and does not shrink."""

from hypothesis import Phase, settings

settings.register_profile("quickly", deadline=None, max_examples=50, derandomize=True, phases=[Phase.generate])


def pytest_pycollect_makemodule() -> None:
    """Before the tests of a module are read, whatever its conftest chose."""
    settings.load_profile("quickly")
