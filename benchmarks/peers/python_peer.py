# One native library in a process of its own, answering rounds: see engine-process.mjs for the protocol.
#   python_peer.py <hnswlib|faiss-f32|faiss-sq8|usearch-f32|usearch-i8> <folder> <dimension> <m> <efConstruction>
import json
import sys
import time

import numpy as np

name, folder, dimension, m, ef_construction = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
rows = lambda file: np.fromfile(f"{folder}/{file}.f32", dtype=np.float32).reshape(-1, dimension)
base = rows("base")


class Hnswlib:
    def __init__(self):
        import hnswlib

        self.about = f"hnswlib, compiled with -march=native where pip builds it"
        self.index = hnswlib.Index(space="ip", dim=dimension)
        self.index.init_index(len(base), M=m, ef_construction=ef_construction, random_seed=1)
        self.index.set_num_threads(1)
        self.index.add_items(base, num_threads=1)

    def search(self, queries, ef):
        self.index.set_ef(max(ef, 10))
        return self.index.knn_query(queries, k=10, num_threads=1)[0]


class Faiss:
    def __init__(self):
        import faiss

        faiss.omp_set_num_threads(1)
        self.faiss = faiss
        self.about = "faiss " + faiss.get_compile_options().strip()
        if name == "faiss-f32":
            self.index = faiss.IndexHNSWFlat(dimension, m, faiss.METRIC_INNER_PRODUCT)
        else:
            self.index = faiss.IndexHNSWSQ(
                dimension, faiss.ScalarQuantizer.QT_8bit, m, faiss.METRIC_INNER_PRODUCT
            )
        self.index.hnsw.efConstruction = ef_construction
        self.index.train(base)
        self.index.add(base)

    def search(self, queries, ef):
        self.index.hnsw.efSearch = ef
        return self.index.search(queries, 10)[1]


class Usearch:
    def __init__(self):
        from usearch.index import Index

        self.index = Index(
            ndim=dimension,
            metric="cos",
            dtype=name.split("-")[1],
            connectivity=m,
            expansion_add=ef_construction,
        )
        self.about = f"usearch, {self.index.hardware_acceleration}"
        self.index.add(np.arange(len(base), dtype=np.uint64), base, threads=1)

    def search(self, queries, ef):
        self.index.expansion_search = ef
        return self.index.search(queries, 10, threads=1).keys.astype(np.int64)


wall, cpu = time.perf_counter(), time.process_time()
engine = {"hnswlib": Hnswlib, "faiss": Faiss, "usearch": Usearch}[name.split("-")[0]]()
report = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "about": engine.about}
print("ready", json.dumps(report), flush=True)
sets = {}
for line in sys.stdin:
    _, chosen, ef, count, file = line.split()
    if chosen not in sets:
        sets[chosen] = rows(f"set{chosen}")
    queries = np.ascontiguousarray(sets[chosen][: int(count)])
    wall, cpu = time.perf_counter(), time.process_time()
    ids = engine.search(queries, int(ef))
    report = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    np.ascontiguousarray(ids).astype(np.int32).tofile(file)
    print("done", json.dumps(report), flush=True)
