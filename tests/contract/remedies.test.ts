import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { losses } from '@shared/catalog/losses'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, type Spec } from '@shared/base/params'
import { remedies } from '@shared/clinic/remedies'
import type { DataInfo } from '@shared/catalog/datasets'
import {
  applyRemedy,
  diffExperiments,
  effectiveExperiment,
  parseExperiment,
  planExperiment,
  remedyBlocked,
  type Change,
  type Experiment
} from '@shared/experiment'

const info: DataInfo = { inputShape: [8], targetShape: [3], task: 'multiclass', count: 200 }
const loss = losses.all.find((l) => l.tasks.includes('multiclass'))!.id

/** Nets of dense layers, blocks (nested too), norms and skips, all sound. */
const width = fc.constantFrom(4, 8)
const activation = fc.constantFrom('sigmoid', 'tanh', 'relu', 'linear')
const dense = (units: number, act: string, bias = true) => ({
  kind: 'dense',
  params: { units, activation: act, initializer: 'glorotUniform', bias }
})
type Item = { units: number; act: string; times: number; inner: number; skip: boolean; norm: boolean; extra: boolean }
const item: fc.Arbitrary<Item> = fc.record({
  units: width,
  act: activation,
  times: fc.integer({ min: 0, max: 5 }),
  inner: fc.integer({ min: 1, max: 2 }),
  skip: fc.boolean(),
  norm: fc.boolean(),
  extra: fc.boolean()
})

function network(items: Item[]): unknown {
  const nodes: Record<string, unknown>[] = []
  let at = 'input'
  let now = 8
  items.forEach((t, i) => {
    const put = (node: Record<string, unknown>, inputs = [at]): void => {
      nodes.push({ ...node, inputs })
      at = node.id as string
    }
    // A norm takes a bias before it away.
    put({ id: `d${i}`, ...dense(t.units, t.act, !t.norm) })
    const from = at
    const wasWide = now
    now = t.units
    if (t.norm) put({ id: `bn${i}`, kind: 'batchNorm' })
    if (t.times) {
      const body: Record<string, unknown>[] = []
      for (let k = 0; k < t.inner; k++) body.push({ id: `h${k}`, ...dense(t.units, t.act) })
      if (t.skip) body.push({ id: 'sum', kind: 'add', inputs: [`h${t.inner - 1}`, 'input'] })
      if (t.extra)
        body.push({ id: 'nest', kind: 'repeat', times: 2, body: [{ id: 'deep', ...dense(t.units, 'tanh') }] })
      put({ id: `b${i}`, kind: 'repeat', times: t.times, body })
      if (t.skip) put({ id: `s${i}`, kind: 'add' }, [at, from])
    } else if (t.skip && wasWide === t.units && nodes.length > 1) put({ id: `e${i}`, ...dense(t.units, t.act) })
  })
  nodes.push({ id: 'out', ...dense(3, 'linear'), inputs: [at] })
  return { nodes }
}
const experiment: fc.Arbitrary<Experiment> = fc
  .array(item, { minLength: 1, maxLength: 4 })
  .map((items) => parseExperiment({ network: network(items), training: { loss, batchSize: 32 } }))

const choice = (id: string, more: Record<string, unknown> = {}): Spec => ({
  id,
  ...defaultsOf(remedies.get(id).fields, lookup),
  ...more
})
const variants: Record<string, Record<string, unknown>[]> = {
  residual: [
    { every: 1 },
    { every: 2, scale: 1 },
    { order: 'pre' },
    { order: 'post', shortcut: 'projection' },
    { every: 2, order: 'pre' },
    { every: 2, order: 'post' },
    { shortcut: 'projection' }
  ],
  fewerLayers: [{ keep: 1 }, { keep: 3 }, { keep: 6 }],
  initializer: [{}, { output: true }],
  activation: [{}, { matching: false, to: { id: 'elu', alpha: 1 } }, { recurrent: true }]
}
const choices = fc
  .shuffledSubarray(remedies.ids())
  .chain((ids) => fc.tuple(...ids.map((id) => fc.constantFrom(...(variants[id] ?? [{}])).map((v) => choice(id, v)))))
/** Left out: what the ones before it rule out. */
const compatible = (list: Spec[]): Spec[] =>
  list.filter(
    (c, i) =>
      !list
        .slice(0, i)
        .some((b) => remedies.get(b.id).conflicts.includes(c.id) || remedies.get(c.id).conflicts.includes(b.id))
  )
const frozen = <T>(v: T): T => {
  if (typeof v === 'object' && v !== null) {
    Object.freeze(v)
    Object.values(v).forEach(frozen)
  }
  return v
}
/** Writes one listed change into a copy: together they must turn the one experiment into the other. */
function patched(e: Experiment, changes: Change[]): unknown {
  const byId = (v: unknown): unknown =>
    Array.isArray(v) && v.length && v.every((x) => typeof (x as { id?: unknown })?.id === 'string')
      ? Object.fromEntries(v.map((x: { id: string }) => [x.id, byId(x)]))
      : typeof v === 'object' && v !== null && !Array.isArray(v)
        ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, byId(x)]))
        : v
  const root = byId({ ...e, network: { nodes: e.network.nodes } }) as Record<string, unknown>
  for (const c of changes) {
    const keys = c.path.split('.')
    const last = keys.pop()!
    const at = keys.reduce<Record<string, unknown>>((o, k) => o[k] as Record<string, unknown>, root)
    if (c.type === 'remove') delete at[last]
    else at[last] = byId(c.after)
  }
  return root
}

describe.each(remedies.all.map((r) => [r.id, r] as const))('remedy %s', (id, remedy) => {
  it('says what it does and when it harms, in both languages', () => {
    for (const t of [remedy.name, remedy.doc, remedy.backfires, ...Object.values(remedy.fields).map((f) => f.label)])
      expect(t.en && t.zh).toBeTruthy()
    for (const c of remedy.conflicts) expect(remedies.ids()).toContain(c)
    expect(!!remedy.apply || !!remedy.hook).toBe(true)
  })
  it('has a reference in plain numbers for each part of its hook', () => {
    expect(Object.keys(remedy.reference ?? {})).toEqual(expect.arrayContaining(Object.keys(remedy.hook ?? {})))
  })
  it('never changes what it is given, and gives a sound experiment or a reason', () =>
    fc.assert(
      fc.property(experiment, fc.constantFrom(...(variants[id] ?? [{}])), (e, v) => {
        expect(planExperiment(e, info).problems).toEqual([])
        const before = JSON.stringify(e)
        const c = choice(id, v)
        frozen(e)
        if (remedyBlocked(e, c, info)) return
        const after = applyRemedy(e, c, info)
        expect(JSON.stringify(e)).toBe(before)
        expect(planExperiment(after, info).problems).toEqual([])
        // What comes out can be saved and read again.
        expect(parseExperiment(JSON.parse(JSON.stringify(after)))).toEqual(after)
      }),
      { numRuns: 60 }
    ))
  it('changes exactly what the difference lists', () =>
    fc.assert(
      fc.property(experiment, fc.constantFrom(...(variants[id] ?? [{}])), (e, v) => {
        const c = choice(id, v)
        if (remedyBlocked(e, c, info)) return
        const after = applyRemedy(e, c, info)
        expect(patched(e, diffExperiments(e, after))).toEqual(patched(after, []))
      }),
      { numRuns: 60 }
    ))
})

describe('remedies together', () => {
  it('give a sound plan in any order, and off gives back what was there', () =>
    fc.assert(
      fc.property(experiment, choices, (e, list) => {
        const chosen = { ...e, remedies: compatible(list) }
        const before = JSON.stringify(chosen)
        const { experiment: now, problems } = effectiveExperiment(frozen(chosen), info)
        // A remedy that can't be applied says so; it is never the reason for an unsound network.
        for (const p of problems) expect(p.message.en && p.message.zh).toBeTruthy()
        expect(planExperiment(now, info).problems).toEqual([])
        expect(JSON.stringify(chosen)).toBe(before)
        expect(effectiveExperiment({ ...chosen, remedies: [] }, info).experiment).toEqual({ ...e, remedies: [] })
      }),
      { numRuns: 300 }
    ))
  it('names the one that contradicts another', () => {
    const e = parseExperiment({
      network: network([{ units: 8, act: 'relu', times: 2, inner: 1, skip: false, norm: false, extra: false }]),
      training: { loss },
      remedies: ['batchNorm', 'layerNorm']
    })
    expect(effectiveExperiment(e, info).problems.map((p) => [p.path, p.message.en])).toEqual([
      ['remedies.1', expect.stringContaining('Batch normalisation')]
    ])
    expect(remedyBlocked({ ...e, remedies: [choice('batchNorm')] }, choice('layerNorm'), info)?.en).toContain(
      'Batch normalisation'
    )
  })
})
