"""Who does the tasks of a run: processes, array jobs, nodes of a cluster; what may hold them."""
