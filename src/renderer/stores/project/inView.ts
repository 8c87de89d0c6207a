import { computed, ref, watch, type ComputedRef } from 'vue'
import { clone } from '@shared/base/clone'
import type { DataInfo } from '@shared/catalog/datasets'
import { effectiveExperiment } from '@shared/experiment/effective'
import { sameNetwork } from '@shared/experiment/same'
import type { Experiment } from '@shared/experiment/types'
import { isActive, useRuns, type Run } from '../runs'
import { HOME_PAGE, useUi } from '../ui'
import { entryOf, type Entries } from './entries'

/** Which experiment is on screen: the one in the editor, or that of a run, which can be looked at only. */
export interface InView {
  /** The experiment on screen. */
  experiment: ComputedRef<Experiment>
  /** The run whose own network is on screen, read only; undefined while the editor's is. */
  viewed: ComputedRef<Run | undefined>
  /** Whether a run is of the experiment in the editor. */
  owns(run: Run | undefined): run is Run
  /** Forgets which run is of which experiment. */
  forget(): void
  /** Shows a run that a person chose, with its network wherever that is not the one in the editor. */
  showRun(id: string): void
  /** Shows the newest run of the experiment in the editor, or none, and the editor's network. */
  showItsRun(): void
  /** Goes back from a run's network to the editor's. */
  leaveRun(): void
  /**
   * Brings the experiment of the viewed run into the editor: the project's own if it has that network, else a copy
   * beside the others, so that what became of it since is not lost.
   */
  openItsExperiment(): void
  /** Says that a run's network can't be edited, and how it can. */
  refuse(): void
}

/** @param infoOf what the data of an experiment looks like, where it can be read */
export function makeInView(
  { entries, key, edited, put, free }: Entries,
  infoOf: (e: Experiment) => DataInfo | undefined
): InView {
  const runs = useRuns()
  const ui = useUi()
  /**
   * Key of the experiment that each run is of, by the run's id. Found by name once, and by the key from then on:
   * renaming, undone or not, keeps it.
   */
  const owners = new Map<string, number>()
  watch(
    [entries, () => runs.runs],
    ([list, all]) => {
      for (const run of all) {
        // A training in another program is of no experiment here.
        if (run.watched !== undefined) continue
        const own = owners.get(run.id)
        const entry = list.find((e) => (own === undefined ? e.experiment.name === run.experiment.name : e.key === own))
        if (!entry) continue
        owners.set(run.id, entry.key)
        if (run.experiment.name !== entry.experiment.name) run.experiment.name = entry.experiment.name
      }
    },
    { flush: 'sync', immediate: true }
  )
  const owns = (run: Run | undefined): run is Run => !!run && owners.get(run.id) === key.value

  const viewedId = ref<string | null>(null)
  const viewed = computed(() => (viewedId.value === null ? undefined : runs.find(viewedId.value)))
  const experiment = computed(() => (viewed.value ? runs.experimentOf(viewed.value) : edited.value))

  const applied = (e: Experiment, info: DataInfo | undefined): Experiment =>
    info ? effectiveExperiment(e, info).experiment : e
  const drawsAlike = (run: Run, e: Experiment): boolean =>
    sameNetwork(applied(runs.experimentOf(run), run.schema?.info ?? infoOf(run.experiment)), applied(e, infoOf(e)))
  /** Whether a run has a network of its own to show, which is not the one in the editor. */
  const isForeign = (run: Run): boolean => run.watched === undefined && !owns(run) && !drawsAlike(run, edited.value)
  function view(run: Run | undefined): void {
    if (run) {
      ui.select()
      ui.previewRemedy = null
    }
    viewedId.value = run?.id ?? null
  }
  // Judged when a run comes on screen, not at every edit after that: the network under somebody's hands must stay.
  watch(
    [() => runs.currentId, key],
    () => {
      const run = runs.current
      view(run && isForeign(run) ? run : undefined)
    },
    { flush: 'sync' }
  )

  function showItsRun(): void {
    // The page of other programs' trainings shows them whatever experiment is in the editor.
    if (ui.page === 'watch' && runs.current?.watched !== undefined) return
    const own = runs.runs.filter(owns)
    const run = own.find((r) => isActive(r.progress.state)) ?? own[own.length - 1]
    if (runs.currentId !== (run?.id ?? null)) runs.show(run?.id ?? null)
    view(undefined)
  }
  function openItsExperiment(): void {
    const run = viewed.value
    if (!run) return
    const alike = entries.value.filter((e) => drawsAlike(run, e.experiment))
    const there = alike.find((e) => e.key === owners.get(run.id)) ?? alike[0]
    const made = there ? undefined : entryOf({ ...clone(experiment.value), name: free(experiment.value.name) })
    const list = made ? [...entries.value, made] : entries.value
    put({ entries: list, current: list.indexOf(made ?? there!) })
    ui.select()
    view(undefined)
  }
  return {
    experiment,
    viewed,
    owns,
    forget: () => owners.clear(),
    showRun(id) {
      runs.show(id)
      const run = runs.current
      if (run?.watched !== undefined) ui.page = 'watch'
      else if (ui.page === 'watch') ui.page = HOME_PAGE
      if (run?.watched !== undefined) return
      if (run && run.id !== viewedId.value && !drawsAlike(run, edited.value)) view(run)
    },
    showItsRun,
    leaveRun: () => (owns(viewed.value) ? view(undefined) : showItsRun()),
    openItsExperiment,
    refuse() {
      const run = viewed.value
      if (!run) return
      ui.toast(
        'info',
        {
          en: `This is the network of the run “${run.name}”. It can be looked at, not edited.`,
          zh: `这是运行“${run.name}”的网络，只能查看，不能编辑。`
        },
        { label: { en: 'Open its experiment', zh: '打开它的实验' }, run: openItsExperiment }
      )
    }
  }
}
