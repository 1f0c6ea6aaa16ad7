"""Which files have pictures, and what making them may cost (R57, R69)."""

MEGABYTES = 1024  # memory of the program at most
SECONDS = 20
LARGEST = 8 * 2**20  # bytes of one picture at most

SHOWN = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/tiff",
        "image/bmp",
        "image/avif",
        "image/heic",
        "application/pdf",
    }
)
