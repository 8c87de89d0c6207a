import { asObject } from '../../base/objects'
import { thaws, type ForeignModel } from '../foreign'
import { takePadding } from '../padding'
import type { Imported, ImportOptions } from '../imported'
import { IMPORTED_STEPS, importModel } from '../importer'
import { readGraph, type KerasLayer } from './graph'
import { mapLayer } from './layers'
import { isSoftmax } from './readers/functions'
import { readState } from './state'
import { readTraining } from './training'
import type { KerasModel } from './types'

/** Whether the network ends with a softmax: as a layer of its own, or as its last layer's activation. */
function finalSoftmax(end: KerasLayer): 'layer' | 'activation' | undefined {
  const { axis } = end.config
  // Over another axis it is no part of the loss.
  if (end.className === 'Softmax')
    return axis === undefined || axis === -1 || axis === (end.rank ?? NaN) - 1 ? 'layer' : undefined
  if (end.className === 'Activation' && isSoftmax(end.config.activation)) return 'layer'
  return isSoftmax(end.config.activation) ? 'activation' : undefined
}

/**
 * The layers of a Keras model.
 * @param steps of the experiment that is made of it
 * @throws InputError for a model whose layers can't be told apart
 */
function readKeras(source: KerasModel, steps: number): ForeignModel {
  const graph = readGraph(source.model)
  const end = graph.layers[graph.layers.length - 1]!
  const softmax = finalSoftmax(end)
  const training = readTraining(source.compiled, steps)
  const { state, moments } = readState(source, graph.written, training)
  if (graph.layers.some((l) => /float16/.test(JSON.stringify(l.config.dtype ?? ''))))
    training.notes.push({
      en: 'some layers compute in 16 bits there; here all compute in 32',
      zh: '原有些层以 16 位计算；这里全部以 32 位计算'
    })
  const frozen = graph.layers.filter((l) => l.frozen && source.weightsOf?.(l).length).map((l) => l.name)
  if (frozen.length) training.notes.push(thaws(frozen))
  return {
    program: `Keras${source.version ? ` ${source.version}` : ''}`,
    name: graph.name,
    inputShape: graph.inputShape,
    training,
    ...(state && { state }),
    ...(softmax && { ending: 'softmax' as const }),
    layers: takePadding(
      graph.layers.map((layer) => {
        const isEnd = layer === end
        const config = isEnd && softmax === 'activation' ? { ...layer.config, activation: 'linear' } : layer.config
        return {
          name: layer.name,
          className: layer.className,
          inputs: layer.inputs,
          mapped: isEnd && softmax === 'layer' ? { parts: [] } : mapLayer({ ...layer, config }),
          given: () => source.weightsOf?.(layer) ?? [],
          ...(moments && { moments: moments(layer) })
        }
      })
    ),
    ...(asObject(source.model).keras_version !== undefined &&
      !source.version && { program: `Keras ${String(asObject(source.model).keras_version)}` })
  }
}

/**
 * Takes over a Keras model as an experiment.
 * @throws InputError naming each layer that can't be taken over, or is not the same here and may not be replaced
 */
export const importKeras = (source: KerasModel, options: ImportOptions = {}): Imported =>
  importModel(readKeras(source, IMPORTED_STEPS), options)
