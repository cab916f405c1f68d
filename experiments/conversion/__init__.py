# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Trains ordinary networks, converts them to spiking ones, and measures."""
