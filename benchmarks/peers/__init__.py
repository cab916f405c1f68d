# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Other libraries at the same work; each is imported in its own process."""
