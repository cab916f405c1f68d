# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Curves show the records, each step once."""

import numpy as np
import pytest

from snnjax import viz


def record(step, epoch, split, **metrics):
  return {
    'step': step,
    'epoch': epoch,
    'split': split,
    'metrics': metrics,
    'wall_time': 0.5 * step,
  }


RECORDS = [
  record(1, 0, 'train', loss=2.0, accuracy=0.3),
  record(2, 0, 'train', loss=1.0, accuracy=0.5),
  record(2, 0, 'test', loss=1.2, accuracy=0.4),
  record(3, 1, 'train', loss=9.0, accuracy=0.6),
  # Killed, and resumed after step 2.
  record(3, 1, 'train', loss=0.8, accuracy=0.6),
  record(3, 1, 'test', loss=1.1, accuracy=0.55),
  record(4, 1, 'train', loss=0.6, accuracy=0.7),
  record(4, 1, 'test', loss=1.0, accuracy=0.7),
]


def drawn(figure):
  (ax,) = figure.axes
  (line,) = ax.lines
  return ax, line.get_xdata(), line.get_ydata()


def test_curve_draws_what_it_is_given():
  ax = viz.new_figure().add_subplot()
  line = viz.curve(ax, [3, 1, 2], [9, 7, 8], title='a', x_label='b', label='c')
  np.testing.assert_array_equal(line.get_xydata(), [[3, 9], [1, 7], [2, 8]])
  assert (ax.get_title(), ax.get_xlabel(), line.get_label()) == ('a', 'b', 'c')


def test_train_loss_is_the_mean_of_each_epoch():
  ax, xs, ys = drawn(viz.train_loss(RECORDS))
  np.testing.assert_array_equal(xs, [0, 1])
  np.testing.assert_allclose(ys, [1.5, 0.7])
  assert ax.get_title() == 'Train Set Loss'
  assert ax.get_xlabel() == 'Iteration'


def test_test_accuracy_is_the_last_of_each_epoch():
  ax, xs, ys = drawn(viz.test_accuracy(iter(RECORDS)))
  np.testing.assert_array_equal(xs, [0, 1])
  np.testing.assert_allclose(ys, [0.4, 0.7])
  assert ax.get_title() == 'Test Set Accuracy'


def test_records_may_come_in_any_order():
  _, xs, ys = drawn(viz.test_accuracy(RECORDS[::-1]))
  np.testing.assert_array_equal(xs, [0, 1])
  np.testing.assert_allclose(ys, [0.4, 0.7])


def test_records_without_the_metric_are_passed_over():
  records = [record(0, 0, 'train'), *RECORDS]
  _, xs, _ = drawn(viz.train_loss(records))
  np.testing.assert_array_equal(xs, [0, 1])


def test_one_epoch_is_visible(tmp_path):
  figure = viz.train_loss(RECORDS[:1])
  assert figure.axes[0].lines[0].get_marker() == 'o'
  viz.save(figure, tmp_path / 'train_loss.png')


@pytest.mark.parametrize('records', [[], RECORDS[:2]])
def test_nothing_to_show_is_an_error_that_says_what_there_is(records):
  with pytest.raises(ValueError, match=f"'test'; got {len(records)} records"):
    viz.test_accuracy(records)
