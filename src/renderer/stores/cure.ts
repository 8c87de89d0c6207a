import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { canonical } from '@shared/base/canonical'
import { clone } from '@shared/base/clone'
import { remedies } from '@shared/clinic/remedies'
import { treated } from '@shared/cure/candidates'
import { foresee } from '@shared/cure/foresee'
import { middleTrial } from '@shared/cure/middle'
import { readQueueUrl } from '@shared/cure/queue'
import { betterOf, defaultGoal, lossCompares, seedsFrom } from '@shared/cure/trial'
import type { SearchOrder, SearchState } from '@shared/cure/state'
import type { Goal, Outcome, Trial } from '@shared/cure/types'
import { openFaults } from '@shared/run/faults'
import { bridge, failureOf } from './runs/bridge'
import { useCompare } from './compare'
import { useProject } from './project'
import { useRuns } from './runs'
import { useSearch } from './search'
import { useSettings } from './settings'
import { useUi } from './ui'

const newId = (): string =>
  'search-' + [...crypto.getRandomValues(new Uint8Array(8))].map((b) => b.toString(16).padStart(2, '0')).join('')

/** The question that is put to a search, and what one does with its answer. */
export const useCure = defineStore('cure', () => {
  const project = useProject()
  const runs = useRuns()
  const search = useSearch()
  const compare = useCompare()
  const ui = useUi()

  /** Name of the metric; null: the usual one of the task. */
  const metric = ref<string | null>(null)
  /** What a repaired run has to reach; null: beating the baseline is enough. */
  const target = ref<number | null>(null)
  const seeds = ref(5)
  /** Minutes; null: as long as it takes. */
  const minutes = ref<number | null>(null)
  /** Trainings; null: as many as it takes. */
  const trainings = ref<number | null>(null)
  const settings = useSettings()
  /** URL of a queue whose workers train, with credentials: these are kept nowhere else. Empty: this machine trains. */
  const queue = ref(settings.recall('queue', ''))
  const queueUrl = computed(() => readQueueUrl(queue.value))
  watch(queueUrl, (url) => settings.remember('queue', url?.place ?? ''))
  /** Groups of remedies that are left out. */
  const leftOut = ref<string[]>([])
  /** Id of the candidate in the detail; null: the best. */
  const selectedId = ref<string | null>(null)
  /** Seed whose mark the pointer is at. */
  const pointed = ref<number | null>(null)

  const state = computed(() => search.state)
  const prescription = computed(() => state.value?.prescription)
  // A search that comes with a project brings its question along: otherwise it could not be gone on with.
  watch(
    () => state.value?.id,
    () => {
      const asked = state.value?.order
      if (!asked) return
      metric.value = asked.goal.metric
      target.value = asked.goal.target ?? null
      seeds.value = asked.seeds.length
      const { consider } = asked
      leftOut.value = consider
        ? [...new Set(remedies.all.map((r) => r.group))].filter(
            (group) => !remedies.all.some((r) => r.group === group && consider.includes(r.id))
          )
        : []
    },
    { immediate: true, flush: 'sync' }
  )
  const metrics = computed(() => {
    const { info, experiment } = project
    if (!info) return []
    const task = info.task
    const own = task === 'critic' ? ['wasserstein'] : task === 'regression' ? ['r2', 'meanAbsoluteError'] : ['accuracy']
    return lossCompares(experiment) ? [...own, 'loss'] : own
  })
  const goal = computed<Goal | undefined>(() => {
    if (!project.info) return undefined
    const usual = defaultGoal({ info: project.info })
    const name = metric.value !== null && metrics.value.includes(metric.value) ? metric.value : usual.metric
    return {
      metric: name,
      better: betterOf(name),
      ...(target.value !== null && { target: target.value })
    }
  })
  /** The search that would start now. */
  const order = computed<SearchOrder | undefined>(() => {
    const { info, experiment } = project
    if (!info || !goal.value) return undefined
    const sums = project.sumsFor(experiment)
    return {
      experiment,
      ...(sums.length && { sums }),
      info,
      goal: goal.value,
      seeds: seedsFrom(experiment.seed, seeds.value),
      budget: {
        ...(minutes.value !== null && { time: minutes.value * 60_000 }),
        ...(trainings.value !== null && { trainings: trainings.value })
      },
      ...(leftOut.value.length && {
        consider: remedies.all.filter((r) => !leftOut.value.includes(r.group)).map((r) => r.id)
      }),
      pairs: 2
    }
  })
  const canFind = computed(
    () => order.value !== undefined && project.canTrain && (!queue.value || queueUrl.value !== undefined)
  )
  /** What is on screen answers another question than the one that is set. */
  const isStale = computed(() => {
    const [now, then] = [order.value, state.value?.order]
    if (!now || !then) return false
    const asked = ({
      experiment: { name: _, entries: __, network, ...rest },
      sums,
      goal: g,
      seeds: s,
      consider
    }: SearchOrder): unknown => [network.nodes, rest, sums ?? [], g, s, consider ?? null]
    // One that comes with a project has its members in the order of the file.
    return canonical(asked(now)) !== canonical(asked(then))
  })

  const canGoOn = computed(
    () => !isStale.value && (state.value?.state === 'stopped' || state.value?.state === 'failed')
  )

  async function start(next: SearchState): Promise<void> {
    selectedId.value = null
    const sent = clone(next.order)
    search.begin({ ...next, order: sent })
    project.dirty = true
    try {
      await runs.connect()
      await bridge().startCure(
        next.id,
        sent,
        { ...project.filesOf(sent.experiment) },
        { kept: next.kept, time: next.time },
        queue.value || null
      )
    } catch (error) {
      search.begin({ ...next, state: 'failed', failure: failureOf(error) })
    }
  }
  /** Searches for what cures the experiment in view; trainings of before that answer the question are kept. */
  async function find(): Promise<void> {
    ui.page = 'cure'
    if (!order.value || !canFind.value || search.isRunning) return
    const kept = state.value?.kept ?? []
    await start({ id: newId(), order: order.value, state: 'running', time: 0, kept, ongoing: [] })
  }
  /** Goes on with a search that was stopped, with its budget anew. */
  async function goOn(): Promise<void> {
    const before = state.value
    if (!before || search.isRunning) return
    const { budget } = before.order
    const made = before.prescription?.trainings ?? 0
    const next = {
      ...(minutes.value !== null && { time: before.time + minutes.value * 60_000 }),
      ...(trainings.value !== null && { trainings: made + trainings.value })
    }
    const { failure: _, ...rest } = before
    await start({
      ...rest,
      order: { ...before.order, budget: Object.keys(budget).length ? next : {} },
      state: 'running',
      ongoing: []
    })
  }
  const stop = (): Promise<void> => bridge().stopCure()
  /** Stops when that was meant: a key is soon pressed. */
  async function askToStop(): Promise<void> {
    const sure = await ui.ask({
      title: {
        en: 'Stop the search? What is trained is kept, and it can go on later.',
        zh: '停止搜索？已完成的训练会保留，之后可以继续。'
      },
      buttons: [
        { id: 'cancel', label: { en: 'Go on', zh: '继续搜索' } },
        { id: 'stop', label: { en: 'Stop', zh: '停止' }, kind: 'pri' }
      ]
    })
    if (sure === 'stop' && search.isRunning) await stop()
  }

  /** @param id null: the best again */
  const select = (id: string | null): void => void (selectedId.value = id)
  /** Switches the remedies of a candidate on, in one edit. */
  function apply(o: Outcome): void {
    project.leaveRun()
    project.edit((e) => treated(e, o))
    ui.toast(
      'ok',
      { en: 'Applied to the experiment: train it.', zh: '已应用到实验：可以训练。' },
      {
        label: { en: 'Undo', zh: '撤销' },
        run: () => project.undo()
      }
    )
  }
  /** Lists the run of a trial and shows it on the first page. */
  function open(trial: Trial): void {
    if (!runs.find(trial.run)) return
    runs.list(trial.run)
    runs.followLive()
    project.showRun(trial.run)
    ui.page = 'build'
  }
  /** Untreated beside a candidate, with the seed in the middle of the candidate's. */
  function openInCompare(o: Outcome): void {
    const trial = middleTrial(o.seeds)
    const untreated = prescription.value?.case.untreated.seeds.find((t) => t.seed === trial?.seed)
    const pair = [untreated, trial].flatMap((t) => (t && runs.find(t.run) ? [t.run] : []))
    pair.forEach((id) => runs.list(id))
    runs.followLive()
    compare.show(pair)
  }
  /** Open faults of the newest run of the experiment in view. */
  const faults = computed(() => (project.owns(runs.current) ? openFaults(runs.current.findings) : []))
  /** What a search would try now, while it is not known what one tries. */
  const foreseen = computed(() =>
    prescription.value?.candidates.length || ui.page !== 'cure' || !order.value || !canFind.value
      ? undefined
      : foresee(order.value, faults.value)
  )
  /** Candidates that were tried, or are to be. */
  const listed = computed(() => (prescription.value?.candidates.length ? prescription.value : foreseen.value))
  const candidates = computed(() => prescription.value?.candidates ?? [])
  /** The candidate in the detail: the best that was tried, and before any was, the first that would be. */
  const selected = computed<Outcome | undefined>(() => {
    const all = listed.value?.candidates ?? []
    return all.find((c) => c.id === selectedId.value) ?? all.find((c) => c.seeds.length) ?? all[0]
  })
  return {
    selectedId,
    pointed,
    listed,
    faults,
    metric,
    target,
    seeds,
    minutes,
    trainings,
    queue,
    queueUrl,
    leftOut,
    metrics,
    goal,
    order,
    canFind,
    canGoOn,
    isStale,
    state,
    prescription,
    candidates,
    selected,
    select,
    find,
    goOn,
    stop,
    askToStop,
    apply,
    open,
    openInCompare
  }
})
