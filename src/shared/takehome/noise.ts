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
