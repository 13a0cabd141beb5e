"""Other solvers on the instances of benches/assign.rs: least wall time of a solve.

    ASSIGN_WRITE=DIR cargo bench --bench assign
    python3 benches/peers/assign.py DIR [FILTER] [--repeats N]

Instances are compressed rows (`*.csr`: counts of rows, columns and edges and the open price as i64,
starts and heads as u32, costs as i64) and full tables (`*.i64`). Solvers that are not installed are left
out: OR-Tools (minimum-cost flow; its arrays are built outside the time), SciPy's sparse matching, lapx
lapmod on the doubled graph (built outside the time), and for tables lapx lapjvs and SciPy. Objectives
are printed, to be compared with those that the bench prints. Open posts are only known to the flow."""

import argparse
import pathlib
import time

import numpy as np


def load(file):
    with open(file, "rb") as f:
        rows, columns, edges, open_price = (int(x) for x in np.fromfile(f, np.int64, 4))
        starts = np.fromfile(f, np.uint32, rows + 1).astype(np.int64)
        heads = np.fromfile(f, np.uint32, edges).astype(np.int32)
        return rows, columns, open_price, starts, heads, np.fromfile(f, np.int64, edges)


def ortools(rows, columns, open_price, starts, heads, costs):
    from ortools.graph.python import min_cost_flow

    row = np.repeat(np.arange(rows, dtype=np.int32), np.diff(starts))
    sink = rows + columns
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(row, heads + rows, np.ones(len(heads), np.int64), costs)
    ends = np.arange(rows, sink, dtype=np.int32)
    flow.add_arcs_with_capacity_and_unit_cost(ends, np.full(columns, sink, np.int32), np.ones(columns, np.int64), np.zeros(columns, np.int64))
    stay = np.arange(rows, dtype=np.int32)
    opened = flow.add_arcs_with_capacity_and_unit_cost(stay, np.full(rows, sink, np.int32), np.ones(rows, np.int64), np.full(rows, open_price))
    flow.set_nodes_supplies(np.r_[stay, np.int32(sink)], np.r_[np.ones(rows, np.int64), -rows])
    start = time.perf_counter()
    flow.solve()
    taken = time.perf_counter() - start
    return taken, int((flow.flows(arcs) * costs).sum() + flow.flows(opened).sum() * open_price)


def scipy_sparse(rows, columns, open_price, starts, heads, costs):
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    graph = csr_matrix((costs.astype(float), heads, starts.astype(np.int32)), shape=(rows, columns))
    start = time.perf_counter()
    row, column = min_weight_full_bipartite_matching(graph)
    taken = time.perf_counter() - start
    return taken, int(np.asarray(graph[row, column]).sum())


def lapmod(rows, columns, open_price, starts, heads, costs):
    import lap

    n, edges = rows + columns, len(heads)
    row = np.repeat(np.arange(rows), np.diff(starts))
    r = np.r_[row, heads + rows, np.arange(rows, n)]
    c = np.r_[heads, row + columns, np.arange(columns)]
    w = np.r_[costs, np.zeros(edges), np.zeros(columns)].astype(float)
    order = np.lexsort((c, r))
    first = np.r_[0, np.cumsum(np.bincount(r, minlength=n))].astype(np.int32)
    w, c = w[order], c[order].astype(np.int32)
    start = time.perf_counter()
    objective = lap.lapmod(n, w, first, c)[0]
    return time.perf_counter() - start, int(objective)


def lapjvs(table):
    import lap

    costs = table.astype(float)
    start = time.perf_counter()
    found = lap.lapjvs(costs, return_cost=True)
    return time.perf_counter() - start, int(table[found[1], found[2]].sum())


def scipy_dense(table):
    from scipy.optimize import linear_sum_assignment

    start = time.perf_counter()
    row, column = linear_sum_assignment(table)
    return time.perf_counter() - start, int(table[row, column].sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("filter", nargs="?", default="")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    for file in sorted(options.directory.iterdir()):
        if options.filter not in file.name:
            continue
        if file.suffix == ".csr":
            instance = load(file)
            solvers = [ortools] if "scarce" in file.name else [ortools, scipy_sparse, lapmod]
            if instance[0] > 50_000:
                solvers = [ortools]
        elif file.suffix == ".i64":
            table = np.fromfile(file, np.int64)
            instance = (table.reshape(int(len(table) ** 0.5), -1),)
            solvers = [lapjvs, scipy_dense]
        else:
            continue
        for solver in solvers:
            try:
                runs = [solver(*instance) for _ in range(options.repeats)]
            except ImportError as missing:
                print(f"{file.stem} {solver.__name__}: {missing}")
                continue
            print(f"{file.stem} {solver.__name__}: {min(r[0] for r in runs):.4f} s, objective {runs[0][1]}", flush=True)


if __name__ == "__main__":
    main()
