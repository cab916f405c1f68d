# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Products of spikes and weights in 8-bit integers.

A CPU with AMX multiplies 8-bit integers many times faster than floats, and adds
them up without rounding. Spikes are 0 or 1, and a weight is three digits to
base 256,

  w = s·(2¹⁶·d₀ + 2⁸·d₁ + d₂),   s a power of two for each neuron,

rounded by at most 2⁻²² of the neuron's largest weight: about what sums of
floats lose. On other CPUs floats are faster (also on one with VNNI, a Zen 5).

References: Ozaki, Ogita, Oishi, Rump, "Error-free transformations of matrix
multiplication by using fast routines of matrix multiplication and its
applications", 2012. Ootomo, Ozaki, Yokota, "DGEMM on integer matrix
multiplication unit", 2024.
"""

import jax
import jax.numpy as jnp

from snnjax.products import product
from snnjax.types import Array

_BITS = 22  # of a neuron's largest weight, so that d₀ is at most 64


@jax.custom_vjp
def spike_product(spikes: Array, kernel: Array) -> Array:
  """Multiplies matrices, x·W, where x is 0 or 1.

  The gradient is that of `products.product`.

  Args:
    spikes: x `[N, I]`, 0 or 1; other numbers are cut to 8-bit integers.
    kernel: W `[I, O]`.

  Returns:
    `[N, O]`, of W's type.
  """
  spikes = spikes.astype(jnp.int8)
  # A half's range ends before that of the digits' sum.
  wide = kernel.astype(jnp.promote_types(kernel.dtype, jnp.float32))
  digits, scale = _digits(wide)
  total = 0
  for digit in digits:
    sums = jax.lax.dot(spikes, digit, preferred_element_type=jnp.int32)
    total = 2**8 * total + sums.astype(wide.dtype)
  return (total * scale).astype(kernel.dtype)


def _digits(kernel):
  """d₀, d₁ and d₂, int8 `[I, O]`, and s `[1, O]`."""
  largest = jnp.max(jnp.abs(kernel), axis=0, keepdims=True)
  _, exponent = jnp.frexp(largest)  # largest < 2^exponent
  whole = jnp.round(jnp.ldexp(kernel, _BITS - exponent)).astype(jnp.int32)
  low = (whole + 128) % 256 - 128
  rest = (whole - low) // 256
  middle = (rest + 128) % 256 - 128
  digits = (rest - middle) // 256, middle, low
  unit = jnp.where(jnp.isfinite(largest), 1, jnp.nan)  # integers have no NaN
  scale = jnp.ldexp(unit.astype(largest.dtype), exponent - _BITS)
  return [digit.astype(jnp.int8) for digit in digits], scale


def _forward(spikes, kernel):
  return spike_product(spikes, kernel), (spikes, kernel)


def _backward(residuals, gradient):
  return jax.vjp(product, *residuals)[1](gradient)


spike_product.defvjp(_forward, _backward)
