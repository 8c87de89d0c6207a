import { isUnwritable } from '../../base/python'
import { datasets } from '../../catalog/datasets'
import { dataModule } from '../data'
import { examples } from '../examples'
import { drawnNoise, joined } from '../noise'
import { npz } from '../npz'
import { readme } from '../readme'
import { requirementsOf } from '../targets'
import { refuseKeras } from '../refuse'
import { goesOnFrom } from '../parts'
import type { ProjectFiles, Taken } from '../types'
import { kerasCheck } from './check'
import { GENERATOR_FILES, kerasCritic, type KerasCritic } from './critic'
import { kerasModel, type KerasModel } from './model'
import { kerasTrain, optimizerOf, pullsBiases } from './train'
import { byVariable, stateOf } from './weights'

const REMARKS = [
  'Keras runs on TensorFlow here, as `requirements.txt` asks for. Nothing in the code depends on it: for PyTorch put `torch` there, and set the environment variable `KERAS_BACKEND` to that name. On PyTorch such projects were compared with the app’s own runs; JAX was not tried. `check.py` says what holds where it runs.'
]

/** Where the generator's weights are. */
const GENERATOR = `\`${GENERATOR_FILES[0]}\` and \`${GENERATOR_FILES[1]}\` hold the weights of the generator at the same steps.`

/** What the optimizer goes on from, as `slot/layer/weight`. */
const kept = ({ slots }: NonNullable<Taken['before']>, model: KerasModel): Uint8Array =>
  npz(
    [...slots].flatMap(([slot, arrays]) =>
      byVariable(arrays, model, false).map(({ layer, as, shape, data }) => ({
        name: `${slot}/${layer}/${as}`,
        shape,
        data
      }))
    )
  )

/** What `check.py` reads. */
function checked(taken: Taken, model: KerasModel): Uint8Array {
  const gradients = byVariable(taken.gradients, model, false).map(({ layer, as, shape, data }) => ({
    name: `gradients/${layer}/${as}`,
    shape,
    data
  }))
  const noise = [
    ...model.noises.map(({ layer, name }) => joined(taken, `noise/${layer}`, name)),
    ...drawnNoise(taken).map(({ use, name }) => joined(taken, `noise/${use}`, name))
  ]
  const losses = { name: 'losses', shape: [taken.losses.length], data: Float32Array.from(taken.losses) }
  return npz([losses, ...gradients, ...noise])
}

/** Code and weights of a generator. */
async function generatorFiles(taken: Taken, { latent }: KerasCritic, generator: KerasModel): Promise<ProjectFiles> {
  const own = (arrays: Taken['start']): Taken['start'] =>
    new Map([...arrays].flatMap(([n, a]) => (n.startsWith('generator/') ? [[n.slice('generator/'.length), a]] : [])))
  return {
    'generator.py': generator.source,
    [GENERATOR_FILES[0]]: await stateOf(own(taken.start), generator, [latent]),
    [GENERATOR_FILES[1]]: await stateOf(own(taken.end), generator, [latent])
  }
}

/**
 * A project for Keras 3 that runs as it is, on TensorFlow or PyTorch; its code asks for no more of JAX.
 * @throws InputError naming what can't be written, and why
 */
export async function kerasProject(taken: Taken): Promise<ProjectFiles> {
  const { experiment, plan } = taken
  const dataset = datasets.get(experiment.data.dataset.id)
  if (isUnwritable(dataset.python)) return refuseKeras('data.dataset', dataset.name, dataset.python.why)
  const model = kerasModel(plan, experiment.name, pullsBiases(taken))
  const isWhole = model.nodes.every((n) => n.layer.object.module !== undefined)
  const [start, end, trained] = isWhole
    ? ['start.keras', 'weights.keras', 'trained.keras']
    : ['start.weights.h5', `trained-${taken.step}.weights.h5`, 'trained.weights.h5']
  const before = goesOnFrom(taken, optimizerOf(taken))
  const critic = kerasCritic(taken, model, start, before !== undefined)
  return {
    'model.py': model.source,
    ...(critic?.generator && (await generatorFiles(taken, critic, critic.generator))),
    'data.py': dataModule(taken, 'keras'),
    'train.py': kerasTrain(taken, start, trained, critic),
    'check.py': kerasCheck(model, start, before !== undefined, critic),
    'data.npz': examples(taken),
    'check.npz': checked(taken, model),
    [start]: await stateOf(taken.start, model, plan.inputShape),
    [end]: await stateOf(taken.end, model, plan.inputShape),
    ...(before && { 'optimizer.npz': kept(before, model) }),
    ...(taken.lossTable && { 'losses.csv': taken.lossTable }),
    'experiment.json': `${JSON.stringify(experiment, null, 2)}\n`,
    'requirements.txt': requirementsOf('keras'),
    'README.md': readme(taken, 'Keras 3', [start, end], critic?.generator ? [GENERATOR, ...REMARKS] : REMARKS)
  }
}
