"""What a file may be called (R65)."""

import pytest

from calypso.base.uploads import clean_name


@pytest.mark.parametrize(
    "given, expected",
    [
        ("capture.png", "capture.png"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\fakepath\\bon.pdf", "bon.pdf"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("a\nb\x00.txt", "ab.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        (".htaccess", "htaccess"),
        ("fin. . ", "fin"),
        ("", "fichier"),
        ("...", "fichier"),
        ("con.txt", "fichier.txt"),
        ("LPT1", "fichier"),
        ("e\u0301te\u0301.png", "été.png"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("y" * 300, "y" * 150),
    ],
)
def test_r65_a_file_name_is_never_a_path_nor_a_trick(given: str, expected: str) -> None:
    assert clean_name(given) == expected
