"""Logging: one JSON object per line, values escaped by the encoder, secrets masked (R126, R127)."""

import logging.config
import re
from collections.abc import Mapping
from typing import Any

import structlog

_LINK = re.compile(r"(/mot-de-passe/lien/)[^\s\"']+")
_SECRET_NAMES = re.compile(r"(?i)passw|mot_de_passe|secret|token|cookie|authorization|altcha")


def _mask(_logger: object, _method: str, event: Any) -> Any:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = "***" if _SECRET_NAMES.search(name) else _LINK.sub(r"\1***", value)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(options: Mapping[str, str]) -> None:
    """Sets up logging for Django and Calypso; `options["level"]` is the lowest level written. Called by Django."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _SHARED,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        _mask,
                        structlog.processors.JSONRenderer(ensure_ascii=True),
                    ],
                }
            },
            "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["lines"], "level": options["level"]},
            "loggers": {
                "django.request": {"level": "ERROR"},
                "django_ox": {"level": "WARNING"},
                "django.tasks": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
