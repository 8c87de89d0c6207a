import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { datasets } from '@shared/datasets'
import { connect, isError, nodeAt, setParam } from '@shared/experiment/edit'
import { fixFor } from '@shared/experiment/fix'
import { parseExperiment } from '@shared/experiment/parse'
import { planExperiment } from '@shared/experiment/plan'
import { effectiveExperiment } from '@shared/experiment/remedy'
import { vanishingExperiment } from '@shared/experiment/templates'
import type { Experiment } from '@shared/experiment/types'
import { LAYERS_FORMAT, useClipboard } from '@/features/canvas/clipboard'
import { useExpected } from '@/features/canvas/expected'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'

beforeEach(() => {
  vi.stubGlobal('window', { clinic: new Proxy({ on: () => () => undefined } as Record<string, unknown>, { get: (t, k: string) => t[k] ?? (async () => undefined) }) })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0))
  setActivePinia(createPinia())
})
const infoOf = (e: Experiment) => {
  const { id, ...params } = e.data.dataset
  return datasets.get(id).describe(params, { seed: e.seed, readText: () => '' })
}
const problemsOf = (e: Experiment) => {
  const applied = effectiveExperiment(e, infoOf(e))
  return [...applied.problems, ...planExperiment(applied.experiment, infoOf(e)).problems]
}
const dense = (id: string, units: number, inputs?: string[]): object => ({ id, kind: 'dense', params: { units }, ...(inputs && { inputs }) })
const make = (nodes: object[], more: object = {}): Experiment => parseExperiment({ data: { dataset: 'digits' }, network: { nodes }, ...more })

describe('a fix', () => {
  const cases: [string, Experiment, RegExp][] = [
    ['the output is too narrow', make([dense('a', 16), dense('b', 3)]), /units of b to 10|units of .* to 10/],
    ['the network is empty', make([]), /output layer with 10 units/],
    ['a layer leads nowhere', make([dense('a', 16), dense('dead', 5, ['a']), dense('b', 10, ['a'])]), /connect|delete/],
    ['a sum of unlike widths', make([dense('a', 16), dense('b', 8), { id: 's', kind: 'add', params: {}, inputs: ['b', 'a'] }, dense('c', 10, ['s'])]), /units of .* to 16/],
    ['the loss does not suit the task', make([dense('a', 10)], { data: { dataset: 'randomPairs' }, training: { loss: 'softmaxCrossEntropy' } }), /use /],
    ['the batch is larger than the data', make([dense('a', 10)], { training: { batchSize: 100_000, loss: 'softmaxCrossEntropy' } }), /all examples/]
  ]
  it.each(cases)('when %s does away with it and makes nothing worse', (_what, e, label) => {
    const before = problemsOf(e)
    expect(before.length).toBeGreaterThan(0)
    const fix = fixFor(e, before[0]!, infoOf(e))!
    expect(fix?.label.en).toMatch(label)
    expect(fix.label.zh).toMatch(/\p{Script=Han}/u)
    const after = problemsOf(fix.experiment)
    expect(after.length).toBeLessThan(before.length)
    expect(after.map((p) => p.message.en)).not.toContain(before[0]!.message.en)
  })
  it('is not made up for what is no problem', () => {
    const e = make([dense('a', 10)], { training: { loss: 'softmaxCrossEntropy' } })
    expect(problemsOf(e)).toEqual([])
    expect(fixFor(e, { path: 'network.nodes.a', node: 'a', message: { en: 'x', zh: 'x' } }, infoOf(e))).toBeUndefined()
  })
  it('is taken with one call, and undone with one step', () => {
    const project = useProject()
    project.setNetwork(setParam(project.experiment.network, 'output', 'units', 7))
    expect(project.canTrain).toBe(false)
    project.applyFix(project.problems[0]!)
    expect(project.problems).toEqual([])
    expect(nodeAt(project.experiment.network, 'output')).toMatchObject({ params: { units: 10 } })
    project.undo()
    expect(project.canTrain).toBe(false)
  })
})

describe('copy and paste', () => {
  it('puts the copied stretch behind the selection, with ids of its own, and is undone', () => {
    const [project, ui, clip] = [useProject(), useUi(), useClipboard()]
    ui.select('hidden')
    const text = clip.copy()!
    expect(JSON.parse(text)).toMatchObject({ format: LAYERS_FORMAT, nodes: [{ kind: 'repeat', times: 18 }] })
    const before = project.plan.layers.length
    expect(clip.paste(text)).toBe(true)
    expect(project.plan.layers.length).toBe(before + 18)
    expect(project.problems).toEqual([])
    const pasted = ui.selected!
    expect(nodeAt(project.experiment.network, pasted)!.inputs).toEqual(['hidden'])
    project.undo()
    expect(project.plan.layers.length).toBe(before)
  })
  it('works from one experiment to another, and without the system’s clipboard', () => {
    const [project, ui, clip] = [useProject(), useUi(), useClipboard()]
    ui.select('dense1')
    clip.copy()
    project.addExperiment(make([dense('a', 64), dense('b', 10)], { name: 'other', training: { loss: 'softmaxCrossEntropy' } }))
    ui.select('a')
    expect(clip.paste()).toBe(true)
    expect(project.experiment.network.nodes.map((n) => n.kind)).toEqual(['dense', 'dense', 'dense'])
    expect(project.experiment.network.nodes[1]).toMatchObject({ id: 'dense1', inputs: ['a'] })
    expect(project.problems).toEqual([])
  })
  it('cuts, and keeps what it cut', () => {
    const [project, ui, clip] = [useProject(), useUi(), useClipboard()]
    ui.select('hidden')
    expect(clip.cut()).toContain('repeat')
    expect(project.experiment.network.nodes.map((n) => n.id)).toEqual(['dense1', 'output'])
    ui.select('dense1')
    clip.paste()
    expect(project.experiment.network.nodes.map((n) => n.id)).toEqual(['dense1', 'hidden', 'output'])
  })
  it('opens a pasted experiment, and leaves any other text alone', () => {
    const [project, clip] = [useProject(), useClipboard()]
    expect(clip.paste('Hello')).toBe(false)
    expect(clip.paste('{"a": 1}')).toBe(false)
    expect(clip.paste(JSON.stringify({ ...vanishingExperiment(5), name: 'pasted' }))).toBe(true)
    expect(project.experiment.name).toBe('pasted')
  })
  it('says what is wrong with layers it cannot read, and changes nothing', () => {
    const [project, ui, clip] = [useProject(), useUi(), useClipboard()]
    const before = project.experiment
    expect(clip.paste(JSON.stringify({ format: LAYERS_FORMAT, nodes: [{ id: 'x', kind: 'no-such-kind', params: {} }] }))).toBe(true)
    expect(project.experiment).toBe(before)
    expect(ui.toasts[0]!.kind).toBe('bad')
    ui.select()
    expect(clip.copy()).toBeUndefined()
  })
})

describe('the expected gain', () => {
  it('stands at each layer that theory reaches, and follows every edit', () => {
    const project = useProject()
    const expected = useExpected()
    expect(expected.gains.get('hidden/dense')).toBeGreaterThan(0.2)
    expect(expected.gains.get('hidden/dense')).toBeLessThan(0.3)
    project.toggleRemedy('activation', true)
    expect(expected.gains.get('hidden/dense')).toBeCloseTo(1, 1)
  })
})

describe('a skip by keyboard', () => {
  it('is what a drag from port to port makes', () => {
    const r = connect(vanishingExperiment().network, 'dense1', 'output')
    expect(isError(r)).toBe(false)
  })
})
