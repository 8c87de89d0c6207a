import { generatorOf } from '../experiment'
import type { NamedArray, Taken } from './types'

/** The noise of the first steps that have it, as steps × its own shape. @param name of the noise here */
export function joined({ noise }: Taken, as: string, name: string): NamedArray {
  const steps = noise.flatMap((n) => n.get(name) ?? [])
  const data = new Float32Array(steps.reduce((n, s) => n + s.data.length, 0))
  let at = 0
  for (const s of steps) {
    data.set(s.data, at)
    at += s.data.length
  }
  return { name: as, shape: [steps.length, ...(steps[0]?.shape ?? [])], data }
}

/** Random numbers that the training of a critic draws: as it calls them, and their name here. */
export interface DrawnNoise {
  use: 'points' | 'between' | 'update'
  name: string
}
/** All of them that a run uses. */
export function drawnNoise({ experiment }: Taken): DrawnNoise[] {
  const critic = generatorOf(experiment)
  const isFined = experiment.training.hooks.some((h) => h.id === 'gradientPenalty')
  return [
    ...(critic ? [{ use: 'points', name: 'generator/points' } as const] : []),
    ...(critic && isFined ? [{ use: 'between', name: 'between' } as const] : []),
    ...(critic?.network ? [{ use: 'update', name: 'generator/update' } as const] : [])
  ]
}
