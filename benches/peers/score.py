"""Other programs on the shapes of benches/index.rs: processor time of one draw of the weights.

    python3 benches/peers/score.py [--ours SECONDS_33755 SECONDS_413000]

One draw: weights from a Dirichlet distribution, scores, ranks. Programs that are not installed are
left out. With --ours, times of `cargo bench --bench index` (weights/...), ratios are printed. COINr
needs R; its figure is the one measured on two cores, one of them used (0.108 s a replication of the
four-assumption analysis on the ASEM data, R 4.2)."""

import argparse
import time

import numpy as np

COINR = 0.108


def best(work, seconds=2.0):
    """Least processor time of one call; repeated for about so many seconds."""
    least, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def numpy_draw(points, random):
    def work():
        scores = points @ random.dirichlet(np.ones(points.shape[1]))
        order = np.argsort(-scores)
        ranks = np.empty(len(scores), dtype=np.int64)
        ranks[order] = np.arange(1, len(scores) + 1)
        return ranks

    return work


def scikit_criteria_draw(points, random):
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel

    model = WeightedSumModel()
    objectives = [max] * points.shape[1]

    def work():
        weights = random.dirichlet(np.ones(points.shape[1]))
        return model.evaluate(mkdm(points, objectives, weights=weights)).rank_

    return work


def pymcdm_draw(points, random):
    from pymcdm.methods import WSM

    model = WSM()
    types = np.ones(points.shape[1])

    def work():
        weights = random.dirichlet(np.ones(points.shape[1]))
        return model.rank(model(points, weights, types))

    return work


PEERS = {"numpy product + argsort": numpy_draw, "scikit-criteria": scikit_criteria_draw, "pymcdm": pymcdm_draw}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", nargs=2, type=float, metavar="SECONDS", help="our time for each of the two sizes")
    ours = parser.parse_args().ours or [None, None]
    for units, own in zip([33_755, 413_000], ours):
        random = np.random.default_rng(1)
        points = random.uniform(1.0, 100.0, size=(units, 7))
        for name, peer in PEERS.items():
            try:
                work = peer(points, random)
                work()
            except ImportError:
                print(f"{units:>7} x 7  {name:<26} not installed")
                continue
            seconds = best(work)
            ratio = f"  {seconds / own:8.1f} times ours" if own else ""
            print(f"{units:>7} x 7  {name:<26} {seconds * 1e3:8.3f} ms{ratio}")
    print(f"     51 x 49 COINr, four assumptions    {COINR * 1e3:8.3f} ms")


if __name__ == "__main__":
    main()
