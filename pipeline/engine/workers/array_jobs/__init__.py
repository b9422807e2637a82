"""
Array jobs: the tasks of a stage as one job of a batch system, for machines that only these reach.

The driver writes the tasks to files and submits an array of elements; element *k* works on batch
*k* with worker processes of its own, with neither Prefect nor network, and leaves an answer for
every task. What has no answer when the array is over is submitted again. Only a folder that all
nodes see is needed; what is done is said by the stage files, as everywhere.

A batch system is a table of commands (`systems.py`), a site a small file (`site.py`).
"""
