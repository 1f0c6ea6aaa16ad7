"""A program that reads an image from its input and writes it as the PNG of a logo (see `isolation`).

It runs alone, as `render_program` does and for the same reasons (R69, R74); mail programs show PNG everywhere.
"""

import sys
import warnings
from io import BytesIO

from PIL import Image

from calypso.base.isolation import bound_memory
from calypso.pictures.render_program import DECLARED, pixels_of, upright

LARGEST = (480, 112)  # twice what a page shows, for fine screens


def main() -> None:
    """Answers with one line, `width height`, then the PNG."""
    bound_memory()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = DECLARED
    image = upright(sys.stdin.buffer.read())
    image.thumbnail(LARGEST)
    content = BytesIO()
    pixels_of(image).save(content, "PNG", optimize=True)
    sys.stdout.buffer.write(f"{image.width} {image.height}\n".encode() + content.getvalue())


if __name__ == "__main__":
    main()
