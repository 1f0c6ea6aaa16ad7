"""The figures of the dashboard counted again, in plain SQL: it shares nothing with the product but its tables.

Read as text too: the demonstration's own process runs it.
"""

from django.db import connection

_BETWEEN = "t.{column} >= %(since)s AND t.{column} < %(until)s"
_MEDIAN = """
SELECT AVG(s) FROM (
    SELECT {value} * 1.0 AS s, ROW_NUMBER() OVER (ORDER BY {value}) AS n, COUNT(*) OVER () AS many
    FROM tickets_ticket t WHERE {where}
) r WHERE n = (many + 1) / 2 OR n = (many + 2) / 2
"""
_AFTER = """
SELECT COUNT(DISTINCT e.ticket_id) FROM (
    SELECT ticket_id, step, created_at, LEAD(step) OVER (PARTITION BY ticket_id ORDER BY created_at, id) AS following
    FROM tickets_ticketevent WHERE kind = 'stepped'
) e JOIN tickets_ticket t ON t.id = e.ticket_id
WHERE e.step = 'process' AND e.created_at >= %(since)s AND e.created_at < %(until)s AND {where}
"""


def recount(since, until, where="1 = 1"):
    """The figures from the instant `since` to `until`, of the tickets `t` that satisfy `where`."""
    asked = {
        "since": connection.ops.adapt_datetimefield_value(since),
        "until": connection.ops.adapt_datetimefield_value(until),
    }

    def count(condition):
        return f"SELECT COUNT(*) FROM tickets_ticket t WHERE {condition} AND {where}"

    def total(column, condition):
        return f"SELECT COALESCE(SUM(t.{column}), 0) FROM tickets_ticket t WHERE {condition} AND {where}"

    def median(column, condition):
        return _MEDIAN.format(value=f"t.{column}", where=f"{condition} AND {where}")

    created, closed, answered = (
        _BETWEEN.format(column=column) for column in ("created_at", "closed_at", "answered_at")
    )
    figures = {
        "open": count("t.state <> 'closed'"),
        "created": count(created),
        "closed": count(closed),
        "answered": count(answered),
        "measured": count(f"{answered} AND t.answer_due_at IS NOT NULL"),
        "in_time": count(f"{answered} AND t.answered_at <= t.answer_due_at"),
        "processed": _AFTER.format(where=where),
        "returned": _AFTER.format(where=f"e.following IN ('return', 'internal_return') AND {where}"),
        "answer_median": median("answer_seconds", answered),
        "processing_median": median("vendor_seconds", closed),
        "rated": count(f"{closed} AND t.satisfaction <> ''"),
        "satisfied": count(f"{closed} AND t.satisfaction = 'satisfied'"),
        "vendor_seconds": total("vendor_seconds", closed),
        "client_seconds": total("client_seconds", closed),
    }
    # One question for all of them: a recount is asked thousands of times.
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"({sql})" for sql in figures.values()), asked)
        values = cursor.fetchone()
    return {name: None if value is None else round(float(value)) for name, value in zip(figures, values, strict=True)}


def recount_states(where="1 = 1"):
    """How many open tickets are in each state that has some."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.state, COUNT(*) FROM tickets_ticket t WHERE t.state <> 'closed' AND {where} GROUP BY t.state"
        )
        return dict(cursor.fetchall())
