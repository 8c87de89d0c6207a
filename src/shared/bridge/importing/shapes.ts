import { InputError, problem, type Problem } from '../../base/problems'
import { sizeOf } from '../../base/sizeOf'
import { planNetwork, readExperiment, type Experiment } from '../../experiment'
import type { Tensors } from '../safetensors'
import type { Draft } from './draft'

/** Shape of what the network gives for one example; a single number where it can't be told. */
export function outputShape(draft: Draft): number[] {
  const { experiment, problems } = readExperiment({ network: { nodes: draft.built.map((b) => b.node) } })
  if (problems.length) throw new InputError(problems)
  return planNetwork(experiment.network, draft.source.inputShape!).outputShape ?? [1]
}
/** Targets are rows of numbers here: a picture at the end becomes one. @returns the shape of the output */
export function flatEnd(draft: Draft): number[] {
  const shape = outputShape(draft)
  if (shape.length < 3) return shape
  const last = draft.built[draft.built.length - 1]!
  const id = draft.newId('flatten', 'flatten')
  draft.built.push({
    node: { id, kind: 'flatten', params: {}, inputs: [last.node.id] },
    layer: last.layer,
    part: { kind: 'flatten', params: {} },
    weights: {}
  })
  draft.note(
    `targets are rows of numbers here: the picture of ${shape.join(' × ')} at the end is flattened, channels last`,
    `这里的目标是一行数：末尾 ${shape.join(' × ')} 的图像被展平，通道在最后`
  )
  return [sizeOf(shape)]
}

/**
 * Weights of another shape than the network gives them would be drawn anew without a word. Behind a layer that is
 * another one here they have to be; else the file is wrong. @throws InputError
 */
export function checkShapes(draft: Draft, { network }: Experiment, weights: Tensors): void {
  const shown = (shape: readonly number[]): string => shape.join(' × ')
  const input = shown(draft.source.inputShape!)
  const problems: Problem[] = []
  for (const layer of planNetwork(network, draft.source.inputShape!).layers)
    for (const { name, shape } of layer.weights) {
      const given = weights.get(`${layer.id}/${name}`)
      if (!given || shown(given.shape) === shown(shape)) continue
      const [is, was] = [shown(shape), shown(given.shape)]
      if (draft.replaced.length) {
        weights.delete(`${layer.id}/${name}`)
        draft.remark((l) => l.nodes.includes(layer.id), {
          en: `its ${name} is drawn anew: of ${was} there, it is ${is} behind what is another layer here`,
          zh: `其 ${name} 重新初始化：原为 ${was}，在被替换的层之后为 ${is}`
        })
      } else
        problems.push(
          problem(
            `layer ${layer.name}`,
            `holds a ${name} of ${was}, but a model that reads ${input} has one of ${is} there: the file contradicts itself. Save the model anew`,
            `其 ${name} 的形状为 ${was}，而输入为 ${input} 的模型在此处应为 ${is}：文件自相矛盾。请重新保存模型`
          )
        )
    }
  if (problems.length) throw new InputError(problems)
}
