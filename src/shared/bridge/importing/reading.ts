import { InputError, problem, type Problem } from '../../base/problems'
import type { ForeignLayer } from '../foreign'
import { refusal } from '../refusal'
import type { Draft } from './draft'

/**
 * Adds what stands for each layer of the model.
 * @throws InputError naming each layer that can't be taken over, or is not the same here and may not be replaced
 */
export function readLayers(draft: Draft): void {
  const problems: Problem[] = []
  /** Names of our nodes that give a layer's output. */
  const outputs = new Map([['', 'input']])
  for (const layer of draft.source.layers) {
    const inputs = layer.inputs.map((i) => outputs.get(i)!)
    outputs.set(layer.name, take(draft, layer, inputs, problems))
  }
  if (problems.length) throw new InputError(problems)
  if (!draft.built.length)
    throw refusal(
      'model',
      'has no layer that is known here',
      '没有任何已知的层',
      'open one with layers such as Dense or Conv2D, or watch the training with the recorder',
      '请打开含 Dense、Conv2D 等层的模型，或用记录器监视训练'
    )
}
/** Adds what stands for a layer. @returns the id of the node that gives its output */
function take(draft: Draft, layer: ForeignLayer, inputs: string[], problems: Problem[]): string {
  const { mapped } = layer
  const path = `layer ${layer.name}`
  if ('refused' in mapped) {
    problems.push(problem(path, mapped.refused.en, mapped.refused.zh))
    return inputs[0] ?? 'input'
  }
  if (mapped.differs) {
    const texts = mapped.differs
    const by = mapped.parts[0]?.kind
    draft.replaced.push({
      layer: layer.name,
      className: layer.className,
      ...(by !== undefined && { by }),
      texts
    })
    if (!draft.may(layer))
      problems.push(
        problem(
          path,
          `${texts.map((t) => t.en).join('; ')}. Allow it by --replace ${layer.name} (or ${layer.className}, or all)`,
          `${texts.map((t) => t.zh).join('；')}。用 --replace ${layer.name}（或 ${layer.className}、all）允许`
        )
      )
  }
  const nodes: string[] = []
  for (const part of mapped.parts)
    nodes.push(draft.add(part, layer, nodes.length ? [nodes.at(-1)!] : inputs, nodes.length))
  draft.layers.push({
    layer: layer.name,
    className: layer.className,
    ...(layer.with !== undefined && { with: layer.with }),
    nodes,
    state: mapped.differs ? 'replaced' : 'exact',
    texts: mapped.differs ?? []
  })
  return nodes.at(-1) ?? inputs[0] ?? 'input'
}
