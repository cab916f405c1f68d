# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Speed and memory beside other libraries; one module per case."""
