"""One run: every scenario in turns with the bare view, then the proof that nothing broke."""

import subprocess

from benchmarks import checkout_service, environment, race, shoppers
from benchmarks.breakdown import break_down
from benchmarks.loads import Load, LoadFailed, Script, run_load
from benchmarks.report import Figure, Report
from benchmarks.scenarios import LINES, SCENARIOS, Scenario, bare_scripts
from benchmarks.servers import Servers, both_servers
from benchmarks.subjects import choose_subjects
from bookstore.wsgi import application
from catalog.services import stock

TURNS = 3  # the bare view before each, so that a busy neighbour disturbs both alike
WARM_UP = 1.0
BARE_SHARE = 0.4  # of a scenario's seconds
SERVICE_ORDERS = 1_600


class Run:
    """What was asked for, and what has been measured so far."""

    def __init__(
        self,
        environment: dict[str, str],
        *,
        titles: int,
        clients: int,
        seconds: float,
        only: list[str],
    ) -> None:
        self.environment = environment
        self.clients = clients
        self.seconds = seconds
        self.only = only
        self.subjects = choose_subjects()
        self.report = Report(titles=titles, clients=clients)

    def measure(self) -> int:
        """Measure, print, write the report; return the exit status."""
        try:
            with both_servers(self.environment, self.subjects.book_ids[0]) as servers:
                for scenario in SCENARIOS:
                    if self._wants(scenario.name):
                        self._measure_scenario(scenario, servers)
                if self._wants("race"):
                    self._race()
            if self._wants("service"):
                self._measure_service()
        except LoadFailed as error:
            print(f"An answer was not the expected one: {error}")
            return 1
        print(self.report.text())
        print(f"\nwritten to {self.report.write(environment.DATA_DIR)}\n", flush=True)
        return self._proof()

    def _wants(self, name: str) -> bool:
        return not self.only or name in self.only

    def _measure_scenario(self, scenario: Scenario, servers: Servers) -> None:
        print(f"{scenario.title} …", flush=True)
        people = shoppers.signed_in(self.clients, group="reader")
        scripts = scenario.scripts(self.subjects, people)
        bare_view = bare_scripts(self.subjects, self.clients)
        bare, load = Load(), Load()
        for _ in range(TURNS):
            bare.add(self._load(environment.BARE_PORT, servers.bare_pid, bare_view, BARE_SHARE))
            load.add(self._load(environment.SHOP_PORT, servers.shop_pid, scripts, 1.0))
        self.report.figures.append(_figure(scenario, load, bare))
        people = shoppers.signed_in(self.clients, group="reader")
        script = scenario.scripts(self.subjects, people)[0]
        self.report.breakdowns |= break_down(application, script)

    def _load(self, port: int, pid: int, scripts: list[Script], share: float) -> Load:
        return run_load(
            port=port,
            gunicorn_pid=pid,
            scripts=scripts,
            warm_up=WARM_UP,
            seconds=max(1.0, self.seconds * share / TURNS),
        )

    def _race(self) -> None:
        """One copy of a book in fifty carts; a second winner or a crash ends the run."""
        book_id = self.subjects.stocked_ids[0]
        copies = {"book_id": book_id, "branch_id": self.subjects.warehouse_id}
        users = shoppers.with_carts([[book_id]] * race.BUYERS, group="racer")
        people = shoppers.signed_in_as(users)
        stock.set_quantity(**copies, quantity=1, actor_id=None)
        statuses = race.buy_at_once(
            port=environment.SHOP_PORT, tokens=[person.token for person in people]
        )
        stock.set_quantity(**copies, quantity=200, actor_id=None)
        self.report.race = dict(statuses)
        if statuses != {"201": 1, "409": race.BUYERS - 1}:
            raise LoadFailed(f"the race for the last copy ended with {dict(statuses)}")

    def _measure_service(self) -> None:
        print("check_out in process …", flush=True)
        ids = self.subjects.stocked_ids
        baskets = [
            [ids[(LINES * number + place * 7919) % len(ids)] for place in range(LINES)]
            for number in range(SERVICE_ORDERS)
        ]
        users = shoppers.with_carts(baskets, group="buyer")
        rate, times = checkout_service.measure([user.pk for user in users], self.environment)
        load = Load(times={"order": times})
        self.report.service = {
            "processes": checkout_service.PROCESSES,
            "threads": checkout_service.THREADS,
            "rate": rate,
            "p50": load.percentile("order", 50),
            "p99": load.percentile("order", 99),
        }

    def _proof(self) -> int:
        try:
            environment.manage(self.environment, "check_invariants")
        except subprocess.CalledProcessError:
            print("An invariant of the shop broke under load.")
            return 1
        return 0


def _figure(scenario: Scenario, load: Load, bare: Load) -> Figure:
    label = scenario.counted
    cpu, bare_cpu = load.cpu_of_one(label), bare.cpu_of_one("bare")
    return Figure(
        name=scenario.name,
        title=scenario.title,
        rate=load.rate(label),
        bare_rate=bare.rate("bare"),
        p50=load.percentile(label, 50),
        p95=load.percentile(label, 95),
        p99=load.percentile(label, 99),
        counted=len(load.times[label]),
        cpu=cpu,
        bare_cpu=bare_cpu,
        others=load.others,
        target=scenario.target,
    )
