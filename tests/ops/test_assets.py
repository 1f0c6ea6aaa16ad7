"""The files that browsers fetch are collected when they are not so already."""

from pathlib import Path

from calypso.ops import assets


def test_they_are_collected_once_then_when_a_source_changes_or_the_collection_was_cut_off(
    tmp_path: Path, settings, monkeypatch
) -> None:
    settings.STATIC_ROOT = tmp_path
    assert assets.collect()
    assert list(tmp_path.rglob("calypso*.css"))
    assert not assets.collect()
    with monkeypatch.context() as patched:
        patched.setattr(assets, "version", lambda name: "another")
        assert assets.collect()
    (tmp_path / "collected").unlink()
    assert assets.collect()
