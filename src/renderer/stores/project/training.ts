import { computed, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Attachment, Attachments } from '@shared/catalog/datasets'
import { attachedTo, sumsOf, type Sums } from '@shared/experiment/attached'
import type { Experiment } from '@shared/experiment/types'
import type { Checkpoint } from '@shared/run/types'
import { isActive, useRuns, type Run } from '../runs'
import { useUi } from '../ui'
import type { InView } from './inView'

/** What starting a run needs of the project. */
interface Needs extends Pick<InView, 'experiment' | 'viewed' | 'showRun'> {
  canTrain: ComputedRef<boolean>
  /** The attached files, by name. */
  files: ShallowRef<Attachments>
  dirty: Ref<boolean>
}
const same = (a: Attachment, b: Attachment): boolean =>
  a === b || (typeof a !== 'string' && typeof b !== 'string' && a.length === b.length && !a.some((v, i) => v !== b[i]))

/** Starts runs of the experiment on screen. */
export function makeTraining({ experiment, viewed, showRun, canTrain, files, dirty }: Needs) {
  const runs = useRuns()
  const ui = useUi()
  /** The files the experiment's data set names. */
  function filesOf(e: Experiment): Attachments {
    return attachedTo(e, files.value)
  }
  const allSums = computed(() => new Map(sumsOf(files.value)))
  /** What tells these files from others of the same names. */
  function sumsFor(e: Experiment): Sums {
    return Object.keys(filesOf(e))
      .sort()
      .map((name) => [name, allSums.value.get(name)!])
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
    const again = viewed.value
    const started = runs.start({ experiment: experiment.value, files: filesOf(experiment.value) })
    // Whoever trains the network of an older run again goes on looking at it.
    if (again && runs.currentId) showRun(runs.currentId)
    await started
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

  return { filesOf, sumsFor, train, trainAnew, continueFrom, withSteps, enqueue, attach }
}
