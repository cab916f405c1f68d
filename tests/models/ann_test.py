# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The ordinary networks: sizes known from the literature, and what they map."""

import math

import flax.linen as nn
import jax
import jax.numpy as jnp
import pytest

from snnjax.conversion import convert, rules
from snnjax.models import cnn, convnext, mixer, patches, resnet, vgg, vit

# Parameters in thousands, as published for 3 colours and 10 classes.
SIZES = [
  (vgg.Vgg(11), 9_231),
  (vgg.Vgg(13), 9_416),
  (vgg.Vgg(16), 14_728),
  (vgg.Vgg(19), 20_040),
  (resnet.ResNet(18), 11_174),
  (resnet.ResNet(20), 273),
  (resnet.ResNet(34), 21_282),
]
ALL = [
  cnn.Cnn(),
  vgg.Vgg(11, width=0.25),
  resnet.ResNet(20),
  mixer.Mixer(),
  mixer.ResMlp(),
  vit.Vit(),
  convnext.ConvNext(),
]


@pytest.mark.parametrize(('model', 'thousands'), SIZES)
def test_sizes(model, thousands):
  variables = _variables(model)
  leaves = jax.tree.leaves(variables['params'])
  # Convolutions have biases here, which the published ones leave out.
  assert sum(map(_size, leaves)) / 1e3 == pytest.approx(thousands, rel=0.01)


@pytest.mark.parametrize('model', ALL, ids=lambda model: type(model).__name__)
def test_images_to_logits_and_to_neurons(model):
  variables, x = _variables(model), jax.ShapeDtypeStruct((2, 32, 32, 3), float)
  assert jax.eval_shape(model.apply, variables, x).shape == (2, 10)
  plan = convert(model.apply, rules.identity()).plan(variables, x)
  assert plan.sites
  if isinstance(model, cnn.Cnn | vgg.Vgg | resnet.ResNet):
    assert all(site.is_rectified for site in plan.sites)


@pytest.mark.parametrize('model', [vgg.Vgg(18), resnet.ResNet(16)])
def test_depths_are_named(model):
  with pytest.raises(ValueError, match=r'depth must be one of \[1.*; got 1'):
    _variables(model)


def test_training_differs_by_dropout_and_statistics():
  x = jnp.ones((2, 8, 8, 1))
  model = vit.Vit(features=8, num_heads=2, hidden=8, num_blocks=1)
  variables = model.init(jax.random.key(0), x)
  one, other = (
    model.apply(
      variables, x, train=True, rngs={'dropout': jax.random.key(seed)}
    )
    for seed in (0, 1)
  )
  assert not jnp.allclose(one, other)
  model = cnn.Cnn(channels=(2,), activation=nn.gelu)
  variables = model.init(jax.random.key(0), x)
  _, new = model.apply(variables, x, train=True, mutable=['batch_stats'])
  assert not jnp.allclose(
    new['batch_stats']['BatchNorm_0']['mean'],
    variables['batch_stats']['BatchNorm_0']['mean'],
  )


def test_patches_must_fill_the_image():
  image = jnp.arange(16.0).reshape(1, 4, 4, 1)
  assert patches.patches(image, 2)[0, 1].tolist() == [2, 3, 6, 7]
  with pytest.raises(ValueError, match='3x3 must fill the image; got 4x4'):
    patches.patches(image, 3)


def _variables(model):
  x = jax.ShapeDtypeStruct((2, 32, 32, 3), float)
  return jax.eval_shape(model.init, jax.random.key(0), x)


def _size(leaf):
  return math.prod(leaf.shape)
