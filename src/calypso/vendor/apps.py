"""Says how the choices of the vendor are read, and names them in the history."""

from django.apps import AppConfig


class VendorConfig(AppConfig):
    name = "calypso.vendor"

    def ready(self) -> None:
        from calypso.accounts import audit_log
        from calypso.base import chosen, files
        from calypso.vendor import checks  # noqa: F401 - importing registers them
        from calypso.vendor.catalogue import CHOICES, LOGO_LABEL, in_words
        from calypso.vendor.notices import register_kinds
        from calypso.vendor.queries import saved_texts, stored_names
        from calypso.vendor.texts import TEXTS
        from calypso.vendor.wording import LANGUAGES

        register_kinds()
        chosen.provide(saved_texts)
        files.declare_names(stored_names)
        audit_log.declare_fields({"logo": LOGO_LABEL})
        labels = {choice.key: choice.label for choice in CHOICES.values()}
        audit_log.declare_fields(labels, words={key for key, choice in CHOICES.items() if in_words(choice)})
        audit_log.declare_fields(
            {f"{text.key}_{language}": text.title for text in TEXTS.values() for language in LANGUAGES}
        )
