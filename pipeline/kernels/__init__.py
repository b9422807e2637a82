"""
The hot loops, compiled by numba; each has a plain-Python oracle in tests/pipeline/.

Every kernel has an explicit signature and `cache=True`: it is compiled once per machine (by
`make setup`, or at the first import) and loaded from the cache by every worker. All of them work
on a batch: `codes` holds the code points of all its texts one after the other (uint32), and text
`i` is `codes[start[i] : start[i + 1]]`.
"""
