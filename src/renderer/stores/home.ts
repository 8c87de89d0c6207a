import { middleTrial } from '@shared/cure/middle'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { clone } from '@shared/base/clone'
import { calledBy } from '@shared/cure/words'
import type { Outcome } from '@shared/cure/types'
import type { Experiment } from '@shared/experiment/types'
import type { HomeCheck, HomeTaken } from '@shared/ipc/home'
import { wasChanged } from '@shared/run/changed'
import { TARGET_IDS, targetOf, type TargetId } from '@shared/takehome/targets'
import type { Problem } from '@shared/base/problems'
import { bridge, failureOf } from './runs/bridge'
import { useCure } from './cure'
import { useProject } from './project'
import { useRuns, type Run } from './runs'
import { fileName } from './saving'
import { useUi } from './ui'

/** A run on its way home: the dialog reads what becomes of it here. */
export const useHome = defineStore('home', () => {
  const runs = useRuns()
  const project = useProject()
  const cure = useCure()
  const ui = useUi()

  const open = ref(false)
  const runId = ref<string | null>(null)
  /** Ids of the runs that one chooses among. */
  const choices = shallowRef<readonly string[]>([])
  const target = ref<TargetId>(TARGET_IDS[0]!)
  /** With the weights after training. */
  const weights = ref(true)
  const taken = shallowRef<HomeTaken>()
  /** Steps that were trained again. */
  const step = ref(0)
  const problems = shallowRef<readonly Problem[]>([])
  const checks = shallowRef<Partial<Record<TargetId, HomeCheck | 'checking'>>>({})
  const saving = ref(false)

  const run = computed(() => (runId.value === null ? undefined : runs.find(runId.value)))
  const written = computed(() => taken.value?.projects[target.value])
  const check = computed(() => checks.value[target.value])
  /** A run that has recorded something, and whose training is ours. */
  const canTake = (r: Run | undefined): r is Run => !!r?.frames && r.progress.step > 0 && !r.schema?.recording
  const isChanged = computed(() => !!run.value && wasChanged(run.value.events))
  const cureName = computed(() => (run.value?.experiment.remedies.length ? calledBy(run.value.experiment) : undefined))

  /** What a run was before its cure; undefined where nothing was done to it. */
  function untreated(r: Run): Experiment | undefined {
    const search = cure.state
    const order = r.search !== undefined && r.search === search?.id ? search.order : undefined
    if (order) return { ...order.experiment, seed: r.experiment.seed }
    return r.experiment.remedies.length ? { ...r.experiment, remedies: [] } : undefined
  }

  /** What is under way for a run that is not shown any more is of no use. */
  let turn = 0
  async function take(id: string, lossTable: (r: Run) => Promise<Uint8Array>): Promise<void> {
    const own = ++turn
    round++
    const r = runs.find(id)
    if (!canTake(r)) return
    runId.value = id
    taken.value = undefined
    problems.value = []
    checks.value = {}
    step.value = 0
    const before = untreated(r)
    const pinned = id === runs.currentId ? runs.pinnedStep : null
    try {
      const table = new TextDecoder().decode(await lossTable(r))
      const result = await bridge().takeHome(
        clone({
          experiment: r.experiment,
          ...(before && { before }),
          step: pinned ?? r.progress.step,
          lossTable: table,
          // Trainings of a search have one thread each.
          ...(r.search !== undefined && { threads: 1 })
        }),
        { ...project.filesOf(r.experiment) }
      )
      if (own !== turn) return
      taken.value = result
      await checkAll()
    } catch (error) {
      if (own !== turn) return
      const { problems: list, message } = { problems: [], ...failureOf(error) }
      problems.value = list.length ? list : [{ path: '', message }]
    }
  }
  /** What was asked to be checked before the last time is of no use. */
  let round = 0
  /** Checks each project, one after the other, what is shown first: each takes all cores. */
  async function checkAll(): Promise<void> {
    const own = ++round
    checks.value = {}
    const others = TARGET_IDS.filter((t) => t !== target.value)
    for (const t of [target.value, ...others])
      if (own === round && targetOf(t).modules && taken.value?.projects[t].ok) await checkOf(t)
  }
  /** Runs the check of a project; "checked" is said only after it. */
  async function checkOf(t: TargetId): Promise<void> {
    const { id } = taken.value ?? {}
    if (id === undefined) return
    const own = round
    checks.value = { ...checks.value, [t]: 'checking' }
    const said = await bridge()
      .checkHome(id, t)
      .catch((error: unknown): HomeCheck => ({ state: 'broken', text: failureOf(error).message }))
    if (own === round) checks.value = { ...checks.value, [t]: said }
  }
  /** Ends the checks, those that wait among them. */
  async function stopChecks(): Promise<void> {
    round++
    const rest = TARGET_IDS.filter((t) => typeof checks.value[t] !== 'object')
    checks.value = { ...checks.value, ...Object.fromEntries(rest.map((t) => [t, { state: 'stopped' as const }])) }
    await bridge().stopHome()
  }
  /** Checks again what was not checked: what it lacked may have been installed. */
  async function checkAgain(): Promise<void> {
    await stopChecks()
    await checkAll()
  }
  /** Opens the dialog for a run. @param among the runs that one may choose another of */
  function show(id: string, among: readonly string[] = runs.runs.filter(canTake).map((r) => r.id)): void {
    if (!canTake(runs.find(id))) return
    choices.value = among
    runId.value = id
    open.value = true
  }
  const runsOf = (o: Outcome | undefined): Run[] =>
    (o?.seeds ?? []).flatMap((s) => {
      const r = runs.find(s.run)
      return canTake(r) ? [r] : []
    })
  /** Opens it for a candidate of a search: its run in the middle. */
  function showOutcome(o: Outcome): void {
    const middle = middleTrial(o.seeds)
    const own = runsOf(o)
    const first = own.find((r) => r.id === middle?.run) ?? own[0]
    if (first)
      show(
        first.id,
        own.map((r) => r.id)
      )
  }
  function leave(): void {
    turn++
    round++
    open.value = false
    runId.value = null
    taken.value = undefined
    void bridge().leaveHome()
  }
  async function save(): Promise<void> {
    if (!taken.value || !written.value?.ok || saving.value) return
    saving.value = true
    try {
      const name = fileName(`${run.value?.experiment.name ?? 'run'} ${target.value}`).replace(/\s+/g, '-')
      const saved = await bridge().saveHome(taken.value.id, target.value, name, weights.value)
      if (saved.ok) ui.toast('ok', { en: `Saved ${saved.path}`, zh: `已保存 ${saved.path}` })
      else if (!saved.canceled) await ui.fail({ en: 'Could not save', zh: '无法保存' }, saved.problems)
    } finally {
      saving.value = false
    }
  }
  /** Asks for the Python that checks, and checks again. */
  async function choosePython(): Promise<void> {
    if ((await bridge().choosePython()) === null) return
    await checkAgain()
  }
  return {
    open,
    run,
    choices,
    target,
    weights,
    taken,
    step,
    problems,
    project: written,
    check,
    saving,
    isChanged,
    cureName,
    canTake,
    canTakeOutcome: (o: Outcome | undefined): boolean => runsOf(o).length > 0,
    take,
    show,
    showOutcome,
    leave,
    save,
    stopChecks,
    checkAgain,
    choosePython
  }
})
