"""A program that reads an image or a PDF from its input and writes two WebP pictures of it (see `isolation`).

It runs alone because images are hostile: a few bytes may declare billions of pixels, and decoders have faults (R69).
Only pixels go out: neither the position nor the device, no embedded file, no animation (R74).
"""

import json
import sys
import warnings
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from calypso.base.isolation import bound_memory

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")
DECLARED = 200_000_000  # most pixels that a header may declare: a JPEG of as many is read at a fraction of its size
DECODED = 64_000_000  # most pixels that are decoded: the largest that a phone takes
VIEW = (2560, 2560)  # pixels of the view at most
THUMBNAIL = (480, 360)
QUALITY = 82


def main() -> None:
    """Answers with one line of JSON (width, height, bytes of each picture), then the thumbnail and the view."""
    bound_memory()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = DECLARED
    content = sys.stdin.buffer.read()
    image = _page(content) if content[:1024].lstrip().startswith(b"%PDF-") else upright(content)
    image.thumbnail(VIEW)
    view = _webp(image)
    width, height = image.size
    image.thumbnail(THUMBNAIL)
    thumbnail = _webp(image)
    facts = {"width": width, "height": height, "thumbnail": len(thumbnail), "view": len(view)}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + thumbnail + view)


def _page(content: bytes) -> Image.Image:
    """Returns the first page of a PDF, on white; no script of it runs, no form is filled."""
    import pypdfium2  # each library is loaded for its own files: most are neither PDF nor HEIC

    document = pypdfium2.PdfDocument(content)
    page = document[0]
    width, height = page.get_size()
    scale = min(VIEW[0] / width, VIEW[1] / height, 2.5)
    rendered: Image.Image = page.render(scale=scale).to_pil()
    return rendered.convert("RGB")


def upright(content: bytes) -> Image.Image:
    """Returns the first frame of an image, upright, in the colours of screens."""
    formats: tuple[str, ...] = FORMATS
    if content[4:8] == b"ftyp":
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
        formats = ("HEIF", "AVIF")
    opened = Image.open(BytesIO(content), formats=formats)
    opened.draft("RGB", VIEW)  # a JPEG is decoded at a half, a quarter or an eighth when that is enough
    if opened.width * opened.height > DECODED:
        raise ValueError("too many pixels")
    image: Image.Image = opened
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # sixteen bits of grey
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image = ImageOps.exif_transpose(image)
    if profile and image.mode == "RGB":
        with suppress(ImageCms.PyCMSError, OSError):  # a profile that nobody can read: the colours as they are
            screen = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, BytesIO(profile), screen) or image
    return image


def _webp(image: Image.Image) -> bytes:
    content = BytesIO()
    pixels_of(image).save(content, "WEBP", quality=QUALITY, method=4)
    return content.getvalue()


def pixels_of(image: Image.Image) -> Image.Image:
    """Returns the pixels alone: what the file said besides is left out."""
    pixels = Image.new(image.mode, image.size)
    pixels.paste(image)
    return pixels


if __name__ == "__main__":
    main()
