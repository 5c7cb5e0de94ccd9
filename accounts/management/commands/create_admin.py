"""`manage.py create_admin ada@example.com`: the first administrator."""

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import UserExists
from accounts.selectors import users
from accounts.services import roles
from accounts.services import users as user_services
from core.errors import DomainError, Invalid
from core.roles import Role

PASSWORD_VARIABLE = "CREATE_ADMIN_PASSWORD"  # noqa: S105  # a variable's name, no secret


class Command(BaseCommand):
    """Makes an administrator, or promotes an existing user."""

    help = (
        "Make an administrator. The password is asked for, or read from "
        f"{PASSWORD_VARIABLE}; --promote gives the role to an existing account instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="the administrator's name")
        parser.add_argument(
            "--promote", action="store_true", help="give the role to an existing account"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["promote"]:
                self._promote(options["email"])
            else:
                self._create(options["email"], options["name"])
        except Invalid as error:
            sentences = [s for field in error.data["fields"].values() for s in field]
            raise CommandError(" ".join(map(str, sentences))) from error
        except UserExists as error:
            raise CommandError(f"{error.message} Use --promote to give it the role.") from error
        except DomainError as error:
            raise CommandError(error.message) from error

    def _create(self, email: str, name: str) -> None:
        # Whoever runs commands need not prove a mailbox to be let in.
        user = user_services.create_user(
            email=email,
            full_name=name,
            role=Role.ADMIN,
            password=_ask_password(),
            actor_id=None,
            is_verified=True,
        )
        self.stdout.write(self.style.SUCCESS(f"{user.email} is an administrator."))

    def _promote(self, email: str) -> None:
        user = users.user_by_email(email)
        if user is None:
            raise CommandError("There is no account with this address.")
        roles.change_role(user_id=user.pk, role=Role.ADMIN, actor_id=None)
        self.stdout.write(self.style.SUCCESS(f"{user.email} is an administrator now."))


def _ask_password() -> str:
    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None:
        try:
            password, again = getpass.getpass("Password: "), getpass.getpass("Password again: ")
        except EOFError:
            raise CommandError(
                f"There is no terminal to ask for the password: set {PASSWORD_VARIABLE}."
            ) from None
        if password != again:
            raise CommandError("The two passwords differ.")
    return password
