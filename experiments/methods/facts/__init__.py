"""Stylised facts: what is known of the world, held against what the model gives.

A *check* is one sentence that can be wrong: runs, a statistic over paired seeds with its interval,
and a band that comes from a published figure or from the design. `python -m
tocsin.experiments.methods.facts` runs them and writes docs/facts.csv and docs/facts.md, failures
included.
"""
