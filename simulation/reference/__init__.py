"""The kernels once more in NumPy, to be read: what each compiled function does, whole arrays
at a time. The tests hold :mod:`simulation.kernels` to these, bit by bit.
"""

from simulation.reference.counting import endings, passing
from simulation.reference.draws import chained, uniform
from simulation.reference.intelligence import leak, receive
from simulation.reference.movement import move
from simulation.reference.reporting import public_tips, reveal, send_evidence, share, tell
from simulation.reference.watches import begin, choose, learn

__all__ = [
    "begin", "chained", "choose", "endings", "leak", "learn", "move", "passing", "public_tips",
    "receive", "reveal", "send_evidence", "share", "tell", "uniform",
]  # fmt: skip
