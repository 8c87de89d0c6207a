import { moduleText, quoted } from '../../base/python'
import { CHECK_DOC, comparison, recordNoise } from '../check'
import type { TorchCritic } from './critic'
import type { TorchModel } from './model'

/** What stands for the noise of a critic's training. */
const drawn = (noises: TorchCritic['noises']): string[] => [
  'class Drawn(nn.Module):',
  '    """Stands for the noise of the training, and takes the recorded one."""',
  '',
  '    def __init__(self, file):',
  '        super().__init__()',
  `        uses = [${noises.map(({ use }) => quoted(use)).join(', ')}]`,
  '        self.steps = {use: iter(file[f"noise/{use}"]) for use in uses}',
  '',
  '    def forward(self, use, *shape):',
  '        return torch.from_numpy(next(self.steps[use]))',
  '',
  ''
]
/** Statements that give the recorded noise of a call. */
const taking = (critic: TorchCritic | undefined): string[] =>
  critic
    ? [
        '# A step asks once for real and generated points; for fewer it draws the same again.',
        'self.step += len(x) == self.noise.shape[1]',
        'noise = torch.from_numpy(self.noise[self.step - 1, : len(x)])'
      ]
    : ['noise = torch.from_numpy(self.noise[self.step])']

/**
 * `check.py`.
 * @param model the network, or the critic in its pair
 */
export function torchCheck({ noises }: TorchModel, critic?: TorchCritic): string {
  const net = critic ? 'Pair' : 'Net'
  const recorded = noises.length
    ? [
        'class Recorded(nn.Module):',
        '    """Stands for a module that draws noise, and takes the recorded one."""',
        '',
        '    def __init__(self, output, noise, channels_first):',
        '        super().__init__()',
        '        self.output, self.noise, self.step = output, noise, 0',
        '        self.channels_first = channels_first',
        '',
        '    def forward(self, x):',
        ...taking(critic).map((l) => `        ${l}`),
        '        if self.channels_first:',
        '            noise = noise.movedim(-1, 1)',
        ...(critic ? [] : ['        self.step += 1']),
        '        return self.output(x, noise)',
        '',
        '',
        ...recordNoise(noises, ({ path, channelsFirst }) => ({
          name: path,
          put: [
            `put = Recorded(output, noise, channels_first=${channelsFirst ? 'True' : 'False'})`,
            `model.set_submodule(${quoted(path)}, put)`
          ]
        }))
      ]
    : []
  return moduleText([
    ...CHECK_DOC,
    '',
    'import sys',
    '',
    'import numpy as np',
    'import torch',
    'from safetensors.torch import load_file',
    ...(noises.length || critic ? ['from torch import nn'] : []),
    '',
    'from data import batches, load',
    ...(critic ? [] : ['from model import Net']),
    `from train import ${critic ? 'Pair, ' : ''}loss_of, make_optimizer, train_step`,
    '',
    'TOLERANCE = 1e-4',
    '',
    '',
    ...(critic ? drawn(critic.noises) : []),
    ...recorded,
    'def start(file):',
    `    model = ${net}()`,
    '    model.load_state_dict(load_file("start.safetensors"))',
    ...(critic ? ['    model.noise = Drawn(file)'] : []),
    ...(noises.length ? ['    record(model, file)'] : []),
    '    return model',
    '',
    '',
    ...comparison({
      change: [
        'with torch.no_grad():',
        '    for w in model.parameters():',
        '        w.mul_(1 + torch.as_tensor(rng.uniform(-1, 1, w.shape) * eps))'
      ],
      gradients: [
        'loss_of(model, *next(batches(x, target))).backward()',
        'return {',
        '    name: np.zeros(w.shape) if w.grad is None else w.grad.numpy()',
        '    for name, w in model.named_parameters()',
        '}'
      ],
      optimizer: ['optimizer = make_optimizer(model)'],
      wide: ['torch.set_default_dtype(torch.float64)'],
      narrow: ['torch.set_default_dtype(torch.float32)'],
      widened: 'value.double()',
      separator: '.',
      library: 'PyTorch {torch.__version__}'
    })
  ])
}
