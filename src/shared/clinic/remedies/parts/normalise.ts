import { layers } from '../../../catalog/layers'
import { lookup } from '../../../experiment/lookup'
import { parseParams, parseSpec } from '../../../base/params'
import type { Experiment, LayerNode } from '../../../experiment/types'
import type { Text } from '../../../base/text'
import { clone } from '../../../base/clone'
import {
  activationOf,
  freshId,
  hasActivation,
  hasKernel,
  hiddenSites,
  insertAfter,
  isNorm,
  isRecurrent,
  readersOf,
  type Site
} from './graph'

const params = (kind: string, given: Record<string, unknown> = {}): LayerNode['params'] =>
  parseParams(layers.get(kind).fields, given, '', [], lookup)

/** Hidden layers whose pre-activation is not normalised yet. */
function bare(e: Experiment): Site[] {
  return hiddenSites(e).filter(({ node, siblings }) => {
    if (!hasKernel(node) || !hasActivation(node) || isRecurrent(node)) return false
    const readers = readersOf(siblings, node.id)
    return !(readers.length === 1 && isNorm(readers[0]!))
  })
}
/**
 * Each hidden layer f(xW + b) becomes xW → norm → f: the norm's own shift takes the bias's place, and the output layer
 * stays.
 */
export function normaliseHidden(experiment: Experiment, kind: 'batchNorm' | 'layerNorm'): Experiment {
  const next = clone(experiment)
  for (const { node, siblings } of bare(next)) {
    const f = activationOf(node)
    node.params.activation = parseSpec('activations', 'linear', '', [], lookup)
    if ('bias' in node.params) node.params.bias = false
    const norm: LayerNode = {
      id: freshId(siblings, `${node.id}-norm`),
      kind,
      name: layers.get(kind).name.en,
      params: params(kind),
      inputs: [node.id]
    }
    const chain = [norm]
    if (f.id !== 'linear')
      chain.push({
        id: freshId(siblings, `${node.id}-act`),
        kind: 'activation',
        name: layers.get('activation').name.en,
        params: params('activation', { activation: f }),
        inputs: [norm.id]
      })
    insertAfter(siblings, node, chain)
  }
  return next
}
/** Why no hidden layer can be normalised; undefined when one can. */
export function normaliseBlocked(experiment: Experiment): Text | undefined {
  const hidden = hiddenSites(experiment).filter(
    ({ node }) => hasKernel(node) && hasActivation(node) && !isRecurrent(node)
  )
  if (!hidden.length) return { en: 'There is no hidden layer to normalise.', zh: '没有可归一化的隐藏层。' }
  if (!bare(experiment).length) return { en: 'Every hidden layer is normalised already.', zh: '每个隐藏层都已归一化。' }
  return undefined
}
