import { createPinia, setActivePinia } from 'pinia'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { isBlock, type Experiment } from '@shared/experiment/types'
import { remedies } from '@shared/clinic/remedies'
import type { RunLayer, RunRecord } from '@shared/run/types'
import { LAYER_MENU, useCanvasCommands } from '@/features/edit/canvas/commands'
import { useCompare } from '@/stores/compare'
import { useQueue } from '@/features/views/queue/state'
import { PICTURES } from '@/features/views/export/exports'
import { usePlayer } from '@/features/views/playback/player'
import { useExportChoice } from '@/stores/saving'
import { useWatch } from '@/features/views/runViews/state'
import { chordOf, shownChord } from '@/commands/chords'
import { GROUPS, nameOf, type Command } from '@/commands/command'
import { useCanvasHandle } from '@/features/edit/canvas/handle'
import { useFiles } from '@/features/edit/project/files'
import { installCommands } from '@/window/commands'
import { finderReady, match } from '@/commands/find'
import { useCommands } from '@/commands/registry'
import { searchCommands } from '@/commands/search'
import { STEPS, useTour } from '@/window/shell/tour'
import { messages } from '@/i18n'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import type { Recording } from '@/stores/runs/run'
import type { LiveState } from '@shared/run/types'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'

beforeAll(finderReady)

const layers: RunLayer[] = ['a', 'b'].map((id, index) => ({
  index,
  id,
  node: id,
  kind: 'dense',
  name: id,
  outputShape: [1],
  paramCount: 2,
  main: true,
  inputs: index ? ['a'] : []
}))
/** A run that has ended, with two recorded steps and a finding. */
const record = (id: string, experiment: Experiment): RunRecord => ({
  id,
  name: id,
  experiment,
  createdAt: '2026-01-01T00:00:00.000Z',
  progress: { state: 'finished', step: 2, steps: 2 },
  evaluations: [],
  schema: {
    layers,
    columns: layers.map((l) => ({ layer: l.index, statistic: 'activationGradientRms' })),
    scalars: ['loss', 'accuracy'],
    info: { inputShape: [64], targetShape: [10], task: 'multiclass', count: 9 },
    trainCount: 1,
    validationCount: 1,
    paramCount: 4,
    compiled: true,
    versions: {}
  },
  frames: {
    steps: Int32Array.of(0, 1),
    values: Float32Array.of(1, 2, 3, 4),
    scalars: Float32Array.of(2, 0.5, 1, 0.75)
  },
  findings: [
    {
      rule: 'vanishing',
      kind: 'vanishing',
      severity: 'bad',
      from: 0,
      to: 1,
      layers: ['a'],
      measured: {},
      threshold: {},
      advice: [],
      text: { en: 'x', zh: 'x' }
    }
  ]
})
const place = () => {
  const canvas = {
    removeSelected: vi.fn(),
    focus: vi.fn(),
    stepWire: vi.fn(),
    nudge: vi.fn(),
    align: vi.fn(),
    fit: vi.fn(),
    zoomBy: vi.fn(),
    arrange: vi.fn()
  }
  useCanvasHandle().handle = canvas
  const save = vi.spyOn(useFiles(), 'save').mockResolvedValue(true)
  return { canvas, files: { save } }
}
let at: ReturnType<typeof place>
beforeEach(() => {
  const clinic = new Proxy(
    { on: () => () => undefined, listRuns: async () => [], stopRun: vi.fn(async () => undefined) } as Record<
      string,
      unknown
    >,
    { get: (t, k: string) => t[k] ?? (async () => undefined) }
  )
  vi.stubGlobal('window', { clinic })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0))
  setActivePinia(createPinia())
  at = place()
  installCommands()
})
const key = (k: string, held: Partial<KeyboardEvent> = {}) => ({
  key: k,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held
})

describe('chords', () => {
  it('names what is held down as commands do', () => {
    expect(chordOf(key('P', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+P')
    expect(chordOf(key('k', { metaKey: true }))).toBe('Ctrl+K')
    expect(chordOf(key('ArrowLeft', { altKey: true }))).toBe('Alt+←')
    expect(chordOf(key('?', { shiftKey: true }))).toBe('?')
    expect(chordOf(key('F6', { shiftKey: true }))).toBe('Shift+F6')
    expect(chordOf(key('Delete'))).toBe('Del')
  })
  it('shows them as the system writes them', () => {
    expect(shownChord('Ctrl+Shift+P', false)).toBe('Ctrl+Shift+P')
    expect(shownChord('Ctrl+Shift+P', true)).toBe('⌘⇧P')
  })
})

describe('fuzzy search', () => {
  it('finds letters in order, and nothing when one is missing', () => {
    expect(match('tra', 'Train')?.at).toEqual([0, 1, 2])
    expect(match('', 'Train')).toEqual({ score: 0, at: [] })
    expect(match('trz', 'Train')).toBeUndefined()
    // cspell:ignore nart
    expect(match('nart', 'Train')).toBeUndefined()
  })
  it('prefers starts of words and runs of letters', () => {
    expect(match('bn', 'Add a layer: Batch norm')!.at).toEqual([13, 19])
    expect(match('open', 'Open …')!.score).toBeGreaterThan(match('open', 'Optimise every pen')!.score)
    expect(match('layer norm', 'Add a layer: Layer norm')!.score).toBeGreaterThan(
      match('layer norm', 'Add a layer: Batch norm')!.score
    )
  })
  it('finds 中文', () => expect(match('撤', '撤销')?.at).toEqual([0]))
})

describe('commands', () => {
  const all = (): readonly Command[] => useCommands().all
  it('have an id of their own, a known group, and a name in both languages', () => {
    const ids = all().map((c) => c.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const c of all()) {
      expect(GROUPS, c.id).toContain(c.group)
      expect(nameOf(c).en.trim() && nameOf(c).zh.trim(), c.id).toBeTruthy()
      expect(nameOf(c).en, c.id).not.toMatch(/^\w+\.\w+$/)
    }
    for (const g of GROUPS)
      for (const l of ['en', 'zh'] as const) expect(messages[l]['shell'], g).toHaveProperty(['group', g])
  })
  it('never share a chord', () => {
    const chords = all().flatMap((c) => c.keys ?? [])
    expect(chords.filter((k, i) => chords.indexOf(k) !== i)).toEqual([])
  })
  it('hold every remedy, layer and ready experiment', () => {
    for (const r of remedies.all) expect(useCommands().find(`remedy-${r.id}`)).toBeDefined()
    expect(useCommands().find('add-dense')).toBeDefined()
    expect(useCommands().find('template-vanishing')).toBeDefined()
  })
  it('hold every action of a button, switch, list or menu', async () => {
    const runs = useRuns()
    const { experiment } = useProject()
    runs.fromRecords(['one', 'two', 'three'].map((id) => record(id, experiment)))
    useCompare().show(['one', 'two', 'three'])
    const [first, second] = [await runs.start({ experiment }), await runs.start({ experiment })].map((r) => r.id)
    runs.show('one')
    // A problem that has a fix.
    useProject().edit((e) => ({
      ...e,
      network: {
        ...e.network,
        nodes: e.network.nodes.map((n) =>
          n.id === 'output' && !isBlock(n) ? { ...n, params: { ...n.params, units: 7 } } : n
        )
      }
    }))
    /** By test id: the command that does the same, or (as a sentence) why there is none. */
    const same: Record<string, string | string[]> = {
      // project and window
      'project-menu': 'A menu; its items are commands.',
      'experiment-${i}': 'experiment-0',
      'draw-weights': 'drawWeights',
      'rename-experiment': 'rename',
      'rename-ok': 'Part of the dialog that `rename` opens.',
      'menu-gallery': 'gallery',
      'remove-experiment': 'removeExperiment',
      'project-recent': 'open',
      'recovered-delete': 'Part of the dialog that `recovered` opens.',
      'recovered-take': 'Part of the dialog that `recovered` opens.',
      'recent-${i}': 'open',
      theme: 'settings',
      'theme-${o.value}': 'theme-dark',
      'zoom-${100 * Number(z)}': 'zoom-125',
      'language-${o.v}': 'language',
      'status-language': 'language',
      help: 'A menu; its items are commands.',
      page: 'page-compare',
      undo: 'undo',
      redo: 'redo',
      'open-palette': 'palette',
      'first-treat': 'remedy-batchNorm',
      'first-again': 'train',
      'first-cure': 'find-cure',
      'first-tour': 'tour',
      'first-gallery': 'gallery',
      'first-dismiss': 'Puts a hint away, as Train does.',
      'tour-close': 'Part of the tour, as Escape.',
      'glossary-see-${id}': 'A related term, in the sheet that `glossary` opens.',
      'tour-back': 'Part of the tour, as ←.',
      'tour-next': 'Part of the tour, as →.',
      'question-${b.id}': 'Answers the question that is open.',
      'toast-action': 'What a note offers about what has just happened.',
      // runs
      train: 'train',
      pause: 'pause',
      resume: 'pause',
      step: 'step',
      stop: 'stop',
      'run-select': 'run-two',
      'live-controls': 'live',
      'live-apply': 'Part of the panel that `live` opens: takes the number typed there.',
      'live-times-${factor}': 'Part of the panel that `live` opens.',
      event: 'An event of a run: `event-0` where there is one.',
      'queue-open': 'queue',
      'queue-slots': 'runs-at-once-1',
      'queue-show': 'run-two',
      'queue-sooner': `sooner-${second}`,
      'queue-later': `later-${first}`,
      'queue-pause': 'pause',
      'queue-resume': 'pause',
      'queue-stop': 'stop',
      'queue-rename': 'rename-two',
      'queue-remove': 'remove-two',
      'queue-add': 'enqueue',
      'queue-compare': 'page-compare',
      'runs-show': 'run-two',
      'runs-rename': 'rename-two',
      'runs-compare': 'runs-compare',
      'runs-remove': 'runs-remove',
      'runs-clear-queue': 'clear-queue',
      'runs-pick': 'Picks a run in the table.',
      'runs-pick-all': 'Picks runs in the table.',
      'runs-sort-${c}': 'The order of the table.',
      'run-open': 'openItsExperiment',
      'run-leave': 'leaveRun',
      keep: 'keepStep',
      continue: 'continueRun',
      'continue-same': 'continueRun',
      'continue-changed': 'continueRun',
      'apply-live': 'applyLive',
      'train-again': 'train',
      // canvas, palette, gallery
      'fold-${id}': 'fold',
      'skip-give-up': 'Ends the skip that is being drawn, as Escape.',
      'canvas-statistic': 'colour-updateRatio',
      'zoom-out': 'zoomOut',
      'zoom-in': 'zoomIn',
      'zoom-fit': 'fit',
      arrange: 'arrange',
      minimap: 'minimap',
      'problems-pill': 'problems',
      'remarks-pill': 'problems',
      fix: 'fix-0',
      'canvas-menu-${c.id}': 'wrap',
      'canvas-menu-replace': 'A menu; its items are commands.',
      'canvas-menu-replace-${l.id}': 'replace-gru',
      'replace-kind': 'replace-gru',
      'action-${c.id}': 'wrap',
      'layer-menu': 'A menu; its items are commands.',
      'palette-tab': 'findLayer',
      'palette-${item.id}': 'add-dense',
      'gallery-browse': 'gallery',
      'gallery-empty': 'addEmpty',
      'template-${x.id}': 'template-vanishing',
      'gallery-${x.id}': 'template-vanishing',
      // inspector: what one types or chooses for one parameter of one layer is no action with a name
      '`field-${path}`': 'A parameter.',
      'field-${path}': 'A parameter.',
      'reset-${path}': 'A parameter.',
      'advanced-${path}': 'Shows further parameters.',
      'copy-select': 'Which copy of the block the figures beside it are of.',
      'measured-all': 'Shows further figures.',
      'data-offer': 'One way to read a file that was refused, beside its problem.',
      'data-png': 'The small picture of the data, where it is.',
      'data-csv': 'The small picture of the data, where it is.',
      'open-csv': 'openCsv',
      'open-idx': 'openIdx',
      'csv-preview': 'A look at the table of the data that is selected.',
      'remedy-toggle-${id}': 'remedy-batchNorm',
      'remedy-show-${id}': 'remedy-preview-batchNorm',
      'remedy-ab-${id}': 'ab-batchNorm',
      'remedy-copy-${id}': 'remedy-copy-batchNorm',
      'advice-${id}': 'remedy-batchNorm',
      // run views
      'watch-tab-${tab}': 'tab-chain',
      'watch-more': 'A menu; its items are commands.',
      'watch-more-${tab}': 'tab-chain',
      "i ? 'chain-link' : 'chain-start'": 'A layer of the chain.',
      'lens-against': 'What the lens draws beside.',
      'theory-help': 'Says what the theory is.',
      'all-layers': 'allLayers',
      'own-scale': 'ownScale',
      'time-layer': 'Recurrent layers of a run: `time-layer-…` where there are any.',
      statistic: 'statistic-gain',
      'curve-scalar': 'curve-accuracy',
      'curve-log': 'curveLog',
      'heatmap-reset-zoom': 'resetZoom',
      'lens-source': 'distribution-preActivation',
      'time-previous': 'stepBack',
      'time-play': 'replay',
      'time-next': 'stepOn',
      'time-mark': 'An event of a run: `event-0` where there is one.',
      'time-speed': 'speed-2',
      'time-live': 'followLive',
      'follow-live': 'followLive',
      'finding-filter-all': 'findings-all',
      'finding-filter-${k}': 'findings-vanishing',
      'failure-train': 'train',
      'failure-copy': 'The log of a run that failed, beside it.',
      'finding-show': 'The step of one finding.',
      'status-failure': 'tab-findings',
      'status-kind': 'tab-findings',
      // what a run and a comparison save alike
      trigger: ['export-heatmap-png', 'compare-export-heatmaps-png'],
      '${id}-what': ['export-profile-png', 'compare-export-profile-png'],
      '${id}-scale': ['export-scale-4'],
      '${id}-theme': ['export-theme-dark'],
      '${id}-png': ['export-heatmap-png', 'compare-export-heatmaps-png'],
      '${id}-svg': ['export-heatmap-svg', 'compare-export-heatmaps-svg'],
      '${id}-copy-png': ['export-heatmap-copyPng', 'compare-export-heatmaps-copyPng'],
      '${id}-csv': ['export-heatmap-csv', 'compare-export-heatmaps-csv'],
      '${id}-copy-csv': ['export-heatmap-copyCsv', 'compare-export-heatmaps-copyCsv'],
      '${id}-report-${form}': ['reportHtml', 'reportPdf'],
      'export-frames-csv': 'export-frames-csv',
      'export-loss-csv': 'export-loss-csv',
      'export-events-csv': 'export-events-csv',
      // search for the cure
      'finding-cure': 'find-cure',
      'cure-find': 'find-cure',
      'cure-stop': 'stop-cure',
      'cure-go-on': 'go-on-cure',
      'cure-range-test': 'range-test',
      'finding-range-test': 'range-test',
      'finding-data': 'selectData',
      'finding-steps': 'As many steps as one finding measured, beside it.',
      'cure-ten-examples': 'ten-examples',
      'small-use': 'use-rate',
      'small-open': 'open-small-search',
      'small-close': 'Closes the answer of a small search.',
      'cure-detail-close': 'Closes the sheet of a candidate.',
      'cure-apply': 'apply-candidate',
      'cure-compare': 'compare-candidate',
      'cure-open': 'open-candidate',
      'cure-row-apply': 'apply-candidate',
      'cure-row-ab': 'compare-candidate',
      'cure-group-${s.section}': 'Shows or hides the candidates of a group.',
      'cure-sort-${name}': 'Sorts the candidates inside their groups.',
      'cure-metric': 'A parameter of the search.',
      'cure-consider-${g.group}': 'A parameter of the search.',
      'cure-hint-${h.id}': 'What one may do about a hint, beside it.',
      'cure-home': 'take-home',
      'cure-home-best': 'take-home',
      // take home
      'export-home': 'take-home',
      'runs-home': 'take-home',
      'home-target-${x}': 'A choice of the dialog that `take-home` opens.',
      'home-run': 'A choice of the dialog that `take-home` opens.',
      'home-tab-${f.name}': 'A file of the dialog that `take-home` opens.',
      'home-tab-diff': 'A file of the dialog that `take-home` opens.',
      'home-file-${f.name}': 'A file of the dialog that `take-home` opens.',
      'home-stop': 'Part of the dialog that `take-home` opens.',
      'home-again': 'Part of the dialog that `take-home` opens.',
      'home-python': 'choose-python',
      'home-copy': 'The text of the dialog that `take-home` opens.',
      'home-save': 'Part of the dialog that `take-home` opens.',
      // a model of another program
      'model-other': 'openModel',
      'model-only-${s}': 'A state of the list.',
      'model-mend-${f.code}': 'A choice of the dialog that `openModel` opens.',
      'model-weights': 'A choice of the dialog that `openModel` opens.',
      'model-open': 'Part of the dialog that `openModel` opens.',
      // recordings
      'watch-recording': 'run-two',
      'watch-open': 'openRecording',
      'watch-folder': 'watch-folder',
      'watch-back': 'watch-another',
      'watch-stop': 'stop',
      'watch-hold': 'Pins the newest step, as the time bar does.',
      'watch-copy-lines': 'watch-copy-lines',
      'copy-install': 'A line to copy, beside it.',
      'copy-two': 'Lines to copy, beside them.',
      'watch-show': 'The step of one finding.',
      'watch-copy': 'Which copy of a block is open.',
      'watch-module': 'A module of the tree.',
      'watch-fold-${line.node.path}': 'Shows or hides the modules in one.',
      // comparison
      'ab-remedy': 'ab-batchNorm',
      'ab-start': 'ab',
      'compare-pick': 'compare-two',
      'compare-swap': 'compare-swap',
      'compare-statistic': 'compare-statistic-gain',
      'compare-a': 'compare-pair-CA',
      'compare-b': 'compare-pair-CB',
      'compare-scalar': 'compare-curve-accuracy',
      'compare-log': 'compare-log',
      'compare-tables': 'compare-export-tables',
      'cure-export': 'reportHtml',
      'cure-csv': 'prescription-csv',
      'cure-json': 'prescription-json'
    }
    const sources = import.meta.glob<string>('../../../../src/renderer/{features/*,pages,window}/*/*.vue', {
      eager: true,
      query: '?raw',
      import: 'default'
    })
    const items = Object.entries(sources).flatMap(([file, text]) =>
      // Columns of a table are content, not actions; items of commands name theirs.
      /ColumnPicker|CommandItem/.test(file)
        ? []
        : [
            ...text.matchAll(
              /<(?:button|IconButton|PopoverTrigger|DropdownMenuTrigger|SelectBox|Segment|Toggle|input\s+type="checkbox"|[A-Za-z]+(?:"[^"]*"|[^<>"])*?class="mi(?: [^"]*)?")(?:"[^"]*"|[^>"])*>/g
            )
          ].flatMap((m) => {
            const id = /(?:data-)?testid="`?([^"`]+)`?"/.exec(m[0])?.[1]
            // A row of like buttons is made of a list, which names each.
            const listed = /^[\w[\]]+\.(?:id|testid)$/.test(id ?? '')
              ? [...text.matchAll(/\b(?:id|testid): '([\w-]+)',\s*icon:/g)].map((i) => i[1])
              : [id]
            return listed.map((one) => ({ file, tag: m[0], id: one }))
          })
    )
    expect(items.length).toBeGreaterThan(120)
    const used = new Set<string>()
    for (const { file, tag, id } of items) {
      // Without a name for tests there are only bits of a list (a layer of a finding, a button of a dialog) and items
      // that can't be pressed.
      if (!id) continue
      used.add(id)
      expect(Object.keys(same), `${file}: ${tag}`).toContain(id)
      for (const command of [same[id]!].flat())
        if (!command.endsWith('.')) expect(useCommands().find(command), `${id} → ${command}`).toBeDefined()
    }
    for (const id of LAYER_MENU) if (id !== null) expect(useCommands().find(id), id).toBeDefined()
    expect(
      Object.keys(same).filter((id) => !used.has(id) && !id.startsWith('`')),
      'named here, but in no template'
    ).toEqual([])
    for (const c of Object.values(useCanvasCommands())) expect(useCommands().find(c.id), c.id).toBeDefined()
    for (const id of [
      ...Object.values(sources)
        .join('')
        .matchAll(/<CommandItem id="(\w+)"/g)
    ].map((m) => m[1]!))
      expect(useCommands().find(id), id).toBeDefined()
    for (const what of PICTURES)
      for (const form of ['png', 'csv', 'copyPng', 'copyCsv'])
        expect(useCommands().find(`export-${what}-${form}`)).toBeDefined()
    // Names are told apart, whatever there is of runs.
    const ids = all().map((c) => c.id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
    for (const c of all())
      expect(nameOf(c).en.trim() && nameOf(c).zh.trim() && !/^\w+\.\w+/.test(nameOf(c).en), c.id).toBeTruthy()
  })
  it('act on the page they belong to: choosing one goes there, and its keys rest elsewhere', async () => {
    const [commands, ui] = [useCommands(), useUi()]
    ui.page = 'compare'
    for (const id of [
      'undo',
      'redo',
      'fit',
      'zoomIn',
      'tab-chain',
      'wrap',
      'remedy-batchNorm',
      'panel-left',
      'gallery',
      'keepStep',
      'selectAll'
    ])
      expect(commands.onScreen(commands.find(id)!), id).toBe(false)
    for (const id of [
      'stepBack',
      'stepOn',
      'replay',
      'followLive',
      'train',
      'pause',
      'save',
      'page-build',
      'language',
      'compare-swap',
      'export-scale-1'
    ])
      expect(commands.onScreen(commands.find(id)!), id).toBe(true)
    expect(commands.run('fit')).toBe(true)
    expect(ui.page).toBe('build')
    await nextTick()
    expect(at.canvas.fit).toHaveBeenCalledOnce()
    expect(commands.onScreen(commands.find('compare-swap')!)).toBe(false)
  })
  it('steer what they name: curves, pairs, speeds, sizes of pictures, findings', async () => {
    const commands = useCommands()
    const runs = useRuns()
    runs.fromRecords(['one', 'two', 'three'].map((id) => record(id, useProject().experiment)))
    const compare = useCompare()
    compare.show(['one', 'two', 'three'])
    commands.run('compare-pair-CA')
    expect(compare.pair).toEqual([0, 2])
    commands.run('compare-swap')
    expect(compare.chosen.map((r) => r.id)).toEqual(['three', 'two', 'one'])
    commands.run('compare-curve-accuracy')
    expect(compare.scalar).toBe('accuracy')
    commands.run('compare-statistic-gain')
    expect(compare.statistic).toBe('gain')
    commands.run('speed-4')
    expect(usePlayer().speed).toBe(4)
    commands.run('export-scale-4')
    commands.run('export-theme-dark')
    expect([useExportChoice().k, useExportChoice().dark]).toEqual([4, true])
    commands.run('findings-vanishing')
    await nextTick()
    expect([useUi().page, useWatch().tab, useWatch().findingKind]).toEqual(['build', 'findings', 'vanishing'])
    commands.run('rename-two')
    expect([useQueue().open, useQueue().renaming]).toEqual([true, 'two'])
    useQueue().named('  another  ')
    expect(runs.find('two')!.name).toBe('another')
    const queued = [
      await runs.start({ experiment: useProject().experiment, shown: false }),
      await runs.start({ experiment: useProject().experiment, shown: false })
    ].map((r) => r.id)
    commands.run(`sooner-${queued[1]}`)
    expect(useQueue().waiting.map((r) => r.id)).toEqual([queued[1], queued[0]])
    expect(commands.run(`sooner-${queued[1]}`)).toBe(false)
  })
  it('lose no run: Train while one goes on starts nothing, says so, and offers to queue', async () => {
    const [commands, runs, ui] = [useCommands(), useRuns(), useUi()]
    const stop = window.clinic.stopRun
    const run = await runs.start({ experiment: useProject().experiment })
    const reach = (state: LiveState): unknown =>
      (run as Recording).apply({ kind: 'progress', progress: { step: 0, steps: run.progress.steps, state } })
    reach('running')
    for (const state of ['running', 'paused', 'queued'] as const) {
      reach(state)
      commands.run('train')
      await nextTick()
      expect([runs.runs.length, run.progress.state, ui.toasts.at(-1)?.text.en]).toEqual([
        1,
        state,
        expect.stringContaining(run.name)
      ])
    }
    expect(stop).not.toHaveBeenCalled()
    ui.toasts.at(-1)!.action!.run()
    await vi.waitFor(() => expect(runs.runs.length).toBe(2))
    expect([runs.currentId, runs.runs[1]!.progress.state]).toEqual([run.id, 'queued'])
  })
  it('do what they say, when it can be done', () => {
    const commands = useCommands()
    const project = useProject()
    expect(commands.run('save')).toBe(true)
    expect(at.files.save).toHaveBeenCalledOnce()
    expect(commands.run('undo')).toBe(false)
    expect(commands.run('remedy-batchNorm')).toBe(true)
    expect(project.isOn('batchNorm')).toBe(true)
    expect(nameOf(commands.find('remedy-batchNorm')!).en).toMatch(/off/)
    expect(commands.run('undo')).toBe(true)
    expect(project.isOn('batchNorm')).toBe(false)
    expect(commands.run('no-such-command')).toBe(false)
    commands.run('fit')
    expect(at.canvas.fit).toHaveBeenCalledOnce()
    commands.run('language')
    expect(useSettings().language).toBe('zh')
  })
  it('are found by either language and by part of a name, what cannot be done last', () => {
    const first = (q: string, l: 'en' | 'zh' = 'en'): string => searchCommands(all(), q, l)[0]!.command.id
    expect(first('train')).toBe('train')
    expect(first('训练')).toBe('train')
    expect(first('dark')).toBe('theme-dark')
    expect(first('batch norm')).toMatch(/batchNorm/)
    expect(first('open table')).toBe('openCsv')
    expect(first('add layer norm')).toBe('add-layerNorm')
    expect(searchCommands(all(), 'undo', 'en').map((f) => f.command.id)).toContain('undo')
    // cspell:ignore qqxzzy
    expect(searchCommands(all(), 'qqxzzy', 'en')).toEqual([])
    const lately = searchCommands(all(), '', 'en', ['fit'])
    expect(lately[0]).toMatchObject({ recent: true, command: { id: 'fit' } })
    expect(lately.length).toBe(all().length + 1)
  })
})

describe('the first minute', () => {
  it('starts on a network that vanishes', () => {
    const project = useProject()
    expect(project.canTrain).toBe(true)
    expect(project.plan.layers.filter((l) => l.activation?.id === 'sigmoid').length).toBeGreaterThanOrEqual(19)
    expect(useRuns().runs).toEqual([])
  })
  it('has a tour of five steps that ends, and is not forgotten', () => {
    const tour = useTour()
    expect(STEPS.length).toBe(5)
    useCommands().run('tour')
    for (const s of STEPS) {
      expect(tour.step).toBe(s)
      tour.move(1)
    }
    expect(tour.step).toBeUndefined()
    expect(useSettings().recall('tourSeen', false)).toBe(true)
  })
})
