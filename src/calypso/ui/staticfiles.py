"""The storage of static files: hashed names, compressed, JavaScript modules importing each other by hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise's storage, rewriting the imports of JavaScript modules as it does the URLs of style sheets."""

    support_js_module_import_aggregation = True
