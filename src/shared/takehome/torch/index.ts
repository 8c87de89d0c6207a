import { isUnwritable } from '../../base/python'
import { sizeOf } from '../../base/sizeOf'
import { datasets } from '../../catalog/datasets'
import { writeSafetensors, type NamedTensor, type WholeTensor } from '../../bridge/safetensors'
import { dataModule } from '../data'
import { examples } from '../examples'
import { joined } from '../noise'
import { npz } from '../npz'
import { readme } from '../readme'
import { requirementsOf } from '../targets'
import type { NamedArray, ProjectFiles, Taken } from '../types'
import { torchCheck } from './check'
import { torchCritic, type TorchCritic } from './critic'
import { torchModel, type TorchModel } from './model'
import { refuseTorch as refuse } from '../refuse'
import type { Place } from './scope'
import { torchTrain } from './train'

/** An array with its axes in another order. @param axes for each axis of the result one of the array */
function transposed({ shape, data }: Pick<NamedArray, 'shape' | 'data'>, axes: readonly number[]): NamedTensor {
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)))
  const to = axes.map((a) => shape[a]!)
  const out = new Float32Array(data.length)
  const at = new Array<number>(to.length).fill(0)
  for (let i = 0; i < out.length; i++) {
    out[i] = data[axes.reduce((sum, a, k) => sum + at[k]! * strides[a]!, 0)]!
    for (let k = to.length - 1; k >= 0 && ++at[k]! === to[k]; k--) at[k] = 0
  }
  return { shape: to, values: out }
}

/** Our arrays by the names, and in the layout, that PyTorch gives them. */
function theirs(arrays: ReadonlyMap<string, NamedArray>, { places }: TorchModel): Map<string, NamedTensor> {
  return new Map(
    [...places].flatMap(([name, { key, axes }]) => {
      const array = arrays.get(name)
      return array ? [[key, axes ? transposed(array, axes) : { shape: array.shape, values: array.data }]] : []
    })
  )
}
const state = (arrays: ReadonlyMap<string, NamedArray>, model: TorchModel, steps: number): Uint8Array =>
  writeSafetensors(
    new Map<string, NamedTensor | WholeTensor>([
      ...theirs(arrays, model),
      ...model.counters.map((path): [string, WholeTensor] => [
        `${path}.num_batches_tracked`,
        { shape: [], values: BigInt64Array.of(BigInt(steps)) }
      ])
    ])
  )

/** What the optimizer goes on from, as `slot/weight`. */
const kept = ({ slots }: NonNullable<Taken['before']>, model: TorchModel): Uint8Array =>
  writeSafetensors(
    new Map(
      [...slots].flatMap(([slot, arrays]) =>
        [...theirs(arrays, model)].map(([key, tensor]): [string, NamedTensor] => [`${slot}/${key}`, tensor])
      )
    )
  )

/** A critic and its generator as one model. */
function paired(critic: TorchModel, generator: TorchModel | undefined): TorchModel {
  const within = (name: string, prefix: string, { places }: TorchModel): [string, Place][] =>
    [...places].map(([id, place]) => [prefix + id, { ...place, key: `${name}.${place.key}` }])
  return {
    ...critic,
    places: new Map([
      ...within('critic', '', critic),
      ...(generator ? within('generator', 'generator/', generator) : [])
    ]),
    noises: critic.noises.map((n) => ({ ...n, path: `critic.${n.path}` })),
    counters: critic.counters.map((path) => `critic.${path}`)
  }
}

/** What `check.py` reads. */
function checked(taken: Taken, model: TorchModel, critic: TorchCritic | undefined): Uint8Array {
  const gradients = [...theirs(taken.gradients, model)]
    // The generator's are of a loss of its own.
    .filter(([key]) => !critic || key.startsWith('critic.'))
    .map(([key, { shape, values }]) => ({ name: `gradients/${key}`, shape, data: values }))
  const noise = [
    ...model.noises.map(({ path, name }) => joined(taken, `noise/${path}`, name)),
    ...(critic?.noises ?? []).map(({ use, name }) => joined(taken, `noise/${use}`, name))
  ]
  const losses = { name: 'losses', shape: [taken.losses.length], data: Float32Array.from(taken.losses) }
  return npz([losses, ...gradients, ...noise])
}

/**
 * A project for PyTorch that runs as it is.
 * @throws InputError naming what can't be written, and why
 */
export function torchProject(taken: Taken): ProjectFiles {
  const { experiment, plan } = taken
  const dataset = datasets.get(experiment.data.dataset.id)
  if (isUnwritable(dataset.python)) return refuse('data.dataset', dataset.name, dataset.python.why)
  const net = torchModel(plan, experiment.name)
  const critic = torchCritic(taken, net)
  const model = critic ? paired(net, critic.generator) : net
  return {
    'model.py': net.source,
    ...(critic?.generator && { 'generator.py': critic.generator.source }),
    'data.py': dataModule(taken, 'torch'),
    'train.py': torchTrain(taken, net, critic),
    'check.py': torchCheck(model, critic),
    'data.npz': examples(taken),
    'check.npz': checked(taken, model, critic),
    'start.safetensors': state(taken.start, model, 0),
    'weights.safetensors': state(taken.end, model, taken.step),
    ...(taken.before && { 'optimizer.safetensors': kept(taken.before, net) }),
    ...(taken.lossTable && { 'losses.csv': taken.lossTable }),
    'experiment.json': `${JSON.stringify(experiment, null, 2)}\n`,
    'requirements.txt': requirementsOf('pytorch'),
    'README.md': readme(taken, 'PyTorch', ['start.safetensors', 'weights.safetensors'])
  }
}
