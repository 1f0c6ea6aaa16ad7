"""What a wheel holds that the sources do not: compiled catalogues, the commit. The rest is in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).parent / "src"))


class Build(build_py):
    """Compiles the catalogues beside their sources, then gathers the files."""

    def run(self) -> None:
        from calypso.ops.catalogues import compile_catalogues

        compile_catalogues()
        super().run()
        from calypso.ops.release import COMMIT, commit_of

        if commit := commit_of(Path(__file__).parent / ".git"):
            made = Path(self.build_lib) / COMMIT.relative_to(Path(__file__).parent / "src")
            made.write_text(f"{commit}\n", encoding="ascii")


setup(cmdclass={"build_py": Build})
