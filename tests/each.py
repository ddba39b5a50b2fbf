"""Many small questions asked as one test."""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

Test = Callable[..., None]


def each(
    names: str, values: Sequence[Any] | Callable[[], Sequence[Any]], called: Callable[[Any], str] = str
) -> Callable[[Test], Test]:
    """Ask a test of every value, as ``parametrize`` does, but as one test that fails with all that failed.

    For questions that take less time than pytest does to begin and to report a test.

    Args:
        names: the parameter that takes the value; several, as “topic, n”, where each value is as many.
        values: all of them, or what returns them where that takes long: it is called when the test is asked.
        called: what a value is called in a failure.
    """

    named = names.split(", ")

    def decorate(test: Test) -> Test:
        @wraps(test)
        def asked(**given: Any) -> None:
            failed, those = [], values() if callable(values) else values
            for value in those:
                try:
                    test(**given, **dict(zip(named, value if len(named) > 1 else [value], strict=True)))
                except Exception as fault:
                    fault.add_note(f"{names}: {called(value)}")
                    failed.append(fault)
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(those)} failed", failed)

        signature = inspect.signature(test)
        kept = [parameter for parameter in signature.parameters.values() if parameter.name not in named]
        asked.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return asked

    return decorate
