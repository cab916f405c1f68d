# %% [markdown]
# # STDP: neurons that learn digits without labels
#
# The two-layer network of Diehl and Cook, on the digits that scikit-learn
# carries: spike trains, competition, receptive fields, and labels that are
# given to neurons only afterwards. Half a minute on two cores.
#
# On Colab, first fetch and install the repository, in a cell of its own:
# `!git clone ADDRESS snnjax && pip install ./snnjax` (with a GPU:
# `'./snnjax[cuda]'`).

# %%
# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
# %matplotlib inline
import jax
import jax.numpy as jnp
import numpy as np

from snnjax import data, encoders, metrics, plasticity, viz
from snnjax.plasticity import labels, neurons, rules

# %% [markdown]
# ## From images to spikes
#
# Pixels fire nearly regularly, the brighter the faster: 100 steps of a
# millisecond, white at 128 Hz.

# %%
NUM_STEPS, DT, WHITE = 100, 1e-3, 16
rates = 128.0 * np.arange(WHITE + 1) / WHITE  # Hz, by grey level
table = encoders.renewal_table(rates, num_steps=NUM_STEPS, dt=DT)


def encode(images, key):
  levels = jnp.asarray(images).reshape(len(images), -1)
  return encoders.renewal_levels(key, levels, table)


train, test = data.load('digits', 'train'), data.load('digits', 'test')
spikes = encode(train.inputs[:1], jax.random.key(0))  # [T, 1, 64]

figure = viz.new_figure(9, 3)
left, right = figure.subplots(1, 2, width_ratios=(1, 2))
left.imshow(train.inputs[0, ..., 0], cmap='gray_r')
viz.raster(right, spikes[:, 0], seconds_per_step=DT)
figure

# %% [markdown]
# ## A network
#
# Every spike of a neuron inhibits all others, and thresholds adapt, so that all
# have their turn. Weights grow where an input fired shortly before, and shrink
# where it fires after; their sum is kept.

# %%
NUM_NEURONS, BATCH, NUM_EPOCHS = 100, 16, 6


def network(factor=1.0):  # of both rates of learning
  return plasticity.two_population(
    64,
    NUM_NEURONS,
    dt=DT,
    neuron=neurons.adaptive(dt=DT, tau_theta=20.0),
    rule=rules.post_pre(depression=1e-4 * factor, potentiation=1e-2 * factor),
    norm=12.8,
  )


# %% [markdown]
# ## Learning
#
# A presentation is one scan over time, in which the examples of a batch share
# weights and thresholds; an epoch is a scan over presentations. Rates of
# learning fall to zero.

# %%
stream = data.training_stream(train, BATCH, seed=0)
num_steps = NUM_EPOCHS * stream.steps_per_epoch


@jax.jit
def learn(params, steps, images):
  def show(params, step_and_images):
    step, images = step_and_images
    of_spikes, of_choice = jax.random.split(jax.random.key(step))
    params, counts, _ = plasticity.present(
      network(1 - step / num_steps),
      params,
      encode(images, of_spikes),
      of_choice,
      learning=True,
    )
    return params, jnp.mean(jnp.sum(counts, axis=1))

  return jax.lax.scan(show, params, (steps, images))


params = plasticity.init(network(), jax.random.key(0))
for steps in np.split(np.arange(num_steps), NUM_EPOCHS):
  images = np.stack([stream.batch(step).inputs for step in steps])
  params, num_spikes = learn(params, steps, images)
  print(f'Up to step {steps[-1]}: {jnp.mean(num_spikes):.1f} spikes per image')

# %%
figure = viz.new_figure(7, 6)
viz.receptive_fields(figure.subplots(), params.weights, (8, 8))
figure

# %% [markdown]
# ## Labels, afterwards
#
# The frozen network sees the training images once more, and each neuron is
# given the class to which it responds most; test images are then put to the
# vote.


# %%
@jax.jit
def respond(images, key):
  of_spikes, of_choice = jax.random.split(key)
  _, counts, _ = plasticity.present(
    network(), params, encode(images, of_spikes), of_choice, learning=False
  )
  return counts


def responses(source):
  for batch in data.evaluation_batches(source, 128)():
    counts = respond(batch.inputs, jax.random.key(batch.index[0]))
    yield batch, counts


seen = metrics.add_all(
  labels.responses(counts, batch.labels, batch.mask, 10)
  for batch, counts in responses(train)
)
assigned = labels.assign(seen)
votes = [
  metrics.confusion_matrix(
    labels.proportion_weighting(counts, assigned).argmax(-1),
    batch.labels,
    batch.mask,
    num_classes=10,
  )
  for batch, counts in responses(test)
]
confusion = np.asarray(metrics.add_all(votes))
test_accuracy = np.trace(confusion) / confusion.sum()
print(f'Test accuracy: {test_accuracy:.1%}, and no label was learnt from')

# %%
figure = viz.new_figure(11, 5)
left, right = figure.subplots(1, 2)
viz.assignment_map(left, assigned.label, test.class_names)
viz.confusion(right, confusion, test.class_names)
figure
