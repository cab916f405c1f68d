# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of TensorFlow Datasets without TensorFlow, against a local server."""

import functools
import gzip
import hashlib
import http.server
import io
import re
import shutil
import socket
import threading
import time

import numpy as np
import pytest
import tensorflow_datasets
from PIL import Image

from snnjax.data import load, places, tfds

Builder = tensorflow_datasets.core.GeneratorBasedBuilder
LABELS = {'train': np.arange(12, dtype=np.uint8) % 10, 'test': np.uint8([9, 1])}
IMAGES = {
  split: np.random.default_rng(0).integers(
    256, size=(len(labels), 28, 28), dtype=np.uint8
  )
  for split, labels in LABELS.items()
}


def encode(array):
  shape = np.array(array.shape, '>u4').tobytes()
  return gzip.compress(bytes([0, 0, 8, array.ndim]) + shape + array.tobytes())


def published():
  """The four files, as a server would have them."""
  files = {}
  for split, prefix in (('train', 'train'), ('test', 't10k')):
    files[f'{prefix}-images-idx3-ubyte.gz'] = encode(IMAGES[split])
    files[f'{prefix}-labels-idx1-ubyte.gz'] = encode(LABELS[split])
  return files


class Handler(http.server.SimpleHTTPRequestHandler):
  """Notes in its server what is fetched, and prints nothing."""

  def do_GET(self):
    """Serves a file."""
    self.server.fetched.append(self.path)
    super().do_GET()

  def log_message(self, *_):
    """Drops the message."""


@pytest.fixture
def server(tmp_path):
  """A folder that is served, its address, and a list of what is fetched."""
  folder = tmp_path / 'served'
  folder.mkdir()
  handler = functools.partial(Handler, directory=folder)
  with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as service:
    service.fetched = []
    thread = threading.Thread(target=service.serve_forever)
    thread.start()
    yield folder, f'http://127.0.0.1:{service.server_port}', service.fetched
    service.shutdown()
    thread.join()


@pytest.fixture
def register(tmp_path, monkeypatch):
  """Makes a builder with registered checksums take the place of MNIST's."""

  def put(address, files):
    code = tmp_path / 'code'
    code.mkdir()
    rows = [
      (f'{address}/{name}', len(content), digest(content), name)
      for name, content in files.items()
    ]
    table = '\n'.join('\t'.join(map(str, row)) for row in rows)
    (code / 'checksums.tsv').write_text(table)

    class Mnist(Builder, skip_registration=True):
      VERSION = tensorflow_datasets.core.Version('1.0.0')
      code_path = code / 'mnist.py'
      _info = _split_generators = _generate_examples = None

    monkeypatch.setattr(
      tensorflow_datasets, 'builder_cls', {'mnist': Mnist}.__getitem__
    )

  return put


def digest(content):
  return hashlib.sha256(content).hexdigest()


def serve(folder, files):
  for name, content in files.items():
    (folder / name).write_bytes(content)


def expect(split, **options):
  source = load('mnist', split, **options)
  np.testing.assert_array_equal(source.inputs[..., 0], IMAGES[split])
  np.testing.assert_array_equal(source.labels, LABELS[split])


def test_downloads_verifies_and_reads(server, register, tmp_path):
  folder, address, fetched = server
  serve(folder, published())
  register(address, published())
  expect('train')
  assert sorted(fetched) == sorted(f'/{name}' for name in published())
  expect('test', data_dir=tmp_path)
  assert len(fetched) == 4  # each once
  kept = {path.name for path in places.downloads('mnist').iterdir()}
  assert kept == set(published())  # and nothing temporary


def test_a_download_goes_on_where_it_failed(server, register):
  folder, address, fetched = server
  serve(folder, published())
  register(address, published())
  hidden = folder / 't10k-labels-idx1-ubyte.gz'
  content = hidden.read_bytes()
  hidden.unlink()
  with pytest.raises(FileNotFoundError, match=r't10k-labels.*404'):
    load('mnist', 'train')
  expect('train')
  hidden.write_bytes(content)
  expect('test')
  assert len(fetched) == 5


def test_a_wrong_checksum_is_an_error(server, register):
  folder, address, _ = server
  wrong = published()
  wrong['train-labels-idx1-ubyte.gz'] = encode(LABELS['train'][::-1])
  serve(folder, wrong)
  register(address, published())
  with pytest.raises(ValueError, match=r'train-labels.*checksum'):
    load('mnist', 'train')
  names = [path.name for path in places.downloads('mnist').iterdir()]
  assert names == ['train-images-idx3-ubyte.gz']


def test_what_is_not_registered_is_not_fetched(server, register):
  folder, address, fetched = server
  serve(folder, published())
  register(address, {})
  with pytest.raises(FileNotFoundError, match='the download lacks'):
    load('mnist', 'train')
  assert not fetched


def expect_both_ways(error, address):
  text = str(error)
  assert '--data_dir' in text
  assert 'SNNJAX_DATA_DIR' in text
  assert f'-O {address}/train-labels-idx1-ubyte.gz' in text
  code = re.search(r'python -c "(.*)"', text)[1]
  compile(code, 'advice', 'exec')
  assert "data.load('mnist', 'train')" in code


def test_without_a_server_the_error_comes_soon(register, tmp_path):
  with socket.socket() as taken:  # bound, but it does not listen
    taken.bind(('127.0.0.1', 0))
    address = f'http://127.0.0.1:{taken.getsockname()[1]}'
    register(address, published())
    begin = time.monotonic()
    with pytest.raises(FileNotFoundError, match='refused') as caught:
      load('mnist', 'train', data_dir=tmp_path)
  assert time.monotonic() - begin < 5
  assert str(tmp_path) in str(caught.value)
  expect_both_ways(caught.value, address)


def test_a_silent_server_is_not_waited_for(register, monkeypatch):
  monkeypatch.setattr(tfds, '_SECONDS_TO_ANSWER', 0.2)
  with socket.create_server(('127.0.0.1', 0)) as silent:
    address = f'http://127.0.0.1:{silent.getsockname()[1]}'
    register(address, published())
    with pytest.raises(FileNotFoundError, match=r'timed|no answer') as caught:
      load('mnist', 'train')
  expect_both_ways(caught.value, address)


def test_a_name_that_is_not_found_is_not_waited_for(register, monkeypatch):
  def never(*_, **__):
    time.sleep(2)
    raise OSError('too late')

  monkeypatch.setattr(tfds, '_SECONDS_TO_ANSWER', 0.2)
  monkeypatch.setattr(socket, 'getaddrinfo', never)
  register('http://data.invalid', published())
  with pytest.raises(FileNotFoundError, match='no answer in'):
    load('mnist', 'train')


@pytest.mark.parametrize(
  ('name', 'file'),
  [
    ('mnist', 'train-images-idx3-ubyte.gz'),
    ('fashion_mnist', 't10k-labels-idx1-ubyte.gz'),
    ('emnist', 'gzip.zip'),
    ('cifar10', 'cifar-10-binary.tar.gz'),
  ],
)
def test_the_real_builders_name_the_files_that_we_read(name, file):
  url_infos = tensorflow_datasets.builder_cls(name).url_infos
  assert file in {info.filename for info in url_infos.values()}


@pytest.fixture(scope='module')
def prepared_set(tmp_path_factory):
  """A set that TensorFlow Datasets has prepared, as array_record."""

  def generate(split):
    for i, (image, label) in enumerate(
      zip(IMAGES[split], LABELS[split], strict=True)
    ):
      file = io.BytesIO()  # encoded already, which spares TensorFlow
      Image.fromarray(image).save(file, 'PNG')
      file.seek(0)
      yield i, {'image': file, 'label': label}

  class Mnist(Builder, skip_registration=True):
    VERSION = tensorflow_datasets.core.Version('3.0.1')

    def _info(self):
      features = tensorflow_datasets.features
      return tensorflow_datasets.core.DatasetInfo(
        builder=self,
        features=features.FeaturesDict(
          {
            'image': features.Image(shape=(28, 28, 1)),
            'label': features.ClassLabel(num_classes=10),
          }
        ),
      )

    def _split_generators(self, _):
      return {split: generate(split) for split in LABELS}

    def _generate_examples(self):
      raise NotImplementedError

  folder = tmp_path_factory.mktemp('prepared')
  Mnist(data_dir=folder, file_format='array_record').download_and_prepare()
  return folder


def in_order(images, labels):
  """Rows of label and pixels, sorted: preparing shuffles."""
  rows = np.column_stack([labels, images.reshape(len(images), -1)])
  return rows[np.lexsort(rows.T[::-1])]


@pytest.mark.parametrize('split', LABELS)
def test_reads_a_prepared_set(prepared_set, split):
  source = load('mnist', split, data_dir=prepared_set)
  np.testing.assert_array_equal(
    in_order(source.inputs, source.labels),
    in_order(IMAGES[split], LABELS[split]),
  )
  assert source.inputs.shape[1:] == (28, 28, 1)
  assert source.inputs.dtype == np.uint8
  assert source.labels.dtype == np.int32
  assert source.class_names == tuple('0123456789')


def test_a_label_without_class_is_an_error(prepared_set):
  folders = [prepared_set / 'mnist']
  with pytest.raises(ValueError, match=r'labels must be 1 to 10.* is 0'):
    tfds.prepared('mnist', 'train', folders, tuple('0123456789'), first_label=1)


def test_other_sets_formats_and_versions_are_passed_over(
  prepared_set, tmp_path
):
  names = tuple('0123456789')
  shutil.copytree(prepared_set / 'mnist', tmp_path / 'mnist')
  path = tmp_path / 'mnist' / '3.0.1' / 'dataset_info.json'
  text = path.read_text()
  for old, new in (
    ('"mnist"', '"kmnist"'),
    ('array_record', 'tfrecord'),
  ):
    assert old in text
    path.write_text(text.replace(old, new))
    assert tfds.prepared('mnist', 'test', [tmp_path / 'mnist'], names) is None


def test_damage_is_an_error(prepared_set, tmp_path):
  shutil.copytree(prepared_set / 'mnist', tmp_path / 'mnist')
  for path in sorted((tmp_path / 'mnist').rglob('*')):
    if path.is_dir() or 'test' in path.name:
      continue
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b''):
      path.write_bytes(content)
      with pytest.raises(ValueError, match=r'mnist/3\.0\.1'):
        load('mnist', 'train', data_dir=tmp_path)
    path.write_bytes(whole)
  (record,) = (tmp_path / 'mnist').rglob('*train*')
  record.unlink()
  with pytest.raises(ValueError, match=r'mnist/3\.0\.1'):
    load('mnist', 'train', data_dir=tmp_path)
