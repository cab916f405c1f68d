# Needs Python 3.11 or newer (`make PYTHON=python3.12 ...`) and a package index;
# once .venv is up to date, nothing here asks the network.
PYTHON ?= python3
PY := .venv/bin/python
RUN := .venv/run.stamp
TEST := .venv/test.stamp
DEV := .venv/dev.stamp
PEERS := .venv-peers/peers.stamp
BINDSNET := .venv-bindsnet/bindsnet.stamp
CUDA := .venv-cuda/cuda.stamp
CASES := csnn_step lif_layer event_step conversion_eval memory_policy scaling
WORKERS := -n auto --maxprocesses=4 --dist=worksteal  # tests side by side

.PHONY: setup demo demo-csnn test test-long test-gpu notebooks lint types bench bench-peers bench-gpu

setup: $(RUN) $(TEST) $(DEV)

demo: $(RUN)
	$(PY) -m experiments.suite --config=configs/suite/digits.py --workdir=exp/suite_digits

demo-csnn: $(RUN)
	$(PY) -m experiments.csnn --config=configs/csnn/digits.py --workdir=exp/digits

test: $(TEST)
	$(PY) -m pytest $(WORKERS)

test-long: $(TEST)
	XLA_FLAGS= $(PY) -m pytest $(WORKERS) -m ''

# What is interpreted elsewhere is compiled here; needs an NVIDIA GPU.
test-gpu: $(CUDA)
	JAX_PLATFORMS=cuda XLA_FLAGS= XLA_PYTHON_CLIENT_PREALLOCATE=false \
	  .venv-cuda/bin/python -m pytest $(WORKERS) -m '' tests/pallas_kernels tests/event

# From the scripts; what was shown is not kept.
notebooks: $(TEST)
	$(PY) -m jupytext --to ipynb --update --update-metadata \
	  '{"kernelspec": {"name": "python3", "display_name": "Python 3"}}' \
	  notebooks/*.py

lint: $(DEV)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(DEV)
	$(PY) -m basedpyright

# Other libraries, torch among them, live beside us only here.
bench-peers: $(PEERS) $(BINDSNET)

# BENCH_FLAGS='--repeats=5 --seconds=10' is shorter.
bench: bench-peers
	@mkdir -p exp
	@: > exp/bench.jsonl
	set -e; for case in $(CASES); do \
	  .venv-peers/bin/python -m benchmarks.$$case $(BENCH_FLAGS) \
	    >> exp/bench.jsonl; \
	done
	.venv-peers/bin/python -m benchmarks.training_memory >> exp/bench.jsonl
	.venv-bindsnet/bin/python -m benchmarks.stdp_step $(BENCH_FLAGS) >> exp/bench.jsonl
	.venv-peers/bin/python -m benchmarks.records < exp/bench.jsonl

bench-gpu: $(CUDA)
	.venv-cuda/bin/python -m benchmarks.gpu --platform=cuda --repeats=10 --seconds=10

$(RUN): requirements.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("snnjax needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@echo 'Installing into .venv; the first time this takes some minutes.'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet -r $<
	@touch $@

$(TEST): requirements-test.txt $(RUN)
	$(PY) -m pip install --quiet -r $<
	@touch $@

$(DEV): requirements-dev.txt $(TEST)
	$(PY) -m pip install --quiet -r $<
	@touch $@

$(CUDA): requirements-test.txt requirements.txt
	$(PYTHON) -m venv .venv-cuda
	.venv-cuda/bin/python -m pip install --quiet -r requirements.txt -r $< 'jax[cuda13]'
	@touch $@

$(PEERS): requirements-peers.txt requirements.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet -r $<
	@touch $@

$(BINDSNET): requirements-bindsnet.txt requirements.txt
	$(PYTHON) -m venv .venv-bindsnet
	.venv-bindsnet/bin/python -m pip install --quiet -r $<
	@touch $@
