import { clone } from '@shared/base/clone'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, toRaw, watch } from 'vue'
import {
  datasets,
  type Attachment,
  type Attachments,
  type Data,
  type DataContext,
  type DataInfo
} from '@shared/catalog/datasets'
import type { Remark } from '@shared/catalog/datasets/parts/remark'
import { dataContext } from '@shared/catalog/datasets/parts/files'
import { attachedTo } from '@shared/experiment/attached'
import { diffExperiments } from '@shared/experiment/diff'
import { isError, nodeAt, type EditResult } from '@shared/experiment/edit'
import { fixFor } from '@shared/experiment/fix'
import { planExperiment, planNetwork, type Plan } from '@shared/experiment/plan'
import { effectiveExperiment, remedyBlocked } from '@shared/experiment/effective'
import { changed, liveChange } from '@shared/run/change'
import type { Checkpoint, RunChange, RunEvent } from '@shared/run/types'
import { freeName } from '@shared/run/names'
import { templates } from '@shared/clinic/templates'
import type { Experiment, Network, RemedyChoice } from '@shared/experiment/types'
import type { Project } from '@shared/project/types'
import { lookup } from '@shared/experiment/lookup'
import { parseSpec, type Params, type Spec } from '@shared/base/params'
import { InputError, type Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'
import { language } from '@/i18n'
import { makeHistory } from './history'
import { isActive, useRuns, type Run } from './runs'
import { useSettings } from './settings'
import { useUi } from './ui'

/** An experiment under a key that stays when its name changes: its runs are tied to that. */
interface Entry {
  readonly key: number
  readonly experiment: Experiment
}
interface Snapshot {
  entries: Entry[]
  current: number
}
let keys = 0
const entryOf = (experiment: Experiment): Entry => ({ key: ++keys, experiment })
/** What a new project holds: the first ready experiment, named in the language of the moment. */
export const firstExperiment = (): Experiment => ({ ...templates[0]!.make(), name: templates[0]!.name[language()] })
/** Nothing but the data and the loss, as the first ready experiment has them. */
export const emptyExperiment = (): Experiment => ({
  ...firstExperiment(),
  name: { en: 'Empty network', zh: '空网络' }[language()],
  network: { nodes: [] }
})
const same = (a: Attachment, b: Attachment): boolean =>
  a === b || (typeof a !== 'string' && typeof b !== 'string' && a.length === b.length && !a.some((v, i) => v !== b[i]))
/** Examples that a picture is made of. */
const SAMPLE = 400
/** Finished runs go into the crash copy while they are small; saving always takes all. */
const BACKUP_BYTES = 32e6
const split = (s: Spec): [string, Params] => {
  const { id, ...params } = s
  return [id, params]
}

/** The project on screen: its experiments, what can be undone, and what is wrong with the one in view. */
export const useProject = defineStore('project', () => {
  const ui = useUi()
  const runs = useRuns()
  const settings = useSettings()
  const history = makeHistory<Snapshot>({ entries: [entryOf(firstExperiment())], current: 0 })
  const name = ref('')
  const path = ref<string | null>(null)
  const dirty = ref(false)
  const files = shallowRef<Attachments>({})
  let extra: Project['extra']

  const entries = computed(() => history.present.value.entries)
  const experiments = computed(() => entries.value.map((e) => e.experiment))
  const current = computed(() => history.present.value.current)
  const key = computed(() => entries.value[current.value]!.key)
  const experiment = computed(() => entries.value[current.value]!.experiment)

  /**
   * Key of the experiment that each run is of, by the run's id. Found by name once, and by the key from then on:
   * renaming, undone or not, keeps it.
   */
  const owners = new Map<string, number>()
  watch(
    [entries, () => runs.runs],
    ([list, all]) => {
      for (const run of all) {
        const own = owners.get(run.id)
        const entry = list.find((e) => (own === undefined ? e.experiment.name === run.experiment.name : e.key === own))
        if (!entry) continue
        owners.set(run.id, entry.key)
        if (run.experiment.name !== entry.experiment.name) run.experiment.name = entry.experiment.name
      }
    },
    { flush: 'sync', immediate: true }
  )
  /** Whether a run is of the experiment in view. */
  const owns = (run: Run | undefined): run is Run => !!run && owners.get(run.id) === key.value

  /**
   * What the data looks like, or what is wrong with it. Recomputed only when the data set, its file or the seed
   * changes.
   */
  let memo:
    { key: string; files: Attachments; value: { info?: DataInfo; problems: Problem[]; remarks: Remark[] } } | undefined
  const described = computed(() => {
    const { dataset } = experiment.value.data
    const key = JSON.stringify([dataset, experiment.value.seed])
    if (memo?.key === key && memo.files === files.value) return memo.value
    const value = describe(dataset, experiment.value.seed)
    memo = { key, files: files.value, value }
    return value
  })
  function describe(dataset: Spec, seed: number): { info?: DataInfo; problems: Problem[]; remarks: Remark[] } {
    const [id, params] = split(dataset)
    try {
      const entry = datasets.get(id)
      const context = contextOf(seed)
      return { info: entry.describe(params, context), problems: [], remarks: entry.remarks?.(params, context) ?? [] }
    } catch (e) {
      if (e instanceof InputError) return { problems: e.problems, remarks: [] }
      const message = e instanceof Error ? e.message : String(e)
      return { problems: [{ path: 'data.dataset', message: { en: message, zh: message } }], remarks: [] }
    }
  }
  const contextOf = (seed: number): DataContext => dataContext(seed, files.value)
  /**
   * Examples of an experiment to be looked at, where loading all would take long only some; undefined when they can't
   * be read (its problems are told elsewhere).
   */
  function look(e: Experiment): Data | undefined {
    const [id, params] = split(e.data.dataset)
    const entry = datasets.get(id)
    try {
      return entry.sample ? entry.sample(params, contextOf(e.seed), SAMPLE) : entry.load(params, contextOf(e.seed))
    } catch (error) {
      if (error instanceof InputError) return undefined
      throw error
    }
  }
  const info = computed(() => described.value.info)
  /** Until the data is understood, shapes are shown for what it last looked like. */
  const lastShape = ref([1])
  watch(info, (i) => i && (lastShape.value = i.inputShape), { immediate: true })

  function resolve(e: Experiment): { experiment: Experiment; plan: Plan; problems: Problem[] } {
    if (!info.value) {
      const bare = { ...e, remedies: [] }
      return { experiment: bare, plan: planNetwork(bare.network, lastShape.value), problems: described.value.problems }
    }
    const applied = effectiveExperiment(e, info.value)
    const plan = planExperiment(applied.experiment, info.value, settings.info?.memory)
    return { experiment: applied.experiment, plan, problems: [...applied.problems, ...plan.problems] }
  }
  const resolved = computed(() => resolve(experiment.value))
  /** The experiment that would run: remedies applied. */
  const effective = computed(() => resolved.value.experiment)
  const plan = computed(() => resolved.value.plan)
  const problems = computed(() => resolved.value.problems.filter((p) => p.severity !== 'warning'))
  /** What does not keep it from training, but is hardly meant. */
  const warnings = computed(() => resolved.value.problems.filter((p) => p.severity === 'warning'))
  /** For each problem the change that does away with it, if there is one. */
  const fixes = computed(
    () =>
      new Map(
        [...problems.value.slice(0, 4), ...warnings.value.slice(0, 4)].map(
          (p) => [p, info.value && fixFor(experiment.value, p, info.value, settings.info?.memory)] as const
        )
      )
  )
  function applyFix(problem: Problem): void {
    const fix = fixes.value.get(problem)
    if (fix) edit(() => fix.experiment)
  }
  const remarks = computed(() => described.value.remarks)
  /** With the previewed remedy switched on, while one is looked at. */
  const previewed = computed(() => {
    const choice = ui.previewRemedy && !isOn(ui.previewRemedy) ? previewChoice.value : undefined
    return choice ? resolve({ ...experiment.value, remedies: [...experiment.value.remedies, choice] }) : undefined
  })
  const previewChoice = shallowRef<RemedyChoice | undefined>()

  const native = computed(() => settings.info?.native)
  /** Why Train can't be pressed, or undefined. */
  const blocked = computed<Text | undefined>(() => {
    if (native.value && !native.value.ok)
      return (
        native.value.problems[0]?.message ?? { en: 'The training library could not be loaded.', zh: '无法加载训练库。' }
      )
    return problems.value[0]?.message
  })
  const canTrain = computed(() => !blocked.value)
  /**
   * What has changed since the run on screen was started; undefined when nothing has, or when it is another
   * experiment's run.
   */
  const sinceRun = computed(() => {
    const run = runs.current
    if (!owns(run)) return undefined
    const changes = diffExperiments(toRaw(runs.experimentOf(run)), experiment.value)
    return changes.length ? changes : undefined
  })

  // ---- changes of the run that goes on

  /** The run on screen, when it goes on and is of the experiment in view. */
  const going = computed(() => {
    const run = runs.current
    return owns(run) && isActive(run.progress.state) ? run : undefined
  })
  /** What the run that goes on would make of a change; undefined when none goes on. */
  function wouldBe(change: RunChange): { events: RunEvent[]; problems: Problem[] } | undefined {
    const run = going.value
    const data = run?.schema?.info ?? info.value
    // Raw: whoever asks need not ask again at every step.
    return run && data
      ? liveChange(toRaw(runs.experimentOf(run)), clone(change), data, toRaw(run).progress.step)
      : undefined
  }
  /** All that was edited since, when the run that goes on can take it over. */
  const applicable = computed<RunChange | undefined>(() => {
    const run = going.value
    if (!run || !sinceRun.value) return undefined
    const now = runs.experimentOf(run)
    const change = {
      learningRate: experiment.value.training.optimizer['learningRate'] as number,
      remedies: clone(experiment.value.remedies)
    }
    if (diffExperiments(toRaw(changed(now, change)), experiment.value).length) return undefined
    const made = wouldBe(change)
    return made && !made.problems.length ? change : undefined
  })
  /** Changes the run that goes on, and says from which step on, or why it can't. @returns whether it was changed */
  async function changeRun(change: RunChange): Promise<boolean> {
    const run = going.value ?? runs.current
    if (!run) return false
    const before = run.events.length
    const made = await runs.change(change, run.id)
    if (!made.ok) {
      const why = made.failure.problems?.[0]?.message ?? made.failure.message
      ui.toast(
        'info',
        { en: `${why.en}.`, zh: `${why.zh}。` },
        { label: { en: 'Stop it and start a new run', zh: '停止它并开始新的运行' }, run: () => void trainAnew() }
      )
      return false
    }
    const words = run.events.slice(before).map((e) => e.text)
    const said = (l: keyof Text): string => words.map((w) => w[l]).join(', ')
    ui.toast('ok', {
      en: `From step ${made.step} on${words.length ? `: ${said('en')}` : ''}`,
      zh: `自第 ${made.step} 步起${words.length ? `：${said('zh')}` : ''}`
    })
    dirty.value = true
    return true
  }
  const applyLive = async (): Promise<boolean> => (applicable.value ? changeRun(applicable.value) : false)
  /** Another learning rate for the run on screen, and for the experiment when the run is its own. */
  async function setRateLive(learningRate: number): Promise<void> {
    const own = going.value
    if ((await changeRun({ learningRate })) && own)
      edit(
        (e) => ({ ...e, training: { ...e.training, optimizer: { ...e.training.optimizer, learningRate } } }),
        'rate.live'
      )
  }
  /** The remedies of the run that goes on, with this one as it is now in the experiment. */
  function withRemedy(id: string, choice: RemedyChoice | undefined): RunChange {
    const now = going.value ? runs.experimentOf(going.value).remedies : []
    const at = now.findIndex((r) => r.id === id)
    if (!choice) return { remedies: now.filter((r) => r.id !== id) }
    return { remedies: at < 0 ? [...now, clone(choice)] : now.map((r, i) => (i === at ? clone(choice) : r)) }
  }

  // ---- edits

  function put(next: Snapshot, merge?: string): void {
    if (next === history.present.value) return
    history.push(next, merge)
    dirty.value = true
  }
  /** Changes the experiment in view. @param merge key by which quick edits of one thing are one undo step. */
  function edit(change: (e: Experiment) => Experiment, merge?: string): void {
    const next = change(experiment.value)
    if (next === experiment.value) return
    put(
      {
        entries: entries.value.map((e, i) => (i === current.value ? { key: e.key, experiment: next } : e)),
        current: current.value
      },
      merge
    )
  }
  function setNetwork(network: Network, merge?: string): void {
    if (network !== experiment.value.network) edit((e) => ({ ...e, network }), merge)
  }
  /** Takes over an edit of the network, or says why it can't be made. @returns whether it was. */
  function take(result: EditResult, merge?: string): boolean {
    if (isError(result)) {
      ui.toast('bad', result.error)
      return false
    }
    setNetwork(result.network, merge)
    if (result.select.length) ui.select(...result.select)
    return true
  }
  // What is gone is selected no more; the data and the loss are always there.
  watch(
    () => experiment.value.network,
    (network) => {
      const left = ui.selection.filter((p) => p.startsWith('@') || nodeAt(network, p))
      if (left.length < ui.selection.length) ui.select(...left)
    }
  )
  const undo = (): void => stepHistory(history.undo)
  const redo = (): void => stepHistory(history.redo)
  function stepHistory(step: () => void): void {
    const before = key.value
    step()
    dirty.value = true
    if (key.value !== before) showItsRun()
  }

  // ---- remedies

  const isOn = (id: string): boolean => experiment.value.remedies.some((r) => r.id === id)
  const defaultChoice = (id: string): RemedyChoice => parseSpec('remedies', { id }, 'remedies', [], lookup)
  /**
   * Why a remedy can't be switched on, or undefined: one that is on is not asked, nor any before the data is
   * understood.
   */
  const reasonAgainst = (choice: RemedyChoice): Text | undefined =>
    isOn(choice.id) || !info.value
      ? undefined
      : remedyBlocked({ ...effective.value, remedies: experiment.value.remedies }, choice, info.value)
  function toggleRemedy(id: string, on: boolean, params: Params = {}): void {
    if (on === isOn(id)) return
    edit((e) => ({
      ...e,
      remedies: on ? [...e.remedies, { ...defaultChoice(id), ...params, id }] : e.remedies.filter((r) => r.id !== id)
    }))
  }
  function setRemedyParam(id: string, key: string, value: unknown): void {
    edit(
      (e) => ({ ...e, remedies: e.remedies.map((r) => (r.id === id ? { ...r, [key]: value } : r)) }),
      `remedy.${id}.${key}`
    )
  }

  // ---- experiments of the project

  /** Shows the newest run of the experiment in view, or none. */
  function showItsRun(): void {
    const own = runs.runs.filter(owns)
    const run = own.find((r) => isActive(r.progress.state)) ?? own[own.length - 1]
    if (runs.currentId !== (run?.id ?? null)) runs.show(run?.id ?? null)
  }
  const free = (wanted: string): string => freeName(wanted, new Set(experiments.value.map((e) => e.name)))
  function addExperiment(e: Experiment): void {
    put({ entries: [...entries.value, entryOf({ ...e, name: free(e.name) })], current: entries.value.length })
    ui.select()
    showItsRun()
  }
  function showExperiment(index: number): void {
    if (index === current.value || !entries.value[index]) return
    put({ entries: entries.value, current: index })
    ui.select()
    showItsRun()
  }
  function removeExperiment(index: number): void {
    if (entries.value.length < 2) return
    const left = entries.value.filter((_, i) => i !== index)
    put({
      entries: left,
      current: Math.min(current.value > index ? current.value - 1 : current.value, left.length - 1)
    })
    ui.select()
    showItsRun()
  }
  function renameExperiment(to: string): void {
    const wanted = to.trim().slice(0, 200)
    if (wanted && wanted !== experiment.value.name) edit((e) => ({ ...e, name: free(wanted) }))
  }

  // ---- training

  /** The files the experiment's data set names. */
  function filesOf(e: Experiment): Attachments {
    return attachedTo(e, files.value)
  }
  /**
   * Trains the experiment in view. While the run on screen goes on nothing is started and nothing lost: that is said,
   * with the way to queue one.
   */
  async function train(): Promise<void> {
    if (!canTrain.value) return
    const previous = runs.current
    if (previous && isActive(previous.progress.state))
      return ui.toast(
        'info',
        { en: `“${previous.name}” still goes on and is left alone.`, zh: `“${previous.name}”仍在进行，未作改动。` },
        { label: { en: 'Queue another run', zh: '另加入队列' }, run: () => void enqueue() }
      )
    await trainAnew()
  }
  /** The same in place of the run on screen, which is stopped if it goes on: only where that was asked for. */
  async function trainAnew(): Promise<void> {
    if (!canTrain.value) return
    ui.previewRemedy = null
    const previous = runs.current
    if (previous && isActive(previous.progress.state)) await runs.stop(previous.id).catch(() => undefined)
    await runs.start({ experiment: experiment.value, files: filesOf(experiment.value) })
    dirty.value = true
  }
  /**
   * A new run that goes on from a checkpoint, beside the one it comes from. When all steps are done already, as many
   * again are added.
   * @param settings what it trains: the run's own settings as they were, or those in view
   */
  async function continueFrom(run: Run, checkpoint: Checkpoint, settings: Experiment): Promise<void> {
    const next = withSteps(settings, checkpoint.step)
    await runs.start({ experiment: next, files: filesOf(settings), from: { run, checkpoint } })
    dirty.value = true
  }
  function withSteps(e: Experiment, from: number): Experiment {
    return from < e.training.steps ? e : { ...e, training: { ...e.training, steps: from + e.training.steps } }
  }
  /** A run of the experiment in view that starts when a core is free, whatever else runs; what is on screen stays. */
  async function enqueue(): Promise<void> {
    if (!canTrain.value) return
    await runs.start({ experiment: experiment.value, files: filesOf(experiment.value), shown: false })
    dirty.value = true
  }
  /** @returns the name it has here: another one when there is other content of that name. */
  function attach(file: string, content: Attachment): string {
    let free = file
    for (let n = 2; free in files.value && !same(files.value[free]!, content); n++)
      free = file.replace(/(\.\w+)?$/, ` ${n}$1`)
    files.value = { ...files.value, [free]: content }
    return free
  }

  // ---- the file

  function toProject(withRuns = true): Project {
    let records = withRuns ? runs.toRecords() : []
    if (!withRuns) {
      const done = runs.runs.filter((r) => !isActive(r.progress.state))
      const bytes = done.reduce((n, r) => n + 4 * (r.frames?.length ?? 0) * (r.schema?.columns.length ?? 0), 0)
      // Without what they could be continued from: that comes back with a saved file.
      if (bytes < BACKUP_BYTES)
        records = runs
          .toRecords()
          .filter((r) => !isActive(r.progress.state))
          .map(({ checkpoints: _, ...r }) => r)
    }
    return {
      format: 'gradient-clinic/project',
      version: 1,
      name: name.value || experiment.value.name,
      experiments: clone(experiments.value),
      current: current.value,
      runs: records.map((r) => ({ ...r, experiment: clone(r.experiment), progress: clone(r.progress) })),
      files: { ...files.value },
      ...(extra ? { extra: clone(extra) } : {})
    }
  }
  function forgetRuns(): void {
    runs.clear()
    owners.clear()
  }
  /** Replaces everything by a project that was read. */
  function load(project: Project, from: string | null): void {
    ui.select()
    ui.previewRemedy = null
    files.value = { ...project.files }
    extra = project.extra
    name.value = project.name
    path.value = from
    forgetRuns()
    history.reset({
      entries: project.experiments.map(entryOf),
      current: Math.min(project.current, project.experiments.length - 1)
    })
    runs.fromRecords(project.runs)
    showItsRun()
    dirty.value = false
  }
  function fresh(first: Experiment): void {
    ui.select()
    ui.previewRemedy = null
    files.value = {}
    extra = undefined
    name.value = ''
    path.value = null
    forgetRuns()
    history.reset({ entries: [entryOf(first)], current: 0 })
    dirty.value = false
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  /** Main backs up what is not saved yet; called by itself after changes. */
  function tell(): void {
    clearTimeout(timer)
    timer = setTimeout(tellNow, 500)
  }
  function tellNow(): void {
    clearTimeout(timer)
    timer = undefined
    void window.clinic
      .projectChanged(toProject(false), dirty.value, path.value)
      .catch((e: unknown) => window.clinic.log('warn', `backup: ${String(e)}`))
  }
  // What was done in the last moment before a reload is told on the way out.
  globalThis.addEventListener?.('beforeunload', () => timer !== undefined && tellNow())
  watch(
    [
      () => history.present.value,
      files,
      name,
      path,
      dirty,
      () => runs.runs.map((r) => r.id + isActive(r.progress.state)).join()
    ],
    tell
  )

  return {
    experiments,
    current,
    experiment,
    info,
    described,
    effective,
    plan,
    problems,
    warnings,
    fixes,
    applyFix,
    remarks,
    previewed,
    previewChoice,
    blocked,
    canTrain,
    sinceRun,
    owns,
    going,
    wouldBe,
    applicable,
    applyLive,
    changeRun,
    setRateLive,
    withRemedy,
    name,
    path,
    dirty,
    files,
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    edit,
    setNetwork,
    take,
    undo,
    redo,
    isOn,
    defaultChoice,
    reasonAgainst,
    toggleRemedy,
    setRemedyParam,
    resolve,
    look,
    describe,
    addExperiment,
    continueFrom,
    withSteps,
    showExperiment,
    removeExperiment,
    renameExperiment,
    showItsRun,
    train,
    trainAnew,
    enqueue,
    attach,
    filesOf,
    toProject,
    load,
    fresh
  }
})
