import { own } from '../../shared/base/objects'
import { InputError, problem } from '../../shared/base/problems'
import { readSafetensors, type Tensors } from '../../shared/bridge/safetensors'
import { STEPS_MADE } from '../../shared/bridge/state'
import type { Attachments } from '../../shared/catalog/datasets'
import { effectiveExperiment, planExperiment, type Experiment } from '../../shared/experiment'
import type { Prepared } from '../data'
import type { Engine } from '../engine'
import { machineMemory } from '../memory'
import type { Model } from '../model'

/** A training whose weights have just been drawn. */
interface Drawn {
  experiment: Experiment
  data: Prepared
  model: Model
  engine: Engine
}

/**
 * The optimizer's state in a file of weights, by its variables' names. All of it or nothing: it is of no use where the
 * optimizer is of another kind, or where some weights are drawn anew.
 * @param taken names of the weights that are taken from the file
 */
function stateIn(given: Tensors, { variables, weights }: Model, taken: ReadonlySet<string>): Tensors {
  const own = new Set(weights.map((at) => variables[at]!.name))
  const slots = variables.filter((v) => v.slot !== undefined && own.has(v.name.slice(v.slot.length + 1)))
  const isThere =
    given.has(STEPS_MADE) &&
    weights.every((at) => taken.has(variables[at]!.name)) &&
    slots.every((v) => given.get(v.name)?.shape.join() === v.shape.join())
  return new Map(isThere ? slots.map(({ name }) => [name, given.get(name)!]) : [])
}

/**
 * Puts the weights of the file that the experiment names in place of those that were drawn, and the optimizer where it
 * was. Left as drawn is what a remedy draws in another way or gives another shape, and what the file lacks.
 * @throws InputError when the file is missing or damaged, or nothing in it fits
 */
export function takeWeights({ experiment, data, model, engine }: Drawn, files: Attachments): void {
  const name = experiment.weights!
  const bytes = own(files, name)
  if (!(bytes instanceof Uint8Array))
    throw new InputError([
      problem(
        'weights',
        `“${name}” is not there: attach the file again, or draw new weights`,
        `“${name}” 不存在：请重新附上该文件，或重新初始化权重`
      )
    ])
  const given = readSafetensors(bytes)
  const untreated = effectiveExperiment({ ...experiment, remedies: [] }, data.info).experiment
  const before = new Map(
    planExperiment(untreated, data.info, machineMemory()).layers.flatMap((l) =>
      l.weights.map((w) => [`${l.id}/${w.name}`, JSON.stringify(w.init)])
    )
  )
  const taken = new Set<string>()
  for (const v of model.variables) {
    const isOwn = !!v.spec && before.get(v.name) === JSON.stringify(v.spec.init)
    if (isOwn && given.get(v.name)?.shape.join() === v.shape.join()) taken.add(v.name)
  }
  const state = stateIn(given, model, taken)
  const drawn = engine.read()
  engine.write(
    model.variables.map(({ name }, i) => (taken.has(name) ? given.get(name) : state.get(name))?.values ?? drawn[i]!)
  )
  if (state.size) {
    model.isContinued = true
    model.stepsBefore = given.get(STEPS_MADE)!.values[0]!
  }
  if (!taken.size)
    throw new InputError([
      problem(
        'weights',
        `no tensor of “${name}” fits this network: draw new weights, or go back to the network they are of`,
        `“${name}” 中没有适合此网络的张量：请重新初始化，或回到其原来的网络`
      )
    ])
}
