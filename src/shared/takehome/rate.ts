import { isUnwritable, number } from '../base/python'
import { schedules } from '../catalog/schedules'
import { refuseKeras, refuseTorch } from './refuse'
import type { Taken } from './types'

/** The learning rate of a step, as a function; undefined where it is the optimizer's own at every step. */
export function rateOf({ experiment: { training } }: Taken, library: 'torch' | 'keras'): string[] | undefined {
  const { id, ...p } = training.schedule
  const { python, name } = schedules.get(id)
  const write = python[library]
  if (isUnwritable(write)) {
    const refuse = library === 'torch' ? refuseTorch : refuseKeras
    return refuse('training.schedule', name, write.why)
  }
  const factor = write(p)
  const warm = p.warmUp as number
  if (!warm && factor === '1') return undefined
  const base = 'LEARNING_RATE'
  return [
    'def learning_rate(step):',
    '    """Of a step, counted from 0."""',
    ...(warm ? [`    if step < ${number(warm)}:`, `        return ${base} * (step + 1) / ${number(warm)}`] : []),
    ...(factor === '1'
      ? [`    return ${base}`]
      : [
          ...(warm ? [`    step -= ${number(warm)}`] : []),
          ...(/\bsteps\b/.test(factor) ? [`    steps = ${warm ? `max(1, STEPS - ${number(warm)})` : 'STEPS'}`] : []),
          `    return ${base} * (${factor})`
        ])
  ]
}
