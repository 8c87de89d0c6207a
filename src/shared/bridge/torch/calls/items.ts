import { refuse, type TorchNode, type Value } from '../call'
import type { Given, Made } from '../made'
import { reshape } from './shaping'

const RECURRENT = ['LSTM', 'GRU', 'RNN']
/** Whether a recurrent layer of PyTorch is called. */
export const isRecurrent = ({ call, op }: TorchNode): boolean => call === 'module' && RECURRENT.includes(op)
/** `[:, -1]`, or `[:, -1, :]`. */
function isLastStep(key: unknown): boolean {
  if (!Array.isArray(key)) return false
  const isAll = (v: unknown): boolean => {
    const { slice } = (v ?? {}) as { slice?: unknown[] }
    return Array.isArray(slice) && slice.every((n) => n === null)
  }
  return isAll(key[0]) && key[1] === -1 && (key.length === 2 || (key.length === 3 && isAll(key[2])))
}

/** Whether an index takes away axes of length 1 alone: `[:, 0]` of a column, `[..., 0, 0]` of a pooled picture. */
function isSqueeze(key: unknown, shape: number[]): boolean {
  const parts = Array.isArray(key) ? (key as unknown[]) : [key]
  const skipped = shape.length - parts.length
  let axis = 0
  return parts.every((part) => {
    const { slice, ellipsis } = (part ?? {}) as { slice?: unknown[]; ellipsis?: boolean }
    const length = shape[axis]
    axis += ellipsis ? skipped + 1 : 1
    const isAll = ellipsis === true || (Array.isArray(slice) && slice.every((n) => n === null))
    return isAll || ((part === 0 || part === -1) && length === 1)
  })
}

/** The last state alone of a recurrent layer that nothing else reads. */
function lastState(made: Made, input: Value): Given {
  const layer = made.find(input.layer)
  const part = layer && 'parts' in layer.mapped ? layer.mapped.parts.at(-1) : undefined
  if (!part) return { layer: input.layer, layout: 'same' }
  if (made.layers.some((l) => l.inputs.includes(input.layer)))
    refuse(
      `layer ${input.layer}`,
      'is read as a whole and by its last step',
      '同时被整体读取和只读最后一步',
      'read one of the two, or make two layers',
      '请只读其一，或建两层'
    )
  part.params = { ...part.params, returnSequences: false }
  return { layer: input.layer, layout: 'same' }
}
/**
 * An item of what a call gave: all states of a recurrent layer, the last ones, the last step of a sequence.
 * @returns undefined where a call reads all states, which are a result like any other
 */
export function item(made: Made, node: TorchNode, input: Value): Given | undefined {
  const key = node.args[1]
  const path = `layer ${node.name}`
  const plain = { layer: input.layer, layout: 'same' as const }
  if (input.pair && key === 0)
    return { layer: input.layer, layout: input.layout, ...(input.pooled && { pooled: true }) }
  if (input.states === 'both' && key === 0) return { ...plain, states: 'sequence' }
  if (input.states === 'both' && key === 1) {
    const lstm = made.find(input.layer)?.className === 'LSTM'
    return { ...plain, states: lstm ? 'lastPair' : 'last' }
  }
  if (input.states === 'lastPair' && key === 0) return { ...plain, states: 'last' }
  if (input.states === 'last') {
    // One layer that runs one way has one last state, however its axis is taken away.
    const isOnly = input.shape[0] === 1 && node.shape?.join() === input.shape.slice(1).join()
    if (isOnly || (node.op === 'getitem' && key === -1)) return lastState(made, input)
  }
  if (input.states === 'sequence') return node.op === 'getitem' && isLastStep(key) ? lastState(made, input) : undefined
  if (!input.states && isLastStep(key) && input.shape.length === 3 && input.layout === 'same') {
    const layer = made.find(input.layer)
    if (layer && RECURRENT.includes(layer.className)) return lastState(made, input)
  }
  if (!input.states && node.shape && isSqueeze(key, input.shape)) return reshape(made, node, input, node.shape)
  return refuse(
    path,
    'takes a part of a tensor, which has no counterpart here',
    '取张量的一部分，这里没有对应项',
    'give each part a layer of its own, or watch the training with gradient_clinic.watch',
    '请为每部分单独建层，或用 gradient_clinic.watch 记录训练'
  )
}
