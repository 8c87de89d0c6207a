import { computed, toRaw, type ComputedRef } from 'vue'
import { clone } from '@shared/base/clone'
import type { DataInfo } from '@shared/catalog/datasets'
import { diffExperiments, type Change } from '@shared/experiment/diff'
import type { Experiment, RemedyChoice } from '@shared/experiment/types'
import type { Text } from '@shared/base/text'
import type { Problem } from '@shared/base/problems'
import { changed, liveChange } from '@shared/run/change'
import type { RunChange, RunEvent } from '@shared/run/types'
import { isActive, useRuns } from '../runs'
import { useUi } from '../ui'
import type { InView } from './inView'

/** What the changes of an active run need of the project. */
interface Needs extends Pick<InView, 'experiment' | 'viewed' | 'owns'> {
  info: ComputedRef<DataInfo | undefined>
  sinceRun: ComputedRef<Change[] | undefined>
  edit(change: (e: Experiment) => Experiment, merge?: string): void
  trainAnew(): Promise<void>
  /** A run of the project has changed. */
  touch(): void
}

/** Changes of a run that is still active. */
export function makeLive({ experiment, viewed, owns, info, sinceRun, edit, trainAnew, touch }: Needs) {
  const runs = useRuns()
  const ui = useUi()
  /** The run on screen, when it is active and of the experiment in the editor, which is on screen. */
  const going = computed(() => {
    const run = runs.current
    return owns(run) && !viewed.value && isActive(run.progress.state) ? run : undefined
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
    touch()
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

  return { going, wouldBe, applicable, applyLive, changeRun, setRateLive, withRemedy }
}
