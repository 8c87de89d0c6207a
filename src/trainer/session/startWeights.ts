import { InputError, problem } from '../../shared/base/problems'
import { readSafetensors } from '../../shared/bridge/safetensors'
import type { Attachments } from '../../shared/catalog/datasets'
import { effectiveExperiment, planExperiment } from '../../shared/experiment'
import { machineMemory } from '../memory'
import type { Training } from './training'

/**
 * Puts the weights of the file that the experiment names in place of those that were drawn. Left as drawn is what a
 * remedy draws in another way or gives another shape, and what the file lacks.
 * @throws InputError when the file is missing or damaged, or nothing in it fits
 */
export function takeWeights(training: Training, files: Attachments): void {
  const { experiment, engine, model, data } = training
  const name = experiment.weights!
  const bytes = Object.prototype.hasOwnProperty.call(files, name) ? files[name] : undefined
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
  let fitting = 0
  const drawn = engine.read()
  engine.write(
    model.variables.map((v, i) => {
      const tensor = given.get(v.name)
      const isOwn = !!v.spec && before.get(v.name) === JSON.stringify(v.spec.init)
      if (!tensor || !isOwn || tensor.shape.join() !== v.shape.join()) return drawn[i]!
      fitting++
      return tensor.values
    })
  )
  if (!fitting)
    throw new InputError([
      problem(
        'weights',
        `no tensor of “${name}” fits this network: draw new weights, or go back to the network they are of`,
        `“${name}” 中没有适合此网络的张量：请重新初始化，或回到其原来的网络`
      )
    ])
}
