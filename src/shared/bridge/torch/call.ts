import type { CodeLine } from '../../base/python'
import { refusal } from '../refusal'
import type { NamedTensor } from '../safetensors'

/** An argument of a call as `gradient_clinic.export` writes it. */
type Argument = unknown
/** One call of the model's code: a module, or a function. */
export interface TorchNode {
  name: string
  call: 'input' | 'module' | 'function' | 'tensor'
  op: string
  path?: string
  args: Argument[]
  kwargs?: Record<string, Argument>
  settings?: Record<string, unknown>
  /** Of its result, the batch first; absent for several results. */
  shape?: number[]
  /** Of a tensor that is no result: whether all of it is 0. */
  zero?: boolean
  /** Of a tensor that is no result: whether it is a parameter, which training changes. */
  learns?: boolean
  /** The line that makes the module, or calls the function. */
  code?: CodeLine
}

/** The layout of a result here: as in PyTorch, or the channels moved from behind the batch to the end. */
export type Layout = 'same' | 'first'
/** A result of a call, as our layers give it. */
export interface Value {
  /** Name of the layer that gives it; `''` is the input. */
  layer: string
  layout: Layout
  /** In PyTorch, the batch first. */
  shape: number[]
  /** It has axes of length 1 behind the channels that ours has not. */
  pooled?: boolean
  /** Flattened from [channels, …] of these lengths: ours has the channels last. */
  order?: number[]
  /** A number that it is multiplied by, which is not yet done. */
  scale?: number
  /** Name of the parameter, of one number, that it is multiplied by, which is not yet done. */
  learnt?: string
  /** It is what a recurrent layer gives: all its states, or the last ones. */
  states?: 'both' | 'last' | 'lastPair' | 'sequence'
  /** Values and places, as a maximum gives them. */
  pair?: boolean
}

/** @param instead what to do about it, in both languages @throws InputError always */
export function refuse(path: string, en: string, zh: string, ...instead: [en: string, zh: string]): never {
  throw refusal(path, en, zh, ...instead)
}

/** Names of arguments by place, for functions that have no module's settings. */
const PLACES: Record<string, string[]> = {
  max_pool: ['kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode'],
  avg_pool: ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad'],
  adaptive: ['output_size'],
  pad: ['padding', 'mode', 'value'],
  dropout: ['p', 'training'],
  leaky_relu: ['negative_slope'],
  elu: ['alpha'],
  celu: ['alpha'],
  softmax: ['dim'],
  log_softmax: ['dim'],
  mean: ['dim', 'keepdim'],
  amax: ['dim', 'keepdim'],
  max: ['dim', 'keepdim'],
  cat: ['dim'],
  concat: ['dim'],
  add: ['other', 'alpha'],
  softplus: ['beta', 'threshold'],
  gelu: ['approximate'],
  hardtanh: ['min_val', 'max_val'],
  transpose: ['dim0', 'dim1'],
  swapaxes: ['dim0', 'dim1'],
  unsqueeze: ['dim'],
  squeeze: ['dim'],
  flatten: ['start_dim', 'end_dim']
}
const placesOf = (op: string): string[] =>
  PLACES[op] ??
  Object.entries(PLACES).find(
    ([stem]) => ['max_pool', 'avg_pool', 'adaptive'].includes(stem) && op.startsWith(stem)
  )?.[1] ??
  []

/** What a call was given besides tensors, by name. */
export function settingsOf(node: TorchNode): Record<string, unknown> {
  if (node.call === 'module') return node.settings ?? {}
  const names = placesOf(node.op)
  const given = node.args.slice(1).map((value, i): [string, unknown] => [names[i] ?? `argument ${i}`, value])
  return { ...Object.fromEntries(given), ...node.kwargs }
}
/** Names of the results that an argument holds. */
export function nodesIn(value: Argument): string[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  const name = (value as { node?: unknown } | null)?.node
  return typeof name === 'string' ? [name] : []
}

/** A tensor with its axes in another order. @param axes `axes[i]`: the old place of the new axis i */
export function permute({ shape, values }: NamedTensor, axes: readonly number[]): NamedTensor {
  const out = new Float32Array(values.length)
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1))
  const to = axes.map((a) => shape[a]!)
  const by = axes.map((a) => strides[a]!)
  const at = new Array<number>(to.length).fill(0)
  let from = 0
  for (let i = 0; i < out.length; i++) {
    out[i] = values[from]!
    for (let k = to.length - 1; k >= 0; k--) {
      from += by[k]!
      if (++at[k]! < to[k]!) break
      from -= by[k]! * to[k]!
      at[k] = 0
    }
  }
  return { shape: to, values: out }
}
/** The axes that move the one behind the first to the end: [a, c, x, y] → [a, x, y, c]. */
export const channelsLast = (rank: number): number[] => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1]
