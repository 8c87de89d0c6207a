import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { pairOf } from '@shared/run/compare'
import { remedies } from '@shared/clinic/remedies'
import type { Spec } from '@shared/base/params'
import type { Text } from '@shared/base/text'
import { language } from '@/i18n'
import type { ExportForm } from '@/stores/saving'
import { useProject } from '@/stores/project'
import { useRuns, type Run } from '@/stores/runs'
import { useUi } from '@/stores/ui'

/** More would have no colours of their own. */
export const MOST = 6
export const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F'] as const

export const COMPARED = ['heatmaps', 'difference', 'curves', 'profile'] as const
export type Compared = (typeof COMPARED)[number]
/** Writes what the page shows. There while the page is on screen: commands reach it here. */
export interface CompareExporter {
  has(what: Compared): boolean
  /** In the size and theme chosen for exports. */
  put(what: Compared, form: ExportForm): Promise<boolean>
  tables(): Promise<void>
}

/** Which runs are compared, and in what. */
export const useCompare = defineStore('compare', () => {
  const runs = useRuns()
  const project = useProject()
  const ui = useUi()
  const text = (t: Text): string => t[language()]
  /** In the order of their letters. */
  const ids = ref<string[]>([])
  const statistic = ref('activationGradientRms')
  const scalar = ref('loss')
  /** Logarithmic axis of the curves; null: whatever suits. */
  const log = ref<boolean | null>(null)
  /** Whether the axis is logarithmic as drawn: what the plot made of `log`. */
  const logShown = ref(false)
  const toggleLog = (): void => void (log.value = !logShown.value)
  /**
   * Step of pictures, profiles and figures; null: the newest that each has. It is the pinned step of the whole window,
   * which any of these runs may have
   * recorded, not only the one on the other page.
   */
  const step = computed({ get: () => runs.pinnedStep, set: (v: number | null) => (runs.pinnedStep = v) })
  /** Letters of the difference: of the second against the first. */
  const pair = ref<[number, number]>([0, 1])
  /** Under the pointer in any of the pictures: a step, and a row of the matched layers. */
  const hover = shallowRef<{ step: number; row: number } | null>(null)

  const exporter = shallowRef<CompareExporter>()

  const chosen = computed<Run[]>(() => ids.value.flatMap((id) => runs.runs.find((r) => r.id === id) ?? []))
  const letterOf = (id: string): string | undefined => LETTERS[chosen.value.findIndex((r) => r.id === id)]
  function show(next: string[]): void {
    ids.value = next.slice(0, MOST)
    pair.value = [0, 1]
    hover.value = null
    ui.page = 'compare'
  }
  function toggle(id: string): void {
    const there = chosen.value.map((r) => r.id)
    show(there.includes(id) ? there.filter((i) => i !== id) : [...there, id])
  }
  /** The second becomes the first, in letters and in the difference. */
  function swap(): void {
    const [a, b] = pair.value
    if (a === b) return
    const there = chosen.value.map((r) => r.id)
    ;[there[a], there[b]] = [there[b]!, there[a]!]
    ids.value = there
  }
  /** The run with the most steps: its steps are those one goes through. */
  const longest = computed(() =>
    chosen.value.reduce<Run | undefined>(
      (best, r) => ((r.frames?.lastStep ?? -1) > (best?.frames?.lastStep ?? -1) ? r : best),
      undefined
    )
  )
  // Opened with fewer than two: filled up with the newest that have something to show.
  watch(
    () => ui.page,
    (page) => {
      const there = chosen.value.map((r) => r.id)
      // Back to one run, which may not have recorded that very step, or not come so far.
      if (page !== 'compare' && step.value !== null) runs.pin(step.value)
      if (page !== 'compare' || there.length > 1) return
      const newest = runs.runs.filter((r) => r.frames?.length && !there.includes(r.id)).slice(there.length - 2)
      ids.value = [...there, ...newest.map((r) => r.id)]
    }
  )

  /**
   * Trains two runs that differ in one remedy only: same data, same seed, the same steps; and shows them side by side.
   * @param choice the remedy; without it, all that are on against none.
   */
  async function ab(choice?: Spec): Promise<void> {
    const e = project.experiment
    const { a, b } = pairOf(e, choice)
    const problems = [a, b].flatMap((x) => project.resolve(x).problems.filter((p) => p.severity !== 'warning'))
    if (problems.length) return ui.fail({ en: 'This pair can’t be trained', zh: '这一对实验无法训练' }, problems)
    // What tells them apart stands first: lists cut names off at the end.
    const name = choice ? remedies.get(choice.id).name : { en: 'remedies', zh: '对策' }
    // Abbreviations (L1, SELU) keep their capitals.
    const what = text({ en: name.en.replace(/^[A-Z](?=[a-z ])/, (c) => c.toLowerCase()), zh: name.zh })
    const named = (x: typeof a, without: boolean): Promise<Run> =>
      runs.start({
        experiment: x,
        files: project.filesOf(x),
        shown: false,
        name: text(
          without
            ? { en: `Without ${what} · ${e.name}`, zh: `无${what} · ${e.name}` }
            : { en: `With ${what} · ${e.name}`, zh: `有${what} · ${e.name}` }
        ).slice(0, 200)
      })
    project.dirty = true
    // Shown as soon as main has them: training goes on while one looks.
    const made = await Promise.all([named(a, true), named(b, false)])
    runs.followLive()
    show(made.map((r) => r.id))
  }
  return {
    ids,
    statistic,
    scalar,
    log,
    logShown,
    toggleLog,
    step,
    pair,
    hover,
    exporter,
    chosen,
    longest,
    letterOf,
    show,
    toggle,
    swap,
    ab
  }
})
