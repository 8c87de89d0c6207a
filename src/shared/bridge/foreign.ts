import type { Params, Spec } from '../base/params'
import type { LayerCode } from '../base/python'
import type { Text } from '../base/text'
import type { NamedTensor } from './safetensors'

/** A text in both languages. */
export const text = (en: string, zh: string): Text => ({ en, zh })
/**
 * Nothing comes near a layer.
 * @param en what it is or does, without a subject. @param insteadEn what to do about it
 */
export const refusal = (en: string, zh: string, insteadEn: string, insteadZh: string): Unmapped => ({
  refused: text(`${en}: ${insteadEn}`, `${zh}：${insteadZh}`)
})
/** Of a convolution that is longer one way than the other. */
export const UNEQUAL_SIDES = refusal(
  'has a kernel or stride of unequal sides',
  '卷积核或步幅的各边不等',
  'make both sides equal',
  '请使各边相等'
)
/** What differs of a recurrent layer that also reads backwards. */
export const FORWARD_HALF = text(
  'only its forward half is taken over: there is no reverse direction here',
  '只采用其前向部分：这里没有反方向'
)
/** What differs of a dropout of whole channels. */
export const SINGLE_VALUES = text('single values are dropped, not whole channels', '随机失活作用于单个值，而非整个通道')

/** A layer of ours that takes the place of one of another program. */
export interface Counterpart {
  kind: string
  params: Params
  /**
   * Weights by our names. @param given the layer's own, in its program's order
   * @param isMoment they are what an optimizer keeps of the weights: those that it doesn't train are not there
   */
  weights?: (given: NamedTensor[], isMoment?: boolean) => Record<string, NamedTensor>
}
/** What a layer puts around the spatial axes of its input, and nothing else. */
export interface Around {
  /** Elements before and behind each axis, the first axis first. */
  sides: readonly (readonly [before: number, behind: number])[]
  value: number
  /** Of the axes before that, where the file says it. */
  lengths?: readonly number[]
}
/** What becomes of a layer of another program. */
export interface Mapped {
  /** In order, each reading the one before. Empty: the layer is left out. */
  parts: Counterpart[]
  /** Why it isn't the same function; absent where it is. */
  differs?: Text[]
  /** It only puts something around its input, which the layers behind it take over: it has no parts. */
  around?: Around
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
  /**
   * What the optimizer keeps of each of `given`, by our name of the slot; undefined where it keeps nothing of the
   * weight. Absent where it keeps nothing of the layer.
   */
  moments?: (slot: string) => (NamedTensor | undefined)[] | undefined
}
/** The optimizer's state in a model's file. */
export interface ForeignState {
  /** Steps that it has made. */
  steps: number
  /** Our slots that the file holds of each weight. */
  slots: readonly string[]
  /** Values of our slots that follow from the number of steps, alike for each weight. */
  filled?: Record<string, number>
}
/** How a model of another program is trained, in our words. */
export interface ForeignTraining {
  optimizer?: Spec
  schedule?: Spec
  /** The schedule has made steps there already. */
  moved?: boolean
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
/** What is said of layers whose weights stay as they are. @param layers at least one */
export function thaws(layers: readonly string[]): Text {
  const [most, more] = [layers.slice(0, 5), layers.length - 5]
  return {
    en: `frozen there, but learning here: ${most.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    zh: `原为冻结，这里会学习：${most.join('、')}${more > 0 ? ` 等 ${layers.length} 个` : ''}`
  }
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
  /** What its optimizer has kept, or why that can't be taken over; absent where the file has none. */
  state?: ForeignState | { lost: Text }
}
