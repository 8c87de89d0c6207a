import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Text } from '@shared/base/text'
import {
  isRangeTest,
  rangeTestIn,
  rangeTestOf,
  rangeTestRefused,
  rangeTestText,
  seriesOf,
  withRate,
  type RangeTest
} from '@shared/cure/rangeTest'
import type { SmallQuestion } from '@shared/cure/small'
import { readTenExamples, tenExamplesOf, tenExamplesRefused, tenExamplesText } from '@shared/cure/tenExamples'
import { sameSums } from '@shared/experiment/attached'
import type { Experiment } from '@shared/experiment/types'
import { useProject } from './project'
import { isActive, useRuns } from './runs'
import { useUi } from './ui'

const NAMES: Record<SmallQuestion, Text> = {
  range: { en: 'range test', zh: '范围测试' },
  ten: { en: 'ten examples', zh: '十个样本' }
}
const ASKED = { range: rangeTestOf, ten: tenExamplesOf }
/** Names and places on the canvas do not count. */
const same = (a: Experiment, b: Experiment): boolean => {
  const computing = ({ name: _, network, entries: __, ...rest }: Experiment): string =>
    JSON.stringify([network.nodes, rest])
  return computing(a) === computing(b)
}

/** Questions that one training answers. Their runs are kept with the project, and read anew whenever they are shown. */
export const useSmallSearch = defineStore('smallSearch', () => {
  const project = useProject()
  const runs = useRuns()
  const ui = useUi()
  const shown = ref<SmallQuestion | null>(null)
  /** Id of the run of each question that was asked last. */
  const asked = ref<Partial<Record<SmallQuestion, string>>>({})

  const refused = computed(() =>
    project.info ? (rangeTestRefused(project.info) ?? tenExamplesRefused(project.info)) : undefined
  )
  const canAsk = computed(() => project.canTrain && !!project.info && !refused.value)
  const run = computed(() => (shown.value ? runs.find(asked.value[shown.value] ?? '') : undefined))
  const isRunning = computed(() => !!run.value && isActive(run.value.progress.state))

  /** Asks on the Cure page. What was asked of the same experiment before is shown again. */
  async function ask(question: SmallQuestion): Promise<void> {
    ui.page = 'cure'
    shown.value = question
    if (!canAsk.value) return
    const experiment = ASKED[question](project.experiment)
    const known = runs.all.find(
      (r) =>
        r.search === question &&
        same(r.experiment, experiment) &&
        sameSums(r.sums, project.sumsFor(experiment)) &&
        !['failed', 'stopped'].includes(r.progress.state)
    )
    if (known) return void (asked.value = { ...asked.value, [question]: known.id })
    const started = await runs.start({
      experiment,
      files: project.filesOf(experiment),
      name: `${experiment.name} · ${NAMES[question].en}`,
      search: question
    })
    asked.value = { ...asked.value, [question]: started.id }
  }
  const close = (): void => void (shown.value = null)

  /** What the range test on screen has measured by now. */
  const range = computed<RangeTest | undefined>(() => {
    const { frames, schema, experiment } = run.value ?? {}
    if (!frames?.length || !experiment || !isRangeTest(experiment)) return undefined
    return rangeTestIn(frames, schema)
  })
  /** The answer on screen; undefined until the training has ended. */
  const answer = computed<{ text: Text; good: boolean } | undefined>(() => {
    const { frames, schema, progress } = run.value ?? {}
    if (!progress || isRunning.value || !frames?.length) return undefined
    if (shown.value === 'range')
      return range.value && { text: rangeTestText(range.value), good: range.value.suggested !== undefined }
    const ten = readTenExamples(seriesOf(frames, 'loss'), { schema, state: progress.state })
    return ten && { text: tenExamplesText(ten), good: ten.learns }
  })
  /** The rate that the range test on screen suggests, once it has ended. */
  const suggested = computed(() => (isRunning.value ? undefined : range.value?.suggested))
  const isUsed = computed(() => {
    const { experiment } = project
    return suggested.value !== undefined && same(withRate(experiment, suggested.value), experiment)
  })
  /** Trains with the suggested rate from now on: one edit. */
  function useRate(): void {
    const rate = suggested.value
    if (rate === undefined) return
    project.leaveRun()
    project.edit((e) => withRate(e, rate))
    ui.toast(
      'ok',
      { en: `Learning rate ${rate}: train it.`, zh: `学习率 ${rate}：可以训练。` },
      { label: { en: 'Undo', zh: '撤销' }, run: () => project.undo() }
    )
  }
  /** Lists the run on screen and shows it on the first page. */
  function open(): void {
    const { id } = run.value ?? {}
    if (id === undefined) return
    runs.list(id)
    runs.followLive()
    project.showRun(id)
    ui.page = 'build'
  }
  return { shown, refused, canAsk, run, isRunning, range, answer, suggested, isUsed, ask, close, useRate, open }
})
