import { expect, it } from 'vitest'
import '@shared/clinic/remedies'
import { callIn } from '@shared/base/callInLine'
import { datasets } from '@shared/catalog/datasets'
import { effectiveExperiment, parseExperiment, planExperiment, type Experiment } from '@shared/experiment'
import type { Advised } from '@shared/recording/changes'
import { ownChanges } from '@shared/takehome/ownCode'

const line = (number: number, text: string) => ({ file: '/home/me/model.py', line: number, text })
const LOOP = 'self.body = nn.Sequential(*[m for _ in range(2) for m in (nn.Linear(w, w), nn.Sigmoid())])'
const dense = (id: string, units: number, code: object, activation = 'sigmoid'): object => ({
  id,
  name: id,
  kind: 'dense',
  params: { units, activation },
  code
})
const experiment = (nodes: object[]): Experiment =>
  parseExperiment({
    data: { dataset: { id: 'blobs', count: 60 } },
    network: { nodes },
    training: { steps: 3, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
  })
const deep = experiment([
  dense('first', 8, {
    ...line(7, 'self.first = nn.Linear(2, w)'),
    activation: line(20, 'x = torch.sigmoid(self.first(x))')
  }),
  dense('a', 8, { ...line(9, LOOP), activation: line(9, LOOP) }),
  dense('b', 8, { ...line(9, LOOP), activation: line(9, LOOP) }),
  dense('head', 3, line(12, 'self.head = Linear(w, 3)'), 'linear')
])
/** What remedies change, as the text before and after of each line that is replaced. */
function changed(base: Experiment, chosen: Experiment['remedies']): { all: Advised[]; lines: string[][] } {
  const info = datasets.get('blobs').describe(base.data.dataset, { seed: base.seed })
  const side = (remedies: Experiment['remedies']) => {
    const effective = effectiveExperiment({ ...base, remedies }, info).experiment
    return { experiment: effective, plan: planExperiment(effective, info, 1e9) }
  }
  const all = ownChanges(side([]), side(chosen), chosen)
  return { all, lines: all.filter((c) => c.replaces).map((c) => [`${c.at!.line}`, ...c.lines]) }
}
const withParams = (id: string, more: object = {}): Experiment['remedies'] => [
  parseExperiment({ ...deep, remedies: [{ id, ...more }] }).remedies[0]!
]

it('finds the call that is meant, whatever its name is qualified by', () => {
  expect(callIn('f(nn.Linear(2, 8), torch.nn.Linear(8, g(8)))', 'nn.Linear(8, g(8))')).toEqual({
    text: 'torch.nn.Linear(8, g(8))',
    prefix: 'torch.nn.',
    inner: '8, g(8)'
  })
  expect(callIn('MyLinear(2), a.Linear(")"', 'nn.Linear(2)')).toBeUndefined()
})
it('says which lines of the person’s own code a cure changes, each once', () => {
  const { lines, all } = changed(deep, withParams('batchNorm'))
  expect(lines).toEqual([
    ['7', 'self.first = nn.Sequential(nn.Linear(2, w, bias=False), nn.BatchNorm1d(8))'],
    [
      '9',
      'self.body = nn.Sequential(*[m for _ in range(2) for m in (nn.Sequential(nn.Linear(w, w, bias=False), nn.BatchNorm1d(8)), nn.Sigmoid())])'
    ]
  ])
  expect(all.map((c) => c.where.en)).toEqual([
    'in model.py:7 replace nn.Linear(2, w)',
    'in model.py:9 replace nn.Linear(w, w)'
  ])
})
it('exchanges activations where they are modules, and where forward calls them', () => {
  const { lines, all } = changed(deep, withParams('activation', { to: { id: 'relu' } }))
  expect(lines).toEqual([
    ['20', 'x = torch.relu(self.first(x))'],
    ['9', LOOP.replace('Sigmoid', 'ReLU')]
  ])
  const start = all.find((c) => c.name.en === 'Start of the weights')
  expect(start?.lines).toEqual([
    'for name in ["first", "a", "b"]:',
    expect.stringContaining('torch.nn.init.kaiming_normal_(model.get_submodule(name).weight')
  ])
})
it('tells what goes beside the model in the words of the remedy, and names sums that forward makes', () => {
  expect(changed(deep, withParams('clipByGlobalNorm')).all).toMatchObject([
    { where: { en: 'before optimizer.step()' }, lines: [expect.stringContaining('clip_grad_norm_')] }
  ])
  expect(changed(deep, withParams('residual')).all.map((c) => c.where.en)).toContain('in forward')
})
it('has nothing to say of a network that was made here', () => {
  const own = experiment([
    { id: 'a', kind: 'dense', params: { units: 8 } },
    { id: 'b', kind: 'dense', params: { units: 3, activation: 'linear' } }
  ])
  expect(changed(own, withParams('batchNorm')).all).toEqual([])
})
