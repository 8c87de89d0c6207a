import { refThrottled } from '@vueuse/core'
import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { sameStart, verdictOf } from '@shared/run/compare'
import { short } from '@/charts/format'
import { useRuns } from '@/stores/runs'
import { figuresAt } from './figures'
import { bare } from './words'
import { LETTERS, useCompare } from '@/stores/compare'

export interface VerdictWords {
  /** In a few words, and the numbers behind them. */
  head: string
  text: string
  tone: 'ok' | 'info' | 'warn'
}
/**
 * What the second run of the pair changed, at the step shown or the newest that both have. Call in a component's setup.
 */
export function useVerdict(): Readonly<Ref<VerdictWords | undefined>> {
  const runs = useRuns()
  const compare = useCompare()
  const { t } = useI18n()
  const verdict = computed((): VerdictWords | undefined => {
    const [i, j] = compare.pair
    const [a, b] = [compare.chosen[i], compare.chosen[j]]
    if (!a || !b || a === b) return undefined
    const names = { a: LETTERS[i]!, b: LETTERS[j]! }
    const [endA, endB] = [a.frames?.lastStep, b.frames?.lastStep]
    const step = compare.step ?? (endA === undefined || endB === undefined ? undefined : Math.min(endA, endB))
    if (step === undefined) return { head: t('compare.verdict.waiting'), text: '', tone: 'info' }
    const same = sameStart([a, b].map((r) => runs.experimentOf(r)))
    const [x, y] = [figuresAt(a, step), figuresAt(b, step)]
    const { gradient, lower } = verdictOf(x, y, same.data && same.loss)
    const parts: string[] = []
    if (lower) parts.push(t('compare.verdict.losses', { ...names, x: short(x.loss, 3), y: short(y.loss, 3), step }))
    if (gradient !== undefined) {
      const far = Number.isFinite(gradient) && gradient > 0
      const more = far && gradient >= 1
      const values = far
        ? { factor: bare(more ? gradient : 1 / gradient) }
        : { x: short(x.firstGradient), y: short(y.firstGradient) }
      parts.push(t(`compare.verdict.${!far ? 'gradients' : more ? 'more' : 'less'}`, { ...names, ...values }))
    }
    const head =
      lower === 'same'
        ? t('compare.verdict.same')
        : lower
          ? t('compare.verdict.lower', { run: names[lower] })
          : t(`compare.verdict.${!same.data ? 'otherData' : !same.loss ? 'otherLoss' : 'noLoss'}`)
    return { head, text: parts.join(t('compare.verdict.and')), tone: lower === 'b' ? 'ok' : lower ? 'info' : 'warn' }
  })
  // Slower than the window's pace, so that the numbers of active runs can be read.
  return refThrottled(verdict, 250)
}
