import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { remedies } from '@shared/remedies'
import { LAYER_MENU, useCanvasCommands } from '@/features/canvas/commands'
import { PICTURES } from '@/features/watch/exporter'
import { chordOf, shownChord } from '@/features/shell/chords'
import { GROUPS, nameOf, type Command, type Place } from '@/features/shell/command'
import { fuzzy } from '@/features/shell/fuzzy'
import { useCommands } from '@/features/shell/registry'
import { searchCommands } from '@/features/shell/search'
import { STEPS, useTour } from '@/features/shell/tour'
import { messages } from '@/i18n'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useSettings } from '@/stores/settings'

const place = () => {
  const files = { create: vi.fn(), open: vi.fn(), save: vi.fn(), saveAs: vi.fn(), openCsv: vi.fn(), openIdx: vi.fn(), recover: vi.fn() }
  const panels = { shown: vi.fn(() => true), toggle: vi.fn(), openAll: vi.fn(), focus: vi.fn(), search: vi.fn() }
  const canvas = { removeSelected: vi.fn(), focus: vi.fn(), stepWire: vi.fn(), nudge: vi.fn(), align: vi.fn(), fit: vi.fn(), zoomBy: vi.fn(), arrange: vi.fn() }
  return { files, panels, canvas, as: { files, panels, canvas: () => canvas } as unknown as Place }
}
let at: ReturnType<typeof place>
beforeEach(() => {
  const clinic = new Proxy({ on: () => () => undefined } as Record<string, unknown>, { get: (t, k: string) => t[k] ?? (async () => undefined) })
  vi.stubGlobal('window', { clinic })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0))
  setActivePinia(createPinia())
  at = place()
  useCommands().install(at.as)
})
const key = (k: string, held: Partial<KeyboardEvent> = {}) => ({ key: k, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

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
    expect(fuzzy('tra', 'Train')?.at).toEqual([0, 1, 2])
    expect(fuzzy('', 'Train')).toEqual({ score: 0, at: [] })
    expect(fuzzy('trz', 'Train')).toBeUndefined()
    expect(fuzzy('nart', 'Train')).toBeUndefined()
  })
  it('prefers starts of words and runs of letters', () => {
    expect(fuzzy('bn', 'Add a layer: Batch norm')!.at).toEqual([13, 19])
    expect(fuzzy('open', 'Open …')!.score).toBeGreaterThan(fuzzy('open', 'Optimise every pen')!.score)
  })
  it('finds 中文', () => expect(fuzzy('撤', '撤销')?.at).toEqual([0]))
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
    for (const g of GROUPS) for (const l of ['en', 'zh'] as const) expect(messages[l]['shell'], g).toHaveProperty(['group', g])
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
  it('hold every action of a menu', () => {
    /** Items of menus by their test id, and the command that does the same. */
    const same: Record<string, string> = {
      'experiment-${i}': 'experiment-0', 'rename-experiment': 'rename', 'menu-gallery': 'gallery', 'remove-experiment': 'removeExperiment', 'project-recent': 'open', 'recent-${i}': 'open',
      'theme-${o.value}': 'theme-dark', 'zoom-${100 * Number(z)}': 'zoom-125', 'language-${o.v}': 'language',
      'continue-same': 'continueRun', 'continue-changed': 'continueRun',
      'export-this-csv': 'export-heatmap-csv', 'export-copy-csv': 'export-heatmap-copyCsv', 'export-frames-csv': 'export-frames-csv', 'export-loss-csv': 'export-loss-csv', 'export-events-csv': 'export-events-csv',
      'compare-tables': 'compare-export-tables', 'compare-report': 'compare-export-report',
      'canvas-menu-${c.id}': 'wrap', 'action-${c.id}': 'wrap'
    }
    const sources = import.meta.glob<string>('../../src/renderer/features/*/*.vue', { eager: true, query: '?raw', import: 'default' })
    const items = Object.entries(sources).flatMap(([file, text]) =>
      file.includes('ColumnPicker') ? [] : [...text.matchAll(/<[^<>]*class="mi[ "](?:"[^"]*"|[^>"])*>/g)].map((m) => ({ file, tag: m[0], id: /data-testid="`?([^"`]+)`?"/.exec(m[0])?.[1] }))
    )
    expect(items.length).toBeGreaterThan(15)
    for (const { file, tag, id } of items) {
      if (tag.includes(' disabled') && !id) continue
      // Events are what happened to a run: there are none here.
      if (id === 'event' || (file.includes('CommandItem') && !id) || id === 'testid') continue
      expect(Object.keys(same), `${file}: ${tag}`).toContain(id)
      expect(useCommands().find(same[id!]!), id).toBeDefined()
    }
    for (const id of LAYER_MENU) if (id !== null) expect(useCommands().find(id), id).toBeDefined()
    for (const c of Object.values(useCanvasCommands())) expect(useCommands().find(c.id), c.id).toBeDefined()
    for (const id of [...Object.values(sources).join('').matchAll(/<CommandItem id="(\w+)"/g)].map((m) => m[1]!)) expect(useCommands().find(id), id).toBeDefined()
    for (const what of PICTURES) for (const form of ['png', 'csv', 'copyPng', 'copyCsv']) expect(useCommands().find(`export-${what}-${form}`)).toBeDefined()
    for (const id of ['keepStep', 'continueRun', 'queue', 'enqueue', 'live']) expect(useCommands().find(id)).toBeDefined()
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
    expect(searchCommands(all(), 'undo', 'en').map((f) => f.command.id)).toContain('undo')
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
