import { moduleText, number } from '../base/python'
import type { Taken } from './types'

/** The program's generator of random numbers, so that split and order are the same. */
const RANDOM = [
  'class Random:',
  '    """sfc32 (PractRand, public domain), started by a text."""',
  '',
  '    def __init__(self, text):',
  '        h = 1779033703 ^ len(text)',
  '        for c in text:',
  '            h = ((h ^ ord(c)) * 3432918353) & 0xFFFFFFFF',
  '            h = ((h << 13) | (h >> 19)) & 0xFFFFFFFF',
  '        self.state = []',
  '        for _ in range(4):',
  '            h = ((h ^ (h >> 16)) * 2246822507) & 0xFFFFFFFF',
  '            h = ((h ^ (h >> 13)) * 3266489909) & 0xFFFFFFFF',
  '            h ^= h >> 16',
  '            self.state.append(h)',
  '        for _ in range(12):',
  '            self.bits()',
  '',
  '    def bits(self):',
  '        a, b, c, d = self.state',
  '        t = (a + b + d) & 0xFFFFFFFF',
  '        turned = ((c << 21) | (c >> 11)) & 0xFFFFFFFF',
  '        self.state = [',
  '            b ^ (b >> 9),',
  '            (c + (c << 3)) & 0xFFFFFFFF,',
  '            (turned + t) & 0xFFFFFFFF,',
  '            (d + 1) & 0xFFFFFFFF,',
  '        ]',
  '        return t',
  '',
  '    def permutation(self, n):',
  '        """A random order of 0 … n - 1 (Fisher-Yates)."""',
  '        order = list(range(n))',
  '        for i in range(n - 1, 0, -1):',
  '            j = int(self.bits() / 4294967296 * (i + 1))',
  '            order[i], order[j] = order[j], order[i]',
  '        return np.array(order)'
]

/** `data.py`. @param library whose tensors the examples become; those of Keras are NumPy's */
export function dataModule({ experiment, data, held, chosen }: Taken, library: 'torch' | 'keras'): string {
  const { standardize } = experiment.data
  const isSequence = data.inputShape.length === 2
  const scalesTarget = standardize && data.task === 'regression'
  const padded = isSequence && !!data.lengths
  const batch = experiment.training.batchSize
  const isWhole = batch === 0 || batch >= (chosen?.length ?? data.count - held)
  const split = data.inOrder || !held
  const constants = [
    `SEED = ${number(experiment.seed)}`,
    ...(isWhole ? [] : [`BATCH_SIZE = ${number(batch)}`]),
    ...(held ? [`HELD_OUT = ${number(held)}`] : [])
  ]
  const splits = [
    'def split(count):',
    '    """Places of the training examples, and of those held out for validation."""',
    ...(!held
      ? ['    return np.arange(count), np.arange(0)']
      : split
        ? ['    places = np.arange(count)', '    return places[:-HELD_OUT], places[-HELD_OUT:]']
        : [
            '    order = Random(f"{SEED}/split").permutation(count)',
            '    return np.sort(order[HELD_OUT:]), np.sort(order[:HELD_OUT])'
          ])
  ]
  const scaling = [
    'def standardised(values, part):',
    '    """Every feature to mean 0 and deviation 1, by what it is in a part of the rows."""',
    '    part = part.astype(np.float64)',
    '    mean, std = part.mean(axis=0), part.std(axis=0)',
    '    # A feature that does not vary becomes 0.',
    '    varies = (std > 1e-6 * np.abs(mean)) & (std > 0)',
    '    mean, std = np.where(varies, mean, part[0]), np.where(varies, std, 1)',
    '    return ((values - mean) / std).astype(np.float32)'
  ]
  const rows = (name: string, sequence: boolean): string =>
    `${name} = standardised(${name}, ${sequence ? `${name}[train].reshape(-1, ${name}.shape[-1])` : `${name}[train]`})`
  const scaled = padded
    ? [
        '    # The steps before a sequence begins are padding, and stay 0.',
        '    own = np.arange(x.shape[1]) >= x.shape[1] - file["lengths"][:, None]',
        '    x = standardised(x, x[train][own[train]]) * own[..., None]'
      ]
    : [`    ${rows('x', isSequence)}`]
  const load = [
    'def load():',
    '    """Training part and validation part: inputs and targets of each."""',
    '    with np.load("data.npz") as file:',
    ...(padded && standardize ? ['        lengths = file["lengths"]'] : []),
    '        x, y = file["x"], file["y"]',
    '    train, validation = split(len(x))',
    ...(standardize ? scaled.map((l) => l.replace('file["lengths"]', 'lengths')) : []),
    ...(scalesTarget ? [`    ${rows('y', data.targetShape.length === 2)}`] : []),
    ...(chosen ? ['    # The only ones that are trained on.', `    train = train[[${chosen.join(', ')}]]`] : []),
    library === 'torch'
      ? '    x, y = torch.from_numpy(x).float(), torch.from_numpy(y).float()'
      : '    x, y = x.astype("float32"), y.astype("float32")',
    '    return (x[train], y[train]), (x[validation], y[validation])'
  ]
  const order = isWhole
    ? [
        'def batches(x, y):',
        '    """Batches without end: all examples at once."""',
        '    while True:',
        '        yield x, y'
      ]
    : [
        'def batches(x, y):',
        '    """Batches without end, cut from one random order after the other."""',
        '    random = Random(f"{SEED}/batches")',
        '    order = np.arange(0)',
        '    while True:',
        '        while len(order) < BATCH_SIZE:',
        '            order = np.append(order, random.permutation(len(x)))',
        '        batch, order = np.split(order, [BATCH_SIZE])',
        '        yield x[batch], y[batch]'
      ]
  const draws = [...splits, ...order].some((l) => l.includes('Random('))
  const named = draws ? constants : constants.slice(1)
  const parts = [...(draws ? [RANDOM] : []), splits, ...(standardize ? [scaling] : []), load, order]
  return moduleText([
    '"""The examples as Gradient Clinic fed them: split, scaling and order of batches."""',
    '',
    'import numpy as np',
    ...(library === 'torch' ? ['import torch'] : []),
    ...named.flatMap((line, i) => (i ? [line] : ['', line])),
    '',
    '',
    parts.map((p) => p.join('\n')).join('\n\n\n')
  ])
}
