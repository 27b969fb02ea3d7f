"""From meter readings by way of a methodology to reductions."""
