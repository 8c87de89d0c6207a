import { statistics } from '..'
import { activations } from '../../activations'
import type { Spec } from '../../../base/params'
import type { Source, Statistic, StatisticContext } from '../types'

/**
 * What statistics may know of the activation that a layer ends with. @param spec the layer's choice; undefined when it
 * has none
 */
export function contextOf(spec: Spec | undefined): StatisticContext['activation'] {
  if (!spec) return undefined
  const { id, ...params } = spec
  return { entry: activations.get(id), params }
}
/** The statistics that a layer with these sources has. */
export const fitting = (there: ReadonlySet<Source>, activation: StatisticContext['activation']): Statistic[] =>
  statistics.all.filter((s) => s.needs.every((n) => there.has(n)) && (s.when?.(activation) ?? true))
