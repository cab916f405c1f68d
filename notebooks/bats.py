# %% [markdown]
# # Spike times: event-based networks with exact gradients
#
# No time steps: the spikes of a neuron are found in closed form, and so is the
# derivative of each. A single neuron first, then a network that counts spikes,
# on the digits that scikit-learn carries. A minute on two cores.
#
# On Colab, first fetch and install the repository, in a cell of its own:
# `!git clone ADDRESS snnjax && pip install ./snnjax` (with a GPU:
# `'./snnjax[cuda]'`).

# %%
# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
# %matplotlib inline
import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax

from snnjax import data, encoders, event, metrics, training, viz

# %% [markdown]
# ## A neuron
#
# Synaptic currents decay with `τₛ`, the membrane with `2·τₛ`; at the threshold
# `θ` a neuron fires, and `Δθ` is taken from its membrane. Here it has three
# inputs, and one weight is varied.

# %%
TAU, T_MAX, NUM_SPIKES = 0.13, 0.3, 4  # seconds, seconds, room
neuron = event.EventNeuron(tau_syn=TAU, threshold=0.2, reset=0.2)
inputs = jnp.array([[[0.0], [0.05], [0.12]]])  # [B, I, K], seconds


def spike_times(second):  # [O], one neuron for each of these weights
  first, third = jnp.full_like(second, 2.0), jnp.ones_like(second)
  weights = jnp.stack([first, second, third])  # [I, O]
  return event.event_layer(weights, inputs, neuron, NUM_SPIKES, T_MAX)[0]


weights = jnp.linspace(1.0, 4.0, 61)
times, pull_back = jax.vjp(jax.jit(spike_times), weights)  # [O, S]
slopes = [
  pull_back(jnp.zeros_like(times).at[:, k].set(1.0))[0]
  for k in range(NUM_SPIKES)
]

figure = viz.new_figure()
ax = figure.subplots()
ax.plot(weights, times, color=viz.color(0, 2))
span = jnp.array([-0.25, 0.25])
for i in range(0, 61, 12):  # tangents, by the exact derivative
  for time, slope in zip(times[i], slopes, strict=True):
    tangent = time + slope[i] * span
    ax.plot(weights[i] + span, tangent, color=viz.color(1, 2))
ax.set(xlabel='Weight of the second input', ylabel='Spike times [s]')
figure

# %% [markdown]
# ## A network
#
# A pixel that is not black fires once, the brighter the earlier; a neuron fires
# up to so many times. The class whose neuron fires most is the answer.

# %%
WINDOW, WHITE = 0.1, 16  # seconds; grey level
kernel_init = event.network.uniform(-1.0, 1.0)


def layer(name, size, threshold):
  return event.network.dense(
    name,
    size,
    event.EventNeuron(TAU, threshold, threshold),
    max_spikes=30,
    t_max=0.2,
    kernel_init=kernel_init,
  )


network = event.network.network(
  [layer('hidden', 100, 0.2), layer('out', 10, 0.6)]
)


def run(params, batch):
  levels = jnp.asarray(batch.inputs).reshape(len(batch.inputs), -1) / WHITE
  spikes = encoders.first_spike_times(levels, t_max=WINDOW)  # [B, I, 1]
  return network.apply(params, spikes)


# %% [markdown]
# ## Training
#
# The loss counts spikes, and its gradient reaches the weights through the
# spikes' times. An output that is silent for its own class has no gradient, so
# its weights grow by a rule. `fit` keeps records, checkpoints and the best of
# the validation split; run again with the same folder, it goes on, so another
# network or setting needs another folder.

# %%
WORKDIR = 'exp/notebook_bats'
SPLITS = 'train', 'validation', 'test'
sources = {split: data.load('digits', split) for split in SPLITS}
count_loss = functools.partial(
  event.losses.class_spike_count_loss, target_true=15.0, target_false=3.0
)


def sums(crossings, batch):
  predictions = event.losses.predict_count(crossings['out'].times)
  return {
    'accuracy': metrics.accuracy(predictions, batch.labels, batch.mask),
    **event.observers.activity(crossings, batch.mask),
  }


def loss_fn(params, batch, key):
  del key  # nothing is random
  crossings = run(params, batch)
  times = crossings['out'].times
  loss = count_loss(times, batch.labels)
  loss += event.losses.revive_silent_labels(
    params['out']['kernel'], times, batch.labels, factor=1.0
  )
  return loss, sums(crossings, batch)


SETTINGS = {'learning_rate': 3e-2, 'batch_size': 32, 'num_epochs': 4}
stream = data.training_stream(sources['train'], SETTINGS['batch_size'], seed=0)
task = training.gradient_task(
  lambda key: network.init(key, (64,)),
  loss_fn,
  lambda params, batch: sums(run(params, batch), batch),
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
  workdir=WORKDIR,
  seed=0,
  config=SETTINGS,
)

# %%
records = training.read_records(WORKDIR)
viz.test_accuracy(records)

# %% [markdown]
# ## What it does

# %%
batch = next(iter(data.evaluation_batches(sources['test'], 359)()))
crossings = jax.jit(run)(state.params, batch)

figure = viz.new_figure(9, 3)
for k, ax in enumerate(figure.subplots(1, 3, sharey=True)):
  viz.spike_trains(ax, crossings['out'].times[k], t_max=0.2)
  ax.set_title(f'True class {batch.labels[k]}')
figure

# %%
predicted = event.losses.predict_count(crossings['out'].times)
test_accuracy = np.mean(np.asarray(predicted) == batch.labels)
print(f'Test accuracy: {test_accuracy:.1%}')
