import type { Spec } from '../../base/params'
import { makeRegistry } from '../../base/registry'
import type { Schedule } from './types'

export type * from './types'
/** Every file of this folder but index and types is one schedule. */
export const schedules = makeRegistry<Schedule>(
  'schedules',
  import.meta.glob<Schedule>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  ['constant', 'step', 'cosine']
)

/**
 * The learning rate of one step.
 * @param base the optimizer's own
 * @param step 0-based
 * @param steps of the whole run
 */
export function learningRateAt(base: number, schedule: Spec, step: number, steps: number): number {
  const { id, ...p } = schedule
  const warm = p.warmUp as number
  if (step < warm) return (base * (step + 1)) / warm
  return base * schedules.get(id).factor(step - warm, Math.max(1, steps - warm), p)
}
