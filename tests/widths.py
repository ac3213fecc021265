"""The bundled widths of measuring, for tests that read or measure without a rulebook."""

from functools import partial

from planning_check import ingest, pipeline

MEASURING = pipeline.load_rules().measuring
load = partial(ingest.load, widths=MEASURING)
