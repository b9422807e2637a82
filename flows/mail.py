"""
A notification block that sends e-mail through a mail server of one's own.

Prefect's own blocks know mail only through a service. The entry point `prefect.collections` makes
it known to every Prefect server that has Seimai installed.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import Annotated

import anyio.to_thread
from prefect.blocks.abstract import NotificationBlock, NotificationError
from pydantic import Field, SecretStr

SECONDS = 30
"""A mail server that does not answer must not hold up the automations of a server."""


class SeimaiMail(NotificationBlock):
    """Sends notifications as e-mail by SMTP."""

    _block_type_name = "Seimai Mail"
    _block_type_slug = "seimai-mail"
    _description = "Sends notifications as e-mail by SMTP."

    host: Annotated[str, Field(min_length=1, description="The mail server.")]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    encryption: Annotated[
        str, Field(pattern="^(starttls|tls|none)$", description="starttls, tls or none.")
    ] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    sender: Annotated[str, Field(pattern="@", description="Who it comes from.")]
    to: Annotated[list[str], Field(min_length=1, description="Who gets it.")]

    async def notify(self, body: str, subject: str | None = None) -> None:
        """Send it; `NotificationError` where the server does not take it."""
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, ", ".join(self.to)
        # A subject is one line.
        letter["Subject"] = " ".join((subject or "Seimai").split())
        letter.set_content(body)
        try:
            await anyio.to_thread.run_sync(self._send, letter)
        except (OSError, smtplib.SMTPException) as error:
            raise NotificationError(f"{type(error).__name__}: {error}") from error

    def _send(self, letter: EmailMessage) -> None:
        secure = ssl.create_default_context()
        if self.encryption == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=SECONDS, context=secure
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with server:
            if self.encryption == "starttls":
                server.starttls(context=secure)
            if self.user and self.password:
                server.login(self.user, self.password.get_secret_value())
            server.send_message(letter)
