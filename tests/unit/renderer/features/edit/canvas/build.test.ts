import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { datasets } from '@shared/catalog/datasets'
import { nodeAt, setParam } from '@shared/experiment/edit'
import { fixFor } from '@shared/experiment/fix'
import { parseExperiment } from '@shared/experiment/parse'
import { planExperiment } from '@shared/experiment/plan'
import { effectiveExperiment } from '@shared/experiment/effective'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import type { Experiment } from '@shared/experiment/types'
import { LAYERS_FORMAT, useClipboard } from '@/features/edit/canvas/clipboard'
import { canvasModel, toneOf } from '@/features/edit/canvas/model'
import { useClosed } from '@/features/edit/canvas/closed'
import { useExpected } from '@/features/edit/canvas/expected'
import { useSkip } from '@/features/edit/canvas/skip'
import { chordOf } from '@/commands/chords'
import { canRun } from '@/commands/command'
import { installCommands } from '@/window/commands'
import { useCanvasHandle, type CanvasHandle } from '@/features/edit/canvas/handle'
import { useCommands } from '@/commands/registry'
import { emptyExperiment, useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'

beforeEach(() => {
  vi.stubGlobal('window', {
    clinic: new Proxy({ on: () => () => undefined } as Record<string, unknown>, {
      get: (t, k: string) => t[k] ?? (async () => undefined)
    })
  })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0))
  setActivePinia(createPinia())
})
const infoOf = (e: Experiment) => {
  const { id, ...params } = e.data.dataset
  return datasets.get(id).describe(params, { seed: e.seed })
}
const problemsOf = (e: Experiment) => {
  const applied = effectiveExperiment(e, infoOf(e))
  return [...applied.problems, ...planExperiment(applied.experiment, infoOf(e)).problems]
}
const dense = (id: string, units: number, inputs?: string[]): object => ({
  id,
  kind: 'dense',
  params: { units, ...(units === 10 && { activation: 'linear' }) },
  ...(inputs && { inputs })
})
const make = (nodes: object[], more: object = {}): Experiment =>
  parseExperiment({ data: { dataset: 'digits' }, network: { nodes }, ...more })

describe('a fix', () => {
  const cases: [string, Experiment, RegExp][] = [
    ['the output is too narrow', make([dense('a', 16), dense('b', 3)]), /units of b to 10|units of .* to 10/],
    ['the network is empty', make([]), /output layer with 10 units/],
    ['a layer leads nowhere', make([dense('a', 16), dense('dead', 5, ['a']), dense('b', 10, ['a'])]), /connect|delete/],
    [
      'a sum of unlike widths',
      make([
        dense('a', 16),
        dense('b', 8),
        { id: 's', kind: 'add', params: {}, inputs: ['b', 'a'] },
        dense('c', 10, ['s'])
      ]),
      /units of .* to 16/
    ],
    [
      'the loss does not suit the task',
      make([dense('a', 10)], { data: { dataset: 'randomPairs' }, training: { loss: 'softmaxCrossEntropy' } }),
      /use /
    ],
    [
      'batch norm sees one example at a time',
      make([dense('a', 8), { id: 'n', kind: 'batchNorm' }, dense('b', 10)], {
        training: { batchSize: 1, loss: 'softmaxCrossEntropy' }
      }),
      /take 32 examples at a time/
    ],
    [
      'a remedy makes batches of one for batch norm',
      make([dense('a', 8), { id: 'n', kind: 'batchNorm' }, dense('b', 10)], {
        training: { loss: 'softmaxCrossEntropy' },
        remedies: [{ id: 'smallerBatch', size: 1 }]
      }),
      /switch the remedy “Smaller batch” off/
    ],
    [
      'a remedy takes a setting out of its range',
      make([dense('a', 10)], {
        training: { loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.01 } },
        remedies: [{ id: 'learningRate', factor: 1e6 }]
      }),
      /switch the remedy “Change learning rate” off/
    ],
    [
      'a loss that squashes reads what is squashed already',
      make([dense('a', 16), { id: 'b', kind: 'dense', params: { units: 10, activation: 'sigmoid' } }], {
        training: { loss: 'softmaxCrossEntropy' }
      }),
      /make b linear/
    ],
    [
      'the batch is larger than the data',
      make([dense('a', 10)], { training: { batchSize: 100_000, loss: 'softmaxCrossEntropy' } }),
      /all examples/
    ]
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
    expect(clip.canPaste()).toBe(true)
    project.addExperiment(
      make([dense('a', 64), dense('b', 10)], { name: 'other', training: { loss: 'softmaxCrossEntropy' } })
    )
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
    expect(
      clip.paste(JSON.stringify({ format: LAYERS_FORMAT, nodes: [{ id: 'x', kind: 'no-such-kind', params: {} }] }))
    ).toBe(true)
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

describe('the keyboard', () => {
  const canvas = { focus: vi.fn(), stepWire: vi.fn(), nudge: vi.fn(), removeSelected: vi.fn() }
  beforeEach(() => {
    useCanvasHandle().handle = canvas as unknown as CanvasHandle
    installCommands()
  })
  /** What a key does: nothing, when its command can't be done now. */
  const press = (...keys: string[]): void => {
    for (const k of keys) {
      const parts = k.split('+')
      const command = useCommands().byChord.get(
        chordOf({
          key: parts[parts.length - 1]!,
          ctrlKey: parts.includes('Control'),
          metaKey: false,
          altKey: parts.includes('Alt'),
          shiftKey: parts.includes('Shift')
        })
      )
      if (command && canRun(command)) void command.run()
    }
  }
  const inputsOf = (path: string): string[] => nodeAt(useProject().experiment.network, path)!.inputs

  it('draws a skip between layers that are no neighbours: C, arrows, Enter', () => {
    const [project, ui, skip] = [useProject(), useUi(), useSkip()]
    press('Escape', 'ArrowRight', 'ArrowRight', 'c')
    expect(ui.selected).toBe('dense1')
    expect(skip.from).toBe('dense1')
    // dense1, the block, the layer in it, the output
    press('ArrowRight', 'ArrowRight', 'ArrowRight')
    expect(ui.selected).toBe('output')
    press('Enter')
    expect(skip.from).toBeNull()
    const sum = project.experiment.network.nodes.find((n) => n.kind === 'add')!
    expect(sum.inputs).toEqual(['hidden', 'dense1'])
    expect(inputsOf('output')).toEqual([sum.id])
    expect(ui.selected).toBe(sum.id)
    press('Control+z')
    expect(inputsOf('output')).toEqual(['hidden'])
  })
  it('draws the same backwards, and with C at both ends', () => {
    const [project, ui] = [useProject(), useUi()]
    ui.select('output')
    press('c', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft')
    expect(ui.selected).toBe('dense1')
    press('c')
    expect(project.experiment.network.nodes.find((n) => n.kind === 'add')!.inputs).toEqual(['hidden', 'dense1'])
  })
  it('gives a skip up with Esc, back where it began, and changes nothing', () => {
    const [project, ui, skip] = [useProject(), useUi(), useSkip()]
    const before = project.experiment
    ui.select('dense1')
    press('c', 'ArrowRight', 'Escape', 'Enter')
    expect(project.experiment).toBe(before)
    expect(skip.from).toBeNull()
    expect(ui.selected).toBe('dense1')
    press('Escape')
    expect(ui.selection).toEqual([])
  })
  it('goes on with a skip that can’t be drawn, and says why; begins none at what a remedy made', () => {
    const [project, ui, skip] = [useProject(), useUi(), useSkip()]
    ui.select('dense1')
    press('c', 'ArrowRight', 'Enter')
    expect(ui.toasts[0]!.text.en).toMatch(/connected already/)
    expect(skip.from).toBe('dense1')
    skip.cancel()
    project.toggleRemedy('batchNorm', true)
    const made = project.effective.network.nodes.find((n) => n.kind === 'batchNorm')!
    ui.select(made.id)
    press('c')
    expect(skip.from).toBeNull()
    expect(ui.toasts[ui.toasts.length - 1]!.text.en).toMatch(/remedy made this part/)
  })
  it('steps from connection to connection, nudges, deletes', () => {
    const ui = useUi()
    press('w', 'Shift+w')
    expect(canvas.stepWire.mock.calls).toEqual([[1], [-1]])
    press('Control+ArrowUp')
    expect(canvas.nudge).not.toHaveBeenCalled()
    ui.select('dense1')
    press('Control+ArrowUp', 'Control+ArrowRight')
    expect(canvas.nudge.mock.calls).toEqual([
      [0, -8],
      [8, 0]
    ])
    ui.selectWire(':dense1>hidden.0')
    expect(ui.selection).toEqual([])
    press('Delete')
    expect(canvas.removeSelected).toHaveBeenCalledOnce()
    ui.select('dense1')
    expect(ui.wire).toBeNull()
  })
  it('closes the block that is selected, or that the selected layer is in; arrows pass it by, and no edit is made', () => {
    const [project, ui, closed] = [useProject(), useUi(), useClosed()]
    const before = project.experiment
    ui.select('hidden/dense')
    press('b')
    expect([...closed.paths]).toEqual(['hidden'])
    expect(ui.selected).toBe('hidden')
    press('ArrowRight')
    expect(ui.selected).toBe('output')
    press('ArrowLeft', 'b', 'ArrowRight')
    expect(ui.selected).toBe('hidden/dense')
    expect(closed.over('hidden/dense')).toBeUndefined()
    closed.set('hidden', true)
    expect(closed.over('hidden/dense')).toBe('hidden')
    expect(project.experiment).toBe(before)
    // By its button, too, the block that is closed over the selected layer is what is selected then.
    closed.set('hidden', false)
    ui.select('hidden/dense')
    closed.set('hidden', true)
    expect(ui.selected).toBe('hidden')
    // Another experiment has blocks of its own.
    project.addExperiment(vanishingExperiment())
    expect(closed.paths.size).toBe(0)
  })
})

describe('an empty network', () => {
  it('is brought to life by one layer, as wide as the target', () => {
    const project = useProject()
    project.addExperiment(emptyExperiment())
    expect(project.experiment.network.nodes).toEqual([])
    expect(project.canTrain).toBe(false)
    installCommands()
    expect(useCommands().run('add-dense')).toBe(true)
    expect(project.problems).toEqual([])
    expect(project.canTrain).toBe(true)
  })
})

describe('a warning', () => {
  const end = (activation: string, loss = 'softmaxCrossEntropy', dataset: unknown = 'digits', units = 10): Experiment =>
    make([dense('a', 16), { id: 'b', kind: 'dense', params: { units, activation } }], {
      data: { dataset },
      training: { loss }
    })
  it('is told of a layer before a loss that squashes by itself, in both languages', () => {
    const [softmax, ...more] = problemsOf(end('sigmoid'))
    expect(more).toEqual([])
    expect(softmax).toMatchObject({ severity: 'warning', node: 'b', path: 'network.nodes.b.params.activation' })
    expect(softmax!.message.en).toBe(
      'ends with Sigmoid, but the loss applies softmax itself: the last layer should be linear'
    )
    expect(softmax!.message.zh).toContain('最后一层应为线性')
    expect(problemsOf(end('tanh', 'sigmoidCrossEntropy', { id: 'moons', count: 100 }, 1))[0]!.message.en).toContain(
      'applies sigmoid itself'
    )
    expect(problemsOf(end('linear'))).toEqual([])
    expect(problemsOf(end('sigmoid', 'meanSquaredError'))).toEqual([])
  })
  it('stands on the node, and does not keep it from training', () => {
    const project = useProject()
    project.load(
      {
        format: 'gradient-clinic/project',
        version: 1,
        name: 'w',
        experiments: [end('sigmoid')],
        current: 0,
        runs: [],
        files: {}
      },
      null
    )
    expect(project.problems).toEqual([])
    expect(project.canTrain).toBe(true)
    expect(project.warnings.map((p) => p.node)).toEqual(['b'])
    const { experiment, plan, warnings } = project
    const node = canvasModel({
      network: experiment.network,
      plan,
      base: experiment.network,
      problems: warnings
    }).nodes.find((n) => n.id === 'b')!
    expect(toneOf(node.problems[0])).toBe('warned')
    project.applyFix(project.warnings[0]!)
    expect(project.warnings).toEqual([])
  })
})
describe('what a remedy makes of a setting', () => {
  const treated = (factor: number): Experiment =>
    make([dense('a', 10)], {
      training: { loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.01 } },
      remedies: [{ id: 'learningRate', factor }]
    })
  it('is held to the range of the setting, and the remedy is named', () => {
    const problems = problemsOf(treated(1e6))
    expect(problems.map((p) => p.path)).toEqual(['remedies.0'])
    expect(problems[0]!.message.en).toMatch(
      /^takes training\.optimizer\.learningRate out of its range \(it is 10000, must be 1e-8 … 10\): choose other parameters of the remedy, or switch it off$/
    )
    expect(problems[0]!.message.zh).toContain('超出范围')
    // What can't be is not made.
    expect(effectiveExperiment(treated(1e6), infoOf(treated(1e6))).experiment.training.optimizer['learningRate']).toBe(
      0.01
    )
    expect(problemsOf(treated(100))).toEqual([])
  })
})
describe('batch norm of one value per channel', () => {
  const net = (kinds: object[], batchSize: number, dataset: unknown = 'digits'): Experiment =>
    make([...kinds, dense('b', 10)], { data: { dataset }, training: { batchSize, loss: 'softmaxCrossEntropy' } })
  const norm = { id: 'n', kind: 'batchNorm' }
  it('is refused at its node', () => {
    expect(problemsOf(net([dense('a', 8), norm], 1))).toMatchObject([
      {
        node: 'n',
        path: 'network.nodes.n',
        message: { en: expect.stringContaining('output is β'), zh: expect.stringContaining('β') as string }
      }
    ])
    expect(problemsOf(net([dense('a', 8), norm], 2))).toEqual([])
  })
  it('is fine where an example has several values per channel', () => {
    const image = [
      { id: 'r', kind: 'reshape', params: { shape: '8, 8, 1' } },
      { id: 'c', kind: 'conv2d', params: { filters: 2 } },
      norm,
      { id: 'f', kind: 'flatten' }
    ]
    expect(problemsOf(net(image, 1)).map((p) => p.message.en)).toEqual([])
  })
})
describe('names in sentences', () => {
  it('are those of the registries, in both languages', () => {
    const unfit = problemsOf(make([dense('a', 10)], { training: { loss: 'wasserstein' } }))[0]!.message
    expect(unfit.en).toMatch(
      /“Wasserstein critic” does not suit classification into several classes; use: Mean squared error, .*Softmax cross-entropy/
    )
    expect(unfit.zh).toMatch(/不适合多分类任务；请用：均方误差/)
    const clash = problemsOf(
      make([dense('a', 16), dense('b', 10)], {
        training: { loss: 'softmaxCrossEntropy' },
        remedies: ['batchNorm', 'layerNorm']
      })
    )[0]!.message
    expect(clash.en).toContain('“Batch normalisation”')
    expect(clash.zh).not.toMatch(/batchNorm/)
  })
})
