import { moduleText, quoted } from '../../base/python'
import { CHECK_DOC, comparison, recordNoise } from '../check'
import type { TorchModel } from './model'

/** `check.py`. */
export function torchCheck({ noises }: TorchModel): string {
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
        '        noise = torch.from_numpy(self.noise[self.step])',
        '        if self.channels_first:',
        '            noise = noise.movedim(-1, 1)',
        '        self.step += 1',
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
    ...(noises.length ? ['from torch import nn'] : []),
    '',
    'from data import batches, load',
    'from model import Net',
    'from train import loss_of, make_optimizer, train_step',
    '',
    'TOLERANCE = 1e-4',
    '',
    '',
    ...recorded,
    'def start(file):',
    '    model = Net()',
    '    model.load_state_dict(load_file("start.safetensors"))',
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
      separator: '.',
      library: 'PyTorch {torch.__version__}'
    })
  ])
}
