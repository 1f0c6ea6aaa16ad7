"""The route table of the permissions: every route, and what each kind of person gets there.

Statuses are those of a GET (or of a POST without fields for the routes that only take POST), on a thing of project A1:
restricted to `dec` and `obs`, managed by `pm`. `login` is a redirection to the sign-in page, `home` to one's own first
page, `desk` and `batch` to the ticket and the batch in the desk.
"""

LOGIN, HOME, DESK, BATCH = "login", "home", "desk", "batch"

# The columns. `stranger` is a contact of the other company, `out` a colleague who is not a viewer.
COLUMNS = ("nobody", "dec", "pm", "out", "stranger", "manager", "agent", "support", "rd", "admin", "norole")

_PUBLIC = (200,) * 11
_SIGNED_IN = (LOGIN, *(200,) * 10)
_CLIENTS = (LOGIN, 200, 200, 200, 200, *(HOME,) * 6)
_VIEWERS = (LOGIN, 200, 200, 404, 404, *(HOME,) * 6)
_MANAGERS = (LOGIN, 404, 200, 404, 200, *(HOME,) * 6)
_POST_VIEWERS = (LOGIN, 422, 422, 404, 404, *(HOME,) * 6)
_STAFF = (LOGIN, *(404,) * 4, *(200,) * 6)
_SEE_ALL = (LOGIN, *(404,) * 4, 200, 200, 200, 403, 200, 403)
_SEEN_ROW = (LOGIN, *(404,) * 4, 200, 200, 200, 404, 200, 404)


def _staff(
    manager: object, agent: object, support: object, rd: object, admin: object, norole: object
) -> tuple[object, ...]:
    return (LOGIN, *(404,) * 4, manager, agent, support, rd, admin, norole)


ROUTES: dict[str, tuple[object, ...]] = {
    "home": (LOGIN, *(HOME,) * 10),
    "healthz": _PUBLIC,
    "readyz": _PUBLIC,
    "robots": _PUBLIC,
    "favicon": (302,) * 11,
    "gallery": (404,) * 11,
    "signin:login": (200, *(HOME,) * 10),
    "signin:first_connection": _PUBLIC,
    "signin:forgotten": _PUBLIC,
    "signin:open_link": (302,) * 11,
    "signin:choose": (410,) * 11,
    "signin:captcha": _PUBLIC,
    "signin:help": _PUBLIC,
    "signin:privacy": _PUBLIC,
    "signin:terms": _PUBLIC,
    "signin:profile": _SIGNED_IN,
    "signin:personal_data": _SIGNED_IN,
    "signin:second_step": (LOGIN, *(LOGIN,) * 10),
    "signin:second_factor": _SIGNED_IN,
    "signin:add_factor": (LOGIN, *(409,) * 10),
    "signin:recovery_codes": (LOGIN, *(409,) * 10),
    "signin:remove_factor": (LOGIN, *(409,) * 10),
    "signin:notifications": _SIGNED_IN,
    "signin:seen": (LOGIN, *(302,) * 10),
    "signin:wishes": _SIGNED_IN,
    "portal:satisfaction": (LOGIN, 403, 403, 404, 404, *(HOME,) * 6),
    "portal:watch": (LOGIN, 422, 422, 404, 404, 422, 422, 422, 404, 422, 404),
    "desk:colleagues": _STAFF,
    "signin:logout": (LOGIN, *(302,) * 10),
    "signin:password": (LOGIN, *(422,) * 10),
    "signin:end_session": (LOGIN, *(404,) * 10),
    "signin:end_sessions": (LOGIN, *(302,) * 10),
    "portal:projects": _CLIENTS,
    "portal:project": _VIEWERS,
    "portal:closed": _VIEWERS,
    "portal:nearby": _VIEWERS,
    "portal:phase": _VIEWERS,
    "portal:rights": (LOGIN, 403, 200, 404, 404, 200, 403, 403, 404, 200, 404),
    "portal:new_in_project": _VIEWERS,
    "portal:my_tickets": _CLIENTS,
    "portal:new": _CLIENTS,
    "portal:figures": _MANAGERS,
    "portal:export_figures": _MANAGERS,
    "portal:measured": _MANAGERS,
    "portal:ticket": (LOGIN, 200, 200, 404, 404, *(DESK,) * 6),
    "portal:send": _POST_VIEWERS,
    "portal:attachment": (LOGIN, 200, 200, 404, 404, 200, 200, 200, 404, 200, 404),
    "portal:batch": (LOGIN, 200, 200, 404, 404, BATCH, BATCH, BATCH, BATCH, BATCH, BATCH),
    "portal:review": _VIEWERS,
    "portal:decide": _POST_VIEWERS,
    "portal:record": (LOGIN, 200, 200, 404, 404, 200, 200, 200, 404, 200, 404),
    "portal:record_pdf": (LOGIN, 200, 200, 404, 404, 200, 200, 200, 404, 200, 404),
    "portal:draft_files": (LOGIN, *(200,) * 10),
    "portal:draft_file_remove": (LOGIN, *(404,) * 10),
    "desk:queue": _STAFF,
    "desk:new": _SEE_ALL,
    "desk:ticket": _SEEN_ROW,
    "desk:send": _staff(422, 422, 422, 404, 422, 404),
    "desk:assign": _staff(422, 422, 422, 404, 422, 404),
    "desk:retain": _staff(422, 422, 422, 404, 422, 404),
    "desk:rd": _staff(409, 409, 409, 404, 409, 404),
    "desk:organizations": _SEE_ALL,
    "desk:organization": _SEEN_ROW,
    "desk:invite": _staff(422, 403, 403, 404, 422, 404),
    "desk:add_project": _staff(422, 403, 403, 404, 422, 404),
    "desk:contact": _SEEN_ROW,
    "desk:resend": _staff(409, 403, 403, 404, 409, 404),
    "desk:palette": _STAFF,
    "desk:dashboard": _SEE_ALL,
    "desk:export_dashboard": _SEE_ALL,
    "desk:board": _staff(200, 200, 200, 200, 200, 200),
    "desk:levels": _staff(200, 200, 200, 200, 200, 200),
    "desk:replies": _staff(200, 200, 200, 200, 200, 200),
    "desk:reply": _staff(200, 200, 200, 200, 200, 200),
    "desk:remove_reply": _staff(302, 404, 404, 404, 404, 404),
    "desk:keep_view": _staff(422, 422, 422, 422, 422, 403),
    "desk:forget_view": _staff(302, 404, 404, 404, 404, 404),
    "desk:bulk": _staff(422, 422, 422, 422, 422, 422),
    "desk:export": _staff(200, 200, 200, 200, 200, 200),
    "desk:personal_data": _staff(200, 403, 403, 404, 200, 404),
    "desk:erase": _staff(403, 403, 403, 404, 409, 404),
    "desk:activity": _staff(302, 403, 403, 404, 302, 404),
    "desk:leave": _staff(200, 403, 403, 404, 200, 404),
    "signin:see_as": _staff(HOME, 403, 403, 404, HOME, 404),
    "signin:stop_seeing": (LOGIN, *(HOME,) * 10),
    "desk:merge": _staff(200, 403, 403, 403, 200, 403),
    "desk:person_history": _staff(200, 403, 403, 404, 200, 404),
    "desk:organization_history": _staff(200, 403, 403, 404, 200, 404),
    "desk:project_history": _staff(200, 403, 403, 404, 200, 404),
    "desk:reset_factors": _staff(302, 403, 403, 404, 302, 404),
    "desk:todo": _staff(422, 422, 422, 404, 422, 404),
    "desk:link": _staff(422, 422, 422, 404, 422, 404),
    "desk:issue": _staff(422, 422, 422, 404, 422, 404),
    "desk:withdraw": _staff(409, 409, 409, 404, 409, 404),
    "desk:batches": _STAFF,
    "desk:new_batch": _staff(200, 403, 403, 404, 200, 404),
    "desk:batch": _SEEN_ROW,
    "desk:import_contacts": _staff(200, 403, 403, 403, 200, 403),
    "desk:projects": _STAFF,
    "desk:project": _SEEN_ROW,
    "desk:nearby": _SEEN_ROW,
    "desk:phase": _SEEN_ROW,
    "desk:archive": _staff(302, 403, 403, 404, 302, 404),
    "desk:team": _staff(403, 403, 403, 403, 200, 403),
    "desk:member": _staff(403, 403, 403, 403, 200, 403),
    "status": _staff(200, 403, 200, 403, 200, 403),
    "desk:emails": _staff(200, 403, 200, 403, 200, 403),
    "desk:email": _staff(200, 403, 200, 403, 200, 403),
    "desk:retry": _staff(409, 403, 409, 403, 409, 403),
}

POST_ONLY = {
    "signin:see_as",
    "signin:stop_seeing",
    "signin:seen",
    "portal:watch",
    "portal:satisfaction",
    "signin:logout",
    "signin:password",
    "signin:end_session",
    "signin:end_sessions",
    "portal:send",
    "portal:decide",
    "portal:draft_files",
    "portal:draft_file_remove",
    "desk:send",
    "desk:assign",
    "desk:retain",
    "desk:rd",
    "desk:withdraw",
    "desk:link",
    "desk:todo",
    "desk:issue",
    "desk:invite",
    "desk:add_project",
    "desk:resend",
    "desk:erase",
    "desk:keep_view",
    "desk:remove_reply",
    "desk:forget_view",
    "desk:bulk",
    "desk:export",
    "desk:activity",
    "desk:reset_factors",
    "signin:add_factor",
    "signin:recovery_codes",
    "signin:remove_factor",
    "desk:archive",
    "desk:retry",
}
# The second page of sign-in sends back to the first who has not given a password.
PUBLIC = {name for name, row in ROUTES.items() if row[0] != LOGIN} | {"signin:second_step"}
