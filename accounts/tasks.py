"""The accounts' background jobs: each calls one service."""

from procrastinate.contrib.django import app

from accounts.services import letters, one_time_tokens, sessions
from core.jobs import PATIENT
from core.request_context import begin_request


@app.task(name="accounts.send_letter", retry=PATIENT)
def send_letter(
    *, letter: str, user_id: str | None, token_id: str | None, event_id: str, request_id: str
) -> None:
    """Mail somebody about their account."""
    begin_request(request_id)
    letters.send(letter=letter, user_id=user_id, token_id=token_id, event_id=event_id)


@app.periodic(cron="27 4 * * *")
@app.task(name="accounts.purge_one_time_tokens", queueing_lock="accounts.purge_one_time_tokens")
def purge_one_time_tokens(timestamp: int) -> None:
    """Forget links and challenges that ended a week ago."""
    begin_request(None)
    one_time_tokens.purge_ended()


@app.periodic(cron="42 4 * * *")
@app.task(name="accounts.purge_sessions", queueing_lock="accounts.purge_sessions")
def purge_sessions(timestamp: int) -> None:
    """Forget sessions and API sign-ins whose time is over."""
    begin_request(None)
    sessions.purge_ended()
