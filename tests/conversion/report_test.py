# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The error, taken apart."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.conversion import (
  calibrate,
  codes,
  conversion_report,
  convert,
  ranges,
  rules,
)
from snnjax.conversion.schedules import exponential
from tests.conversion import golden, networks

# Mean absolute parts of layers 1 and 2 of the golden network.
TABLE = {
  8: {
    'total': (0.01159, 0.01546),
    'inherited': (0.0, 0.00873),
    'clipping': (0.00015, 0.00189),
    'quantisation': (0.01144, 0.01199),
    'unevenness': (0.0, 0.00362),
  },
  32: {
    'total': (None, 0.00570),
    'inherited': (None, 0.00236),
    'clipping': (None, 0.00176),
    'quantisation': (None, 0.00275),
    'unevenness': (None, 0.00091),
  },
}


@pytest.mark.parametrize('steps', TABLE)
def test_parts_of_the_golden_network(steps):
  rule = rules.integrate_and_fire(
    ranges.given({'relu/max': 0.80698214, 'relu/max_1': 0.78125604})
  )
  with jax.enable_x64(True):
    reports = conversion_report(
      convert(golden.network, rule),
      golden.params(),
      jnp.asarray(golden.X),
      steps=steps,
    )
    for part, expected in TABLE[steps].items():
      for report, value in zip(reports.values(), expected, strict=True):
        if value is not None:
          found = np.abs(getattr(report, part)).mean()
          np.testing.assert_allclose(found, value, atol=1e-5)


def test_an_analog_code_clips_nothing():
  rule = rules.subgradient(ranging=ranges.unit)
  snn = convert(
    lambda w, x: jax.nn.relu(x @ w), rule, encoder=codes.analog_code
  )
  x = jnp.array([[-2.0, 3.0]])
  (report,) = conversion_report(snn, jnp.eye(2), x, steps=4).values()
  np.testing.assert_array_equal(report.clipping, 0)
  np.testing.assert_allclose(report.quantisation, 0, atol=1e-6)


@pytest.mark.parametrize(
  ('rule', 'code'),
  [
    (rules.signgd(exponential(0.3, 0.9)), codes.spike_code),
    (rules.identity(), None),
  ],
)
def test_parts_add_up_to_the_error(rule, code):
  fn, params, x = networks.mixer()
  stats = calibrate(fn, params, [x])
  snn = convert(fn, rule, stats, encoder=code)
  exact = convert(fn, rules.identity(), encoder=code and codes.analog_code)

  @jax.jit
  def run(params, x):
    reports = conversion_report(snn, params, x, steps=6)
    decoded = snn(params, x, steps=6).decoded
    return reports, decoded, exact(params, x, steps=1).decoded

  reports, decoded, trained = run(params, x)
  for name, report in reports.items():
    error = decoded[name] - trained[name]
    np.testing.assert_allclose(report.total, error, atol=1e-5)
    assert 0 <= report.spikes <= 1 + 1e-6
