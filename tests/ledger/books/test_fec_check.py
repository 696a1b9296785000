"""The checker finds what the tax office's tool would find, in our files and in others'."""

from __future__ import annotations

import pytest

from msap_mobility.ledger.books.fec_check import check_fec

HEAD = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]
SOUND = {
    "JournalCode": "ML",
    "JournalLib": "Monnaie locale",
    "EcritureNum": "1",
    "EcritureDate": "20261201",
    "CompteNum": "512200",
    "CompteLib": "Fonds",
    "PieceRef": "c1",
    "PieceDate": "20261201",
    "EcritureLib": "Carnet",
    "Debit": "3,00",
    "Credit": "0,00",
    "ValidDate": "20261201",
}
OWED = {
    **SOUND,
    "CompteNum": "467100",
    "CompAuxNum": "paul",
    "CompAuxLib": "paul",
    "Debit": "0,00",
    "Credit": "3,00",
}


def text(*lines, head=HEAD, between="\t", end="\r\n"):
    rows = [head, *([line.get(name, "") for name in head] for line in lines)]
    return "".join(between.join(row) + end for row in rows)


def codes(*lines, **asked):
    return [(fault.row, fault.column, fault.code) for fault in check_fec(text(*lines), **asked)]


@pytest.mark.parametrize("between", ["\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_sound_file_has_no_fault(between, end):
    assert check_fec(text(SOUND, OWED, between=between, end=end)) == ()


def test_amount_and_side_may_stand_for_debit_and_credit():
    head = [{"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in HEAD]
    lines = [{**SOUND, "Montant": "3,00", "Sens": "D"}, {**OWED, "Montant": "3,00", "Sens": "C"}]
    assert check_fec(text(*lines, head=head)) == ()
    lines[1]["Sens"] = "X"
    assert "fec_sense" in [fault.code for fault in check_fec(text(*lines, head=head))]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        *((column, "", "fec_empty") for column in SOUND if column not in ("Debit", "Credit")),
        ("PieceRef", "   ", "fec_empty"),
        ("EcritureDate", "20261301", "fec_date"),
        ("PieceDate", "2026-12-01", "fec_date"),
        ("ValidDate", "01122026", "fec_date"),
        ("Debit", "3.00", "fec_amount"),
        ("Debit", "1 000,00", "fec_amount"),
        ("Debit", "3,00 €", "fec_amount"),
        ("CompteNum", "A12200", "fec_account"),
        ("CompteNum", "51", "fec_account"),
        ("EcritureLib", "a\x0bb", "fec_control"),
        ("Montantdevise", "50", "fec_half"),
        ("Idevise", "KM", "fec_half"),
        ("CompAuxLib", "Paul", "fec_half"),
        ("DateLet", "20261201", "fec_half"),
    ],
)
def test_a_faulty_zone_is_told_with_its_place(column, cell, code):
    found = codes({**SOUND, column: cell}, OWED)
    assert (2, column, code) in found


@pytest.mark.parametrize(
    ("debit", "credit"), [("0,00", "0,00"), ("3,00", "3,00"), ("-1,00", "1,00")]
)
def test_both_sides_or_none(debit, credit):
    found = codes({**SOUND, "Debit": debit, "Credit": credit}, OWED)
    assert (2, "Debit", "fec_sides") in found


def test_an_unbalanced_entry():
    assert codes({**SOUND, "Debit": "3,01"}, OWED) == [(2, "EcritureNum", "fec_unbalanced")]


def test_numbers_follow_one_another():
    second = [{**line, "EcritureNum": "3"} for line in (SOUND, OWED)]
    assert codes(SOUND, OWED, *second) == [(4, "EcritureNum", "fec_number")]


def test_numbers_may_follow_one_another_in_each_journal():
    others = [{**line, "JournalCode": "BQ"} for line in (SOUND, OWED)]
    second = [{**line, "EcritureNum": "2"} for line in (SOUND, OWED)]
    assert codes(SOUND, OWED, *others, *second) == []


def test_the_lines_of_an_entry_stand_together():
    second = [{**line, "EcritureNum": "2"} for line in (SOUND, OWED)]
    found = codes(SOUND, *second, OWED)
    assert (5, "EcritureNum", "fec_scattered") in found


def test_the_lines_of_an_entry_have_one_day():
    assert (3, "EcritureDate", "fec_scattered") in codes(
        SOUND, {**OWED, "EcritureDate": "20261202"}
    )


def test_third_parties_belong_on_class_4():
    found = codes({**SOUND, "CompAuxNum": "x", "CompAuxLib": "x"}, OWED)
    assert found == [(2, "CompAuxNum", "fec_auxiliary")]


def test_days_of_another_year():
    asked = {"first_day": "20270101", "last_day": "20271231"}
    assert codes(SOUND, OWED, **asked) == [(n, "EcritureDate", "fec_outside") for n in (2, 3)]


def test_the_name_tells_the_last_day():
    assert codes(SOUND, OWED, name="732829320FEC20261130.txt")[0][2] == "fec_outside"
    assert codes(SOUND, OWED, name="732829320FEC20261231.txt") == []


@pytest.mark.parametrize("name", ["fec.txt", "732829320FEC20261331.txt", "7328293FEC20261231.txt"])
def test_a_wrong_name(name):
    assert codes(SOUND, OWED, name=name) == [(None, "", "fec_name")]


def test_opening_entries_come_first():
    opening = [{**line, "JournalCode": "AN", "EcritureNum": "2"} for line in (SOUND, OWED)]
    assert (4, "JournalCode", "fec_opening") in codes(SOUND, OWED, *opening)


@pytest.mark.parametrize(
    "head", [HEAD[:-1], [*HEAD, "More"], [HEAD[1], HEAD[0], *HEAD[2:]], ["Code", *HEAD[1:]]]
)
def test_a_wrong_header_is_told_and_no_line_is_read(head):
    (fault,) = check_fec(text(SOUND, head=head))
    assert fault.row == 1
    assert fault.code in ("fec_header", "fec_zones")


def test_a_line_that_was_cut_or_holds_a_tab():
    whole = text(SOUND, OWED)
    for cut in (whole[:-8], whole.replace("Carnet", "Car\tnet", 1)):
        assert "fec_zones" in [fault.code for fault in check_fec(cut)]


def test_an_empty_file_and_one_of_semicolons():
    for content in ("", "\n", ";".join(HEAD)):
        assert [fault.code for fault in check_fec(content)] == ["fec_separator"]


def test_every_fault_has_words():
    faulty = {**SOUND, "Debit": "x", "CompteNum": "y", "PieceDate": "z", "PieceRef": ""}
    for fault in check_fec(text(faulty, OWED), name="fec.txt"):
        assert fault.text("fr") != fault.text("en")
