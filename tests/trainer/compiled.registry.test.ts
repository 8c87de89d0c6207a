import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { activations } from '@shared/catalog/activations'
import { initializers } from '@shared/catalog/initializers'
import { layers } from '@shared/catalog/layers'
import type { LayerKind } from '@shared/catalog/layers/types'
import { losses } from '@shared/catalog/losses'
import { optimizers } from '@shared/catalog/optimizers'
import { remedies } from '@shared/clinic/remedies'
import { templates } from '@shared/clinic/templates'
import { effectiveExperiment, parseExperiment, planExperiment, type Experiment } from '@shared/experiment'
import type { LayerNode } from '@shared/experiment/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { describeData } from '../../src/trainer/data'
import { Training } from '../../src/trainer/session/training'
import { loadTensorFlow } from '../../src/trainer/tensorflow'
import { netOf, nets } from './support'

type Json = Record<string, unknown>
const node = (id: string, kind: string, params: Json = {}, inputs?: string[]): Json => ({
  id,
  kind,
  params,
  ...(inputs && { inputs })
})
const out = (units: number): Json => node('out', 'dense', { units, activation: 'linear' })

/** Data that layers can stand behind, each with what makes an output of theirs fit. */
const places: { data: Json; before: Json[]; classes: number }[] = [
  { data: { dataset: { id: 'blobs', count: 60, classes: 3, inputs: 4 } }, before: [], classes: 3 },
  {
    data: { dataset: { id: 'temporalOrder', count: 60, length: 12 } },
    before: [],
    classes: 4
  },
  {
    data: { dataset: { id: 'temporalOrder', count: 60, length: 12, coding: 'ids' } },
    before: [],
    classes: 4
  },
  {
    data: { dataset: 'digits', validation: 0.9 },
    before: [node('picture', 'reshape', { shape: '8, 8, 1' })],
    classes: 10
  }
]
/** The first experiment in which a layer of this kind has a place. */
function around(kind: LayerKind, params: Json): Experiment {
  for (const { data, before, classes } of places)
    for (const after of [[], [node('row', 'flatten')]]) {
      const inputs =
        kind.inputs.min > 1 ? [before[0] ? 'picture' : 'input', before[0] ? 'picture' : 'input'] : undefined
      const e = parseExperiment({
        data,
        network: { nodes: [...before, node('it', kind.id, params, inputs), ...after, out(classes)] },
        training: { steps: 2, batchSize: 8, loss: 'softmaxCrossEntropy', optimizer: 'sgd' }
      })
      if (!planExperiment(e, describeData(e, {})).problems.length) return e
    }
  throw new Error(`no data that ${kind.id} fits with ${JSON.stringify(params)}`)
}
/** Each switch and each choice once. */
const settings = (kind: LayerKind): Json[] => [
  {},
  ...Object.entries(kind.fields).flatMap(([k, f]): Json[] =>
    f.type === 'bool'
      ? [{ [k]: !f.default }]
      : f.type === 'choice'
        ? f.options.filter((o) => o.id !== f.default).map((o) => ({ [k]: o.id }))
        : f.type === 'ref' && f.registry === 'activations'
          ? // A cell has no place for what an activation learns.
            activations.all.filter((a) => kind.group !== 'recurrent' || !a.weights).map((a) => ({ [k]: a.id }))
          : []
  )
]
const compiled = (e: Experiment): unknown => {
  const training = new Training(e, {})
  try {
    training.build()
    return training.engine.compiled
  } finally {
    training.dispose()
  }
}

it('TensorFlow is told to keep its lines to itself before it is loaded', () => {
  delete process.env['TF_CPP_MIN_LOG_LEVEL']
  loadTensorFlow()
  expect(process.env['TF_CPP_MIN_LOG_LEVEL']).toBe('3')
})

describe('every entry becomes part of the one native call', () => {
  it.each(
    layers.all.flatMap((kind) => settings(kind).map((p) => [`${kind.id} ${JSON.stringify(p)}`, kind, p] as const))
  )('layer %s', (_name, kind, p) => expect(compiled(around(kind, p))).toBe(true))
  it.each(initializers.all.map((i) => [i.id] as const))('initializer %s', (initializer) =>
    expect(compiled(around(layers.get('dense'), { initializer }))).toBe(true)
  )
  it.each(optimizers.all.map((o) => [o.id] as const))('optimizer %s', (id) =>
    expect(compiled(netOf('conv', { optimizer: { id } }))).toBe(true)
  )
  it.each(losses.all.map((l) => [l.id] as const))('loss %s', (loss) => {
    const fitting = Object.keys(nets).find((name) => {
      const e = netOf(name, { loss })
      return !planExperiment(e, describeData(e, {})).problems.length
    })
    expect(compiled(netOf(fitting!, { loss }))).toBe(true)
  })
  const parts = around(layers.get('simpleRnn'), { recurrentInitializer: 'normal' })
  const output = parts.network.nodes.length - 1
  const bounded = parts.network.nodes.map((n, i) =>
    i === output ? { ...n, params: { ...(n as LayerNode).params, activation: 'relu' } } : n
  )
  const shallow = around(layers.get('dense'), { units: 4 })
  const [hidden, end] = shallow.network.nodes
  const sum = [
    { ...hidden!, id: 'branch', inputs: ['it'] },
    { id: 'sum', kind: 'add', inputs: ['branch', 'it'] }
  ]
  /**
   * A start and an output to be mended; a batch norm with a long memory; a penalty that is too strong; a residual sum.
   */
  const hosts = [
    { ...parts, network: { nodes: bounded } },
    around(layers.get('batchNorm'), { momentum: 0.99 }),
    around(layers.get('dense'), { l2: 1 }),
    { ...shallow, network: { nodes: [hidden!, ...sum, { ...end!, inputs: ['sum'] }] } }
  ]
  /** An experiment that the remedy changes: one of the gallery, or the first of these that it fits. */
  const treated = (id: string): Experiment =>
    templates.map((t) => t.make()).find((e) => e.remedies.some((r) => r.id === id)) ??
    hosts
      .map((host) => parseExperiment({ ...host, remedies: [id] }))
      .find((e) => !effectiveExperiment(e, describeData(e, {})).problems.length)!
  it.each(remedies.all.map((r) => [r.id] as const))('remedy %s', (id) => expect(compiled(treated(id))).toBe(true))
})

describe('the lines of TensorFlow', () => {
  const root = mkdtempSync(join(tmpdir(), 'clinic-quiet-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  beforeAll(() => buildClinic())
  /** All activations one behind the other, each as `step` makes it part of a chain. */
  const chain = (step: (i: number, activation: string) => Json[]): Json[] =>
    activations.all.flatMap((a, i) => step(i, a.id))
  const conv = (i: number, activation: string, bias = true, more: Json = {}): Json =>
    node(`c${i}`, 'conv2d', { filters: 3, activation, bias, ...more })
  const dense = (i: number, activation: string): Json => node(`d${i}`, 'dense', { units: 5, activation })
  const act = (i: number, activation: string): Json => node(`a${i}`, 'activation', { activation })
  const norm = (i: number, kind: string): Json => node(`n${i}`, kind)
  const picture = node('picture', 'reshape', { shape: '8, 8, 1' })
  const flat = node('row', 'flatten')
  const kinds: Record<string, Json[]> = {
    'convolutions that end with an activation': [picture, ...chain((i, a) => [conv(i, a)]), flat],
    'convolutions before activations': [picture, ...chain((i, a) => [conv(i, 'linear'), act(i, a)]), flat],
    'convolutions, batch norm and activations': [
      picture,
      ...chain((i, a) => [conv(i, 'linear', false), norm(i, 'batchNorm'), act(i, a)]),
      flat
    ],
    'convolutions padded as in PyTorch': [
      picture,
      ...chain((i, a) => [conv(i, a, true, { padding: 'symmetric' })]),
      node('pool', 'maxPool', { size: 3, stride: 2, padding: 'symmetric' }),
      flat
    ],
    'padded convolutions, batch norm and activations': [
      picture,
      ...chain((i, a) => [conv(i, 'linear', false, { padding: 'symmetric' }), norm(i, 'batchNorm'), act(i, a)]),
      node('pool', 'averagePool', { size: 3, stride: 2, padding: 'symmetric' }),
      flat
    ],
    'dense layers': chain((i, a) => [dense(i, a)]),
    'dense layers, layer norm and activations': chain((i, a) => [dense(i, 'linear'), norm(i, 'layerNorm'), act(i, a)]),
    'a convolution with two readers': [
      picture,
      conv(0, 'linear'),
      act(1, 'leakyRelu'),
      node('sum', 'add', {}, ['a1', 'c0']),
      flat
    ]
  }
  it.each(Object.entries(kinds))('%s: not one, even of errors', (_name, nodes) => {
    const file = join(root, 'experiment.json')
    writeFileSync(
      file,
      JSON.stringify({
        data: { dataset: 'digits' },
        network: { nodes: [...nodes, out(10)] },
        // Long enough for steps of which nothing is measured.
        training: { steps: 300, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: 'adam' },
        record: { every: 100 },
        remedies: ['l1', 'l2']
      })
    )
    const ran = spawnSync(process.execPath, [join(ROOT, 'out/cli/clinic.cjs'), 'run', file, '--out', root, '--quiet'], {
      encoding: 'utf8',
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
    })
    expect(ran.stderr).toBe('')
    expect(ran.status).toBe(0)
    expect(
      (JSON.parse(readFileSync(join(root, 'run.json'), 'utf8')) as { schema: { compiled: unknown } }).schema.compiled
    ).toBe(true)
  })
})
