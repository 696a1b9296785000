"""Columns of CSV and Parquet files, through pandas: big tables, read fast and refused plainly."""

from __future__ import annotations

import io
import warnings
import zlib
from importlib import import_module
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Fault, Faults, InputError, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

__all__ = ["read_frame", "written_frame"]


def read_frame(path: Path, names: Sequence[str]) -> pd.DataFrame:
    """Some columns of a file; in the index is the number of the record, from 0.

    Parameters
    ----------
    path
        ``.parquet``, in capitals too, or else CSV, compressed or not.
    names
        Of the columns.

    Returns
    -------
    DataFrame
        Of a CSV file, texts; empty records are left out.

    Raises
    ------
    InputError
        ``od_file_missing``, ``od_file_damaged``, ``empty_file``, ``missing_column`` or
        ``semicolons``.
    MissingExtra
        If pyarrow is needed and not installed.
    """
    import pandas as pd  # noqa: PLC0415 - heavy

    try:
        if path.suffix.lower() == ".parquet":
            return _parquet(path, names)
        return _csv(path, names)
    except FileNotFoundError:
        fault = Fault(code="od_file_missing", file=path.name, value=path.name)
    except pd.errors.EmptyDataError:
        fault = Fault(code="empty_file", file=path.name, value=path.name)
    except InputError:
        raise
    except (ValueError, Warning, EOFError, OSError, zlib.error) as error:
        details = {"cause": " ".join(str(error).split())}
        fault = Fault(code="od_file_damaged", file=path.name, value=path.name, details=details)
    raise InputError([fault])


def written_frame(data: Mapping[str, Any], kind: str) -> bytes:
    r"""A table as the bytes of a file.

    Parameters
    ----------
    data
        Columns by name.
    kind
        ``".csv"`` or ``".parquet"``.

    Examples
    --------
    >>> written_frame({"from_id": ["a"], "travel_time_p50": [12.5]}, ".csv")
    b'from_id,travel_time_p50\na,12.5\n'
    """
    import pandas as pd  # noqa: PLC0415 - heavy

    frame = pd.DataFrame(data)
    if kind == ".csv":
        return frame.to_csv(index=False, lineterminator="\n").encode()
    _pyarrow()
    out = io.BytesIO()
    frame.to_parquet(out, engine="pyarrow", index=False)
    return out.getvalue()


def _csv(path: Path, names: Sequence[str]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - heavy

    options: dict[str, Any] = {"encoding": "utf-8-sig", "encoding_errors": "backslashreplace"}
    header = list(pd.read_csv(path, nrows=0, **options).columns)
    _check_columns(path, names, header)
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # rows longer than the header
        frame: pd.DataFrame = pd.read_csv(
            path,
            index_col=False,
            dtype=object,  # texts as they are: an id may begin with a zero
            keep_default_na=False,
            skip_blank_lines=False,
            **options,
        )[list(names)]
    there = (frame != "").any(axis=1)
    return frame[there]


def _parquet(path: Path, names: Sequence[str]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - heavy

    _check_columns(path, names, _pyarrow().read_schema(path).names)
    return pd.read_parquet(path, columns=list(names), engine="pyarrow")


def _pyarrow() -> Any:
    try:
        return import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtra("pyarrow", "tables") from error


def _check_columns(path: Path, names: Sequence[str], there: Sequence[str]) -> None:
    if len(there) == 1 and ";" in there[0]:
        raise InputError([Fault(code="semicolons", file=path.name, row=1, value=there[0])])
    with Faults(file=path.name) as faults:
        for name in names:
            if name not in there:
                faults.add("missing_column", row=1, column=name, value=name, there=", ".join(there))
