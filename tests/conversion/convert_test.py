# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Any function: where neurons are placed, and what is refused."""

import functools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import convolution
from snnjax.conversion import (
  by_event,
  calibrate,
  codes,
  convert,
  draw_batches,
  execute,
  local_thresholds,
  ranges,
  rules,
)
from snnjax.conversion.schedules import exponential
from snnjax.types import Source
from tests.conversion import networks

ALL = {
  'convolutional': networks.convolutional,
  'mixer': networks.mixer,
  'attentive': networks.attentive,
  'embedding': networks.embedding,
  'joined': networks.joined,
  'causal': networks.causal,
}


@pytest.mark.parametrize('name', ALL)
def test_the_identity_rule_is_the_network_bit_for_bit(name):
  """Operation by operation, so that no compiler reorders sums."""
  fn, params, x = ALL[name]()
  plan = convert(fn, rules.identity()).plan(params, x)
  with jax.disable_jit():
    outcome = convert(fn, rules.identity())(params, x, steps=1, count=False)
    trained = fn(params, x)
    # The plan itself, too, traced with its calls and scans in place.
    values = execute.still_values(plan, params, x)
    execute.run(plan.moving, values)
  np.testing.assert_array_equal(outcome.outputs[0], trained)
  np.testing.assert_array_equal(values[plan.program.y], trained)


@jax.custom_vjp
def _doubled(x):
  return 2 * x


_doubled.defvjp(lambda x: (2 * x, None), lambda _, g: (g,))


def _reversed_scan(w, x):
  def step(carry, row):
    carry = jnp.tanh(carry + row)
    return carry, carry * row

  last, rows = jax.lax.scan(step, x[:, 0], x.T, reverse=True)
  return (last[:, None] + rows.T) @ w


def _switched(w, x):
  return jax.lax.switch(1, [jnp.abs, jnp.tanh, jnp.sin], x @ w) @ w


def _branched(w, x):
  return jax.lax.cond(w[0, 0] > 0, jax.nn.relu, jnp.tanh, x @ w) @ w


def _rematerialised(w, x):
  return jax.checkpoint(lambda x: jnp.tanh(x @ w))(x) @ w


def _own_derivative(w, x):
  return _doubled(jnp.tanh(x)) @ w


@pytest.mark.parametrize(
  ('fn', 'num_sites'),
  [
    (_reversed_scan, None),
    (_switched, 1),  # of the branch that is taken
    (_branched, 2),
    (_rematerialised, 1),
    (_own_derivative, 1),
  ],
)
def test_calls_scans_and_branches_are_written_out(fn, num_sites):
  w, x = jax.random.normal(jax.random.key(0), (2, 4, 4))
  snn = convert(fn, rules.identity())
  sites = snn.plan(w, x).sites
  assert sites
  assert num_sites in (None, len(sites))
  outputs = snn(w, x, steps=1, count=False).outputs[0]
  np.testing.assert_allclose(outputs, fn(w, x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize('num_images', [2, 128])
def test_a_convolution_of_this_library_is_one_operation(num_images):
  """Not what it is on one platform; of 128 images that is a loop, too."""

  def fn(kernel, x):
    return jax.nn.relu(convolution.convolve(x, kernel, padding='SAME'))

  x = jax.random.normal(jax.random.key(0), (num_images, 32, 32, 16))
  kernel = jax.random.normal(jax.random.key(1), (3, 3, 16, 16))
  snn = convert(fn, rules.identity())
  primitives = [op.primitive for op in snn.plan(kernel, x).program.operations]
  assert primitives == ['conv_general_dilated', 'max']
  outputs = snn(kernel, x, steps=1, count=False).outputs[0]
  expected = jax.nn.relu(
    jax.lax.conv_general_dilated(
      x, kernel, (1, 1), 'SAME', dimension_numbers=('NHWC', 'HWIO', 'NHWC')
    )
  )
  np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(('side', 'is_own'), [(2, True), (3, False)])
def test_images_smaller_than_a_kernel_take_the_library_s_convolution(
  side, is_own
):
  """XLA's is ruinous there; elsewhere results are those of the network."""

  def fn(kernel, x):
    x = jax.nn.relu(
      jax.lax.conv_general_dilated(
        x, kernel, (1, 1), 'SAME', dimension_numbers=('NHWC', 'HWIO', 'NHWC')
      )
    )
    return x.mean((1, 2))

  snn = convert(fn, rules.identity())
  x = jax.random.normal(jax.random.key(0), (2, side, side, 3))
  kernel = jax.random.normal(jax.random.key(1), (3, 3, 3, 4))

  def outputs(kernel, x):
    return snn(kernel, x, steps=1, count=False).outputs[0]

  program = str(jax.make_jaxpr(outputs)(kernel, x))
  assert ('platform_index' in program) == is_own
  np.testing.assert_allclose(
    outputs(kernel, x), fn(kernel, x), rtol=1e-5, atol=1e-6
  )


def test_a_maximum_after_pooling_is_rectified():
  def fn(w, x):
    x = nn.max_pool(x @ w, (2,), (2,))
    return jax.nn.relu(x).mean(1) @ w

  plan = convert(fn, rules.identity()).plan(jnp.eye(2), jnp.ones((3, 4, 2)))
  (site,) = plan.sites
  assert site.is_rectified
  assert site.drive is None


@pytest.mark.parametrize(
  ('fn', 'is_rectified'),
  [
    (jax.nn.relu6, True),
    (lambda z: jnp.clip(z, 0, 1), True),
    (lambda z: jax.lax.clamp(0.0, z, 1.0), True),
    (lambda z: jnp.maximum(jnp.zeros_like(z), z), True),
    (lambda z: jnp.clip(z, -1, 1), False),
    (lambda z: jax.lax.clamp(-1.0, z, 1.0), False),
    (lambda z: jnp.maximum(z, jnp.ones_like(z)), False),
  ],
)
def test_however_zero_is_written_it_rectifies(fn, is_rectified):
  snn = convert(lambda w, x: fn(x @ w) @ w, rules.identity())
  (site,) = snn.plan(jnp.eye(2), jnp.ones((1, 2))).sites
  assert site.is_rectified == is_rectified


def test_refuses_types_too_small_for_small_steps():
  x, w = jnp.ones((2, 2), jnp.bfloat16), jnp.ones((2, 2), jnp.bfloat16)
  for encoder, name in ((None, 'tanh'), (codes.analog_code, 'input')):
    snn = convert(
      lambda w, x: jnp.tanh(x) @ w, rules.identity(), encoder=encoder
    )
    with pytest.raises(ValueError, match=f'{name} .*bfloat16: convert in'):
      snn(w, x, steps=1)


def test_quantiles_of_calibration_are_those_of_the_values():
  x = jax.random.exponential(jax.random.key(0), (4, 500, 3))
  x = x * jnp.array([1.0, 2.0, 0.5])[None, None]
  stats = calibrate(lambda w, x: jax.nn.relu(x) @ w, jnp.eye(3), list(x))
  (own,) = stats.values()
  flat, width = np.asarray(x).reshape(-1, 3), float(x.max()) / 2048
  # At the tail, neighbouring values are further apart than a bin is wide.
  for q, tolerance in ((0.5, 2 * width), (0.9, 3 * width), (0.99, 20 * width)):
    np.testing.assert_allclose(
      own.quantile(q, per_channel=True),
      np.quantile(flat, q, axis=0),
      atol=tolerance,
    )
    np.testing.assert_allclose(
      own.quantile(q, per_channel=False), np.quantile(flat, q), atol=tolerance
    )


@pytest.mark.parametrize(
  ('q', 'per', 'message'),
  [
    (0.9, 'element', "'layer'; got 'element'"),
    (0.9, 'chanel', "'layer'; got 'chanel'"),
    (99.9, 'layer', r'in \(0, 1\]; got 99.9'),
  ],
)
def test_refuses_quantiles_of_nothing(q, per, message):
  with pytest.raises(ValueError, match=message):
    ranges.quantile(q, per)


def test_sites_of_a_convolutional_network():
  fn, params, x = networks.convolutional()
  plan = convert(fn, rules.identity()).plan(params, x)
  assert [(s.depth, s.is_rectified, s.is_denominator) for s in plan.sites] == [
    (0, True, False),
    (1, True, False),
  ]
  assert [plan.shape(s) for s in plan.sites] == [(4, 4, 4, 4)] * 2
  first = convert(fn, rules.identity(), pool_first=False).plan(params, x)
  shapes = [first.shape(s) for s in first.sites]
  assert shapes == [(4, 8, 8, 4), (4, 4, 4, 4), (4, 4, 4, 4)]


def test_sites_of_a_mixer():
  fn, params, x = networks.mixer()
  plan = convert(fn, rules.identity()).plan(params, x)
  endings = [site.name.split('/')[-1] for site in plan.sites]
  assert len(endings) == 12
  denominators = [
    end
    for end, site in zip(endings, plan.sites, strict=True)
    if site.is_denominator
  ]
  assert denominators == ['square', 'square', 'square', 'exp', 'square']


def test_the_examples_need_not_lie_along_the_first_axis():
  fn, params, x = networks.attentive()
  plan = convert(fn, rules.identity()).plan(params, x)
  assert {site.batch_axis for site in plan.sites} > {0}


# Relative error of the outputs after 8, 16, 32 and 64 steps: at most.
EXPECTED = {
  'mixer': (rules.signgd(exponential(0.3, 0.9)), (0.2, 0.1, 0.03, 0.002)),
  'attentive': (rules.signgd(exponential(0.3, 0.9)), (0.2, 0.1, 0.03, 0.01)),
  'embedding': (rules.signgd(exponential(0.3, 0.9)), (0.2, 0.1, 0.03, 0.002)),
  'joined': (rules.signgd(exponential(0.3, 0.9)), (0.2, 0.1, 0.03, 0.002)),
  'causal': (rules.signgd(exponential(0.3, 0.9)), (0.3, 0.1, 0.03, 0.002)),
  'convolutional': (rules.signgd(exponential(0.5, 0.7)), (0.05, 0.01, 1e-3)),
}


@pytest.mark.parametrize('name', EXPECTED)
def test_converted_networks_approach_the_trained_ones(name):
  rule, bounds = EXPECTED[name]
  errors = _errors(*ALL[name](), rule)
  assert np.all(errors[: len(bounds)] < bounds), errors


def test_rounding_small_denominators_to_zero_ruins_a_network():
  rule = rules.signgd(
    exponential(0.15, 0.95),
    binary_denominators=False,
    ranging=ranges.maximum('layer'),
  )
  errors = _errors(*networks.attentive(), rule)
  assert errors[-1] > 0.2


@pytest.mark.parametrize('name', ['mixer', 'attentive', 'causal'])
def test_products_travel_by_spikes_as_well(name):
  fn, params, x = ALL[name]()
  stats = calibrate(fn, params, [x])
  # Few steps: rounding decides some spikes later, though not what they encode.
  run = functools.partial(
    convert(fn, rules.signgd(exponential(0.3, 0.9)), stats), params, x, steps=12
  )
  np.testing.assert_allclose(
    run().outputs, run(synapses=by_event()).outputs, atol=1e-5
  )


@pytest.mark.parametrize('name', ALL)
def test_one_example_alone_does_what_it_does_in_a_batch(name):
  fn, params, x = ALL[name]()
  stats = calibrate(fn, params, [x])
  snn = convert(fn, rules.signgd(exponential(0.3, 0.9)), stats)
  together = snn(params, x, steps=8)
  alone = snn(params, x[:1], steps=8)
  np.testing.assert_allclose(
    together.outputs[:, :1], alone.outputs, atol=1e-4, rtol=1e-4
  )
  for site, spikes in together.spikes.items():
    np.testing.assert_array_equal(spikes[:, :1], alone.spikes[site])
    np.testing.assert_array_equal(
      together.operations[site][:, :1], alone.operations[site]
    )


def test_fan_outs_and_operations():
  """Three inputs; the middle pixel of three reaches all outputs of a kernel."""
  kernel = jnp.ones((3, 1, 2))

  def fn(params, x):
    x = jax.nn.relu(x)
    x = jax.lax.conv_general_dilated(
      x, params, (1,), 'SAME', dimension_numbers=('NWC', 'WIO', 'NWC')
    )
    return x

  x = jnp.array([[[1.0], [1.0], [1.0]]])
  rule = rules.integrate_and_fire(ranges.unit)
  outcome = convert(fn, rule)(kernel, x, steps=4, record=(1, 4))
  (spikes,), (operations,) = (
    outcome.spikes.values(),
    outcome.operations.values(),
  )
  np.testing.assert_array_equal(spikes[:, 0], [3, 12])
  # Of 2 features each; a pixel at the border reaches two pixels, itself too.
  np.testing.assert_array_equal(operations[:, 0], [4 + 6 + 4, 4 * 14])
  plain = convert(fn, rule)(kernel, x, steps=4, count=False)
  assert not plain.spikes
  np.testing.assert_array_equal(plain.outputs[-1], outcome.outputs[-1])


def test_recorded_steps_are_what_shorter_runs_find():
  fn, params, x = networks.convolutional()
  stats = calibrate(fn, params, [x])
  snn = convert(fn, rules.signgd(exponential(0.5, 0.7)), stats)
  run = jax.jit(functools.partial(snn, steps=8, record=(2, 8)))
  outcome = run(params, x)
  np.testing.assert_array_equal(
    outcome.outputs[0],
    jax.jit(functools.partial(snn, steps=2))(params, x).outputs[0],
  )


def test_random_codes_need_a_key():
  rule = rules.signgd(exponential(0.3, 0.9), ranging=ranges.unit)
  snn = convert(
    lambda w, x: jax.nn.relu(x) @ w, rule, encoder=codes.stochastic_code
  )
  x, w = jnp.linspace(-1, 1, 8)[:, None], jnp.ones((1, 1))
  with pytest.raises(ValueError, match='pass key='):
    snn(w, x, steps=2)
  key = jax.random.key(0)
  outputs = snn(w, x, steps=60, record=(2, 60), key=key).outputs
  errors = jnp.abs(outputs - jnp.maximum(x, 0)[None]).mean((1, 2))
  assert errors[1] < errors[0]


def _dropout(params, x):
  return nn.Dropout(0.5, deterministic=False).apply(
    {}, x @ params, rngs={'dropout': jax.random.key(0)}
  )


def _while(params, x):
  return jax.lax.while_loop(
    lambda x: x.sum() < 9, lambda x: x + 1, jax.nn.relu(x @ params)
  )


def _sorted_lookup(params, x):
  return jnp.take(params, jnp.argmax(x, axis=1), axis=0)


def _two_outputs(params, x):
  return x @ params, x


def _long_scan(params, x):
  return jax.lax.scan(lambda x, _: (jnp.tanh(x), None), x @ params, length=99)[
    0
  ]


def _fourier(params, x):
  return jnp.fft.fft(jax.nn.relu(x) @ params).real


def _over_the_batch(params, x):
  y = x @ params
  return jnp.tanh(y - y.mean(0, keepdims=True)) @ params


@pytest.mark.parametrize(
  ('fn', 'message'),
  [
    (_dropout, 'random_.*convert_test.*model.eval'),
    (_while, 'while.*convert_test'),
    (_sorted_lookup, 'gather.*convert_test'),
    (_two_outputs, 'one array; got 2'),
    (_long_scan, '99 steps.*64.*convert_test'),
    (_fourier, 'fft.*convert_test'),
  ],
)
def test_refuses_by_name_and_line(fn, message):
  with pytest.raises(ValueError, match=f'(?s){message}'):
    convert(fn, rules.identity())(jnp.ones((4, 4)), jnp.ones((2, 4)), steps=1)


def test_rounding_and_conditions_need_neurons():
  x = jnp.array([[0.3, -0.4], [2.7, 1.2]])
  for fn in (
    lambda w, x: (3 * x).astype(jnp.int32).astype(jnp.float32) @ w,
    lambda w, x: (x > 0).astype(jnp.float32) @ w,
  ):
    (site,) = convert(fn, rules.identity()).plan(jnp.eye(2), x).sites
    assert site.name.endswith('convert_element_type')


def test_codes_and_rules_must_fit():
  rule = rules.signgd(exponential(0.3, 0.9), ranging=ranges.unit)
  w, x = jnp.ones((1, 1)), jnp.ones((2, 1))
  for own, code in (
    (rule, codes.analog_code),
    (rules.integrate_and_fire(ranges.unit), codes.spike_code),
  ):
    with pytest.raises(ValueError, match='this code is for'):
      convert(lambda w, x: jax.nn.relu(x) @ w, own, encoder=code)(w, x, steps=1)
  fn, params, x = networks.embedding()
  with pytest.raises(ValueError, match='only floating inputs'):
    convert(fn, rule, encoder=codes.spike_code)(params, x, steps=1)


def test_refuses_values_that_are_not_finite():
  x = jnp.array([[99.0]])
  with pytest.raises(ValueError, match='exp has values from'):
    calibrate(lambda w, x: jnp.tanh(jnp.exp(x) @ w), jnp.ones((1, 1)), [x])
  with pytest.raises(ValueError, match='outputs must be finite'):
    calibrate(lambda w, x: jnp.tanh(x) @ w, jnp.full((1, 1), jnp.nan), [x])


def test_refuses_what_mixes_examples():
  x = jax.random.normal(jax.random.key(0), (4, 4))
  for size in (1, 4):
    with pytest.raises(ValueError, match='must not depend on the others'):
      calibrate(_over_the_batch, jnp.ones((4, 4)), [x[:size]])


def test_refuses_examples_that_are_not_one_after_the_other():
  def tokens_first(w, x):  # [B, N, C] to [N·B, C]
    joined = jnp.swapaxes(x, 0, 1).reshape(-1, x.shape[2])
    hidden = jnp.tanh(joined @ w).reshape(x.shape[1], x.shape[0], -1)
    return jnp.mean(hidden, 0) @ w

  x = jax.random.normal(jax.random.key(0), (4, 3, 5))
  with pytest.raises(ValueError, match=r'one after the other in .*tanh'):
    calibrate(tokens_first, jnp.eye(5), [x])


def test_refuses_training_mode():
  fn, state, x = networks.attentive(training=True)
  with pytest.raises(ValueError, match=r'model\.eval'):
    convert(fn, rules.identity())(state, x, steps=1)
  with pytest.raises(ValueError, match='one array; got 2'):
    calibrate(_two_outputs, jnp.ones((4, 4)), [jnp.ones((2, 4))])


def test_calibration_must_not_see_test_examples():
  images = np.arange(8, dtype=np.float32)[:, None]
  source = Source(images, np.zeros(8, np.int32), ('one',), 'test')
  with pytest.raises(ValueError, match='must not see test examples'):
    draw_batches(source, jnp.asarray, num_batches=1, batch_size=2)
  training = source._replace(split='train')
  batches = draw_batches(training, jnp.asarray, num_batches=9, batch_size=3)
  assert [batch.shape for batch in batches] == [(3, 1)] * 2
  with pytest.raises(ValueError, match='9 examples cannot be drawn from 8'):
    draw_batches(training, jnp.asarray, num_batches=1, batch_size=9)


def test_refuses_batches_that_can_be_read_once():
  fn, params, x = networks.convolutional()
  for measure in (calibrate, local_thresholds):
    with pytest.raises(ValueError, match='at least one; got list_iterator'):
      measure(fn, params, iter([x]))
    with pytest.raises(ValueError, match='at least one; got list'):
      measure(fn, params, [])


def test_rules_say_which_site_they_do_not_fit():
  fn, params, x = networks.embedding()
  stats = calibrate(fn, params, [x])
  with pytest.raises(ValueError, match=r'tanh.*networks\.py'):
    convert(fn, rules.integrate_and_fire(), stats)(params, x, steps=1)
  with pytest.raises(ValueError, match='no statistics of'):
    convert(fn, rules.signgd(exponential(0.4, 0.8)))(params, x, steps=1)
  fn, params, x = networks.convolutional()
  stats = calibrate(fn, params, [x])
  hard = rules.integrate_and_fire(hard_reset=True)
  with pytest.raises(ValueError, match='pool_first=False'):
    convert(fn, hard, stats)(params, x, steps=1)


@pytest.mark.parametrize('record', [(), (0, 2), (2, 1), (3,), (1, 3), (1, 1)])
def test_refuses_recorded_steps(record):
  fn, params, x = networks.embedding()
  snn = convert(fn, rules.identity())
  if not record:
    assert snn(params, x, steps=2, record=record).outputs.shape[0] == 1
    return
  with pytest.raises(ValueError, match='record must ascend'):
    snn(params, x, steps=2, record=record)


def _errors(fn, params, x, rule):
  stats = calibrate(fn, params, [x])
  outputs = convert(fn, rule, stats)(
    params, x, steps=64, record=(8, 16, 32, 64), count=False
  ).outputs
  trained = np.asarray(fn(params, x))[None]
  errors = np.abs(np.asarray(outputs) - trained).max((1, 2))
  return errors / np.abs(trained).max()
