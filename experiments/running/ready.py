"""What workers are forked from: the model imported once, and out of the way of their collectors.

Importing this module is meant for the server that forks the workers of
:class:`tocsin.experiments.running.pool.LocalPool`, and for nobody else.
"""

import gc

import tocsin.simulation.run  # noqa: F401

gc.collect()
gc.freeze()  # a collector writes to what it visits, and each worker gets pages of its own
