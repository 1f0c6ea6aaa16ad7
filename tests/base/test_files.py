"""The store of files (R62, R67)."""

import pytest

from calypso.base import files


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def test_r67_a_stored_file_is_whole_opaque_and_private() -> None:
    stored = files.store([b"un ", b"deux"], limit=100)
    path = files.path_of(stored.name)
    assert path.read_bytes() == b"un deux"
    assert (stored.size, len(stored.sha256), path.stat().st_mode & 0o777) == (7, 64, 0o600)
    with files.open_stored(stored.name) as content:
        assert content.read() == b"un deux"


def test_r67_a_file_that_is_too_long_leaves_nothing(settings) -> None:
    with pytest.raises(files.TooLarge):
        files.store([b"x" * 60, b"x" * 60], limit=100)
    assert [path for path in settings.FILES_ROOT.rglob("*") if path.is_file()] == []


def test_r67_an_interrupted_write_leaves_nothing(settings) -> None:
    def broken():
        yield b"debut"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.store(broken(), limit=100)
    assert [path for path in settings.FILES_ROOT.rglob("*") if path.is_file()] == []


def test_removing_twice_is_no_error() -> None:
    stored = files.store([b"x"], limit=10)
    files.remove(stored.name)
    files.remove(stored.name)
    with pytest.raises(FileNotFoundError):
        files.open_stored(stored.name)


def test_old_files_are_found_by_their_date() -> None:
    stored = files.store([b"x"], limit=10)
    written = files.path_of(stored.name).stat().st_mtime
    assert list(files.stored_before(written - 10)) == []
    assert list(files.stored_before(written + 10)) == [stored.name]
