import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { Finding, RunLayer } from '@shared/run/types'
import { changesFor, textOfChanges, type Advised } from '@shared/recording/changes'
import { chipLook } from '@/charts/scales'
import { bySeverity } from '@/features/views/findings/findings'
import { useWatch } from '@/features/views/runViews/state'
import { problemsOf } from '@/stores/problems'
import { isActive, useRuns, type Run } from '@/stores/runs'
import { useSaving } from '@/stores/saving'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'
import { treeOf, type TreeNode } from './tree'

/** The training of another program that is on screen, and what of it is open. */
export const useWatched = defineStore('watched', () => {
  const runs = useRuns()
  const ui = useUi()
  const settings = useSettings()
  const state = useWatch()
  const { copy } = useSaving()

  const run = computed<Run | undefined>(() => (runs.current?.watched === undefined ? undefined : runs.current))
  const all = computed(() => runs.runs.filter((r) => r.watched !== undefined))
  const schema = computed(() => run.value?.schema)
  const tree = computed<TreeNode[]>(() => treeOf(schema.value?.layers ?? []))
  const isLive = computed(() => !!run.value && isActive(run.value.progress.state))

  const filter = ref('')
  const open = ref<ReadonlySet<string>>(new Set())
  /** Number of the copy that is open of each block, by the block's path. */
  const copies = ref<Readonly<Record<string, number>>>({})
  watch(
    () => run.value?.id,
    () => {
      filter.value = ''
      open.value = new Set()
      copies.value = {}
      shownKey.value = null
    }
  )
  function toggle(path: string): void {
    const next = new Set(open.value)
    if (!next.delete(path)) next.add(path)
    open.value = next
  }
  /** Selects a module, and opens what it is in. */
  function select(layer: RunLayer | undefined): void {
    runs.selectLayer(layer?.id ?? null)
    if (!layer) return
    const parts = layer.id.split('.')
    const above = parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('.'))
    open.value = new Set([...open.value, ...above])
    const numbers = parts.flatMap((part, i) =>
      i > 0 && /^\d+$/.test(part) ? [[parts.slice(0, i).join('.'), Number(part)] as const] : []
    )
    copies.value = { ...copies.value, ...Object.fromEntries(numbers) }
  }

  /** The chosen statistic of a layer at the shown step, and its look. */
  const valueOf = (layer: RunLayer | undefined): number | undefined =>
    layer && runs.valueAt(layer.index, state.statistic.id)
  const range = computed(() => runs.rangeOf(state.statistic.id, run.value, state.ownScale))
  const lookOf = (layer: RunLayer | undefined): ReturnType<typeof chipLook> =>
    chipLook(valueOf(layer), state.statistic.scale, range.value, settings.dark)

  const faults = computed(() => [...(run.value?.findings ?? [])].filter((f) => f.severity !== 'ok').sort(bySeverity))
  const keyOf = (f: Finding): string => `${f.rule} ${f.from}`
  const shownKey = ref<string | null>(null)
  /** The finding whose lines are shown: the one that was chosen, or the gravest. */
  const finding = computed(() => faults.value.find((f) => keyOf(f) === shownKey.value) ?? faults.value[0])
  const changes = computed<Advised[]>(() =>
    finding.value && schema.value ? changesFor(finding.value, schema.value, runs.scalarAt('learningRate')) : []
  )
  const lines = computed(() => (changes.value.length ? textOfChanges(changes.value) : undefined))
  async function copyLines(): Promise<void> {
    if (lines.value !== undefined) await copy(async () => ({ text: lines.value! }))
  }
  const copyText = (text: string): Promise<boolean> => copy(async () => ({ text }))

  /** Shows how to watch a training. */
  const leave = (): void => runs.show(null)
  const folder = ref<string>()
  async function watchFolder(): Promise<void> {
    try {
      const result = await window.clinic.watchFolder()
      if (result.ok) {
        folder.value = result.value
        ui.page = 'watch'
        leave()
      } else if (!result.canceled)
        await ui.fail({ en: 'The folder can’t be watched', zh: '无法观察该文件夹' }, result.problems)
    } catch (error) {
      await ui.fail({ en: 'The folder can’t be watched', zh: '无法观察该文件夹' }, problemsOf(error))
    }
  }
  return {
    run,
    all,
    schema,
    tree,
    isLive,
    filter,
    open,
    copies,
    toggle,
    select,
    valueOf,
    range,
    lookOf,
    faults,
    finding,
    keyOf,
    shownKey,
    changes,
    lines,
    copyLines,
    copyText,
    leave,
    folder,
    watchFolder
  }
})
