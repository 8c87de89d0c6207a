import { parseExperiment } from '../../experiment/parse'
import { remedies } from '../remedies'
import { vanishingExperiment } from './parts/opening'
import type { Template } from './types'

/**
 * Those listed come first, in this order: what cures it, then what does not. The others follow in the order of the
 * remedies.
 */
const ORDER = [
  'activation',
  'batchNorm',
  'residual',
  'fewerLayers',
  'selu',
  'initializer',
  'layerNorm',
  'clipByGlobalNorm',
  'clipByNorm',
  'clipByValue',
  'adaptiveClip',
  'learningRate',
  'warmUp',
  'smallerBatch',
  'l2',
  'l1',
  'weightDecay',
  'weightClip',
  'spectralNorm'
]
const rank = (id: string): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length)

/**
 * The 20 sigmoid layers with one remedy at a time: one template for each remedy that says what it does to them
 * (`gallery`).
 */
const treated: Template[] = remedies.all
  .flatMap(({ id, gallery }): Template[] => {
    if (!gallery) return []
    const name = `20 sigmoid layers: ${gallery.title.en}`
    return [
      {
        id: `treated-${id}`,
        group: 'treated',
        name: { en: name, zh: `20 层 sigmoid：${gallery.title.zh}` },
        doc: gallery.doc,
        finds: gallery.finds,
        make: () => parseExperiment({ ...vanishingExperiment(), name, remedies: [{ id, ...gallery.params }] })
      }
    ]
  })
  .sort((a, b) => rank(a.id.replace('treated-', '')) - rank(b.id.replace('treated-', '')))
export default treated
