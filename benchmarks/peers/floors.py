# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Floors: what the machine takes for products and memory traffic alone."""

import jax
import numpy as np

from benchmarks import with_jax
from benchmarks.csnn_step import KERNELS

PACKAGES = ('jax', 'jaxlib')
_PLACES = 8 * 8  # outputs of the second convolution


def products(problem):
  """Computes the products of `lif_layer` and nothing else."""

  def run(kernel, xs):
    currents = xs @ kernel
    return xs.T @ currents if problem.has_gradient else currents

  xs = problem.xs.reshape(-1, problem.xs.shape[-1])
  return with_jax.repeated(run, (problem.kernel, xs))


def traffic(problem):
  """Reads and writes as much as the neurons of `lif_layer` must."""
  shape = *problem.xs.shape[:2], problem.kernel.shape[1]
  return with_jax.repeated(lambda xs: xs + 1.0, (np.ones(shape, np.float32),))


def csnn_step(problem):
  """Computes the products of a convolution and of its two gradients."""

  def all_three(patches, kernel):
    errors = patches @ kernel
    return errors, patches.T @ errors, errors @ kernel.T

  return _in_steps(problem, all_three)


def csnn_inference(problem):
  """Computes the product of a convolution."""
  return _in_steps(problem, lambda patches, kernel: (patches @ kernel,))


def _in_steps(problem, products):
  """Computes them once a step; each waits for the step before."""
  shape = KERNELS['conv2']
  patches = np.ones(
    (len(problem.images) * _PLACES, np.prod(shape[:-1])), np.float32
  )
  kernel = problem.params['conv2']['kernel'].reshape(-1, shape[-1])

  def run(patches, kernel):
    def step(found, _):
      return products(patches, kernel + 0.0 * found[0][0, 0]), None

    first = products(patches, kernel)
    return jax.lax.scan(step, first, length=problem.num_steps - 1)[0]

  return with_jax.repeated(run, (patches, kernel))
