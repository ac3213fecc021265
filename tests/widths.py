"""The bundled widths of measuring, for tests that measure without a rulebook."""

from planning_check import pipeline

MEASURING = pipeline.load_rules().measuring
