import { defineStore } from 'pinia'
import { computed, ref, shallowRef, toRaw, watch } from 'vue'
import type { Attachments } from '@shared/catalog/datasets'
import { diffExperiments } from '@shared/experiment/diff'
import { isError, nodeAt, type EditResult } from '@shared/experiment/edit'
import { fixFor } from '@shared/experiment/fix'
import { planExperiment, planNetwork, type Plan } from '@shared/experiment/plan'
import { effectiveExperiment } from '@shared/experiment/effective'
import { commonNodes } from '@shared/experiment/same'
import { templates } from '@shared/clinic/templates'
import type { Experiment, Network, RemedyChoice } from '@shared/experiment/types'
import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'
import { language } from '@/i18n'
import { useRuns } from '../runs'
import { useSettings } from '../settings'
import { useUi } from '../ui'
import { makeData } from './data'
import { entryOf, makeEntries } from './entries'
import { makeFile } from './file'
import { makeInView } from './inView'
import { makeLive } from './live'
import { makeRemedies } from './remedies'
import { makeTraining } from './training'

/** What a new project holds: the first ready experiment, named in the language of the moment. */
export const firstExperiment = (): Experiment => ({ ...templates[0]!.make(), name: templates[0]!.name[language()] })
/** Nothing but the data and the loss, as the first ready experiment has them. */
export const emptyExperiment = (): Experiment => ({
  ...firstExperiment(),
  name: { en: 'Empty network', zh: '空网络' }[language()],
  network: { nodes: [] }
})
/** The project on screen: its experiments, what can be undone, and what is wrong with the one in view. */
export const useProject = defineStore('project', () => {
  const ui = useUi()
  const runs = useRuns()
  const settings = useSettings()
  const files = shallowRef<Attachments>({})
  const data = makeData(files)
  const { describe, look } = data
  const all = makeEntries(firstExperiment())
  const { history, revision, dirty, entries, experiments, current, key, edited, put, free } = all
  const inView = makeInView(all, (e) => data.describeData(e).info)
  const { experiment, viewed, owns, showItsRun } = inView
  const { name, path, toProject, toBrief, load, fresh, tellNow } = makeFile(all, inView, files)

  const described = computed(() => data.describeData(experiment.value))
  const info = computed(() => viewed.value?.schema?.info ?? described.value.info)
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
    const choice = ui.previewRemedy && !remedies.isOn(ui.previewRemedy) ? previewChoice.value : undefined
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
    if (!owns(run) || viewed.value) return undefined
    const changes = diffExperiments(toRaw(runs.experimentOf(run)), experiment.value)
    return changes.length ? changes : undefined
  })

  /**
   * Paths of the nodes that the run on screen shares with the network on screen: only these have its values. Undefined
   * when the network is the run's own.
   */
  const shared = computed(() => {
    const run = runs.current
    if (!run || viewed.value) return undefined
    const theirs = runs.experimentOf(run)
    const applied = info.value ? effectiveExperiment(theirs, info.value).experiment : theirs
    return new Set([
      ...commonNodes(theirs.network, experiment.value.network),
      ...commonNodes(applied.network, effective.value.network)
    ])
  })

  // ---- edits

  /**
   * Changes the experiment in the editor; a run's can't be. @param merge key by which quick edits of one thing are one
   * undo step
   */
  function edit(change: (e: Experiment) => Experiment, merge?: string): void {
    if (viewed.value) return inView.refuse()
    const next = change(edited.value)
    if (next === edited.value) return
    put(
      {
        entries: entries.value.map((e, i) => (i === current.value ? { key: e.key, experiment: next } : e)),
        current: current.value
      },
      merge
    )
  }
  const remedies = makeRemedies({ experiment, effective, info, edit })
  function setNetwork(network: Network, merge?: string): void {
    if (network !== experiment.value.network) edit((e) => ({ ...e, network }), merge)
  }
  /** Takes over an edit of the network, or says why it can't be made. @returns whether it was. */
  function take(result: EditResult, merge?: string): boolean {
    if (viewed.value) {
      inView.refuse()
      return false
    }
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
    if (key.value !== before || viewed.value) showItsRun()
  }

  // ---- experiments of the project

  function addExperiment(e: Experiment): void {
    put({ entries: [...entries.value, entryOf({ ...e, name: free(e.name) })], current: entries.value.length })
    ui.select()
    showItsRun()
  }
  function showExperiment(index: number): void {
    if (index === current.value) return inView.leaveRun()
    if (!entries.value[index]) return
    put({ entries: entries.value, current: index })
    ui.select()
    showItsRun()
  }
  /** @returns brings the experiment that is in view now into view again, and says whether it is still there */
  function bookmark(): () => boolean {
    const marked = key.value
    return () => {
      const index = entries.value.findIndex((e) => e.key === marked)
      if (index >= 0 && index !== current.value) showExperiment(index)
      return index >= 0
    }
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

  const training = makeTraining({ ...inView, canTrain, files, dirty })
  const live = makeLive({
    ...inView,
    info,
    sinceRun,
    edit,
    trainAnew: training.trainAnew,
    touch: () => (dirty.value = true)
  })

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
    shared,
    viewed,
    owns,
    showRun: inView.showRun,
    leaveRun: inView.leaveRun,
    openItsExperiment: inView.openItsExperiment,
    ...live,
    ...remedies,
    ...training,
    name,
    path,
    dirty,
    /** A person has changed something that is not saved. */
    unsavedEdits: revision.edited,
    moment: revision.now,
    saved: revision.saved,
    files,
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    edit,
    setNetwork,
    take,
    undo,
    redo,
    resolve,
    look,
    describe,
    addExperiment,
    showExperiment,
    bookmark,
    removeExperiment,
    renameExperiment,
    showItsRun,
    toProject,
    toBrief,
    load,
    fresh,
    tellNow
  }
})
