import { useI18n } from 'vue-i18n'
import { calledBy, toldFigure } from '@shared/cure/words'
import type { Goal, Outcome } from '@shared/cure/types'
import { short } from '@/charts/format'
import { useText } from '@/i18n'

/** Figures and names of a search in words; call in a component's setup. */
export function useWords() {
  const text = useText()
  const { t, te } = useI18n()
  const figure = (goal: Goal, value: number): string => toldFigure(goal, value)
  /** Half the width of a 95 % interval; of a share in points. */
  function half({ metric }: Goal, [low, high]: readonly [number, number]): string {
    const value = (high - low) / 2
    if (metric !== 'accuracy') return short(value, 1)
    return value > 0.5 ? '> 50' : (100 * value).toFixed(1)
  }
  return {
    figure,
    half,
    nameOf: (o: Pick<Outcome, 'remedies'>): string => text(calledBy(o)),
    metricName: (metric: string): string => (te(`cure.metric.${metric}`) ? t(`cure.metric.${metric}`) : metric),
    /** `95.7`: a share without its sign, where the head of the column has it. */
    bare: (goal: Goal, value: number): string =>
      !Number.isFinite(value) ? '–' : goal.metric === 'accuracy' ? (100 * value).toFixed(1) : short(value),
    times: (cost: number): string => (Number.isFinite(cost) ? `× ${cost.toFixed(1)}` : '–')
  }
}
/** `1:46`. @param milliseconds of a time */
export function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
