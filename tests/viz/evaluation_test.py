# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Confusion matrix and latency curve show the arrays they are given."""

import numpy as np
import pytest

from snnjax import viz

MATRIX = np.array([[8, 2, 0], [0, 0, 0], [1, 1, 2]])


def axes():
  return viz.new_figure(4, 3).add_subplot()


def test_confusion_colours_shares_and_writes_counts(tmp_path):
  image = viz.confusion(axes(), MATRIX, ('cat', 'dog', 'eel'))
  np.testing.assert_allclose(
    image.get_array(), [[0.8, 0.2, 0], [0, 0, 0], [0.25, 0.25, 0.5]]
  )
  ax = image.axes
  written = {text.get_position(): text.get_text() for text in ax.texts}
  assert written == {
    (column, row): str(MATRIX[row, column])
    for row in range(3)
    for column in range(3)
  }
  names = [label.get_text() for label in ax.get_yticklabels()]
  assert names == ['cat', 'dog', 'eel']
  assert (ax.get_ylabel(), ax.get_xlabel()) == (
    'True class',
    'Predicted class',
  )
  viz.save(ax.figure, tmp_path / 'confusion.png')


def test_confusion_of_one_class():
  image = viz.confusion(axes(), [[3]], ['only'])
  np.testing.assert_array_equal(image.get_array(), [[1.0]])


def test_confusion_of_many_classes_has_no_numbers():
  image = viz.confusion(axes(), np.eye(47), [str(c) for c in range(47)])
  np.testing.assert_array_equal(image.get_array(), np.eye(47))
  assert not image.axes.texts


def test_confusion_refuses_a_matrix_that_does_not_fit_the_names():
  with pytest.raises(ValueError, match=r'got \(3, 3\) and 2 names'):
    viz.confusion(axes(), MATRIX, ['a', 'b'])


def test_latency_curve_draws_both_lines(tmp_path):
  steps, accuracies = [1, 2, 4, 50], [0.5, 0.9, 0.98, 0.99]
  seconds = [1e-4, 2e-4, 4e-4, 5e-3]
  ax = axes()
  line, cost = viz.accuracy_against_latency(ax, steps, accuracies, seconds)
  np.testing.assert_array_equal(line.get_xydata(), np.c_[steps, accuracies])
  np.testing.assert_array_equal(cost.get_xydata(), np.c_[steps, seconds])
  assert cost.axes is not ax
  labels = [label.get_text() for label in ax.get_xticklabels()]
  assert labels == ['1', '2', '4', '50']
  viz.save(ax.figure, tmp_path / 'latency.png')


@pytest.mark.parametrize(
  ('steps', 'seconds', 'message'),
  [
    ([1, 2], [0.1], 'one length'),
    ([0, 2], [0.1, 0.2], 'positive'),
    ([1, 2], [0.0, 0.2], 'positive'),
    ([1, 2], [np.nan, 0.2], 'positive'),
  ],
)
def test_latency_curve_refuses(steps, seconds, message):
  with pytest.raises(ValueError, match=message):
    viz.accuracy_against_latency(axes(), steps, [0.5, 0.6], seconds)
