"""The tree of errors: one root, and every branch drawn."""

import inspect

import pytest

from shared.contract import errors
from shared.contract.errors import Problem, QorgauError

ALL = [found for _, found in inspect.getmembers(errors, inspect.isclass) if found.__module__ == errors.__name__]


@pytest.mark.parametrize("error", ALL)
def test_every_error_has_the_same_root(error: type[Exception]) -> None:
    assert issubclass(error, QorgauError)


@pytest.mark.parametrize("error", ALL)
def test_every_error_is_drawn_in_the_tree(error: type[Exception]) -> None:
    assert error.__name__ in (errors.__doc__ or "")


def test_a_problem_is_raised_with_its_status_and_keeps_no_state_of_another() -> None:
    first, second = Problem(404, "not-found", "no such resource"), Problem(409, "conflict", "done already")
    first.extra["field"] = "iin"
    assert (second.extra, second.headers) == ({}, {})
    with pytest.raises(QorgauError) as caught:
        raise first
    assert caught.value is first
