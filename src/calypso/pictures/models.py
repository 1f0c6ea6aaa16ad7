"""Pictures: what a browser shows of a stored file, made from its pixels by the worker (R69, R74)."""

from django.db import models


class State(models.TextChoices):
    WAITING = "waiting"
    READY = "ready"
    NONE = "none"  # the file cannot be shown: it is still there to download


class Picture(models.Model):
    """The two pictures of one stored file: `thumbnail` for lists, `view` for the viewer, both WebP in the file store.

    `source` is the stored name of the file, `width` and `height` are the pixels of the view. Whoever may download the
    file may see its pictures: the rooms that hold files decide (R62).
    """

    source = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    thumbnail = models.CharField(max_length=64, blank=True)
    view = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ready", width__gt=0, height__gt=0)
                & ~models.Q(thumbnail="")
                & ~models.Q(view="")
                | models.Q(state__in=["waiting", "none"], thumbnail="", view=""),
                name="picture_ready_has_files",
            ),
        ]

    def __str__(self) -> str:
        return f"picture of {self.source}"

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING
