import { counted } from '../base/text'
import { remark } from '../base/python'
import { examples } from './examples'
import { npz } from './npz'
import type { NamedArray, ProjectFiles, Taken } from './types'

/**
 * `frames.npz`: `steps`, each scalar by its name, and each statistic as steps × layers; NaN where none was measured.
 */
function framesOf({ frames, layers }: Taken): Uint8Array {
  const n = frames.length
  const scalars = frames.scalarNames.map((name, at) => ({
    name,
    shape: [n],
    data: Float32Array.from({ length: n }, (_, i) => frames.scalar(i, at) ?? NaN)
  }))
  const statistics = frames.statistics.map((statistic) => ({
    name: `statistics/${statistic}`,
    shape: [n, layers.length],
    data: Float32Array.from({ length: n * layers.length }, (_, k) => {
      const [i, layer] = [Math.floor(k / layers.length), k % layers.length]
      return frames.value(i, frames.column(layer, statistic)) ?? NaN
    })
  }))
  return npz([{ name: 'steps', shape: [n], data: Float32Array.from(frames.steps) }, ...scalars, ...statistics])
}
const all = (arrays: ReadonlyMap<string, NamedArray>): Uint8Array =>
  npz([...arrays].map(([name, array]) => ({ ...array, name })))

/** The arrays of a run for NumPy: weights, gradients, examples and what was recorded. */
export function npzProject(taken: Taken): ProjectFiles {
  const { experiment, layers, step, version } = taken
  const name = remark(experiment.name).replace(/[`*_#<>[\]]/g, '\\$&') || 'Network'
  const readme = `# ${name}

Arrays of a run, written by Gradient Clinic ${version}. \`numpy.load\` opens them:

\`\`\`python
import numpy as np

frames = np.load("frames.npz")
print(frames["steps"], frames["loss"])
\`\`\`

| file | what it holds |
| --- | --- |
| \`start.npz\` | weights before step 0, by \`layer/weight\`, channels last |
| \`weights.npz\` | weights after ${counted(step, 'step')} |
| \`gradients.npz\` | gradients of the loss in step 0, before any remedy |
| \`data.npz\` | the examples, unscaled: \`x\`, \`y\`, and \`lengths\` of padded sequences |
| \`frames.npz\` | \`steps\`, scalars, and \`statistics/NAME\` as steps × layers; NaN where nothing was measured |
| \`experiment.json\` | the experiment, remedies applied |

Layers of the frames, from 0: ${layers.map((l) => `\`${l.replace(/`/g, '')}\``).join(', ')}.
`
  return {
    'start.npz': all(taken.start),
    'weights.npz': all(taken.end),
    'gradients.npz': all(taken.gradients),
    'data.npz': examples(taken),
    'frames.npz': framesOf(taken),
    ...(taken.lossTable && { 'losses.csv': taken.lossTable }),
    'experiment.json': `${JSON.stringify(experiment, null, 2)}\n`,
    'README.md': readme
  }
}
