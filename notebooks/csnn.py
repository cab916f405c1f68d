# %% [markdown]
# # Surrogate gradients: a convolutional spiking network
#
# A neuron, a network of cells, its training through time on the digits that
# scikit-learn carries, and a look at its spikes. Half a minute on two cores.
#
# On Colab, first fetch and install the repository, in a cell of its own:
# `!git clone ADDRESS snnjax && pip install ./snnjax` (with a GPU:
# `'./snnjax[cuda]'`).

# %%
# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
# %matplotlib inline
import jax
import jax.numpy as jnp
import optax

from snnjax import (
  combinators,
  data,
  losses,
  metrics,
  neurons,
  observers,
  simulate,
  surrogate,
  synapses,
  training,
  viz,
)

# %% [markdown]
# ## A neuron
#
# `U[t] = β·U[t-1] - R[t]·θ + I[t]`, and a spike where `U[t] > θ`. That step's
# derivative is zero almost everywhere; in its place stands that of a smooth
# function, the surrogate. Three currents, of which the first is too weak:

# %%
lif = neurons.lif(0.9, spike_fn=surrogate.fast_sigmoid(25.0))
currents = jnp.array([[[0.08, 0.15, 0.4]]])  # [1, B, N]: constant in time
params = lif.init(jax.random.key(0), (3,))
result = simulate.simulate(lif, params, currents, num_steps=40)

figure = viz.new_figure(9, 2.5)
viz.traces(
  figure,
  result.trace[0].membrane[:, 0],
  result.outputs[:, 0],
  threshold=1.0,
  shape=(1, 3),
  spike_height=0.5,
)
figure

# %% [markdown]
# ## A network
#
# Layers are cells as neurons are: `init`, `start`, `step`, `unroll`. Parameters
# are a pytree with Flax's names and layout.

# %%
NUM_STEPS = 20


def neuron():
  return neurons.lif(0.5, spike_fn=surrogate.fast_sigmoid(25.0))


network = combinators.serial(
  conv1=synapses.conv(16, 3, padding='SAME'),
  pool1=synapses.max_pool(2),
  neuron1=neuron(),
  conv2=synapses.conv(32, 3),
  neuron2=neuron(),
  flatten=synapses.flatten(),
  dense=synapses.dense(10),
  out=neuron(),
)
IN_SHAPE = (8, 8, 1)
shapes = jax.eval_shape(
  lambda key: network.init(key, IN_SHAPE), jax.random.key(0)
)
for name, leaves in shapes.items():
  print(name, jax.tree.map(jnp.shape, leaves))

# %% [markdown]
# ## Training
#
# A task says what is trained and how it is judged; `fit` does the rest: chunks
# of updates in one compiled call, records, checkpoints, the best model on the
# validation split. Run again with the same folder, it goes on where it stopped,
# so another network or setting needs another folder.

# %%
WORKDIR = 'exp/notebook_csnn'
SPLITS = 'train', 'validation', 'test'
sources = {split: data.load('digits', split) for split in SPLITS}


def run(params, batch):
  xs = jnp.asarray(batch.inputs)[None] / 16.0  # constant in time
  return simulate.simulate(network, params, xs, num_steps=NUM_STEPS)


def accuracy(spikes, batch):
  predictions = metrics.predict_rate(spikes)
  return metrics.accuracy(predictions, batch.labels, batch.mask)


def loss_fn(params, batch, key):
  del key  # nothing is random
  spikes = run(params, batch).outputs
  loss = losses.ce_rate_loss(spikes, batch.labels)
  return loss, {'accuracy': accuracy(spikes, batch)}


def evaluate(params, batch):
  result = run(params, batch)
  activity = observers.activity(
    network, params, result.trace, batch.mask, IN_SHAPE
  )
  return {'accuracy': accuracy(result.outputs, batch), **activity}


SETTINGS = {'learning_rate': 1e-2, 'batch_size': 64, 'num_epochs': 6}
stream = data.training_stream(sources['train'], SETTINGS['batch_size'], seed=0)
task = training.gradient_task(
  lambda key: network.init(key, IN_SHAPE),
  loss_fn,
  evaluate,
  training.partition(
    optax.adam(SETTINGS['learning_rate']),
    lambda path: path[-1] in ('kernel', 'bias'),
  ),
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

# %%
records[-1]['metrics']  # of the test images; firing rates by layer

# %% [markdown]
# ## What it does
#
# The output spikes of one image, and how soon an answer is right: the counts
# after every step.

# %%
batch = next(iter(data.evaluation_batches(sources['test'], 359)()))
result = jax.jit(run)(state.params, batch)

figure = viz.new_figure(9, 3)
left, right = figure.subplots(1, 2)
viz.raster(left, result.outputs[:, 0])
left.set_title(f'Output spikes, true class {batch.labels[0]}')
predicted = jnp.argmax(jnp.cumsum(result.outputs, axis=0), axis=-1)
by_step = jnp.mean(predicted == jnp.asarray(batch.labels)[None], axis=1)
viz.curve(
  right,
  jnp.arange(1, NUM_STEPS + 1),
  by_step,
  x_label='Time step',
  y_label='Test accuracy',
)
figure

# %%
test_accuracy = by_step[-1]
print(f'Test accuracy after {NUM_STEPS} steps: {test_accuracy:.1%}')
