# %% [markdown]
# # Conversion: a trained network becomes a spiking one
#
# An ordinary Flax network with GELU is trained on the digits that scikit-learn
# carries; then neurons take the place of its nonlinearities, and its parameters
# stay as they are. Half a minute on two cores.
#
# On Colab, first fetch and install the repository, in a cell of its own:
# `!git clone ADDRESS snnjax && pip install ./snnjax` (with a GPU:
# `'./snnjax[cuda]'`).

# %%
# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
# %matplotlib inline
import functools

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax

from snnjax import conversion, data, metrics, training, viz
from snnjax.conversion import rules, schedules

# %% [markdown]
# ## The network to convert
#
# Any pure function `(params, x) -> y` will do; this one is Flax's. Training
# goes on where it stopped in the same folder, so another network or setting
# needs another one.


# %%
class Network(nn.Module):
  @nn.compact
  def __call__(self, x):
    x = nn.gelu(nn.Conv(8, (3, 3))(x))
    x = nn.max_pool(x, (2, 2), (2, 2))
    x = nn.gelu(nn.Conv(16, (3, 3))(x))
    x = x.reshape(len(x), -1)
    return nn.Dense(10)(nn.gelu(nn.Dense(64)(x)))


network = Network()


def prepare(images):
  return jnp.asarray(images) / 16.0


SPLITS = 'train', 'validation', 'test'
sources = {split: data.load('digits', split) for split in SPLITS}


def accuracy(logits, batch):
  return metrics.accuracy(logits.argmax(-1), batch.labels, batch.mask)


def loss_fn(params, batch, key):
  del key  # nothing is random
  logits = network.apply(params, prepare(batch.inputs))
  loss = optax.softmax_cross_entropy_with_integer_labels(logits, batch.labels)
  return loss, {'accuracy': accuracy(logits, batch)}


def evaluate(params, batch):
  logits = network.apply(params, prepare(batch.inputs))
  return {'accuracy': accuracy(logits, batch)}


SETTINGS = {'learning_rate': 3e-3, 'batch_size': 64, 'num_epochs': 6}
stream = data.training_stream(sources['train'], SETTINGS['batch_size'], seed=0)
task = training.gradient_task(
  lambda key: network.init(key, jnp.zeros((1, 8, 8, 1))),
  loss_fn,
  evaluate,
  optax.adam(SETTINGS['learning_rate']),
)
state = training.fit(
  task,
  stream,
  {
    split: data.evaluation_batches(sources[split], 120)
    for split in ('validation', 'test')
  },
  num_steps=SETTINGS['num_epochs'] * stream.steps_per_epoch,
  chunk=stream.steps_per_epoch,
  workdir='exp/notebook_conversion',
  seed=0,
  config=SETTINGS,
)

# %% [markdown]
# ## Conversion
#
# `calibrate` notes, over training images, which values occur where neurons will
# be. By sign-gradient descent a neuron follows its function, whichever that is:
# each spike is a step towards it. A binary neuron steps at any time; a ternary
# one rests where it is close enough. (Rates, `rules.integrate_and_fire`, can
# only follow ReLU; a network with anything else is refused, naming the line.)

# %%
batches = conversion.draw_batches(
  sources['train'], prepare, num_batches=4, batch_size=128
)
stats = conversion.calibrate(network.apply, state.params, batches)
schedule = schedules.exponential(1.0, 0.8)  # of step sizes
networks = {
  name: conversion.convert(
    network.apply, rules.signgd(schedule, dead_zone=dead_zone), stats
  )
  for name, dead_zone in (('binary', 0.0), ('ternary', 0.5))
}

# %%
STEPS = (1, 2, 4, 8, 16, 32)
test = sources['test']
x, labels = prepare(test.inputs), jnp.asarray(test.labels)
trained = float(jnp.mean(network.apply(state.params, x).argmax(-1) == labels))
accuracies, spikes = {}, {}
for name, snn in networks.items():
  run = functools.partial(snn, steps=STEPS[-1], record=STEPS)
  outcome = jax.jit(run)(state.params, x)
  accuracies[name] = jnp.mean(
    outcome.outputs.argmax(-1) == labels[None], axis=1
  )
  spikes[name] = float(jnp.mean(sum(outcome.spikes.values())[-1]))

figure = viz.new_figure()
ax = figure.subplots()
for k, (name, values) in enumerate(accuracies.items()):
  viz.curve(
    ax,
    STEPS,
    values,
    x_label='Time steps',
    y_label='Test accuracy',
    label=f'{name}, {spikes[name]:,.0f} spikes per image',
    color=viz.color(k, 2),
  )
ax.axhline(trained, color='0.5', linestyle='--', label='trained network')
ax.set_xscale('log', base=2)
ax.legend(frameon=False)
figure

# %% [markdown]
# ## Where the error comes from
#
# At every site the difference from the trained network is a sum of four parts:
# inherited from the neurons before, clipping, quantisation by so few steps, and
# unevenness of the inputs in time.

# %%
take_apart = functools.partial(
  conversion.conversion_report, networks['ternary'], steps=8
)
report = jax.jit(take_apart)(state.params, x[:64])
for site, parts in report.items():
  sizes = {
    part: float(jnp.sqrt(jnp.mean(getattr(parts, part) ** 2)))
    for part in ('inherited', 'clipping', 'quantisation', 'unevenness')
  }
  print(site, {part: round(size, 4) for part, size in sizes.items()})

# %%
test_accuracy = float(accuracies['ternary'][-1])
print(f'Test accuracy, converted: {test_accuracy:.1%}; trained: {trained:.1%}')
