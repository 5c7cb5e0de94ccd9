"""Reading on while the database works."""

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

AT_ONCE = 250


def read_ahead[T](items: Iterable[T], at_once: int = AT_ONCE) -> Generator[T]:
    """Yield the items in their order; a thread reads the next few while the caller is busy.

    What goes wrong in reading is raised here, after the items before it. The thread must not need
    the database. Closing the iterator ends the thread.
    """
    source = iter(items)

    def take() -> tuple[list[T], BaseException | None]:
        taken: list[T] = []
        try:
            taken.extend(islice(source, at_once))
        except Exception as error:  # noqa: BLE001  # raised where it is seen
            return taken, error
        return taken, None

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as reader:
        coming = reader.submit(take)
        while True:
            taken, problem = coming.result()
            if problem is None and taken:
                coming = reader.submit(take)
            yield from taken
            if problem is not None:
                raise problem
            if not taken:
                return
