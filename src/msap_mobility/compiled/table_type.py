"""How numba sees a `Table`: an address; its fields: arrays without an owner."""

# mypy: disable-error-code="no-untyped-call, untyped-decorator, override"
from __future__ import annotations

from typing import Any

from numba.core import cgutils, types
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import populate_array

from msap_mobility.compiled.table import WORDS, Table, tables

__all__ = ["TableType", "signature_of", "type_of"]


_known: dict[type[Table], TableType] = {}


class TableType(types.Type):
    """The type of one class of tables.

    Parameters
    ----------
    label
        Name of the class.
    columns
        (name, numba array type) of each field.
    """

    def __init__(self, label: str, columns: tuple[tuple[str, types.Array], ...]) -> None:
        self.columns = columns
        listed = ", ".join(f"{name}: {kind}" for name, kind in columns)
        super().__init__(name=f"Table({label}, {listed})")


def type_of(table: type[Table]) -> TableType:
    """The numba type of a class of tables; asked at every call of a kernel, so made once."""
    if table not in _known:
        columns = tuple(
            (name, eval(kind, dict(types.__dict__)))  # noqa: S307 - our own declarations
            for name, kind in table.columns.items()
        )
        _known[table] = TableType(table.__name__, columns)
    return _known[table]


def signature_of(text: str) -> Any:
    """A kernel's signature, in which tables are called by name."""
    named = {name: type_of(table) for name, table in tables().items() if name in text}
    return eval(text, dict(types.__dict__), named)  # noqa: S307 - our own declarations


@register_model(TableType)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: TableType) -> None:
        super().__init__(manager, kind, cgutils.intp_t)


@typeof_impl.register(Table)
def _typeof(table: Table, context: Any) -> TableType:  # noqa: ARG001 - numba's signature
    return type_of(type(table))


@unbox(TableType)
def _unbox(kind: TableType, given: Any, context: Any) -> NativeValue:  # noqa: ARG001 - likewise
    attribute = context.pyapi.object_getattr_string(given, "address")
    address = context.pyapi.long_as_longlong(attribute)
    context.pyapi.decref(attribute)
    return NativeValue(address)


@infer_getattr
class _Fields(AttributeTemplate):
    key = TableType

    def generic_resolve(self, table: TableType, name: str) -> types.Array | None:
        return dict(table.columns).get(name)


@lower_getattr_generic(TableType)
def _field(context: Any, builder: Any, table: TableType, address: Any, name: str) -> Any:
    """The array behind a field: its lengths are read, its strides follow from C order."""
    row = [column for column, _ in table.columns].index(name)
    kind = table.columns[row][1]
    words = builder.inttoptr(address, cgutils.intp_t.as_pointer())

    def word(number: int) -> Any:
        place = context.get_constant(types.intp, WORDS * row + number)
        return builder.load(builder.gep(words, [place]))

    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    shape = [word(1 + axis) for axis in range(kind.ndim)]
    strides = [context.get_constant(types.intp, size)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = context.make_array(kind)(context, builder)
    populate_array(
        array,
        data=builder.inttoptr(word(0), context.get_data_type(kind.dtype).as_pointer()),
        shape=shape,
        strides=strides,
        itemsize=context.get_constant(types.intp, size),
        meminfo=None,
    )
    return array._getvalue()  # noqa: SLF001 - numba's way
