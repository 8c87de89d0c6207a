import { describe, expect, it } from 'vitest'
import { datasets } from '@shared/catalog/datasets'
import { planExperiment } from '@shared/experiment/plan'
import { effectiveExperiment, remedyBlocked } from '@shared/experiment/effective'
import { readExperiment } from '@shared/experiment/parse'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf } from '@shared/base/params'
import { remedies } from '@shared/clinic/remedies'
import { fingerprint, packed, spread, unpacked, type Recorded } from '@shared/clinic/templates/parts/picture'
import { template, TEMPLATE_GROUPS, templates } from '@shared/clinic/templates'
import { firstSentence, shelves } from '@/features/edit/gallery/shelves'
import pictures from '../../resources/gallery.json'

/** Those that there have been: a new entry needs no picture, but none may lose its own. */
const [PICTURES, TREATED] = [46, 19]

describe('the pictures of the gallery', () => {
  // A template is one file: until its picture is recorded, the gallery shows an empty one.
  it('are those of templates, and none has got lost', () => {
    expect(templates.map((t) => t.id)).toEqual(expect.arrayContaining(Object.keys(pictures)))
    expect(Object.keys(pictures).length).toBeGreaterThanOrEqual(PICTURES)
  })
  it.each(Object.entries(pictures as Record<string, Recorded>))(
    '%s is what a run of this very experiment recorded',
    (id, r) => {
      const t = template(id)
      expect(r.of, 'recorded anew by `node scripts/gallery.mjs`').toBe(fingerprint(t.make()))
      expect(r.statistic).toBe(t.shows ?? 'activationGradientRms')
      expect(r.cells.length).toBe(2 * r.rows * r.columns)
      expect(r.rows * r.columns).toBeGreaterThan(20)
      const cell = (row: number, column: number): number =>
        unpacked(r.cells.slice(2 * (row * r.columns + column), 2 * (row * r.columns + column) + 2))
      const ratios = Array.from({ length: r.columns }, (_, c) => cell(0, c) / cell(r.rows - 1, c)).filter((x) =>
        Number.isFinite(x)
      )
      // The picture shows what the text says.
      if (t.finds === 'vanishing') expect(Math.min(...ratios)).toBeLessThan(1e-2)
      if (t.finds === 'exploding') expect(Math.max(...ratios)).toBeGreaterThan(10)
    }
  )
  it('keep a value to a tenth of itself', () => {
    for (const v of [1e-30, 3.3e-14, 0.02, 1, 5e7]) expect(Math.abs(unpacked(packed(v)) / v - 1)).toBeLessThan(0.1)
    expect([unpacked(packed(NaN)), unpacked(packed(Infinity)), unpacked(packed(0))]).toEqual([NaN, Infinity, 0])
    expect(spread(5, 3)).toEqual([0, 2, 4])
    expect(spread(2, 9)).toEqual([0, 1])
  })
})

/** Layers with a kernel of what really runs, first to last. */
function layersOf(id: string) {
  const e = template(id).make()
  const { id: dataset, ...params } = e.data.dataset
  const info = datasets.get(dataset).describe(params, { seed: e.seed })
  const { experiment } = effectiveExperiment(e, info)
  const mains = planExperiment(experiment, info).layers.filter((l) => l.main)
  return {
    e,
    mains,
    hidden: mains.slice(0, -1),
    activations: new Set(mains.slice(0, -1).map((l) => (l.params['activation'] as { id: string } | undefined)?.id))
  }
}
const remediesOf = (id: string) =>
  template(id)
    .make()
    .remedies.map((r) => r.id)

describe('what the product promises to have ready', () => {
  it('the article’s two layers, 1000 → 100 → 10, by gradient descent at 1e-6', () => {
    const { e, mains } = layersOf('starter')
    expect(mains.map((l) => [l.inputShapes[0], l.outputShape])).toEqual([
      [[1000], [100]],
      [[100], [10]]
    ])
    expect(e.training.optimizer).toMatchObject({ id: 'sgd', learningRate: 1e-6 })
  })
  it('20 sigmoid layers whose gradient vanishes, and the same with every remedy that says what it does there', () => {
    const { e, hidden, mains, activations } = layersOf('vanishing')
    expect([mains.length, hidden.length, [...activations], template('vanishing').finds]).toEqual([
      20,
      19,
      ['sigmoid'],
      'vanishing'
    ])
    const { id, ...params } = e.data.dataset
    const info = datasets.get(id).describe(params, { seed: e.seed })
    const can = remedies.all
      .filter((r) => !remedyBlocked(e, { ...defaultsOf(r.fields, lookup), id: r.id }, info))
      .map((r) => r.id)
    const treated = templates.filter((t) => t.group === 'treated')
    expect(treated.map((t) => t.make().remedies.map((r) => r.id))).toEqual(
      treated.map((t) => [t.id.replace('treated-', '')])
    )
    const told = remedies.all.filter((r) => r.gallery).map((r) => r.id)
    expect(treated.map((t) => t.id.replace('treated-', '')).sort()).toEqual([...told].sort())
    expect(can).toEqual(expect.arrayContaining(told))
    expect(told.length).toBeGreaterThanOrEqual(TREATED)
    for (const t of treated) expect({ ...t.make(), name: '', remedies: [] }, t.id).toEqual({ ...e, name: '' })
    expect(
      treated
        .filter((t) => t.finds === 'healthy')
        .map((t) => t.id)
        .sort()
    ).toEqual(['treated-activation', 'treated-batchNorm', 'treated-fewerLayers', 'treated-residual'])
  })
  it('ReLU that explodes, dying ReLU, SELU that normalises itself, batch norm with ReLU exploding backwards', () => {
    expect([...layersOf('exploding').activations, template('exploding').finds]).toEqual(['relu', 'exploding'])
    expect([...layersOf('dying').activations, template('dying').finds, template('dying').shows]).toEqual([
      'relu',
      'dead',
      'deadShare'
    ])
    expect([...layersOf('selu').activations, template('selu').finds, remediesOf('selu')]).toEqual([
      'selu',
      'healthy',
      []
    ])
    expect([template('batchNorm').finds, remediesOf('batchNorm'), layersOf('batchNorm').mains.length]).toEqual([
      'exploding',
      ['batchNorm'],
      40
    ])
  })
  it('plain against residual: the same layers', () => {
    const [plain, residual] = [template('plain').make(), template('residual').make()]
    expect({ ...residual, name: '', remedies: [] }).toEqual({ ...plain, name: '', remedies: [] })
    expect([template('plain').finds, remediesOf('plain'), template('residual').finds, remediesOf('residual')]).toEqual([
      'vanishing',
      [],
      'healthy',
      ['residual']
    ])
  })
  it('a simple RNN against an LSTM on the adding problem, and truncated BPTT', () => {
    const [rnn, lstm] = ['sequences-addingRnn', 'sequences-addingLstm'].map((id) => template(id).make())
    expect([rnn!.data, rnn!.network.nodes[0]!.kind, lstm!.network.nodes[0]!.kind]).toEqual([
      lstm!.data,
      'simpleRnn',
      'lstm'
    ])
    expect(rnn!.data.dataset.id).toBe('addingProblem')
    expect([remediesOf('truncated'), template('truncated').shows]).toEqual([['truncatedBptt'], 'timeGradientRms'])
  })
  it('a critic at three clip values', () => {
    const clipped = templates
      .filter((t) => t.group === 'adversarial')
      .flatMap((t) =>
        t
          .make()
          .remedies.filter((r) => r.id === 'weightClip')
          .map((r) => [r['limit'], t.finds])
      )
    expect(clipped).toEqual(
      expect.arrayContaining([
        [0.001, 'vanishing'],
        [0.01, 'vanishing'],
        [0.1, 'exploding']
      ])
    )
  })
  it('Glorot’s five tanh layers of 1000 units, as they were usual then', () => {
    const { hidden, activations } = layersOf('glorot')
    expect([hidden.length, [...activations], [...new Set(hidden.map((l) => l.outputShape[0]))]]).toEqual([
      5,
      ['tanh'],
      [1000]
    ])
  })
})

describe('the gallery', () => {
  it('starts with the network that vanishes, and every id and name is its own', () => {
    expect(templates[0]!.id).toBe('vanishing')
    for (const of of [
      templates.map((t) => t.id),
      templates.map((t) => t.name.en),
      templates.map((t) => t.name.zh),
      templates.map((t) => t.make().name)
    ])
      expect(new Set(of).size).toBe(of.length)
    expect(() => template('none')).toThrow(/vanishing, /)
  })
  it.each(templates.map((t) => [t.id, t] as const))('%s says what to see, in both languages', (_id, t) => {
    expect(TEMPLATE_GROUPS).toContain(t.group)
    for (const l of ['en', 'zh'] as const) {
      expect(t.name[l].length).toBeGreaterThan(3)
      expect(t.doc[l].length).toBeGreaterThan(l === 'en' ? 60 : 20)
    }
    expect(t.name.zh + t.doc.zh).toMatch(/\p{Script=Han}/u)
  })
  it('has a first sentence of each that stands by itself in the side panel, and every one of them on a shelf', () => {
    for (const t of templates)
      for (const [l, most] of [
        ['en', 200],
        ['zh', 90]
      ] as const) {
        const said = firstSentence(t.doc[l])
        expect(t.doc[l].startsWith(said), t.id).toBe(true)
        expect(said, t.id).toMatch(/[.!?。！？]$/)
        expect(said.length, `${t.id}: ${said}`).toBeLessThan(most)
      }
    expect(firstSentence('Weights clipped at 0.001. Then more.')).toBe('Weights clipped at 0.001.')
    expect(shelves().flatMap((s) => s.list)).toHaveLength(templates.length)
    expect(
      shelves()
        .filter((s) => s.long)
        .map((s) => s.group)
    ).toEqual(['treated'])
    // Either name of clipping is found, and what is found is not folded away.
    for (const word of ['梯度截断', '梯度裁剪'])
      expect(
        shelves(word).flatMap((s) => s.list.map((t) => t.id)),
        word
      ).toEqual(expect.arrayContaining(['clipped', 'exploding', 'treated-clipByGlobalNorm']))
    expect(shelves('梯度截断').some((s) => s.long)).toBe(false)
    expect(shelves('no such thing')).toEqual([])
  })
  it.each(templates.map((t) => [t.id, t] as const))(
    '%s is a sound experiment that can be trained as it is',
    (_id, t) => {
      const e = t.make()
      expect(readExperiment(JSON.parse(JSON.stringify(e)))).toEqual({ experiment: e, problems: [] })
      expect(t.make()).toEqual(e)
      const { id, ...params } = e.data.dataset
      const info = datasets.get(id).describe(params, { seed: e.seed })
      const effective = effectiveExperiment(e, info)
      expect(effective.problems).toEqual([])
      expect(planExperiment(effective.experiment, info).problems).toEqual([])
    }
  )
})
