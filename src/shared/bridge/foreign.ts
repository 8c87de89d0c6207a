import type { Params, Spec } from '../base/params'
import type { LayerCode } from '../base/python'
import type { Text } from '../base/text'
import type { NamedTensor } from './safetensors'

/** A layer of ours that takes the place of one of another program. */
export interface Counterpart {
  kind: string
  params: Params
  /**
   * Weights by our names. @param given the layer's own, in its program's order
   */
  weights?: (given: NamedTensor[]) => Record<string, NamedTensor>
}
/** What becomes of a layer of another program. */
export interface Mapped {
  /** In order, each reading the one before. Empty: the layer is left out. */
  parts: Counterpart[]
  /** Why it isn't the same function; absent where it is. */
  differs?: Text[]
}
/** Nothing here comes near the layer. */
export interface Unmapped {
  refused: Text
}

/** One layer of a model of another program. */
export interface ForeignLayer {
  /** The person's name for it; unique. */
  name: string
  className: string
  /** What else it stands for, such as the activation behind it. */
  with?: string
  /** Names of the layers that it reads, in order; `''` is the model's input. */
  inputs: string[]
  mapped: Mapped | Unmapped
  /** Where the person's code makes it. */
  code?: LayerCode
  /** Its weights, in its program's order. Empty where the file has none. */
  given: () => NamedTensor[]
}
/** How a model of another program is trained, in our words. */
export interface ForeignTraining {
  optimizer?: Spec
  schedule?: Spec
  hooks: Spec[]
  /** Our loss, and what the program's own does to the output before it. */
  loss?: {
    spec: Spec
    from: 'probabilities' | 'logProbabilities' | 'logits' | 'values'
    squashes?: 'softmax' | 'sigmoid'
  }
  /** What is not taken over, or is another function here. */
  notes: Text[]
}
/** What a model's file says that was given to the model once, and what came out. */
export interface Sample {
  /** In our order of axes; the examples along the first. */
  x: NamedTensor
  y: NamedTensor
}
/** A function at a model's end that is part of the loss here. */
export type Ending = 'softmax' | 'logSoftmax' | 'sigmoid'

/** A model of another program as one chain or graph of layers; the last one gives the output. */
export interface ForeignModel {
  /** Program and version, as far as the file says it. */
  program: string
  name: string
  /** Shape of one example; undefined where the model doesn't say it. */
  inputShape: number[] | undefined
  layers: ForeignLayer[]
  /** The softmax that ends it, and which is not among its layers' functions any more. */
  ending?: 'softmax' | 'logSoftmax'
  training: ForeignTraining
  /** Faults of the model that only its program can have. */
  faults?: { code: 'dropoutAlways'; layer: string; text: Text }[]
  sample?: Sample
}
