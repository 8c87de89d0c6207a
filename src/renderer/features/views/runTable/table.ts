import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { i18n, language } from '@/i18n'
import { lookOf } from '@/features/views/findings/verdict'
import { MOST, useCompare } from '@/stores/compare'
import { useProject } from '@/stores/project'
import { stateWord, useRuns, type Run } from '@/stores/runs'
import { useUi } from '@/stores/ui'
import { filterRows, sortRows, type Column, type Row } from './rows'

/** The table of all runs: its order, its filter, which runs are picked, and what can be done with those. */
export const useRunTable = defineStore('runTable', () => {
  const runs = useRuns()
  const project = useProject()
  const compare = useCompare()
  const ui = useUi()
  const query = ref('')
  const by = ref<Column>('created')
  const down = ref(true)
  const pickedIds = ref<ReadonlySet<string>>(new Set())

  const rowOf = (run: Run): Row => {
    const { frames, progress } = run
    return {
      run,
      name: run.name,
      experiment: run.experiment.name,
      state: i18n.global.t(`toolbar.state.${stateWord(progress)}`),
      verdict: lookOf(run)?.word[language()] ?? '',
      loss: frames?.length ? frames.scalar(frames.length - 1, frames.scalarColumn('loss')) : undefined,
      validation: run.evaluations[run.evaluations.length - 1]?.metrics['loss'],
      step: progress.step,
      seconds: run.seconds,
      created: run.createdAt
    }
  }
  const all = computed(() => runs.runs.map(rowOf))
  const rows = computed(() => sortRows(filterRows(all.value, query.value), by.value, down.value))
  /** Picked runs that the filter lets through, in the order of the table: what one doesn't see is not acted on. */
  const picked = computed(() => rows.value.filter((r) => pickedIds.value.has(r.run.id)).map((r) => r.run))
  const queued = computed(() => runs.runs.filter((r) => r.progress.state === 'queued'))

  function sort(column: Column): void {
    down.value = by.value === column ? !down.value : column === 'created'
    by.value = column
  }
  function pick(id: string, on: boolean): void {
    const next = new Set(pickedIds.value)
    if (on) next.add(id)
    else next.delete(id)
    pickedIds.value = next
  }
  const pickAll = (on: boolean): void => void (pickedIds.value = new Set(on ? rows.value.map((r) => r.run.id) : []))

  function drop(list: readonly Run[]): void {
    const current = runs.currentId
    for (const r of list) runs.remove(r.id)
    if (current !== runs.currentId) project.showItsRun()
    project.dirty = true
  }
  /** Removes runs, after a question when something was recorded. */
  async function remove(list: readonly Run[]): Promise<void> {
    if (list.some((r) => r.frames?.length)) {
      const [one] = list
      const sure = await ui.ask({
        title:
          list.length === 1
            ? {
                en: `Remove “${one!.name}” and all that was recorded of it?`,
                zh: `移除“${one!.name}”及其全部记录？`
              }
            : {
                en: `Remove ${list.length} runs and all that was recorded of them?`,
                zh: `移除 ${list.length} 个运行及其全部记录？`
              },
        buttons: [
          { id: 'cancel', label: { en: 'Keep', zh: '保留' } },
          { id: 'remove', label: { en: 'Remove', zh: '移除' }, kind: 'bad' }
        ]
      })
      if (sure !== 'remove') return
    }
    drop(list)
  }
  return {
    query,
    by,
    down,
    rows,
    picked,
    queued,
    sort,
    pick,
    pickAll,
    isPicked: (id: string) => pickedIds.value.has(id),
    remove,
    removePicked: () => remove(picked.value),
    /** Removes all runs that wait: nothing of them was recorded. */
    clearQueue: () => drop(queued.value),
    canCompare: computed(() => picked.value.length > 1 && picked.value.length <= MOST),
    comparePicked: () => compare.show(picked.value.map((r) => r.id))
  }
})
