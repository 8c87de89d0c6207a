import type { ForeignModel } from '../foreign'
import { takePadding } from '../padding'
import type { NamedTensor } from '../safetensors'
import { channelsLast, nodesIn, permute, refuse, settingsOf, type Layout, type TorchNode, type Value } from './call'
import { add, isScaled, join, multiply, refuseScale } from './calls/combining'
import { isRecurrent, item } from './calls/items'
import { reduce, softmax } from './calls/reducing'
import { reshape, turn } from './calls/shaping'
import { fold } from './fold'
import { readerOf, unknown } from './layers'
import { Made, type Given, type TorchGraph } from './made'
import type { Found } from './readers/common'

/** Calls in one model, at most. */
const MOST = 8192
const SHAPERS = ['view', 'reshape', 'flatten', 'Flatten', 'squeeze', 'unsqueeze', 'Unflatten', 'unflatten']
const TURNS = ['permute', 'transpose', 'swapaxes', 't']
const JOINS = ['cat', 'concat', 'concatenate']
const ADDS = ['add', 'iadd', 'add_', '__add__', '__iadd__', '__radd__']
const PRODUCTS = ['mul', 'imul', 'mul_', 'multiply', 'truediv', 'div']
/** What decides whether the input's axis behind the batch holds channels. */
const CHANNELS =
  /^(Conv|BatchNorm|MaxPool|AvgPool|Adaptive|InstanceNorm|GroupNorm|conv|max_pool|avg_pool|adaptive|batch_norm)/
const INDIFFERENT =
  /^(Dropout|ReLU|Tanh|Sigmoid|ELU|SELU|GELU|SiLU|relu|tanh|sigmoid|gelu|silu|dropout|contiguous|clone|float)/

/**
 * Follows the calls of a PyTorch model in order, and makes a layer of each. Knows of every result which layer gives it
 * and how its axes stand.
 */
class Reading {
  readonly made: Made
  readonly always: string[] = []
  private readonly values = new Map<string, Value>()
  /** Fixed tensors of zeros. */
  private readonly zeros = new Set<string>()
  /** Tensors of one number that the model holds: names of parameters that learn, or fixed numbers. */
  private readonly factors = new Map<string, string | number>()

  constructor(private readonly graph: TorchGraph) {
    this.made = new Made(graph)
  }

  read(): { inputLayout: Layout; outputLayout: Layout } {
    const { nodes, output, input } = this.graph
    if (nodes.length > MOST)
      refuse('model', `has more than ${MOST} calls`, `调用超过 ${MOST} 个`, 'export a part of it', '请导出其中一部分')
    const inputLayout = this.layoutOfInput()
    for (const node of nodes) {
      if (node.call === 'input') this.values.set(node.name, { layer: '', layout: inputLayout, shape: input.shape })
      else if (node.call !== 'tensor') this.take(node, node.name === output)
      else {
        if (node.zero === true) this.zeros.add(node.name)
        const values = this.graph.weight(node.op)?.values
        if (values?.length === 1) this.factors.set(node.name, node.learns === true ? node.op : values[0]!)
      }
    }
    const end = this.values.get(output)
    if (!end)
      refuse(
        'model',
        'says no output',
        '没有给出输出',
        'export it anew with gradient_clinic.export',
        '请用 gradient_clinic.export 重新导出'
      )
    if (isScaled(end)) refuseScale(output)
    if (end.order)
      refuse(
        'model',
        'ends with a flattened picture',
        '以展平的图像结尾',
        'end with an nn.Linear, or with the picture',
        '请以 nn.Linear 或图像本身结尾'
      )
    return { inputLayout, outputLayout: end.layout }
  }
  private layoutOfInput(): Layout {
    const { nodes, input } = this.graph
    if (input.shape.length !== 3) return input.shape.length > 3 ? 'first' : 'same'
    let now = nodes.find((n) => n.call === 'input')?.name
    for (const node of nodes) {
      if (!node.args.flatMap(nodesIn).includes(now!)) continue
      if (CHANNELS.test(node.op)) return 'first'
      if (!INDIFFERENT.test(node.op)) return 'same'
      now = node.name
    }
    return 'same'
  }

  /** What a call reads: values of calls before it. */
  private inputsOf(node: TorchNode): Value[] {
    const args = isRecurrent(node) ? node.args.slice(0, 1) : node.args
    const names = args.flatMap(nodesIn)
    return (PRODUCTS.includes(node.op) ? names.filter((n) => !this.factors.has(n)) : names).map((name) => {
      const value = this.values.get(name)
      if (!value)
        refuse(
          `layer ${node.path ?? node.op}`,
          'reads a parameter or a fixed tensor directly',
          '直接读取参数或固定张量',
          'put it into a module that is known, as nn.Linear',
          '请放入已知的模块，如 nn.Linear'
        )
      return value
    })
  }
  private take(node: TorchNode, isEnd: boolean): void {
    const from = this.inputsOf(node)
    const input = from[0]
    if (!input)
      refuse(
        `layer ${node.path ?? node.op}`,
        'makes a tensor out of nothing',
        '凭空生成张量',
        'compute it from the input',
        '请由输入计算得到'
      )
    const shape = node.shape ?? input.shape
    const set = (value: Given): void => void this.values.set(node.name, { ...value, shape })
    const { made } = this
    const { op } = node
    if (from.some(isScaled) && !ADDS.includes(op) && !PRODUCTS.includes(op)) refuseScale(node.path ?? op)
    if (input.states || input.pair || op === 'getitem') {
      const found = item(made, node, input)
      if (found) return set(found)
      // The states are read like any other result.
      delete input.states
      return this.take(node, isEnd)
    }
    if (JOINS.includes(op)) return set(join(made, node, from))
    if (ADDS.includes(op)) return set(add(made, node, from))
    if (PRODUCTS.includes(op)) return set(multiply(made, node, from, this.factors))
    if (SHAPERS.includes(op)) return set(reshape(made, node, input, shape))
    if (TURNS.includes(op)) return set(turn(node, input, shape))
    if (['mean', 'amax', 'max'].includes(op)) return set(reduce(made, node, input))
    if (/^(log_)?softmax$|^(Log)?Softmax$/.test(op)) return set(softmax(made, node, input, isEnd))
    const names = made.weightsOf(node)
    const given = names.map((n) => made.weight(n)!)
    const reader = readerOf(op, node.call === 'module')
    const settings = settingsOf(node)
    if (op === 'dropout' && settings.training === true) this.always.push(node.name)
    const found: Found = reader ? reader({ settings, input, shape }, given[0]) : unknown(op)
    const recurrent = isRecurrent(node)
    const named = Object.values(node.kwargs ?? {}).flatMap(nodesIn)
    if (named.some((n) => !recurrent || !this.zeros.has(n)))
      refuse(
        `layer ${node.path ?? op}`,
        'is given a tensor by keyword, which has no counterpart here',
        '以关键字接收张量，这里没有对应的写法',
        'give it by its place',
        '请按位置传入'
      )
    if (recurrent && !nodesIn(node.args[1]).every((n) => this.zeros.has(n)))
      refuse(
        `layer ${node.path ?? op}`,
        'is given a state to start from',
        '给定了初始状态',
        'let it start from zeros',
        '请从零状态开始'
      )
    const isNothing = 'parts' in found && !found.parts.length && !found.differs && !found.around
    const layer = isNothing ? input.layer : made.push(node, [input.layer], found, given, made.momentsOf(names))
    const { layout, pooled, order } = 'parts' in found ? found : ({} as Partial<Value>)
    // A dense layer gives its own units, whatever the order of what it reads.
    const kept = op === 'Linear' ? {} : { order: order ?? input.order, pooled: pooled ?? input.pooled }
    set({
      layer,
      layout: layout ?? input.layout,
      ...(kept.order && { order: kept.order }),
      ...(kept.pooled && { pooled: true }),
      ...(recurrent && { states: 'both' as const })
    })
  }
}

/**
 * The layers of a PyTorch model, its activations put into the layers in front of them, and the order of axes of its
 * input.
 * @throws InputError for calls that have no meaning here, shared modules, several results
 */
export function readGraph(
  graph: TorchGraph
): Pick<ForeignModel, 'layers' | 'ending'> & { inputLayout: Layout; outputLayout: Layout; always: string[] } {
  const reading = new Reading(graph)
  const layouts = reading.read()
  const { always, made } = reading
  const { ending, layers } = made
  return { layers: fold(takePadding(layers)), ...layouts, always, ...(ending && { ending }) }
}
/** A batch with its axes in our order. */
export const inOurOrder = (t: NamedTensor, layout: Layout): NamedTensor =>
  layout === 'first' && t.shape.length > 2 ? permute(t, channelsLast(t.shape.length)) : t
