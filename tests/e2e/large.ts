import { makeRng } from '@shared/base/random/rng'
import type { Project } from '@shared/project/types'
import type { RunRecord } from '@shared/run/types'
import { sampleProject, sampleRun } from '../unit/shared/project/sample'

/** Numbers that are drawn; whatever is longer repeats them. */
const BLOCK = 2 ** 18

/** A run of so many bytes of recorded steps, and four checkpoints with a quarter of that together. */
function largeRun(id: string, bytes: number): RunRecord {
  const run = sampleRun(id)
  const rng = makeRng(bytes, id)
  // As far as deflate looks back nothing comes again, so that it does not pack; more of the like costs nothing.
  const block = Float32Array.from({ length: BLOCK }, () => rng.uniform())
  const noise = (n: number): Float32Array => {
    const all = new Float32Array(n)
    for (let at = 0; at < n; at += BLOCK) all.set(block.subarray(0, Math.min(BLOCK, n - at)), at)
    return all
  }
  const schema = run.schema!
  const width = 200
  const layers = Array.from({ length: width }, (_, index) => ({
    ...schema.layers[0]!,
    index,
    id: `dense${index}`,
    node: `dense${index}`,
    inputs: [index ? `dense${index - 1}` : 'input']
  }))
  const steps = Math.floor((bytes * 0.8) / 4 / (width + 2))
  const cells = Math.floor((bytes * 0.2) / 16)
  const { histograms: _, ...rest } = run
  return {
    ...rest,
    evaluations: [],
    findings: [],
    events: [],
    progress: { state: 'finished', step: steps, steps },
    schema: {
      ...schema,
      layers,
      columns: layers.map((_, layer) => ({ layer, statistic: 'activationGradientRms' as const }))
    },
    frames: {
      steps: Int32Array.from({ length: steps }, (_, i) => i + 1),
      values: noise(steps * width),
      scalars: noise(steps * 2)
    },
    checkpoints: [1, 2, 3, 4].map((k) => ({
      step: Math.floor((steps * k) / 4),
      drawn: 64 * k,
      variables: [{ name: 'dense0/kernel', shape: [cells, 1] }],
      values: noise(cells)
    }))
  } as RunRecord
}
/** A project of two runs that has so many MB, which do not pack. */
export function largeProject(mb: number): Project {
  const project = sampleProject()
  return { ...project, current: 0, runs: ['large-1', 'large-2'].map((id) => largeRun(id, (mb * 1e6) / 2)) }
}
/** What a project holds of its runs: sizes, and sums over the bits of all numbers. */
export const partsOf = ({ runs }: Project): unknown =>
  runs.map((r) => [
    r.id,
    r.frames.steps.length,
    sumOf(r.frames.values),
    (r.checkpoints ?? []).map((c) => [c.step, c.values.length, sumOf(c.values)])
  ])
const sumOf = (values: Float32Array): number => {
  let sum = 0
  for (const bits of new Uint32Array(values.buffer, values.byteOffset, values.length)) sum = (sum * 31 + bits) >>> 0
  return sum
}
