import { counted } from '../base/text'
import { remark } from '../base/python'
import { datasets } from '../catalog/datasets'
import { generatorOf, planGenerator } from '../experiment'
import type { Taken } from './types'

/** `README.md`. @param remarks paragraphs at its end */
export function readme(
  { experiment, step, losses, version }: Taken,
  library: string,
  [start, end]: readonly [string, string],
  remarks: readonly string[] = []
): string {
  const name = remark(experiment.name).replace(/[`*_#<>[\]]/g, '\\$&') || 'Network'
  const critic = generatorOf(experiment)
  const data = datasets.get(experiment.data.dataset.id).name.en
  return `# ${name}

A ${library} project, written by Gradient Clinic ${version}. It needs nothing else of it.

\`\`\`sh
pip install -r requirements.txt
python check.py   # reproduces the first ${losses.length === 1 ? 'loss' : `${losses.length} losses`} and the gradients of the first step
python train.py   # trains from the same start
\`\`\`

| file | what it holds |
| --- | --- |
| \`model.py\` | ${critic ? 'the critic' : 'the network'} |
${critic && planGenerator(critic) ? '| \`generator.py\` | the network that it learns against |\n' : ''}| \`data.py\` | how the examples are split, scaled and put into batches |
| \`train.py\` | loss, optimizer, learning rate and remedies |
| \`check.py\`, \`check.npz\` | the comparison, and what was recorded |
| \`data.npz\` | the examples, unscaled: ${data} |
| \`${start}\` | weights before step 0 |
| \`${end}\` | weights after ${counted(step, 'step')} |
| \`losses.csv\` | what the run recorded, where it did |
| \`experiment.json\` | the experiment, remedies applied |

How the weights start is written in \`model.py\`; \`train.py\` and \`check.py\` load the numbers that the run had.
${remarks.map((r) => `\n${r}\n`).join('')}`
}
