"""Posts of a file as the tables of a lab that is thrown away afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from leumund.facts import all_facts
from leumund.intake import import_path
from leumund.lab import Lab
from leumund.store.register import as_time
from leumund.store.tables import Tables


@contextmanager
def tables_of(
    path: Path,
    mapping: Mapping[str, Any] | None,
    *,
    at: datetime,
    as_of: datetime | Callable[[Tables], datetime] | None = None,
) -> Iterator[Tables]:
    """What a measure would be given after `leumund import`. at: the clock.

    as_of: the moment, or how to choose it from all there is; None: that of the newest post.

    Raises:
        SourceError: as the import does.
    """
    with (
        tempfile.TemporaryDirectory(prefix="leumund-validate-", ignore_cleanup_errors=True) as made,
        Lab.create(Path(made) / "lab") as lab,
    ):
        with lab.writing(at) as writer:
            import_path(lab, writer, path, mapping=mapping)
            writer.derive([all_facts()["recommendations"]])
        if as_of is None:
            with lab.tables(as_of=at) as tables:
                query = "select epoch_us(max(happened_at)) as t from posts where exact"
                newest = tables.arrow(query)["t"][0].as_py()
            as_of = at if newest is None else as_time(newest)
        elif callable(as_of):
            with lab.tables(as_of=at) as tables:
                as_of = as_of(tables.person_by_person())
        with lab.tables(as_of=as_of) as tables:
            yield tables.person_by_person()
