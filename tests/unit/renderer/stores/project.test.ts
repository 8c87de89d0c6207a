import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { connect, setParam } from '@shared/experiment/edit'
import { parseExperiment, settingsFields } from '@shared/experiment/parse'
import { planExperiment } from '@shared/experiment/plan'
import { effectiveExperiment } from '@shared/experiment/effective'
import { templates } from '@shared/clinic/templates'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { template } from '@shared/clinic/templates'
import { defaultsOf } from '@shared/base/params'
import { initializers } from '@shared/catalog/initializers'
import { lookup } from '@shared/experiment/lookup'
import type { Experiment } from '@shared/experiment/types'
import { datasets } from '@shared/catalog/datasets'
import type { Project } from '@shared/project/types'
import { layers } from '@shared/catalog/layers'
import type { Entry } from '@shared/base/registry'
import { remedies } from '@shared/clinic/remedies'
import { settingRows } from '@shared/run/compare'
import type { Finding } from '@shared/run/types'
import type { Text } from '@shared/base/text'
import { adaptTo, lossFor } from '@/features/edit/data/adapt'
import { useFiles } from '@/features/edit/project/files'
import { useRecovery } from '@/features/edit/project/recovery'
import type { RecoveredWork } from '@shared/ipc/app'
import { useAdvice } from '@/features/edit/remedies/advice'
import { changesInWords } from '@/features/edit/remedies/words'
import { registryOf } from '@/features/edit/params/registries'
import { rowLabel, rowValue } from '@shared/clinic/settingWords'
import { i18n, messages } from '@/i18n'
import { makeHistory } from '@/stores/history'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import type { Recording } from '@/stores/runs/run'
import { useUi } from '@/stores/ui'
import { sampleProject } from '../../shared/project/sample'

const infoOf = (e: Experiment) => {
  const { id, ...params } = e.data.dataset
  return datasets.get(id).describe(params, { seed: e.seed })
}

/** A bridge that remembers what it was told. */
function bridge() {
  const calls = {
    info: vi.fn(),
    getSettings: vi.fn(),
    setSettings: vi.fn(async () => ({})),
    log: vi.fn(async () => undefined),
    projectChanged: vi.fn(async () => undefined),
    startRun: vi.fn(async () => undefined),
    stopRun: vi.fn(async () => undefined),
    dropRun: vi.fn(async () => undefined),
    listRuns: vi.fn(async () => []),
    getRun: vi.fn(async () => null),
    ackFrames: vi.fn(async () => undefined),
    recentFiles: vi.fn(async () => []),
    openProject: vi.fn(),
    saveProject: vi.fn(),
    openCsv: vi.fn(),
    closeWindow: vi.fn(),
    renameRun: vi.fn(async () => undefined),
    recovered: vi.fn(),
    takeRecovered: vi.fn(),
    declineRecovered: vi.fn(),
    deleteRecovered: vi.fn(),
    on: vi.fn(() => () => undefined)
  }
  vi.stubGlobal('window', { clinic: calls })
  return calls
}
let clinic: ReturnType<typeof bridge>
beforeEach(() => {
  clinic = bridge()
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0))
  setActivePinia(createPinia())
})
const CSV =
  'a,b,kind\n' + Array.from({ length: 30 }, (_, i) => `${i},${(i * 7) % 11},${['x', 'y', 'z'][i % 3]}`).join('\n')
const problem = { path: 'project.json', message: { en: 'is cut short', zh: '不完整' } }

describe('undo and redo', () => {
  it('goes back and forth, and forgets what was undone after a new edit', () => {
    const h = makeHistory(0)
    h.push(1)
    h.push(2)
    h.undo()
    expect(h.present.value).toBe(1)
    h.redo()
    expect(h.present.value).toBe(2)
    h.undo()
    h.push(3)
    expect(h.canRedo.value).toBe(false)
    h.undo()
    h.undo()
    h.undo()
    expect(h.present.value).toBe(0)
    expect(h.canUndo.value).toBe(false)
  })
  it('takes a dragged slider as one step, another control or a pause as the next', () => {
    let now = 0
    const h = makeHistory(0, { now: () => now })
    for (let i = 1; i <= 20; i++) {
      now += 50
      h.push(i, 'depth')
    }
    h.push(21, 'units')
    now += 5000
    h.push(22, 'units')
    const seen: number[] = []
    while (h.canUndo.value) {
      h.undo()
      seen.push(h.present.value)
    }
    expect(seen).toEqual([21, 20, 0])
  })
  it('keeps a limited number of steps', () => {
    const h = makeHistory(0, { limit: 5 })
    for (let i = 1; i <= 20; i++) h.push(i)
    let n = 0
    while (h.canUndo.value) {
      h.undo()
      n++
    }
    expect([n, h.present.value]).toEqual([5, 15])
  })
})

describe('the project on screen', () => {
  it('starts with a ready experiment that can be trained', () => {
    const project = useProject()
    expect(project.experiment).toEqual({ ...vanishingExperiment(), name: templates[0]!.name.en })
    expect(project.problems).toEqual([])
    expect(project.canTrain).toBe(true)
    expect(project.dirty).toBe(false)
  })
  it('gives back exactly what was there when a remedy is switched off', () => {
    const project = useProject()
    project.addExperiment(vanishingExperiment())
    const before = JSON.stringify(project.experiment)
    const effective = JSON.stringify(project.effective)
    for (const r of remedies.all) {
      project.toggleRemedy(r.id, true)
      project.toggleRemedy(r.id, false)
      expect(JSON.stringify(project.experiment), r.id).toBe(before)
    }
    project.toggleRemedy('residual', true)
    expect(JSON.stringify(project.effective)).not.toBe(effective)
    expect(project.experiment.network).toEqual(vanishingExperiment().network)
    project.undo()
    expect(JSON.stringify(project.effective)).toBe(effective)
  })
  it('switches a remedy on with a part of its parameters, as advice gives them, and fills in the rest', () => {
    const project = useProject()
    project.addExperiment({ ...vanishingExperiment(), remedies: [] })
    project.toggleRemedy('initializer', true, { to: { id: 'heNormal' } })
    expect(project.experiment.remedies).toEqual([project.choiceOf('initializer', { to: { id: 'heNormal' } })])
    expect(parseExperiment(project.experiment)).toEqual(project.experiment)
    const normal = initializers.get('heNormal')
    expect(project.experiment.remedies[0]!.to).toEqual({ id: 'heNormal', ...defaultsOf(normal.fields, lookup) })
  })
  it('says why an invalid network cannot start, and does not start it', async () => {
    const project = useProject()
    project.edit((e) => ({ ...e, network: { nodes: e.network.nodes.slice(0, 1) } }))
    expect(project.blocked!.en).toMatch(/units to 10/)
    await project.train()
    expect(clinic.startRun).not.toHaveBeenCalled()
  })
  it('refuses an impossible edit in words and changes nothing', () => {
    const project = useProject()
    const ui = useUi()
    const before = project.experiment
    expect(project.take(connect(project.experiment.network, 'output', 'dense1'))).toBe(false)
    expect(project.experiment).toBe(before)
    expect(ui.toasts[0]!.text.en).toMatch(/loop/)
  })
  it('starts the experiment as it was chosen, with the table it names and no other', async () => {
    const project = useProject()
    project.attach('other.csv', 'a,b\n1,2\n')
    const file = project.attach('mine.csv', CSV)
    project.edit((e) => ({ ...e, data: { ...e.data, dataset: { id: 'csv', file } } }))
    project.edit((e) => parseExperiment({ ...e, data: { ...e.data, dataset: { id: 'csv', file } } }))
    project.edit((e) => adaptTo(e, project.info!).experiment)
    project.toggleRemedy('l2', true)
    expect(project.problems).toEqual([])
    await project.train()
    const [, experiment, files] = clinic.startRun.mock.calls[0] as unknown as [
      string,
      Experiment,
      Record<string, string>
    ]
    expect(experiment.remedies.map((r) => r.id)).toEqual(['l2'])
    expect(files).toEqual({ 'mine.csv': CSV })
  })
  it('keeps two tables of one name apart', () => {
    const project = useProject()
    expect(project.attach('t.csv', '1')).toBe('t.csv')
    expect(project.attach('t.csv', '1')).toBe('t.csv')
    expect(project.attach('t.csv', '2')).toBe('t 2.csv')
    expect(project.files).toEqual({ 't.csv': '1', 't 2.csv': '2' })
  })
  it('says when a table is missing from the project', () => {
    const project = useProject()
    project.edit((e) => ({ ...e, data: { ...e.data, dataset: { ...datasetDefaults(), id: 'csv', file: 'gone.csv' } } }))
    expect(project.problems[0]!.message.en).toMatch(/gone\.csv.*not in this project/)
    expect(project.canTrain).toBe(false)
  })
  it('tells main of every change, with what a crash must not lose', async () => {
    vi.useFakeTimers()
    try {
      const project = useProject()
      project.edit((e) => ({ ...e, seed: 7 }))
      await nextTick()
      vi.advanceTimersByTime(1000)
      const [sent, dirty] = clinic.projectChanged.mock.calls.at(-1) as unknown as [Project, boolean]
      expect(dirty).toBe(true)
      expect(sent.experiments[0]!.seed).toBe(7)
    } finally {
      vi.useRealTimers()
    }
  })
  it('tells main of a change although somebody has set the clock back', async () => {
    vi.useFakeTimers()
    try {
      const project = useProject()
      vi.advanceTimersByTime(1000)
      await project.tellNow()
      vi.setSystemTime(Date.now() - 3_600_000)
      project.edit((e) => ({ ...e, seed: 8 }))
      await nextTick()
      clinic.projectChanged.mockClear()
      project.edit((e) => ({ ...e, seed: 9 }))
      await nextTick()
      vi.advanceTimersByTime(1000)
      const [sent] = clinic.projectChanged.mock.calls.at(-1) as unknown as [Project]
      expect(sent.experiments[0]!.seed).toBe(9)
    } finally {
      vi.useRealTimers()
    }
  })
  it('names new experiments apart, shows their own runs, and can be undone', async () => {
    const project = useProject()
    const runs = useRuns()
    const { name } = project.experiment
    project.addExperiment(project.experiment)
    expect(project.experiments.map((e) => e.name)).toEqual([name, `${name} 2`])
    await project.train()
    const run = runs.currentId
    project.showExperiment(0)
    expect(runs.currentId).toBeNull()
    project.showExperiment(1)
    expect(runs.currentId).toBe(run)
    project.removeExperiment(1)
    expect(project.experiments).toHaveLength(1)
    project.undo()
    expect(project.experiments).toHaveLength(2)
  })
  it('keeps an experiment’s runs its own through a new name, its undoing and its redoing', async () => {
    const project = useProject()
    const runs = useRuns()
    const { name } = project.experiment
    await project.train()
    const run = runs.current!
    project.renameExperiment('Renamed')
    expect([run.experiment.name, runs.currentId, project.owns(run)]).toEqual(['Renamed', run.id, true])
    for (const [step, now] of [
      [project.undo, name],
      [project.redo, 'Renamed']
    ] as const) {
      step()
      expect([project.experiment.name, run.experiment.name, runs.currentId, project.owns(run)]).toEqual([
        now,
        now,
        run.id,
        true
      ])
      project.showItsRun()
      expect(runs.currentId).toBe(run.id)
      expect(project.toProject().runs.map((r) => r.experiment.name)).toEqual([now])
    }
    // Another experiment that takes the old name does not take its runs.
    project.addExperiment({ ...project.experiment, name })
    expect([project.experiment.name, runs.currentId, project.owns(run)]).toEqual([name, null, false])
    project.undo()
    project.undo()
    expect([project.experiment.name, runs.currentId, project.owns(run)]).toEqual([name, run.id, true])
  })
  it('finds the runs of a project again when it is opened once more', async () => {
    const project = useProject()
    const runs = useRuns()
    await project.train()
    project.renameExperiment('Renamed')
    const saved = structuredClone(project.toProject())
    for (let i = 0; i < 2; i++) {
      project.load(structuredClone(saved), null)
      expect([runs.current?.experiment.name, project.owns(runs.current)]).toEqual(['Renamed', true])
    }
  })
})

describe('a training of another program', () => {
  it('stays on the page that shows it, whatever experiment is in the editor, and on no other', async () => {
    const project = useProject()
    const runs = useRuns()
    const ui = useUi()
    const watched = await runs.start({
      experiment: { ...project.experiment, name: 'train' },
      recording: '/a/train.gcrec'
    })
    project.showRun(watched.id)
    expect([ui.page, runs.currentId]).toEqual(['watch', watched.id])
    project.addExperiment({ ...project.experiment, name: 'Other' })
    expect([ui.page, runs.currentId]).toEqual(['watch', watched.id])
    ui.page = 'build'
    project.showExperiment(0)
    expect(runs.currentId).toBe(null)
  })
})

const datasetDefaults = () => parseExperiment({ data: { dataset: 'csv' } }).data.dataset

describe('a run of another network', () => {
  /** Two experiments that differ in a layer's width; the second is in the editor. @returns the first one's run */
  async function two() {
    const project = useProject()
    const runs = useRuns()
    await project.train()
    const run = runs.current!
    project.addExperiment({ ...project.experiment, name: 'Wider' })
    project.setNetwork(setParam(project.experiment.network, 'dense1', 'units', 77))
    await project.enqueue()
    return { project, runs, run }
  }
  it('is shown with its own network, which can’t be edited', async () => {
    const { project, run } = await two()
    const edited = project.experiment
    project.showRun(run.id)
    expect(project.viewed?.id).toBe(run.id)
    expect(project.experiment.network).toEqual(run.experiment.network)
    project.setNetwork(setParam(project.experiment.network, 'dense1', 'units', 5))
    project.toggleRemedy('l2', true)
    expect(project.take(connect(project.experiment.network, 'input', 'output'))).toBe(false)
    expect(project.experiment.network).toEqual(run.experiment.network)
    expect(useUi().toasts.at(-1)!.action!.label.en).toBe('Open its experiment')
    expect(project.toProject().experiments[project.current]).toEqual(edited)
    project.leaveRun()
    expect([project.viewed, project.experiment]).toEqual([undefined, edited])
  })
  it('opens the experiment it is of, which can be undone', async () => {
    const { project, runs, run } = await two()
    project.showRun(run.id)
    project.openItsExperiment()
    expect([project.current, project.experiments.length, project.viewed]).toEqual([0, 2, undefined])
    expect([runs.currentId, project.owns(run)]).toEqual([run.id, true])
    project.undo()
    expect(project.current).toBe(1)
  })
  it('opens as a copy when its experiment has been changed since', async () => {
    const { project, runs, run } = await two()
    project.showExperiment(0)
    project.setNetwork(setParam(project.experiment.network, 'dense1', 'units', 9))
    const changed = project.experiment
    expect(project.viewed).toBeUndefined()
    project.showRun(run.id)
    expect(project.viewed?.id).toBe(run.id)
    project.openItsExperiment()
    expect(project.experiments).toHaveLength(3)
    expect(project.experiments[0]).toEqual(changed)
    expect(project.experiment.network).toEqual(run.experiment.network)
    expect([runs.currentId, project.viewed]).toEqual([run.id, undefined])
  })
  it('changes nothing where the network is the same', async () => {
    const { project, run } = await two()
    project.addExperiment({ ...run.experiment, name: 'Slower', seed: 5 })
    project.showRun(run.id)
    expect([project.viewed, project.experiment.name]).toEqual([undefined, 'Slower'])
  })
  it('lends its values only to the nodes it has in common with what is edited', async () => {
    const project = useProject()
    await project.train()
    expect(project.shared?.has('dense1')).toBe(true)
    project.setNetwork(setParam(project.experiment.network, 'dense1', 'units', 9))
    expect([project.viewed, project.shared?.has('dense1'), project.shared?.has('output')]).toEqual([
      undefined,
      false,
      true
    ])
  })
})

describe('the project’s file', () => {
  it('is saved and opened as it was', async () => {
    const project = useProject()
    const files = useFiles()
    project.addExperiment(vanishingExperiment())
    project.attach('t.csv', CSV)
    let saved: Project | undefined
    clinic.saveProject.mockImplementation(
      async (p: Project) => ((saved = structuredClone(p)), { ok: true, path: '/a/b.gclinic' })
    )
    expect(await files.save()).toBe(true)
    expect([project.dirty, project.path]).toEqual([false, '/a/b.gclinic'])
    const before = JSON.stringify(project.toProject())
    await files.create()
    expect(project.experiments).toHaveLength(1)
    clinic.openProject.mockResolvedValue({ ok: true, path: '/a/b.gclinic', value: saved })
    await files.open('/a/b.gclinic')
    expect(JSON.stringify(project.toProject())).toBe(before)
    expect(project.dirty).toBe(false)
  })
  it('that cannot be opened leaves everything as it is, and says why', async () => {
    const project = useProject()
    const ui = useUi()
    const files = useFiles()
    project.edit((e) => ({ ...e, seed: 9 }))
    project.dirty = false
    const before = JSON.stringify(project.toProject())
    clinic.openProject.mockResolvedValue({ ok: false, path: '/x.gclinic', problems: [problem] })
    const opening = files.open(null)
    await vi.waitFor(() => expect(ui.question).not.toBeNull())
    expect(ui.question!.problems).toEqual([problem])
    expect(ui.question!.title.en).toContain('/x.gclinic')
    ui.question!.answer('ok')
    await opening
    expect(JSON.stringify(project.toProject())).toBe(before)
    expect(project.canUndo).toBe(true)
  })
  it('that cannot be saved stays unsaved, and a rejected call is no silence', async () => {
    const project = useProject()
    const ui = useUi()
    const files = useFiles()
    project.edit((e) => ({ ...e, seed: 9 }))
    clinic.saveProject.mockRejectedValue({
      name: 'InputError',
      message: 'disk full',
      text: problem.message,
      problems: [problem]
    })
    const saving = files.save()
    await vi.waitFor(() => expect(ui.question).not.toBeNull())
    ui.question!.answer(null)
    expect(await saving).toBe(false)
    expect(project.dirty).toBe(true)
  })
  it('asks before unsaved work is replaced', async () => {
    const project = useProject()
    const ui = useUi()
    const files = useFiles()
    project.edit((e) => ({ ...e, seed: 9 }))
    const creating = files.create()
    await vi.waitFor(() => expect(ui.question).not.toBeNull())
    expect(ui.question!.buttons.map((b) => b.id)).toEqual(['discard', 'cancel', 'save'])
    ui.question!.answer('cancel')
    await creating
    expect(project.experiment.seed).toBe(9)
    const again = files.create()
    await vi.waitFor(() => expect(ui.question).not.toBeNull())
    ui.question!.answer('discard')
    await again
    expect(project.experiment.seed).toBe(42)
  })
  it('is saved as it was when the save began: an edit during it stays unsaved', async () => {
    const project = useProject()
    const files = useFiles()
    project.edit((e) => ({ ...e, seed: 9 }))
    let end = (_: unknown): void => undefined
    clinic.saveProject.mockReturnValue(new Promise((resolve) => (end = resolve)))
    const saving = files.save()
    project.edit((e) => ({ ...e, seed: 10 }))
    end({ ok: true, path: '/a.gclinic' })
    expect(await saving).toBe(true)
    expect([project.dirty, project.unsavedEdits]).toEqual([true, true])
    // Main is told before anybody can close the window on it.
    expect((clinic.projectChanged.mock.calls.at(-1) as unknown[])[1]).toBe(true)
    clinic.saveProject.mockResolvedValue({ ok: true, path: '/a.gclinic' })
    expect(await files.save()).toBe(true)
    expect(project.dirty).toBe(false)
  })
  it('is sent with its runs in brief, and whole where main does not have them all', async () => {
    const project = useProject()
    const files = useFiles()
    project.load(sampleProject(), null)
    clinic.saveProject.mockResolvedValue({ ok: true, path: '/a.gclinic' })
    const sent = (): unknown[] => clinic.saveProject.mock.calls.map(([p]) => 'marks' in (p as Project).runs[0]!)
    expect(await files.save()).toBe(true)
    expect(sent()).toEqual([true])
    clinic.saveProject.mockImplementation(async (p: Project) => {
      const isBrief = 'marks' in p.runs[0]!
      if (isBrief) project.edit((e) => ({ ...e, seed: e.seed + 1 }))
      return isBrief ? { ok: false, canceled: true, wantsWhole: true } : { ok: true, path: '/a.gclinic' }
    })
    const { experiments } = structuredClone(project.toProject())
    expect(await files.save()).toBe(true)
    expect(sent()).toEqual([true, true, false])
    // What was edited between the two is not in the file, and known not to be.
    const [last] = clinic.saveProject.mock.calls.at(-1) as [Project]
    expect(last.experiments).toEqual(experiments)
    expect(last.runs).toEqual(project.toProject().runs)
    expect(project.dirty).toBe(true)
    // As for main, so for each attempt after a question.
    clinic.saveProject.mockImplementation(async (p: Project, _path, mayDrop) => {
      if ('marks' in p.runs[0]!) return { ok: false, canceled: true, wantsWhole: true }
      return mayDrop
        ? { ok: true, path: '/a.gclinic' }
        : { ok: false, canceled: true, path: '/a.gclinic', drops: [problem] }
    })
    const ui = useUi()
    project.edit((e) => ({ ...e, seed: 1 }))
    const saving = files.save()
    await vi.waitFor(() => expect(ui.question).not.toBeNull())
    ui.question!.answer('drop')
    expect(await saving).toBe(true)
    expect(project.dirty).toBe(false)
  })
  it('is not replaced by another one that came on screen before its runs were sent', async () => {
    const project = useProject()
    const files = useFiles()
    project.load(sampleProject(), '/a.gclinic')
    clinic.saveProject.mockImplementation(async () => {
      project.fresh(vanishingExperiment())
      return { ok: false, canceled: true, wantsWhole: true }
    })
    expect(await files.save()).toBe(false)
    expect(clinic.saveProject).toHaveBeenCalledTimes(1)
  })
  it('does not lend its name to another one that came on screen while it was written', async () => {
    const project = useProject()
    const files = useFiles()
    project.edit((e) => ({ ...e, seed: 9 }))
    clinic.saveProject.mockImplementation(async () => {
      project.fresh(vanishingExperiment())
      return { ok: true, path: '/a.gclinic' }
    })
    expect(await files.save()).toBe(true)
    expect([project.path, project.dirty]).toEqual([null, false])
    clinic.saveProject.mockImplementation(async () => {
      project.fresh(vanishingExperiment())
      project.edit((e) => ({ ...e, seed: 10 }))
      return { ok: true, path: '/a.gclinic' }
    })
    expect(await files.save()).toBe(true)
    expect([project.path, project.dirty]).toEqual([null, true])
  })
  it('that is edited while another one is read is asked about before that takes its place', async () => {
    const project = useProject()
    const files = useFiles()
    const recovery = useRecovery()
    const ui = useUi()
    const value = structuredClone(project.toProject())
    const editThen = (answer: unknown) => async () => {
      project.edit((e) => ({ ...e, seed: e.seed + 1 }))
      return answer
    }
    clinic.openProject.mockImplementation(editThen({ ok: true, path: '/b.gclinic', value }))
    clinic.takeRecovered.mockImplementation(editThen({ ok: true, path: '', value: { project: value, path: null } }))
    const work: RecoveredWork = { id: 'w', name: 'w', time: 0, runs: 0, declined: false, file: '' }
    for (const replace of [() => files.open('/b.gclinic'), () => recovery.take(work)]) {
      project.dirty = false
      const { seed } = project.experiment
      const replacing = replace()
      await vi.waitFor(() => expect(ui.question).not.toBeNull())
      expect(ui.question!.buttons.map((b) => b.id)).toEqual(['discard', 'cancel', 'save'])
      ui.question!.answer('cancel')
      await replacing
      expect([project.experiment.seed, project.dirty]).toEqual([seed + 1, true])
      // What was given up before it was read is not asked about twice.
      clinic.openProject.mockResolvedValue({ ok: true, path: '/b.gclinic', value })
      const opening = files.open('/b.gclinic')
      await vi.waitFor(() => expect(ui.question).not.toBeNull())
      ui.question!.answer('discard')
      await opening
      expect([ui.question, project.path]).toEqual([null, '/b.gclinic'])
    }
  })
  it('is asked about again when somebody edits while it is saved before another one opens', async () => {
    const project = useProject()
    const ui = useUi()
    const files = useFiles()
    project.edit((e) => ({ ...e, seed: 9 }))
    clinic.saveProject.mockImplementation(async () => {
      project.edit((e) => ({ ...e, seed: e.seed + 1 }))
      return { ok: true, path: '/a.gclinic' }
    })
    const creating = files.create()
    await vi.waitFor(() => expect(ui.question).not.toBeNull())
    ui.question!.answer('save')
    await vi.waitFor(() => expect(ui.question).not.toBeNull())
    ui.question!.answer('cancel')
    await creating
    expect(project.experiment.seed).toBe(10)
  })
  it('is unsaved while a run goes on, and when one is renamed or removed', async () => {
    const project = useProject()
    const runs = useRuns()
    await project.train()
    project.dirty = false
    const hear = (clinic.on.mock.calls as unknown as [string, (m: unknown) => void][]).find(
      ([event]) => event === 'runUpdate'
    )![1]
    const id = runs.currentId!
    const progress = { state: 'running', step: 1, steps: 10 }
    hear({ id, update: { kind: 'progress', progress } })
    expect([project.dirty, project.unsavedEdits]).toEqual([true, false])
    project.dirty = false
    hear({ id, update: { kind: 'progress', progress: { ...progress, rate: 3 } } })
    expect(project.dirty).toBe(false)
    runs.rename(id, 'mine')
    expect(project.dirty).toBe(true)
    project.dirty = false
    runs.remove(id)
    expect(project.dirty).toBe(true)
  })
  it('is closed after a save only when nothing was edited meanwhile', async () => {
    const project = useProject()
    const files = useFiles()
    project.edit((e) => ({ ...e, seed: 9 }))
    clinic.saveProject.mockResolvedValue({ ok: false, canceled: true })
    await files.saveAndClose()
    expect(clinic.closeWindow).not.toHaveBeenCalled()
    clinic.saveProject.mockResolvedValue({ ok: true, path: '/a.gclinic' })
    await files.saveAndClose()
    expect(clinic.closeWindow).toHaveBeenCalledWith(true)
  })
})

describe('work of a session that ended badly', () => {
  const work = (id: string, more: object = {}): RecoveredWork => ({
    id,
    name: id,
    time: 0,
    runs: 0,
    declined: false,
    file: `/backup/${id}`,
    ...more
  })
  const asked = (ui: ReturnType<typeof useUi>): Promise<unknown> =>
    vi.waitFor(() => expect(ui.question).not.toBeNull(), 10_000)
  // Stores are had at once: a timer of an earlier test’s store makes its own Pinia the active one.
  it('is offered, and unsaved until it is saved', async () => {
    const project = useProject()
    const [ui, recovery] = [useUi(), useRecovery()]
    clinic.recovered.mockResolvedValue([work('a')])
    clinic.takeRecovered.mockResolvedValue({
      ok: true,
      path: '',
      value: { project: { ...project.toProject(), experiments: [vanishingExperiment()] }, path: null }
    })
    const offered = recovery.offer()
    await asked(ui)
    ui.question!.answer('restore')
    expect(await offered).toBe(true)
    expect([project.experiment.name, project.dirty, project.path]).toEqual(['Deep sigmoid on digits', true, null])
  })
  it('stays whatever is pressed but Delete, and is declined by its own button alone', async () => {
    const [ui, recovery] = [useUi(), useRecovery()]
    clinic.recovered.mockResolvedValue([work('a')])
    for (const answer of [null, 'later']) {
      const offered = recovery.offer()
      await asked(ui)
      ui.question!.answer(answer)
      expect(await offered).toBe(false)
    }
    expect(clinic.declineRecovered.mock.calls).toEqual([['a']])
    const removed = recovery.remove(work('a'))
    await asked(ui)
    expect(ui.question!.buttons.find((b) => b.kind !== 'bad')!.id).toBe('cancel')
    ui.question!.answer(null)
    expect(await removed).toBe(false)
    expect(clinic.deleteRecovered).not.toHaveBeenCalled()
  })
  it('waits for its answer while other things are asked', async () => {
    const [ui, recovery] = [useUi(), useRecovery()]
    clinic.recovered.mockResolvedValue([work('a')])
    const offered = recovery.offer()
    await asked(ui)
    const failed = ui.fail({ en: 'x', zh: 'x' }, [])
    expect(ui.question!.title.en).toBe('Unsaved work was kept')
    ui.question!.answer('later')
    await offered
    expect(ui.question!.title.en).toBe('x')
    ui.question!.answer(null)
    await failed
    expect(ui.question).toBeNull()
  })
  it('that can’t be read is named, and what was declined is not offered', async () => {
    const [ui, recovery] = [useUi(), useRecovery()]
    clinic.recovered.mockResolvedValue([work('a', { problems: [problem] }), work('b', { declined: true })])
    expect(await recovery.offer()).toBe(false)
    expect(ui.question!.problems).toEqual([{ ...problem, path: '/backup/a' }])
    ui.question!.answer('ok')
    await vi.waitFor(() => expect(clinic.declineRecovered.mock.calls).toEqual([['a']]))
  })
})

describe('fitting to other data', () => {
  it('takes the loss, outputs and batch that the data ask for', () => {
    for (const [dataset, loss, units] of [
      ['iris', 'softmaxCrossEntropy', 3],
      ['diabetes', 'meanSquaredError', 1],
      ['breastCancer', 'sigmoidCrossEntropy', 1]
    ] as const) {
      const e = parseExperiment({ ...vanishingExperiment(), data: { dataset } })
      const info = infoOf(e)
      const { experiment } = adaptTo(e, info, 'multiclass')
      expect(experiment.training.loss.id, dataset).toBe(loss)
      expect(planExperiment(experiment, info).problems, dataset).toEqual([])
      expect(experiment.network.nodes.at(-1)).toMatchObject({ params: { units } })
    }
  })
  it('has a default loss for every kind of task', () => {
    expect((['regression', 'binary', 'multiclass', 'critic'] as const).map((task) => lossFor(task)?.id)).toEqual([
      'meanSquaredError',
      'sigmoidCrossEntropy',
      'softmaxCrossEntropy',
      'wasserstein'
    ])
  })
  it('changes nothing that fits', () => {
    const e = vanishingExperiment()
    expect(adaptTo(e, infoOf(e))).toEqual({ experiment: e, changes: [] })
  })
  it('takes all examples when the batch is larger than the training part', () => {
    const e = parseExperiment({
      ...vanishingExperiment(),
      data: { dataset: 'iris' },
      training: { ...vanishingExperiment().training, batchSize: 500 }
    })
    expect(adaptTo(e, infoOf(e)).experiment.training.batchSize).toBe(0)
  })
})

/**
 * Ids of entries, parameters and settings, and English names that have a Chinese one: none of them is for a person to
 * read in Chinese.
 */
const RAW = (() => {
  const entries: Entry[] = [layers, ...Object.values(registryOf)].flatMap((r): readonly Entry[] => r.all)
  const texts = entries.flatMap((e) => [
    e.name,
    ...Object.values(e.fields).flatMap((f) => [f.label, ...(f.type === 'choice' ? f.options.map((o) => o.label) : [])])
  ])
  const words = (s: string): string[] => s.match(/[A-Za-z][A-Za-z0-9]*/g) ?? []
  const ids = [
    ...entries.flatMap((e) => [e.id, ...Object.keys(e.fields)]),
    ...Object.keys(settingsFields),
    'optimizer',
    'loss',
    'schedule',
    'hidden',
    'output'
  ]
  const english = ['Output', 'Hidden', 'stack', ...texts.filter((x) => x.en !== x.zh).flatMap((x) => words(x.en))]
  const chinese = new Set(texts.flatMap((x) => words(x.zh)))
  return new Set([...ids, ...english].filter((w) => !chinese.has(w)))
})()
const rawWords = (zh: string): string[] => (zh.match(/[A-Za-z][A-Za-z0-9]*/g) ?? []).filter((w) => RAW.has(w))

describe('in Chinese', () => {
  const text = (x: Text | undefined): string => x?.zh ?? ''
  const say = (key: string, more?: Record<string, unknown>): string => i18n.global.t(key, more ?? {}, { locale: 'zh' })
  it('a raw id or an English name would be noticed', () => {
    expect(rawWords('全连接 1：sigmoid → relu；glorotUniform → heNormal')).toEqual([
      'sigmoid',
      'relu',
      'glorotUniform',
      'heNormal'
    ])
    expect(rawWords('Dense 1, Hidden stack')).toEqual(['Dense', 'Hidden', 'stack'])
    expect(rawWords('ReLU，He 正态')).toEqual([])
  })
  it('what was set differently is told without ids and English names', () => {
    let rows = 0
    for (const from of [templates[0]!, template('throughTime')]) {
      const info = infoOf(from.make())
      const plain = { ...from.make(), remedies: [] }
      for (const r of remedies.all) {
        const treated = { ...plain, remedies: [useProject().choiceOf(r.id)] }
        const changed = effectiveExperiment(treated, info).experiment
        for (const row of settingRows([plain, treated], [plain, changed])) {
          rows++
          const { name, where } = rowLabel(row, [plain, changed], text, say)
          for (const s of [name, where, ...row.values.map((v) => rowValue(row, v, [plain, changed], text, say))])
            expect(rawWords(s), `${from.id} ${r.id} ${row.key}: ${s}`).toEqual([])
        }
      }
    }
    expect(rows).toBeGreaterThan(30)
  })
  it('what fits a network to other data is told so, too', () => {
    const e = parseExperiment({ ...vanishingExperiment(), data: { dataset: 'iris' } })
    const { changes } = adaptTo(e, infoOf(e), 'regression')
    expect(changes.length).toBeGreaterThan(0)
    for (const c of changes) expect(rawWords(c.zh), c.zh).toEqual([])
  })
})

describe('what a remedy changes, in words', () => {
  const words = (id: string, from: Experiment = vanishingExperiment()): string[] => {
    const info = infoOf(from)
    const apply = (r: string[]): Experiment =>
      effectiveExperiment(parseExperiment({ ...from, remedies: r }), info).experiment
    const [a, b] = [apply([]), apply([id])]
    return changesInWords(a, b, planExperiment(a, info), planExperiment(b, info)).map((l) => `${l.sign} ${l.text.en}`)
  }
  it('names what is put in and what becomes of the parameters', () => {
    expect(words('residual')).toEqual(expect.arrayContaining(['+ 19 × Add (residual)', '· Parameters: no change']))
    expect(words('batchNorm')).toEqual(expect.arrayContaining(['+ 19 × Batch norm', '+ 19 × Activation']))
    expect(words('activation')).toEqual(
      expect.arrayContaining([
        '· Activation: Sigmoid → ReLU (Dense 1, Dense ×18)',
        '· Initializer: Glorot uniform → He normal (Dense 1, Dense ×18)'
      ])
    )
    expect(words('smallerBatch').join()).toMatch(/Batch size: 64 → /)
    expect(words('learningRate').join()).toMatch(/Learning rate: 0\.1 → /)
    expect(words('clipByGlobalNorm').join()).toMatch(/In each step: Clip by global norm/)
    expect(words('fewerLayers').join()).toMatch(/− \d+ × Dense/)
  })
  it('says something in both languages for every remedy that does anything', () => {
    for (const e of [
      vanishingExperiment(),
      parseExperiment({ ...vanishingExperiment(), training: { ...vanishingExperiment().training, batchSize: 512 } })
    ])
      for (const r of remedies.all) {
        const info = infoOf(e)
        const after = effectiveExperiment(parseExperiment({ ...e, remedies: [r.id] }), info)
        const lines = changesInWords(
          e,
          after.experiment,
          planExperiment(e, info),
          planExperiment(after.experiment, info)
        )
        if (after.problems.length) continue
        expect(lines.length, r.id).toBeGreaterThan(0)
        for (const l of lines) expect(rawWords(l.text.zh), l.text.zh).toEqual([])
      }
  })
})

describe('the order of the remedies', () => {
  const finding = (
    kind: Finding['kind'],
    from: number,
    to: number,
    advice: string[],
    severity: Finding['severity'] = 'bad'
  ): Finding => ({
    rule: kind,
    kind,
    severity,
    from,
    to,
    layers: [],
    measured: {},
    threshold: {},
    text: { en: '', zh: '' },
    advice
  })
  it('is: advised ones as the advice has them, those on, the others by group; each of them once', async () => {
    const project = useProject()
    const runs = useRuns()
    const { advised, noHelp, sections } = useAdvice()
    const at = (id: string): string[] => sections.value.find((s) => s.id === id)?.list.map((r) => r.id) ?? []
    expect(at('advised')).toEqual([])
    project.toggleRemedy('l2', true)
    project.toggleRemedy('activation', true)
    await project.train()
    const judge = (...findings: Finding[]): unknown => (runs.current as Recording).apply({ kind: 'findings', findings })
    // The run is ahead of what was judged; what had passed by then gives no advice, nor does what does not fit.
    judge(
      finding('exploding', 0, 3, ['clipByNorm']),
      finding('vanishing', 0, 40, ['activation', 'residual', 'recurrentCell', 'batchNorm']),
      finding('notUpdating', 8, 40, ['batchNorm', 'learningRate'])
    )
    expect([...advised.value]).toEqual(['residual', 'batchNorm', 'learningRate'])
    expect(at('advised')).toEqual(['residual', 'batchNorm', 'learningRate'])
    expect(at('on')).toEqual(['l2', 'activation'])
    expect(sections.value.slice(0, 2).map((s) => s.id)).toEqual(['advised', 'on'])
    const all = sections.value.flatMap((s) => s.list.map((r) => r.id))
    expect([...all].sort()).toEqual(remedies.ids().sort())
    for (const s of sections.value.slice(2)) expect(new Set(s.list.map((r) => r.group))).toEqual(new Set([s.id]))
    expect([...noHelp.value].sort()).toEqual([
      'adaptiveClip',
      'clipByGlobalNorm',
      'clipByNorm',
      'clipByValue',
      'warmUp'
    ])
    // Where something else is wrong too, clipping may help; where nothing is, nothing is said.
    judge(finding('vanishing', 0, 40, []), finding('lossNaN', 30, 40, []))
    expect([...noHelp.value]).toEqual([])
    judge(finding('vanishing', 0, 20, ['residual']), finding('healthy', 21, 40, [], 'ok'))
    expect([[...noHelp.value], [...advised.value]]).toEqual([[], []])
  })
})

describe('words', () => {
  const keys = (tree: unknown, at = ''): string[] =>
    typeof tree === 'string' ? [at] : Object.entries(tree as object).flatMap(([k, v]) => keys(v, `${at}.${k}`))
  const at = (tree: unknown, path: string): string =>
    path
      .split('.')
      .slice(1)
      .reduce((t, k) => (t as Record<string, unknown>)[k], tree) as string
  it('exist in both languages, with the same figures in them', () => {
    expect(keys(messages.zh).sort()).toEqual(keys(messages.en).sort())
    for (const k of keys(messages.en)) {
      const names = (s: string): string[] => [...new Set([...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!))].sort()
      expect(names(at(messages.zh, k)), k).toEqual(names(at(messages.en, k)))
      expect(at(messages.zh, k).trim(), k).not.toBe('')
    }
  })
})

describe('ready experiments', () => {
  it('can all be trained as they are', () => {
    expect(new Set(templates.map((t) => t.make().name)).size).toBe(templates.length)
    for (const t of templates) {
      const e = t.make()
      const info = infoOf(e)
      const { experiment, problems } = effectiveExperiment(e, info)
      expect([...problems, ...planExperiment(experiment, info).problems], t.id).toEqual([])
    }
  })
})
