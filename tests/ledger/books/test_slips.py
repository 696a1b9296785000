"""Paper slips: a file is imported whole or not at all, and a second time changes nothing."""

from __future__ import annotations

import json

import pytest

from msap_mobility.errors import Faults, InputError
from msap_mobility.ledger.books.slip_file import read_slips
from msap_mobility.ledger.books.slips import import_slips
from msap_mobility.ledger.books.statement import statement
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.ledger import Ledger
from msap_mobility.ledger.scheme.editions import first_entry
from msap_mobility.ledger.scheme.rules import SchemeRules
from tests.ledger.books.scenes import at
from tests.ledger.stores import Clock

HEAD = "date;type;bordereau;adhérent;conducteur;commerce;km;montant;numéros\n"
ROWS = """\
02/12/2026;achat;S1;jeanne;;bakery;;"1,50";
30/11/2026;carnet;B1;paul;;;50;;
30/11/2026;carnet;B2;anne;;;50;;A001-A050
30/11/2026;trajet;12;paul;jeanne;;25;;
01/12/2026;trajet;13;anne;jeanne;;2;;A001-A002
01/12/2026;échange;E1;jeanne;;;25;;
03/12/2026;reconversion;R1;;;bakery;;1,50;
"""
GOOD = (HEAD + ROWS).encode()


@pytest.fixture
def clock():
    return Clock(at(2026, 12, 10, 12))


@pytest.fixture
def ledger(store, clock):
    return begun(store, clock)


@pytest.fixture
def small(memory, clock):
    return begun(memory, clock)


def begun(store, clock):
    ledger = Ledger(store.create(first=first_entry(SchemeRules.ayen()), clock=clock), clock)
    ledger.add_shop("bakery")
    ledger.print_coupons("A001..A050")
    return ledger


def head(ledger):
    return ledger.journal.engine.reader.head()


def codes(content, ledger, clock):
    with pytest.raises(InputError) as caught:
        import_slips(ledger, content, file="slips.csv", clock=clock)
    return [(fault.row, fault.column, fault.code) for fault in caught.value.faults]


def read(text):
    faults = Faults()
    given = read_slips(text if isinstance(text, bytes) else text.encode(), file="", faults=faults)
    return given.slips, [(fault.row, fault.column, fault.code) for fault in faults.found]


def test_all_slips_are_posted_on_the_day_they_bear(ledger, clock):
    done = import_slips(ledger, GOOD, file="slips.csv", actor="desk-1", clock=clock)
    assert (done.new, done.there_before) == (7, 0)
    assert [each.row for each in done.slips] == [2, 3, 4, 5, 6, 7, 8]
    assert ledger.cover().fund_cents == 450
    day = statement(ledger.journal, "jeanne/KM").lines[0].effective
    assert day.isoformat() == "2026-11-29T23:00:00+00:00"
    for each in done.slips:
        written = ledger.journal.entry(each.key)
        assert (written.seq, written.entry.ref, written.entry.actor) == (
            each.seq,
            each.slip,
            "desk-1",
        )
    assert ledger.coupon("A001").state == "used"
    assert ledger.coupon("A003").state == "sold"


def test_a_second_time_nothing_new(ledger, clock):
    first = import_slips(ledger, GOOD, file="slips.csv", clock=clock)
    before = head(ledger)
    clock.now += 1_000_000
    again = import_slips(ledger, GOOD, file="slips.csv", clock=clock)
    assert (again.new, again.there_before) == (0, 7)
    assert [each.seq for each in again.slips] == [each.seq for each in first.slips]
    assert head(ledger) == before


def test_a_file_that_grew_writes_what_is_new(ledger, clock):
    import_slips(ledger, GOOD, file="slips.csv", clock=clock)
    grown = import_slips(ledger, GOOD + b"05/12/2026;trajet;14;paul;jeanne;;5;;\n", clock=clock)
    assert [each.slip for each in grown.slips if each.new] == ["14"]
    assert grown.summary("en") == ": 1 slip written, 7 were there before."
    assert "1 bordereau inscrit" in grown.summary("fr")
    assert json.loads(json.dumps(grown.to_dict()))["new"] == 1


def test_one_refusal_and_nothing_is_written(ledger, clock):
    before = head(ledger)
    bad = GOOD + (
        b"05/12/2026;trajet;14;paul;jeanne;;26;;\n"
        b"05/12/2026;trajet;15;paul;jeanne;;25;;\n"
        b"05/12/2026;trajet;16;paul;jeanne;;1;;\n"
        b"05/12/2026;trajet;17;anne;jeanne;;1;;A001\n"
        b"05/12/2026;reconversion;R2;;;paul;;1;\n"
    )
    assert codes(bad, ledger, clock) == [
        (9, "bordereau", "refusal.ride_too_long"),
        (11, "bordereau", "refusal.below_floor"),
        (12, "bordereau", "refusal.coupon_used"),
        (13, "bordereau", "refusal.refund_to_person"),
    ]
    assert head(ledger) == before


def test_every_fault_of_every_row_at_once(small, clock):
    before = head(small)
    bad = GOOD + (
        b"31/02/2026;x;14;paul;jeanne;;26;;\n"
        b"01/12/2026;trajet;12;paul;jeanne;;5;;\n"
        b"01/12/2026;trajet;17;paul;jeanne;;5,12345;;\n"
        b"01/12/2026;trajet;18;paul;paul;;5;;\n"
        b"01/12/2026;achat;S8;paul;bakery;;5;3;\n"
        b"01/12/2026;achat;S9;paul;;bakery;;;\n"
        b"01/12/2026;trajet;;paul;jeanne;;1;;\n"
        b"01/12/2026;trajet\n"
        b"01/12/2026;trajet;19;paul;je/anne;;1;;\n"
        b"01/12/2026;trajet;20;paul;jeanne;;1;;B9..B1\n"
    )
    assert codes(bad, small, clock) == [
        (9, "type", "not_one_of"),
        (9, "date", "slip_day"),
        (10, "bordereau", "duplicate_id"),
        (11, "km", "amount_too_fine"),
        (12, "conducteur", "own_passenger"),
        (13, "commerce", "empty_cell"),
        (13, "conducteur", "slip_column"),
        (13, "km", "slip_column"),
        (14, "montant", "slip_either"),
        (15, "bordereau", "empty_cell"),
        (16, "", "wrong_cell_count"),
        (17, "conducteur", "slash_in_member"),
        (18, "numéros", "not_a_series"),
    ]
    assert head(small) == before


def test_another_slip_under_a_number_used_before_shows_both(small, clock):
    import_slips(small, GOOD, clock=clock)
    other = GOOD.replace(b"paul;jeanne;;25", b"paul;jeanne;;20")
    assert codes(other, small, clock) == [(5, "bordereau", "refusal.key_reused")]


def test_words_in_both_languages(small, clock):
    with pytest.raises(InputError) as caught:
        import_slips(small, GOOD + b"05/12/2026;trajet;14;paul;jeanne;;26;;\n", clock=clock)
    (fault,) = caught.value.faults
    assert "26.0 km" in fault.text("en")
    assert "26,0 km" in fault.text("fr")
    assert fault.to_dict()["what"]["fr"] != fault.to_dict()["what"]["en"]


def test_somebody_who_writes_between_rehearsal_and_post(small, clock, monkeypatch):
    """The post is refused, nothing is written, and the second rehearsal tells why."""
    there, post_together, surprises = small.journal, Journal.post_together, iter([True])

    def disturbed(journal, entries):
        if journal is there and next(surprises, False):
            small.lose_coupons("A050")
        return post_together(journal, entries)

    monkeypatch.setattr(Journal, "post_together", disturbed)
    content = (HEAD + "01/12/2026;carnet;B2;anne;;;50;;A001-A050\n").encode()
    assert codes(content, small, clock) == [(2, "bordereau", "refusal.coupon_lost")]
    assert small.coupon("A001").state == "printed"


def test_somebody_who_imports_the_same_file_meanwhile(small, clock, monkeypatch):
    there, post_together, surprises = small.journal, Journal.post_together, iter([True])

    def doubled(journal, entries):
        if journal is there and next(surprises, False):
            post_together(journal, entries)
        return post_together(journal, entries)

    monkeypatch.setattr(Journal, "post_together", doubled)
    done = import_slips(small, GOOD, clock=clock)
    assert (done.new, done.there_before) == (0, 7)
    assert small.cover().fund_cents == 450


def test_a_file_from_disk(small, clock, tmp_path):
    path = tmp_path / "slips.csv"
    path.write_bytes(GOOD)
    assert import_slips(small, path, clock=clock).file == "slips.csv"
    with pytest.raises(InputError) as caught:
        import_slips(small, tmp_path / "none.csv", clock=clock)
    assert caught.value.faults[0].code == "slips_missing"


def test_a_future_day_is_refused(small, clock):
    content = (HEAD + "11/12/2026;carnet;B1;paul;;;50;;\n").encode()
    assert codes(content, small, clock) == [(2, "bordereau", "refusal.effective_in_future")]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("between", [";", ",", "\t"])
def test_both_languages_any_separator_with_or_without_a_mark(mark, between):
    head = ["kind", "date", "slip", "member", "km", "#note"]
    row = ["booklet", "2026-12-01", "B1", "paul", '"12,5"', "x"]
    text = "\r\n".join(between.join(cells) for cells in (head, row, [""] * 6))
    slips, faults = read(mark + text.encode())
    assert faults == []
    assert [(each.kind, each.km, each.member, each.row) for each in slips] == [
        ("booklet", "12,5", "paul", 2)
    ]


def test_words_are_read_without_accents_and_in_capitals():
    slips, faults = read("DATE;Type;Bordereau;Adherent;KM\n01/12/2026;ECHANGE;1;paul;5\n")
    assert faults == []
    assert [each.kind for each in slips] == ["exchange"]


def test_an_accent_typed_as_a_sign_of_its_own_names_the_same_person():
    head, row = "date;type;bordereau;adhérent;km", "01/12/2026;carnet;1;zoe\u0308;50"
    slips, faults = read(f"{head}\n{row}\n")
    assert faults == []
    assert [each.member for each in slips] == ["zo\xeb"]


def test_an_unknown_column_or_kind_is_told_the_words_of_both_languages():
    faults = Faults()
    read_slips(b"date;type;slip;x\n", file="", faults=faults)
    read_slips(b"date;type;slip\n1/12/2026;x;1\n", file="", faults=faults)
    columns, kinds = (each.details["known"] for each in faults.found)
    assert columns.startswith("date, kind (type), slip (bordereau), member (adhérent)")
    assert kinds.startswith("booklet (carnet), ride (trajet)")


def test_slips_are_posted_day_by_day_and_booklets_first():
    slips, _ = read(GOOD)
    assert [each.slip for each in slips] == ["B1", "B2", "12", "13", "E1", "S1", "R1"]


def test_what_a_french_excel_saves_is_read_with_a_notice(small, clock):
    content = (HEAD + ROWS).replace("paul", "éloïse").encode("cp1252")
    done = import_slips(small, content, file="slips.csv", clock=clock)
    assert (done.new, done.encoding) == (7, "cp1252")
    assert "éloïse" in {member.id for member in small.members()}
    assert "Windows-1252" in done.summary("fr").splitlines()[1]
    again = import_slips(small, content.decode("cp1252").encode(), file="slips.csv", clock=clock)
    assert (again.new, again.there_before, again.encoding) == (0, 7, "utf-8")
    assert len(again.summary("fr").splitlines()) == 1


def test_a_spoilt_byte_among_accents_is_no_other_encoding():
    content = HEAD.encode() + b"1/12/2026;carnet;B1;\xe9lo\xefse;;;50;;\n"
    assert read(content)[1] == [(2, "", "undecodable_bytes")]


def test_a_dash_makes_a_series_only_where_it_counts_up():
    text = HEAD + '1/12/2026;carnet;B1;p;;;5;;"A-001 - A-003+C-1;7–9"\n'
    slips, _ = read(text)
    assert slips[0].serials == ("A-001..A-003", "C-1", "7..9")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", [(None, "", "empty_file")]),
        (b"date;type\n", [(1, "slip", "missing_column")]),
        (
            b"date;type;slip;bordereau;x\n",
            [(1, "bordereau", "duplicate_column"), (1, "x", "unknown_column")],
        ),
        (
            b"date;type;slip\n1/12/2026;ride;\x81\n",
            [
                (2, "", "undecodable_bytes"),
                (2, "member", "empty_cell"),
                (2, "driver", "empty_cell"),
                (2, "km", "empty_cell"),
            ],
        ),
        (b'date;type;slip\n"1/12\n', [(2, "", "broken_quotes")]),
    ],
)
def test_a_file_that_cannot_be_read(content, found):
    assert read(content) == ([], found)
