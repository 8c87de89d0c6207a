import { remedies, type Remedy } from '../../experiment/remedies'

export { remedies }
export type * from '../../experiment/remedies'
// Every file of this folder but the index is one remedy.
remedies.fill(import.meta.glob<Remedy>(['./*.ts', '!./index.ts'], { eager: true, import: 'default' }), [
  'activation',
  'initializer',
  'recurrentStart',
  'batchNorm',
  'layerNorm',
  'residual',
  'branchScale',
  'fewerLayers',
  'hiddenLayer',
  'clipByValue',
  'clipByNorm',
  'clipByGlobalNorm',
  'adaptiveClip',
  'outputLayer',
  'scaleData',
  'classWeights',
  'learningRate',
  'optimizer',
  'warmUp',
  'smallerBatch',
  'lessRegularisation',
  'l2',
  'l1',
  'weightDecay',
  'weightClip',
  'gradientPenalty',
  'spectralNorm',
  'selu'
])
