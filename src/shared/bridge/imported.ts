import type { Spec } from '../base/params'
import type { Text } from '../base/text'
import type { Experiment } from '../experiment'
import type { Ending, Sample } from './foreign'
import type { Tensors } from './safetensors'

/** A setting that keeps a training from working, without an error of its program. */
export interface Fault {
  code: FaultCode
  /** The layer at fault. */
  layer: string
  text: Text
  /** Mended already, since the network of this program can't be built with it. */
  always?: boolean
  /** Random data that fit the model when this is mended, where its loss then wants other targets. */
  data?: Spec
}
/** Kinds of faults that training never complains of. */
export type FaultCode =
  | 'softmaxTwice'
  | 'sigmoidTwice'
  | 'logitsAsProbabilities'
  | 'sigmoidWithMeanSquaredError'
  | 'zeroInitializer'
  | 'normAfterDropout'
  | 'biasBeforeNorm'
  | 'inputsNotScaled'
  | 'probabilitiesAsLogs'
  | 'softmaxOfOne'
  | 'activationAtTheEnd'
  | 'dropoutAlways'
/** What is taken in place of a layer that has no equal here. */
export interface Replacement {
  layer: string
  className: string
  /** Name of what stands there instead; absent: nothing does. */
  by?: string
  texts: Text[]
}
/** How a model is taken over. */
export interface ImportOptions {
  /** Layers, by name or by class, that may be replaced by something that is not the same; `all`. */
  replace?: readonly string[]
  /** Faults to mend; `all`. */
  mend?: readonly string[]
  /** Name of the file of weights that the experiment starts from. Default: it draws its own. */
  weightsFile?: string
}
export interface Imported {
  experiment: Experiment
  /** By names of this program's variables. Empty where the file has none. */
  weights: Tensors
  /** What the optimizer has kept of them, and how many steps it has made. Empty where it starts anew. */
  state: Tensors
  faults: Fault[]
  replaced: Replacement[]
  notes: Text[]
  /** Every layer that was read, in order. */
  layers: ImportedLayer[]
  /** The function at the model's end that is part of the loss here. */
  ending?: Ending
  sample?: Sample
  program: string
}
/** A layer that was read, and what stands for it. */
export interface ImportedLayer {
  layer: string
  className: string
  /** What else it stands for, such as the activation behind it. */
  with?: string
  /** Ids of our nodes; empty where nothing stands for it. */
  nodes: string[]
  state: 'exact' | 'note' | 'replaced'
  texts: Text[]
}
