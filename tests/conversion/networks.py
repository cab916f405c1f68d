# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Small untrained networks of every kind: `() -> (fn, params, x)`."""

import flax.linen as nn
import jax
import jax.numpy as jnp
from flax import nnx


class Convolutional(nn.Module):
  """Convolutions, batch normalisation, a residual, both poolings."""

  @nn.compact
  def __call__(self, x):
    """Makes 3 outputs of images."""
    x = nn.Conv(4, (3, 3))(x)
    x = nn.relu(nn.BatchNorm(use_running_average=True)(x))
    x = nn.max_pool(x, (2, 2), (2, 2))
    x = nn.relu(nn.Conv(4, (3, 3))(x) + x)
    x = nn.avg_pool(x, (2, 2), (2, 2))
    return nn.Dense(3)(x.reshape(x.shape[0], -1))


class Mixer(nn.Module):
  """Patches, token and channel mixing, attention."""

  @nn.compact
  def __call__(self, x):
    """Makes 10 outputs of images."""
    x = nn.Conv(16, (4, 4), (4, 4))(x)
    x = x.reshape(x.shape[0], -1, 16)
    x = x + self._mlp(self._norm(x).swapaxes(1, 2)).swapaxes(1, 2)
    x = x + self._mlp(self._norm(x))
    x = x + nn.MultiHeadDotProductAttention(num_heads=2)(self._norm(x))
    return nn.Dense(10)(self._norm(x).mean(1))

  def _norm(self, x):
    return nn.LayerNorm(use_fast_variance=False)(x)

  def _mlp(self, x):
    return nn.Dense(16)(nn.gelu(nn.Dense(32)(x)))


class Attentive(nnx.Module):
  """The other of Flax's interfaces."""

  def __init__(self, rngs):
    """Makes its layers."""
    self.conv = nnx.Conv(3, 8, (3, 3), rngs=rngs)
    self.bn = nnx.BatchNorm(8, rngs=rngs)
    self.linear = nnx.Linear(8, 16, rngs=rngs)
    self.layernorm = nnx.LayerNorm(16, rngs=rngs)
    self.out = nnx.Linear(16, 5, rngs=rngs)
    self.dropout = nnx.Dropout(0.5, rngs=rngs)
    self.attention = nnx.MultiHeadAttention(2, 16, rngs=rngs, decode=False)

  def __call__(self, x):
    """Makes 5 outputs of images."""
    x = nnx.relu(self.bn(self.conv(x)))
    x = nnx.max_pool(x, (2, 2), (2, 2))
    x = x.reshape(x.shape[0], -1, 8)
    x = self.dropout(nnx.silu(self.linear(x)))
    x = x + self.attention(self.layernorm(x))
    return self.out(x.mean(1))


def convolutional():
  return _linen(Convolutional(), (4, 8, 8, 2))


def mixer():
  return _linen(Mixer(), (8, 16, 16, 3))


def attentive(training=False):
  model = Attentive(nnx.Rngs(0))
  if not training:
    model.eval()
  graph, state = nnx.split(model)
  x = jax.random.normal(jax.random.PRNGKey(0), (4, 8, 8, 3))
  return (lambda state, x: nnx.merge(graph, state)(x)), state, x


def embedding():
  """Tokens are integers; a scan over layers, rows of a table."""
  keys = jax.random.split(jax.random.key(0), 3)
  params = {
    'table': jax.random.normal(keys[0], (11, 6)),
    'layers': jax.random.normal(keys[1], (3, 6, 6)),
    'out': jax.random.normal(keys[2], (6, 2)),
  }

  def fn(params, tokens):
    x = params['table'][tokens]
    x, _ = jax.lax.scan(
      lambda x, w: (x + jnp.tanh(x @ w), None), x, params['layers']
    )
    return x.mean(1) @ params['out']

  return fn, params, jnp.arange(12).reshape(4, 3) % 11


def joined():
  """Tokens of all images along one axis, for a layer."""
  keys = jax.random.split(jax.random.key(0), 3)
  params = {
    'first': jax.random.normal(keys[0], (4, 6)),
    'second': jax.random.normal(keys[1], (6, 3)),
  }

  def fn(params, x):
    y = jnp.tanh(x.reshape(-1, 4) @ params['first'])
    y = (y @ params['second']).reshape(x.shape[0], -1, 3)
    return y.mean(1)

  return fn, params, jax.random.normal(keys[2], (3, 5, 4))


def causal():
  """Attention of tokens to earlier ones: masks are no signals."""
  keys = jax.random.split(jax.random.key(0), 3)
  params = {
    name: jax.random.normal(key, (4, 4))
    for name, key in zip(('query', 'out'), keys[:2], strict=True)
  }

  def fn(params, x):
    logits = jnp.einsum('bic,bjc->bij', x @ params['query'], jnp.tanh(x))
    is_earlier = jnp.tril(jnp.ones((5, 5), bool))[None]
    logits = jnp.where(is_earlier, logits, -jnp.inf)
    y = jnp.einsum('bij,bjc->bic', jax.nn.softmax(logits), x)
    return (jnp.tanh(y) @ params['out']).mean(1)

  return fn, params, jax.random.normal(keys[2], (3, 5, 4))


def _linen(model, shape):
  x = jax.random.normal(jax.random.PRNGKey(1), shape)
  return model.apply, model.init(jax.random.PRNGKey(0), x), x
