# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Twenty steps of five neurons, as a float64 model of BindsNET computes them.

The numbers were also found by BindsNET's own code in float32.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import plasticity
from snnjax.plasticity import neurons, reductions, rules

PRECISION = {'float64': (1e-6, 1e-8), 'float32': (5e-5, 1e-6)}
T, NUM_INPUTS, N = 20, 6, 5

# Membranes of neurons 0 to 4 by step, of two populations and inhibition 3.
MEMBRANES_A = """
-63.900000 -63.000000 -63.100000 -64.200000 -63.300000
-61.910945 -60.819900 -60.718905 -62.607960 -61.516915
-61.941682 -60.861493 -60.761503 -62.631761 -61.551573
-60.172113 -60.202672 -59.203677 -61.155326 -60.185885
-58.020151 -59.150406 -58.261351 -59.293581 -58.433786
-56.289602 -57.208610 -56.128402 -57.950361 -55.899121
-54.476271 -56.486136 -54.516676 -56.420506 -54.489676
-53.480984 -54.570850 -52.720986 -55.705873 -52.894256
-60.000000 -52.474622 -60.000000 -54.198351 -60.000000
-60.049751 -55.599252 -60.049751 -57.305829 -60.049751
-60.099007 -54.992791 -60.099007 -55.882388 -60.099007
-60.147772 -53.992364 -60.147772 -54.073109 -60.147772
-60.196053 -52.101892 -60.196053 -52.781834 -60.196053
-60.243853 -60.000000 -60.243853 -60.000000 -60.243853
-62.161977 -60.049751 -61.391177 -60.049751 -61.591177
-60.151593 -60.099007 -59.027086 -60.099007 -59.825096
-60.199835 -60.147772 -59.086517 -60.147772 -59.876587
-58.419728 -60.196053 -57.545357 -60.196053 -58.527566
-56.257455 -60.243853 -56.619532 -60.243853 -56.791967
-54.507215 -58.253229 -54.502919 -58.891177 -54.273639
"""
WEIGHTS_A = """
0.22879901 0.59965893 0.72727273 0.09677419 0.41379310
0.99341062 0.24690805 0.45454545 0.77419355 0.10344828
0.66573499 1.07075035 0.18181818 0.48387097 0.82758621
0.33811436 0.71798364 0.81818182 0.19354839 0.51724138
0.00000000 0.35331504 0.54545455 0.87096774 0.20689655
0.77394102 0.01138400 0.27272727 0.58064516 0.93103448
"""
# From step 9 on, with inhibition 120.
MEMBRANES_B = """
-60.049751 -172.599252 -60.049751 -174.305829 -60.049751
-60.099007 -170.828621 -60.099007 -171.718218 -60.099007
-60.147772 -168.675609 -60.147772 -168.756354 -60.147772
-60.196053 -165.644019 -60.196053 -166.323961 -60.196053
-60.243853 -163.842595 -60.243853 -163.715771 -60.243853
-59.161977 -160.859094 -58.391177 -161.933533 -58.591177
-57.181443 -157.705281 -56.056936 -159.369028 -56.854946
-57.259239 -156.782848 -56.145921 -158.430040 -56.935991
-55.508391 -155.169593 -54.634021 -156.000396 -55.616229
-53.375087 -153.172391 -53.737164 -153.194927 -53.909599
-60.000000 -150.295061 -60.000000 -150.917373 -60.000000
"""
WEIGHTS_B = """
0.21941933 0.50000000 0.80000000 0.10000000 0.40000000
0.91896297 0.20000000 0.50000000 0.80000000 0.10000000
0.61942685 0.90000000 0.20000000 0.50000000 0.80000000
0.31949570 0.60000000 0.90000000 0.20000000 0.50000000
0.00000000 0.30000000 0.60000000 0.90000000 0.20000000
0.71848765 0.00000000 0.30000000 0.60000000 0.90000000
"""
# From step 9 on: excitatory, then inhibitory neurons of three populations.
MEMBRANES_C = """
-60.000000 -52.474622 -60.000000 -54.198351 -60.000000 -60 -60 -60 -60 -60
-60.049751 -52.599252 -60.049751 -54.305829 -60.049751 -45 -60 -60 -60 -60
-60.099007 -57.022641 -60.099007 -57.912238 -60.099007 -46.427439 -60 -60 -60 -60
-60.147772 -56.002017 -60.147772 -56.082763 -60.147772 -47.719039 -60 -60 -60 -60
-60.196053 -54.091549 -60.196053 -54.771491 -60.196053 -48.887727 -60 -60 -60 -60
-60.243853 -53.400090 -60.243853 -53.273266 -60.243853 -49.945199 -60 -60 -60 -60
-59.163400 -60.000000 -58.391177 -52.589949 -58.591177 -50.90204 -60 -60 -60 -60
-57.184749 -60.049751 -56.056936 -60.000000 -56.854946 -51.767825 -45 -60 -60 -60
-62.262512 -60.099007 -61.145921 -60.049751 -61.935991 -52.55122 -46.427439 -60 -45 -60
-65.463348 -60.147772 -64.584270 -60.099007 -65.566478 -53.260066 -47.719039 -60 -46.427439 -60
-63.232455 -60.196053 -63.588406 -60.147772 -63.760842 -53.901455 -48.887727 -60 -47.719039 -60
"""  # noqa: E501
WEIGHTS_C = """
0.22852610 0.60019947 0.72727273 0.10426536 0.41379310
0.99372354 0.24694737 0.45454545 0.77182741 0.10344828
0.66579762 1.07120087 0.18181818 0.48573622 0.82758621
0.33792958 0.71805506 0.81818182 0.19972269 0.51724138
0.00000000 0.35324716 0.54545455 0.85829948 0.20689655
0.77402316 0.01035008 0.27272727 0.58014884 0.93103448
"""
# Of a batch of three, not normalised.
WEIGHTS_D = {
  'total': """
0.22783194 0.52848426 0.80903323 0.11887314 0.40000000
0.92803080 0.22818535 0.50958273 0.81915387 0.10000000
0.62829227 0.92855970 0.20903722 0.51934272 0.80000000
0.32702714 0.62911135 0.90950281 0.21804980 0.50000000
0.00000000 0.30000000 0.60000000 0.90000000 0.20000000
0.72755752 0.02790137 0.30966617 0.61962300 0.90000000
""",
  'mean': """
0.20927731 0.50949475 0.80301108 0.10629105 0.40000000
0.90934360 0.20939512 0.50319424 0.80638462 0.10000000
0.60943076 0.90951990 0.20301241 0.50644757 0.80000000
0.30900905 0.60970378 0.90316760 0.20601660 0.50000000
0.00000000 0.30000000 0.60000000 0.90000000 0.20000000
0.70918584 0.00930046 0.30322206 0.60654100 0.90000000
""",
  'maximum': """
0.21865651 0.52878133 0.80903323 0.11904549 0.40000000
0.91913346 0.22841694 0.50958273 0.81923574 0.10000000
0.61904440 0.92887960 0.20903722 0.51952832 0.80000000
0.31765538 0.62926731 0.90950281 0.21814028 0.50000000
0.00000000 0.30000000 0.60000000 0.90000000 0.20000000
0.71905063 0.02805889 0.30966617 0.61962300 0.90000000
""",
}


def table(text: str) -> np.ndarray:
  rows = text.strip().splitlines()
  return np.array([[float(x) for x in row.split()] for row in rows])


def inputs() -> np.ndarray:
  """Spikes `[T, I]`."""
  t, i = np.ogrid[:T, :NUM_INPUTS]
  return (3 * t + 5 * i + t * i) % 7 < 4


def params(dtype: str) -> plasticity.Params:
  j, i = np.ogrid[:N, :NUM_INPUTS]
  weights = (7 * i + 3 * j + 2) % 10 / 10
  return plasticity.Params(jnp.asarray(weights, dtype), jnp.zeros(N, dtype))


def seen(params, now):
  return now.excitatory, now.lateral


def run(network, spikes, dtype):
  """Presents once; the state and params of each step come with it."""
  return jax.jit(
    lambda p: plasticity.present(
      network,
      p,
      spikes,
      jax.random.key(0),
      learning=True,
      observe=seen,
    )
  )(params(dtype))


def winners(population: neurons.Population) -> list[tuple[int, int]]:
  return list(zip(*map(list, np.nonzero(population.spikes[:, 0])), strict=True))


@pytest.fixture(params=['float64', 'float32'])
def dtype(request):
  with jax.enable_x64(request.param == 'float64'):
    yield request.param


def adaptive(**options):
  return neurons.adaptive(choose=neurons.first, **options)


def test_two_populations(dtype):
  network = plasticity.two_population(
    NUM_INPUTS, N, inhibition=3.0, neuron=adaptive(), norm=3.0
  )
  after, counts, (population, _) = run(network, inputs()[:, None], dtype)

  of_membrane, of_weight = PRECISION[dtype]
  np.testing.assert_allclose(
    population.membrane[:, 0], table(MEMBRANES_A), atol=of_membrane, rtol=0
  )
  assert winners(population) == [(8, 0), (13, 1)]
  np.testing.assert_array_equal(counts, [[1, 1, 0, 0, 0]])
  np.testing.assert_array_equal(population.refractory[8, 0], [5, -9, 5, -9, 5])
  np.testing.assert_array_equal(
    population.refractory[19, 0], [-6, -1, -6, -1, -6]
  )
  np.testing.assert_allclose(
    population.trace[19, 0], [0.576950, 0.740818, 0, 0, 0], atol=1e-6
  )
  np.testing.assert_allclose(
    after.theta,
    [0.049999945, 0.049999970, 0.049999945, 0.049999970, 0.049999945],
    atol=1e-9 if dtype == 'float64' else 1e-6,
  )
  np.testing.assert_allclose(
    after.weights.T, table(WEIGHTS_A), atol=of_weight, rtol=0
  )


def test_two_populations_with_strong_inhibition(dtype):
  network = plasticity.two_population(
    NUM_INPUTS, N, inhibition=120.0, neuron=adaptive(), norm=None
  )
  after, _, (population, _) = run(network, inputs()[:, None], dtype)

  of_membrane, of_weight = PRECISION[dtype]
  membranes = np.concatenate([table(MEMBRANES_A)[:9], table(MEMBRANES_B)])
  np.testing.assert_allclose(
    population.membrane[:, 0], membranes, atol=of_membrane, rtol=0
  )
  assert winners(population) == [(8, 0), (19, 0)]
  np.testing.assert_allclose(
    after.theta, [0.099999945, 0, 0.099999945, 0, 0.099999945], atol=1e-6
  )
  np.testing.assert_allclose(
    after.weights.T, table(WEIGHTS_B), atol=of_weight, rtol=0
  )


def test_three_populations_step_after_step(dtype):
  network = plasticity.three_population(
    NUM_INPUTS,
    N,
    inhibition=5.0,
    neuron=adaptive(),
    norm=3.0,
    feed_forward=False,
  )
  after, _, (excitatory, inhibitory) = run(network, inputs()[:, None], dtype)

  of_membrane, of_weight = PRECISION[dtype]
  early = np.full((1, N), -65.0), table(MEMBRANES_A)[:8]
  late = table(MEMBRANES_C)
  np.testing.assert_allclose(
    excitatory.membrane[:, 0],
    np.concatenate([*early, late[:, :N]]),
    atol=of_membrane,
    rtol=0,
  )
  np.testing.assert_allclose(
    inhibitory.membrane[9:, 0], late[:, N:], atol=of_membrane, rtol=0
  )
  assert winners(excitatory) == [(9, 0), (15, 1), (16, 3)]
  assert winners(inhibitory) == [(10, 0), (16, 1), (17, 3)]
  np.testing.assert_allclose(
    after.theta,
    [0.049999950, 0.049999980, 0.049999950, 0.049999985, 0.049999950],
    atol=1e-6,
  )
  np.testing.assert_allclose(
    after.weights.T, table(WEIGHTS_C), atol=of_weight, rtol=0
  )


@pytest.mark.parametrize('reduction', ['total', 'mean', 'maximum'])
def test_a_batch_changes_shared_weights(dtype, reduction):
  rule = rules.post_pre(reduce=getattr(reductions, reduction)())
  network = plasticity.two_population(
    NUM_INPUTS, N, inhibition=3.0, neuron=adaptive(), norm=None, rule=rule
  )
  spikes = np.stack([np.roll(inputs(), -2 * b, axis=0) for b in range(3)], 1)
  after, counts, _ = run(network, spikes, dtype)

  np.testing.assert_array_equal(
    counts, [[1, 1, 0, 0, 0], [1, 1, 1, 1, 0], [1, 1, 0, 1, 0]]
  )
  np.testing.assert_allclose(
    after.theta,
    [0.149999840, 0.149999925, 0.149999850, 0.149999935, 0.149999840],
    atol=1e-6,
  )
  np.testing.assert_allclose(
    after.weights.T,
    table(WEIGHTS_D[reduction]),
    atol=PRECISION[dtype][1],
    rtol=0,
  )
