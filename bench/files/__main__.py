"""Files as production serves them, against a bare Django check beside it, and slow readers (issue 6, How it is judged).

    python -m bench.files postgres://postgres@127.0.0.1:5432/postgres [--redis URL] [--clients 8] [--files 20] [--rounds 5] [--line 125000000]
                          [--slow 40] [--rate 100000] [--no-bare-server]

nginx with the configuration of docker-compose.yml (TLS) and two gunicorns of two workers each, the Portal and a bare site: session, user,
X-Accel-Redirect. A script of 5 MB goes through the Portal's gate, its line in the trail included. Targets: at least 0.95 of the bare site's
throughput over a line of 1 Gbit/s, which the readers share (without a line, where a file takes no longer than the check of who asks, the
figures say what that check costs); 40 slow readers leave other pages' median within 2 times and each gets every byte. Then the same readers
at gunicorn itself, to see what the proxy is for. A small run: --files 4 --rounds 1 --slow 4 --rate 1000000 --no-bare-server.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from bench.files.readers import Crowd, Pages, Slow
from bench.files.servers import Proxy, Site, databases, free_port

GOAL = 0.95
WITHIN = 2.0
_MB = 1_000_000


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.files")
    parser.add_argument("server")
    parser.add_argument("--redis", default="", help="as production has it; unset: counters in the process")
    parser.add_argument("--size", type=int, default=5 * 1024 * 1024 - 1)
    parser.add_argument("--clients", type=int, default=8, help="who read at full speed at the same time")
    parser.add_argument("--files", type=int, default=20, help="that each of them reads in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--line", type=int, default=125_000_000, help="bytes a second that they share: a line of 1 Gbit/s")
    parser.add_argument("--slow", type=int, default=40)
    parser.add_argument("--rate", type=int, default=100_000, help="bytes a second of a slow reader")
    parser.add_argument("--no-bare-server", action="store_true", help="leave out the slow readers without nginx")
    return parser.parse_args()


def throughput(sites: list[Site], proxy: Proxy, asked: argparse.Namespace, sums: dict[str, str], line: int) -> float:
    """Let the sites take turns over a line and print what each gave; returns the Portal's part of the other's."""
    crowd = Crowd(asked.clients)
    rates: dict[str, list[float]] = {site.kind: [] for site in sites}
    spent = {site.kind: [0.0, 0.0] for site in sites}
    for site in sites:
        crowd.take(site.outer, site.path, site.cookies, 8, sums[site.kind])  # warm: each thread of each worker has its connection
    for number in range(asked.rounds):
        for site in sites if number % 2 else sites[::-1]:
            before = site.seconds(), proxy.seconds()
            many, seconds = crowd.take(site.outer, site.path, site.cookies, asked.files, sums[site.kind], line)
            rates[site.kind].append(many / seconds)
            spent[site.kind] = [
                old + new - was for old, new, was in zip(spent[site.kind], (site.seconds(), proxy.seconds()), before, strict=True)
            ]
    crowd.stop()
    print(f"Over a line of {line * 8 // _MB} Mbit/s:" if line else "As fast as this machine goes:")
    files = asked.files * asked.clients * asked.rounds
    for kind, (worker, nginx) in spent.items():
        rate = statistics.median(rates[kind])
        print(
            f"{kind:<7} {rate / _MB:7.0f} MB/s {rate / asked.size:6.0f} files/s   a file: {worker / files * 1000:5.2f} ms of its workers, "
            f"{nginx / files * 1000:5.2f} ms of nginx"
        )
    pairs = [ours / bare for ours, bare in zip(rates["portal"], rates["bare"], strict=True)]
    print(f"portal / bare {statistics.median(pairs):.2f}  (rounds {min(pairs):.2f} to {max(pairs):.2f})")
    return statistics.median(pairs)


def slow_readers(site: Site, asked: argparse.Namespace, sha256: str) -> bool:
    """Open a page without and with slow readers behind nginx; returns whether all went well."""
    pages = Pages(site.outer, tls=True, cookie=site.cookies[-1], seconds=30)
    alone, readers = _page_medians(site, pages, asked, sha256, tls=True)
    during, slowest = pages.median_while(readers, _PAGE, 0.2)
    print(f"nginx: a page takes {_medians(alone, during, slowest, readers)}, {during / alone:.2f} times")
    good = slowest < pages.seconds and during <= alone * WITHIN and readers.whole == asked.slow
    print(f"within {WITHIN:.0f} times, none lost  {_verdict(good=good)}")
    return good


def without_nginx(site: Site, asked: argparse.Namespace, sha256: str) -> None:
    """Say what the same readers do to gunicorn itself, which streams the file."""
    site.stop()
    site.start(accel=False)
    patience = asked.size / asked.rate
    pages = Pages(site.inner, tls=False, cookie=site.cookies[-1], seconds=patience)
    alone, readers = _page_medians(site, pages, asked, sha256, tls=False)
    during, slowest = pages.median_while(readers, _PAGE, 0.2)
    print(f"gunicorn alone: a page takes {_medians(alone, during, slowest, readers)}")


_PAGE = "/services/scripts/"


def _page_medians(site: Site, pages: Pages, asked: argparse.Namespace, sha256: str, *, tls: bool) -> tuple[float, Slow]:
    pages.median(_PAGE, 8, 0)  # warm, each thread
    alone = pages.median(_PAGE, 60, 0.02)
    port = site.outer if tls else site.inner
    cookies = [site.cookies[number % (len(site.cookies) - 1)] for number in range(asked.slow)]
    give_up = (asked.size / asked.rate) * (2 if tls else asked.slow / 4) + 60
    readers = Slow(port, tls, site.path, cookies, asked.rate, sha256, give_up)
    readers.start()
    return alone, readers


def _medians(alone: float, during: float, slowest: float, readers: Slow) -> str:
    many = len(readers.cookies)
    whole = "; ".join([f"{readers.whole} of {many} got every byte", *readers.lost[:3]])
    return f"{alone * 1000:.0f} ms, with {many} slow readers {during * 1000:.0f} ms (the slowest {slowest:.1f} s; {whole})"


def _verdict(*, good: bool) -> str:
    return "MET" if good else "NOT MET"


def main() -> None:
    """Measure and print."""
    asked = arguments()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as named, databases(asked.server) as urls:
        folder = Path(named)
        folder.chmod(0o755)
        sites = [Site(kind, url, folder, asked.redis, free_port(), free_port()) for kind, url in urls.items()]
        proxy = None
        try:
            sums = {site.kind: site.fill(asked.size, max(asked.clients, 10) + 1) for site in sites}
            for site in sites:
                site.start()
            proxy = Proxy(sites, folder)
            throughput(sites, proxy, asked, sums, 0)
            good = throughput(sites, proxy, asked, sums, asked.line) >= GOAL
            print(f"at least {GOAL} over the line  {_verdict(good=good)}\n")
            sites[1].stop()
            good = slow_readers(sites[0], asked, sums["portal"]) and good
            if not asked.no_bare_server:
                without_nginx(sites[0], asked, sums["portal"])
        finally:
            for site in sites:
                site.stop()
            if proxy is not None:
                proxy.stop()
    sys.exit(not good)


if __name__ == "__main__":
    main()
