"""An address and a name as address books and forms write them."""

import pytest

from calypso.accounts.contact_cells import first_address, parted_name


@pytest.mark.parametrize(
    "full_name, parts",
    [
        ("Jean DUPONT", ("", "Jean", "DUPONT")),
        ("DUPONT Jean", ("", "Jean", "DUPONT")),
        ("Jean-Marie DE LA TOUR", ("", "Jean-Marie", "DE LA TOUR")),
        ("Dupont, Jean Marie", ("", "Jean Marie", "Dupont")),
        ("Jean Dupont Martin", ("", "Jean", "Dupont Martin")),
        ("JEAN DUPONT", ("", "JEAN", "DUPONT")),
        ("M. Jean DUPONT", ("M.", "Jean", "DUPONT")),
        ("Mme Léa de la Tour", ("Mme", "Léa", "de la Tour")),
        ("Mrs. Tour, Léa", ("Mme", "Léa", "Tour")),
        ("M. Dupont", ("M.", "Dupont", "")),
        ("Jean", ("", "Jean", "")),
        ("", ("", "", "")),
    ],
)
def test_a_whole_name_is_parted(full_name: str, parts: tuple[str, str, str]) -> None:
    assert parted_name(full_name) == parts


@pytest.mark.parametrize(
    "cell, address",
    [
        ("ada@x.example", "ada@x.example"),
        ("mailto:ada@x.example", "ada@x.example"),
        ("Ada Lovelace <ada@x.example>", "ada@x.example"),
        ("Lovelace, Ada <mailto:ada@x.example> ", "ada@x.example"),
        ("ada@x.example ::: ada@y.example", "ada@x.example"),
        ("ada@x.example, ada@y.example", "ada@x.example"),
        ("; ada@x.example;ada@y.example", "ada@x.example"),
        ("ada @x.example", "ada @x.example"),
        ("sans arobase, ici", "sans arobase, ici"),
        ("", ""),
    ],
)
def test_the_first_address_of_a_cell_is_read(cell: str, address: str) -> None:
    assert first_address(cell) == address
