"""How static files are stored: hashed names, compressed, and modules that import each other by their hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise's storage; the imports of JavaScript modules are rewritten as the addresses of style sheets are."""

    support_js_module_import_aggregation = True
