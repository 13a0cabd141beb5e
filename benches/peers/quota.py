#!/usr/bin/env python3
"""HiGHS on the instances of `benches/quota.rs`: assignment with block quotas, or one woman a village.

    QUOTA_EXPORT=DIR cargo bench --bench quota
    python benches/peers/quota.py DIR/county_2000x6000 [blocks|villages] [mip|lp] [seconds]
    python benches/peers/quota.py convert EDGES.parquet ATTRIBUTES.parquet DIR

The second form writes any Parquet edge list (vacancy, candidate, score; cost = 1,000,000 - score)
and attribute table (candidate, female, under35, veteran) as the CSV that both sides read.
Prints one JSON line: status, objective, bound, seconds, peak memory. Needs numpy, scipy and highspy;
convert needs pyarrow."""
import json
import resource
import sys
import time

import numpy as np


def convert(edges, attributes, folder):
    import os
    import pyarrow.parquet as pq

    os.makedirs(folder, exist_ok=True)
    t = pq.read_table(edges)
    value = t["score"] if "score" in t.column_names else t["fit"]
    rows = np.column_stack([t["vacancy"].to_numpy(), t["candidate"].to_numpy(), 1_000_000 - value.to_numpy().astype(np.int64)])
    np.savetxt(f"{folder}/edges.csv", rows, fmt="%d", delimiter=",", header="vacancy,candidate,cost", comments="")
    t = pq.read_table(attributes)
    names = ["candidate", "female", "under35", "veteran"]
    rows = np.column_stack([t[n].to_numpy(zero_copy_only=False).astype(np.int64) for n in names])
    np.savetxt(f"{folder}/attributes.csv", rows, fmt="%d", delimiter=",", header=",".join(names), comments="")


def quotas(kind, posts, row, member):
    """Of each quota: positions of its edges, least, most."""
    infinity = np.inf
    if kind == "villages":
        start, count = 0, 0
        while start < posts:
            end = min(posts, start + 3 + (count * 7) % 5)
            yield np.flatnonzero((row >= start) & (row < end) & member[0]), 1, infinity
            start, count = end, count + 1
        return
    blocks = max(1, posts // 200)
    block = np.arange(posts) * blocks // posts
    size = np.bincount(block)
    for b in range(blocks):
        inside = block[row] == b
        for group, percent, lower in ((0, 40, True), (1, 50, True), (2, 25, False)):
            edges = np.flatnonzero(inside & member[group])
            if lower:
                yield edges, -(-int(size[b]) * percent // 100), infinity
            else:
                yield edges, -infinity, int(size[b]) * percent // 100
    for group, percent in ((0, 42), (1, 52)):
        yield np.flatnonzero(member[group]), -(-posts * percent // 100), infinity


def main():
    if sys.argv[1] == "convert":
        return convert(*sys.argv[2:5])
    import highspy
    from scipy.sparse import csc_matrix

    folder = sys.argv[1]
    kind = sys.argv[2] if len(sys.argv) > 2 else "blocks"
    method = sys.argv[3] if len(sys.argv) > 3 else "mip"
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 120.0
    edges = np.loadtxt(f"{folder}/edges.csv", delimiter=",", skiprows=1, dtype=np.int64)
    people = np.loadtxt(f"{folder}/attributes.csv", delimiter=",", skiprows=1, dtype=np.int64)
    row, column, cost = edges.T
    posts, candidates, count = row.max() + 1, len(people), len(edges)
    member = (people[:, 1:4] == 1).T[:, column]
    rows, columns = [row, column + posts], [np.arange(count)] * 2
    low, high = [1] * posts + [-np.inf] * candidates, [1] * (posts + candidates)
    at = posts + candidates
    for of, least, most in quotas(kind, posts, row, member):
        rows.append(np.full(len(of), at))
        columns.append(of)
        low.append(least)
        high.append(most)
        at += 1
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    matrix = csc_matrix((np.ones(len(rows)), (rows, columns)), shape=(at, count))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, at
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost.astype(float), np.zeros(count), np.ones(count)
    lp.row_lower_, lp.row_upper_ = np.array(low, float), np.array(high, float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if method == "mip":
        lp.integrality_ = [highspy.HighsVarType.kInteger] * count
    h = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 2), ("time_limit", seconds), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.99)):
        h.setOptionValue(name, value)
    h.passModel(lp)
    start = time.perf_counter()
    h.run()
    took = time.perf_counter() - start
    info = h.getInfo()
    print(json.dumps({
        "instance": folder, "quotas": kind, "solver": f"HiGHS {method}", "status": str(h.getModelStatus()),
        "objective": info.objective_function_value, "bound": info.mip_dual_bound if method == "mip" else None,
        "seconds": round(took, 3), "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))


if __name__ == "__main__":
    main()
