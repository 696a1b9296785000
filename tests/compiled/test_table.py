"""Tables go to kernels as one address: nothing a kernel would misread may be in them."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from msap_mobility.compiled import Table, kernel


class Shelf(Table):
    """Every kind of field the library uses."""

    columns: ClassVar = {
        "left": "int64[::1]",
        "row": "int32[:,::1]",
        "open": "boolean[::1]",
        "dice": "uint64[::1]",
        "deep": "int64[:,:,:,::1]",
    }


class Till(Table):
    """Another one."""

    columns: ClassVar = {"coin": "int64[::1]", "left": "float64[::1]"}


@kernel("int64(Shelf)")
def sum_up(shelf: Shelf) -> int:
    total = 0
    for place in range(len(shelf.left)):
        total += shelf.left[place]
    for row in range(shelf.row.shape[0]):
        for column in range(shelf.row.shape[1]):
            total += 100 * shelf.row[row, column]
    for place in range(len(shelf.open)):
        total += 10_000 if shelf.open[place] else 0
    return total


@kernel("int64(Shelf, int64, int64, int64, int64)")
def deep_at(shelf: Shelf, a: int, b: int, c: int, d: int) -> int:
    return shelf.deep[a][b, c, d]


@kernel("void(Shelf)")
def write(shelf: Shelf) -> None:
    shelf.left[1] = 77
    shelf.row[1, 2] = -5
    shelf.open[0] = True
    shelf.dice[0] = np.uint64(2**63 + 1)
    shelf.deep[1, 2, 1, 2] = 9
    shelf.row[0][:] = 4


@kernel("void(Shelf)")
def sum_row(shelf: Shelf) -> None:
    shelf.left[1] = shelf.row[0, 0] + shelf.row[1, 0]


@kernel("void(Shelf, Till, Shelf)")
def pay(shelf: Shelf, till: Till, other: Shelf) -> None:
    till.coin[0] += shelf.left[0] + 10 * other.left[0]
    till.left[0] += 0.5
    sum_row(other)


def shelf(**changed: np.ndarray) -> Shelf:
    arrays = {
        "left": np.array([3, 4]),
        "row": np.arange(6, dtype=np.int32).reshape(2, 3),
        "open": np.array([False, True, True]),
        "dice": np.array([1], dtype=np.uint64),
        "deep": np.arange(2 * 3 * 2 * 4).reshape(2, 3, 2, 4),
    }
    return Shelf(**{**arrays, **changed})


REFUSED = {
    "another type": np.array([3.0]),
    "a smaller type": np.array([3], dtype=np.int32),
    "no sign": np.array([3], dtype=np.uint64),
    "one axis more": np.zeros((2, 2), dtype=np.int64),
    "five axes": np.zeros((1, 1, 1, 1, 1), dtype=np.int64),
    "every second": np.arange(6)[::2],
    "backwards": np.arange(6)[::-1],
    "repeated": np.broadcast_to(np.int64(1), (3,)),
}
NOT_YET_REFUSED = {
    "no axis": np.array(3),
    "bytes the other way": np.arange(3).astype(np.dtype(np.int64).newbyteorder()),
    "off its address": np.zeros(17, dtype=np.int8)[1:].view(np.int64),
}


@pytest.mark.parametrize(
    "array",
    [
        *(pytest.param(array, id=name) for name, array in REFUSED.items()),
        *(pytest.param(array, id=name) for name, array in NOT_YET_REFUSED.items()),
    ],
)
def test_an_array_that_a_kernel_would_misread_is_refused(array: np.ndarray) -> None:
    with pytest.raises(TypeError, match=r"Shelf\.left is .*, not int64\[::1\]"):
        shelf(left=array)


def test_an_array_in_the_other_order_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Shelf\.row is int32\[2, 3\]"):
        shelf(row=np.asfortranarray(np.zeros((2, 3), dtype=np.int32)))
    with pytest.raises(TypeError, match=r"Shelf\.row"):
        shelf(row=np.zeros((3, 2), dtype=np.int32).T)
    with pytest.raises(TypeError, match=r"Shelf\.row"):
        shelf(row=np.zeros((2, 4), dtype=np.int32)[:, :3])


def test_an_array_that_must_not_be_written_is_refused() -> None:
    array = np.array([3, 4])
    array.flags.writeable = False
    with pytest.raises(TypeError, match=r"Shelf\.left"):
        shelf(left=array)


def test_a_field_too_many_and_one_too_few_are_refused() -> None:
    with pytest.raises(TypeError, match="Shelf has no right"):
        shelf(right=np.array([1]))
    with pytest.raises(KeyError, match="coin"):
        Till(left=np.zeros(1))


def test_a_kernel_reads_every_kind_of_field() -> None:
    table = shelf()
    assert sum_up(table) == 7 + 100 * 15 + 20_000
    for at in np.ndindex(table.deep.shape):
        assert deep_at(table, *at) == table.deep[at]


def test_empty_fields_are_read_as_empty() -> None:
    empty = shelf(
        left=np.zeros(0, dtype=np.int64),
        row=np.zeros((0, 3), dtype=np.int32),
        open=np.zeros(0, dtype=np.bool_),
    )
    assert sum_up(empty) == 0


def test_what_a_kernel_writes_is_in_the_owners_arrays() -> None:
    left = np.array([3, 4])
    table = shelf(left=left)
    write(table)
    assert left.tolist() == [3, 77]
    assert table.row.tolist() == [[4, 4, 4], [3, 4, -5]]
    assert table.open.tolist() == [True, True, True]
    assert table.dice[0] == 2**63 + 1
    assert table.deep[1, 2, 1, 2] == 9
    assert (table.deep == 9).sum() == 2  # the value at its own place, and no other


def test_a_copy_has_arrays_of_its_own() -> None:
    table = shelf()
    twin = table.copy()
    write(twin)
    assert twin.left.tolist() == [3, 77]
    assert table.left.tolist() == [3, 4]
    assert isinstance(twin, Shelf)
    assert not any(
        np.shares_memory(getattr(table, name), getattr(twin, name)) for name in Shelf.columns
    )


def test_a_copy_takes_what_is_changed_as_it_is() -> None:
    left = np.array([8, 9, 10])
    twin = shelf().copy(left=left)
    assert twin.left is left
    assert sum_up(twin) == 27 + 100 * 15 + 20_000
    with pytest.raises(TypeError, match="Shelf has no right"):
        shelf().copy(right=left)


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda table: pickle.loads(pickle.dumps(table))]
)
def test_a_table_taken_elsewhere_is_read_where_its_arrays_are(again: Any) -> None:
    twin = again(shelf())  # the arrays of the first are gone, or soon overwritten
    others = [shelf(left=np.full(2, 1_000)) for _ in range(20)]
    assert sum_up(twin) == 7 + 100 * 15 + 20_000
    assert {sum_up(other) for other in others} == {2_000 + 100 * 15 + 20_000}


def test_two_tables_of_one_name_are_refused() -> None:
    def elsewhere() -> type[Table]:
        class Till(Table):
            columns: ClassVar = {"note": "int32[::1]"}

        return Till

    with pytest.raises(TypeError, match=r"elsewhere.*Till cannot be declared.*test_table\.Till by"):
        elsewhere()
    till = Till(coin=np.array([5]), left=np.zeros(1))
    pay(shelf(), till, shelf())  # the first one still is what the name means
    assert till.coin.tolist() == [5 + 3 + 30]


def test_a_table_may_be_declared_again_where_it_stands() -> None:
    """As a module that is loaded anew does, or an example run twice."""

    def load() -> type[Table]:
        class Drawer(Table):
            columns: ClassVar = {"note": "int64[::1]"}

        return Drawer

    first, second = load(), load()
    assert first is not second

    @kernel("int64(Drawer)")
    def first_note(drawer: Any) -> int:
        return drawer.note[0]

    assert first_note(second(note=np.array([4]))) == 4


def test_a_table_keeps_arrays_that_nobody_else_does() -> None:
    tables = [shelf(left=np.full(50_000, number)) for number in range(20)]
    expected = [50_000 * number + 100 * 15 + 20_000 for number in range(20)]
    assert [sum_up(table) for table in tables] == expected


def test_tables_of_two_classes_and_two_of_one_go_to_one_kernel() -> None:
    till = Till(coin=np.array([5]), left=np.zeros(1))
    one, two = shelf(), shelf(left=np.array([6, 0]))
    pay(one, till, two)
    assert till.coin.tolist() == [5 + 3 + 60]
    assert till.left.tolist() == [0.5]
    assert (one.left.tolist(), two.left.tolist()) == ([3, 4], [6, 3])


def test_a_table_of_another_class_is_refused() -> None:
    till = Till(coin=np.array([5]), left=np.zeros(1))
    with pytest.raises(TypeError):
        sum_up(till)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        sum_up(np.zeros(3))  # type: ignore[arg-type]


PACKAGE = {
    "__init__.py": "",
    "stock.py": (
        "from msap_mobility.compiled import Table\n\n\n"
        "class Stock(Table):\n"
        '    columns = {"left": "int64[::1]", "price": "int32[:,::1]"}\n'
    ),
    "shop.py": (
        "from msap_mobility.compiled import kernel\n"
        "from shops.stock import Stock\n\n\n"
        '@kernel("int64(Stock, int64)")\n'
        "def worth(stock, row):\n"
        "    return stock.left[row] * stock.price[row, 1]\n\n\n"
        '@kernel("int64(Stock)")\n'
        "def sell(stock):\n"
        "    stock.left[0] -= 1\n"
        "    return worth(stock, 0)\n"
    ),
}

ASK = """
import json
import numpy as np
from shops.shop import sell, worth
from shops.stock import Stock
price = np.array([[1, 7], [1, 9]], dtype=np.int32)
arrays = {"left": np.array([3, 4]), "price": price}
stock = Stock(**{name: arrays[name] for name in Stock.columns})
print(json.dumps({
    "answer": [sell(stock), worth(stock, 1), stock.left.tolist()],
    "hits": sum(sum(k.stats.cache_hits.values()) for k in (worth, sell)),
    "misses": sum(sum(k.stats.cache_misses.values()) for k in (worth, sell)),
}))
"""


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    """A folder holding the small package `shops`, whose kernels take a table."""
    folder = tmp_path / "site"
    (folder / "shops").mkdir(parents=True)
    for name, text in PACKAGE.items():
        (folder / "shops" / name).write_text(text, encoding="utf-8")
    return folder


def ask(shops: Path, cache: Path) -> dict:
    source = Path(__file__).resolve().parents[2] / "src"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "MSAP_"))}
    path = os.pathsep.join((str(shops), str(source)))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASK],
        env={**inherited, "PYTHONPATH": path, "MSAP_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answer: dict = json.loads(done.stdout)
    return answer


def test_kernels_of_tables_are_loaded_in_a_new_process(shops: Path, tmp_path: Path) -> None:
    answer = [14, 36, [2, 4]]
    assert ask(shops, tmp_path / "cache") == {"answer": answer, "hits": 0, "misses": 2}
    assert ask(shops, tmp_path / "cache") == {"answer": answer, "hits": 2, "misses": 0}


def test_columns_in_another_order_are_not_read_with_the_old_code(
    shops: Path, tmp_path: Path
) -> None:
    """The kernel's own text is the same; where its fields are is not."""
    ask(shops, tmp_path / "cache")
    file = shops / "shops" / "stock.py"
    text = file.read_text(encoding="utf-8")
    first, second = '"left": "int64[::1]"', '"price": "int32[:,::1]"'
    file.write_text(text.replace(f"{first}, {second}", f"{second}, {first}"), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    assert ask(shops, tmp_path / "cache")["answer"] == [14, 36, [2, 4]]
