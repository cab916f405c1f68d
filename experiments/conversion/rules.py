# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From the settings of a rule to the rule."""

from collections.abc import Callable, Mapping

from ml_collections import ConfigDict

from experiments.settings import chosen
from snnjax.conversion import codes, ranges, rules, schedules
from snnjax.conversion.decoding import Rule
from snnjax.types import Array


def make_rule(
  config: ConfigDict, local: Callable[[], Mapping[str, Array]]
) -> Rule:
  """Makes the rule of `config.rule`, or of an entry of `config.compare`.

  Args:
    config: its settings.
    local: finds the locally balanced thresholds, if the rule asks for them.
  """
  ranging = _ranging(config, local)
  schedule = chosen(
    {
      'exponential': schedules.exponential(config.eta, config.gamma),
      'inverse': schedules.inverse(config.eta),
      'constant': schedules.constant(config.eta),
    },
    'rule.schedule',
    config.schedule,
  )
  make = chosen(
    {
      'signgd': lambda: rules.signgd(
        schedule,
        dead_zone=config.dead_zone,
        ranging=ranging,
        stagger=config.stagger,
      ),
      'integrate_and_fire': lambda: rules.integrate_and_fire(
        ranging, charge=config.charge, hard_reset=config.hard_reset
      ),
      'leaky': lambda: rules.leaky(config.tau, ranging),
      'subgradient': lambda: rules.subgradient(config.offset, ranging=ranging),
      'identity': rules.identity,
    },
    'rule.name',
    config.name,
  )
  return make()


def make_code(config: ConfigDict) -> Callable[[Rule], Rule] | None:
  """Makes the input's code, or None if it is read as it is."""
  return chosen(
    {
      'exact': None,
      'float': codes.float_code,
      'spike': codes.spike_code,
      'stochastic': codes.stochastic_code,
      'analog': codes.analog_code,
      'poisson': codes.poisson_code,
    },
    'rule.code',
    config.code,
  )


def _ranging(config, local):
  make = chosen(
    {
      'recommended': lambda: ranges.recommended,
      'maximum': lambda: ranges.maximum(config.per),
      'local': lambda: ranges.given(local()),
      'quantile': lambda: ranges.quantile(config.quantile, config.per),
    },
    'rule.scale',
    config.scale,
  )
  return make()
