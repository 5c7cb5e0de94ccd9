"""Where the private engines live, which system account runs them, who may reach them."""

import os
import pwd
import stat
import sys
import tempfile
import time
from pathlib import Path

import psutil

# sockaddr_un holds 108 bytes on Linux and 104 on macOS; the longest name we put behind the
# directory is ".s.PGSQL.5432".
LONGEST_SOCKET_PATH = 100
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


class EngineError(RuntimeError):
    """An engine could not be started or stopped; the message says why and what to do."""


def server_account(data: Path) -> pwd.struct_passwd:
    """Return the account that runs the servers whose files live in `data`.

    That is whoever asks, except for root: PostgreSQL refuses to run as root. An account made for
    the purpose would stay in /etc/passwd for ever, so root borrows the one that every system has
    and that owns nothing, `nobody`; or goes on with the owner of the data that is already there.
    """
    uid = os.geteuid()
    try:
        if uid != 0:
            return pwd.getpwuid(uid)
        if data.exists() and data.stat().st_uid != 0:
            return pwd.getpwuid(data.stat().st_uid)
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EngineError(
            "This user has no name on this system, and PostgreSQL insists on one. "
            "Run as a user with an entry in the password database, or set DATABASE_URL."
        ) from None


def running_as(account: pwd.struct_passwd) -> dict[str, object]:
    """Return the arguments that make `subprocess` run a program as `account`."""
    # PG* variables of the developer's own PostgreSQL would reach the server and its tools.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    # "/" because a working directory that the account may not enter makes initdb give up.
    arguments: dict[str, object] = {"env": environment, "cwd": "/"}
    if account.pw_uid != os.geteuid():
        arguments |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return arguments


def own_directory(path: Path, account: pwd.struct_passwd) -> Path:
    """Make `path` a directory that only `account` (and root) may enter."""
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_uid != account.pw_uid:
        try:
            os.chown(path, account.pw_uid, account.pw_gid)
        except PermissionError:
            raise EngineError(
                f"{path} belongs to another user. Run as that user, or remove {path.parent}."
            ) from None
    path.chmod(0o700)
    return path


def let_through(path: Path, account: pwd.struct_passwd) -> None:
    """Let `account` walk down to `path`.

    Only root has to: the servers then run as somebody else, and need the directories above the
    data and above the binaries. We add the search bit (never the right to list or read), and only
    where it is missing, which on most machines is nowhere but at /root. The alternatives change
    more or fail more often: copying 40 MB of binaries, file capabilities, user namespaces (which
    containers forbid), a cluster outside of the data directory that nobody would look for.
    """
    if os.geteuid() != 0 or account.pw_uid == 0:
        return
    opened = []
    for parent in path.resolve().parents:
        status = parent.stat()
        bit = stat.S_IXUSR if status.st_uid == account.pw_uid else stat.S_IXOTH
        if not status.st_mode & bit:
            parent.chmod(stat.S_IMODE(status.st_mode) | bit)
            opened.append(str(parent))
    if opened:
        names = " ".join(opened)
        sys.stderr.write(f"chmod o+x {names} (PostgreSQL runs as {account.pw_name}, not root)\n")


def let_read(tree: Path, account: pwd.struct_passwd) -> None:
    """Let `account` read the installed files below `tree` (an installation under umask 077)."""
    let_through(tree, account)
    if os.geteuid() != 0 or tree.stat().st_mode & stat.S_IROTH:
        return
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            # Whoever owns it may read and perhaps execute: the same for everybody.
            path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)


def socket_directory(data_dir: Path, account: pwd.struct_passwd) -> Path:
    """Return the private directory of the sockets, made if needed.

    `<data_dir>/run`, unless its path is too long for a socket. Then it is a directory below the
    system's temporary one, remembered in `<data_dir>/run.path`. Its name is random, not derived
    from the path: /tmp is everybody's, and a name that can be guessed can be taken.
    """
    known = known_socket_directory(data_dir)
    if known is not None and known.stat().st_uid == account.pw_uid:
        return own_directory(known, account)
    if _is_short_enough(data_dir / "run"):
        return own_directory(data_dir / "run", account)
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - mkdtemp below
        if _is_short_enough(base / "bookstore-12345678"):
            made = own_directory(Path(tempfile.mkdtemp(prefix="bookstore-", dir=base)), account)
            (data_dir / "run.path").write_text(f"{made}\n")
            return made
    raise EngineError("No directory has a path short enough for a socket; set TMPDIR=/tmp.")


def known_socket_directory(data_dir: Path) -> Path | None:
    """Return the directory of the sockets if an earlier start made one that is still there."""
    known = data_dir / "run"
    if not _is_short_enough(known):
        try:
            known = Path((data_dir / "run.path").read_text().strip())
        except FileNotFoundError:
            return None
    # lstat: after a reboot has emptied /tmp, somebody else may have put anything there.
    return known if known.is_dir() and not known.is_symlink() else None


def forget_socket_directory(data_dir: Path) -> None:
    """Remove a socket directory outside of the data directory, once it is empty."""
    known = known_socket_directory(data_dir)
    if known is None or known == data_dir / "run":
        return
    try:
        known.rmdir()
    except OSError:
        return  # an engine still has its socket there
    (data_dir / "run.path").unlink(missing_ok=True)


def process_of(pid: int | None, name: str, directory: Path) -> psutil.Process | None:
    """Return the process `pid` if it runs the program `name` in `directory`.

    A pid file outlives `kill -9` and a reboot, and its number may be another program's by now.
    """
    if pid is None:
        return None
    try:
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
        if alive and process.name() == name and Path(process.cwd()) == directory.resolve():
            return process
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        pass
    return None


def read_pid(path: Path) -> int | None:
    """Return the number on the first line of a pid file, or None."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    except PermissionError:
        raise EngineError(f"{path.parent} belongs to another user; run as that user.") from None


def wait_for_end(process: psutil.Process, seconds: float) -> bool:
    """Wait until `process` has ended; return False if it has not within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            # In a container nobody may collect our daemons: a zombie has ended.
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def last_lines(log: Path, count: int = 8) -> str:
    """Return the end of a log, for the message of an `EngineError`."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return "\n".join(lines[-count:])


def _is_short_enough(directory: Path) -> bool:
    return len(os.fsencode(directory / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH
