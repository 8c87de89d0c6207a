// Longer than 300 lines, because each way of PyTorch to shape and join tensors has its meaning here.
import { sizeOf } from '../../base/sizeOf'
import type { Counterpart, ForeignLayer, ForeignModel, Mapped, Unmapped } from '../foreign'
import { takePadding } from '../padding'
import type { NamedTensor } from '../safetensors'
import { channelsLast, nodesIn, permute, refuse, settingsOf, type Layout, type TorchNode, type Value } from './call'
import { readerOf, unknown } from './layers'
import { number } from '../settings'
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

/** The calls of a model, and its weights by name. */
export interface TorchGraph {
  nodes: TorchNode[]
  output: string
  input: { shape: number[]; integer: boolean }
  weight: (name: string) => NamedTensor | undefined
  /** What the optimizer keeps of a weight, by our name of the slot. */
  moment?: (slot: string, name: string) => NamedTensor | undefined
}

/** Reads the calls of a PyTorch model in order, and makes a layer of each. */
class Reading {
  readonly layers: ForeignLayer[] = []
  readonly always: string[] = []
  ending: 'softmax' | 'logSoftmax' | undefined
  private readonly values = new Map<string, Value>()
  /** Fixed tensors of zeros. */
  private readonly zeros = new Set<string>()
  /** Tensors of one number that the model holds: names of parameters that learn, or fixed numbers. */
  private readonly factors = new Map<string, string | number>()
  private readonly paths = new Map<string, string>()
  private readonly names = new Set<string>()

  constructor(private readonly graph: TorchGraph) {}

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
    if (end.scale !== undefined || end.learnt !== undefined) this.refuseScale(output)
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

  private nameOf(node: TorchNode): string {
    const stem = node.call === 'module' && node.path ? node.path : node.op
    let name = stem
    for (let k = 2; this.names.has(name); k++) name = `${stem}_${k}`
    this.names.add(name)
    return name
  }
  private refuseScale(name: string): never {
    return refuse(
      `layer ${name}`,
      'is multiplied by a number, which has a counterpart in front of an addition alone',
      '乘以常数，只有在相加之前才有对应项',
      'scale the data, or let the next layer learn it',
      '请缩放数据，或由下一层学习'
    )
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
  private push(
    node: TorchNode,
    inputs: string[],
    mapped: Mapped | Unmapped,
    given: NamedTensor[] = [],
    moments?: ForeignLayer['moments']
  ): string {
    const name = this.nameOf(node)
    const { code } = node
    this.layers.push({
      name,
      className: node.op,
      inputs,
      mapped,
      given: () => given,
      ...(moments && { moments }),
      ...(code && { code })
    })
    return name
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
    const set = (value: Omit<Value, 'shape'>): void => void this.values.set(node.name, { ...value, shape })
    const { op } = node
    const isScaled = from.some((f) => f.scale !== undefined || f.learnt !== undefined)
    if (isScaled && !ADDS.includes(op) && !PRODUCTS.includes(op)) this.refuseScale(node.path ?? op)
    if (input.states || input.pair || op === 'getitem') return set(this.item(node, input))
    if (JOINS.includes(op)) return set(this.join(node, from))
    if (ADDS.includes(op)) return set(this.add(node, from))
    if (PRODUCTS.includes(op)) return set(this.multiply(node, from))
    if (SHAPERS.includes(op)) return set(this.shape(node, input, shape))
    if (TURNS.includes(op)) return set(this.turn(node, input, shape))
    if (['mean', 'amax', 'max'].includes(op)) return set(this.reduce(node, input))
    if (/^(log_)?softmax$|^(Log)?Softmax$/.test(op)) return set(this.softmax(node, input, isEnd))
    const names = this.weightsOf(node)
    const given = names.map((n) => this.graph.weight(n)!)
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
    const layer = isNothing ? input.layer : this.push(node, [input.layer], found, given, this.momentsOf(names))
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
  /** What the optimizer keeps of a module's weights; nothing where it lacks one that is trained. */
  private momentsOf(names: string[]): ForeignLayer['moments'] {
    const { moment } = this.graph
    return (
      moment &&
      ((slot) => {
        const all = names.map((n) => moment(slot, n))
        return names.some((n, i) => !all[i] && !/(^|\.)running_(mean|var)$/.test(n)) ? undefined : all
      })
    )
  }
  /**
   * Names of a module's weights in PyTorch's order; trainable ones first.
   * @throws InputError for a module that is called twice
   */
  private weightsOf(node: TorchNode): string[] {
    const names = node.settings?.tensors
    if (node.call !== 'module' || !Array.isArray(names)) return []
    const path = node.path ?? ''
    this.useOnce(path, node.name)
    return (names as unknown[])
      .map((n) => (path ? `${path}.${String(n)}` : String(n)))
      .filter((n) => this.graph.weight(n))
  }
  /** @throws InputError where the weights of a module, or a parameter, were used before */
  private useOnce(path: string, name: string): void {
    if (this.paths.has(path))
      refuse(
        `layer ${path}`,
        'is used several times with the same weights, and shared layers are not supported',
        '以同一组权重被多次使用，而不支持共享层',
        'give each place a layer of its own',
        '请为每处单独建层'
      )
    this.paths.set(path, name)
  }

  /** An item of what a call gave: all states of a recurrent layer, the last ones, the last step of a sequence. */
  private item(node: TorchNode, input: Value): Omit<Value, 'shape'> {
    const key = node.args[1]
    const path = `layer ${node.name}`
    const plain = { layer: input.layer, layout: 'same' as const }
    if (input.pair && key === 0)
      return { layer: input.layer, layout: input.layout, ...(input.pooled && { pooled: true }) }
    if (input.states === 'both' && key === 0) return { ...plain, states: 'sequence' }
    if (input.states === 'both' && key === 1) {
      const lstm = this.layers.find((l) => l.name === input.layer)?.className === 'LSTM'
      return { ...plain, states: lstm ? 'lastPair' : 'last' }
    }
    if (input.states === 'lastPair' && key === 0) return { ...plain, states: 'last' }
    if (input.states === 'last') {
      // One layer that runs one way has one last state, however its axis is taken away.
      const isOnly = input.shape[0] === 1 && node.shape?.join() === input.shape.slice(1).join()
      if (isOnly || (node.op === 'getitem' && key === -1)) return this.last(input)
    }
    if (input.states === 'sequence') {
      if (node.op === 'getitem' && isLastStep(key)) return this.last(input)
      // The sequence is a result like any other.
      this.values.set(node.name, { ...input, shape: input.shape })
      delete input.states
      this.take(node, node.name === this.graph.output)
      const value = this.values.get(node.name)!
      return value
    }
    if (!input.states && isLastStep(key) && input.shape.length === 3 && input.layout === 'same') {
      const layer = this.layers.find((l) => l.name === input.layer)
      if (layer && ['LSTM', 'GRU', 'RNN'].includes(layer.className)) return this.last(input)
    }
    if (!input.states && node.shape && isSqueeze(key, input.shape)) return this.shape(node, input, node.shape)
    return refuse(
      path,
      'takes a part of a tensor, which has no counterpart here',
      '取张量的一部分，这里没有对应项',
      'give each part a layer of its own, or watch the training with gradient_clinic.watch',
      '请为每部分单独建层，或用 gradient_clinic.watch 记录训练'
    )
  }
  /** The last state alone of a recurrent layer that nothing else reads. */
  private last(input: Value): Omit<Value, 'shape'> {
    const layer = this.layers.find((l) => l.name === input.layer)
    const part = layer && 'parts' in layer.mapped ? layer.mapped.parts.at(-1) : undefined
    if (!part) return { layer: input.layer, layout: 'same' }
    if (this.layers.some((l) => l.inputs.includes(input.layer)))
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

  private join(node: TorchNode, from: Value[]): Omit<Value, 'shape'> {
    const [first] = from as [Value]
    const rank = first.shape.length
    const dim = number(settingsOf(node).dim, 0)
    const axis = dim < 0 ? dim + rank : dim
    const isChannels = axis === (first.layout === 'first' ? 1 : rank - 1)
    const isPlain = from.every((f) => f.layout === first.layout && !f.order && !f.pooled)
    const mapped: Mapped | Unmapped =
      isChannels && isPlain
        ? { parts: [{ kind: 'concatenate', params: {} }] }
        : {
            refused: {
              en: 'joins along another axis than that of the channels or units: join along that axis',
              zh: '拼接的轴不是通道或单元：请沿该轴拼接'
            }
          }
    const layer = this.push(
      node,
      from.map((f) => f.layer),
      mapped
    )
    return { layer, layout: first.layout }
  }
  private add(node: TorchNode, from: Value[]): Omit<Value, 'shape'> {
    const [a, b] = from as [Value, Value?]
    if (
      !b ||
      from.length > 2 ||
      a.shape.join() !== b.shape.join() ||
      a.layout !== b.layout ||
      a.order?.join() !== b.order?.join()
    ) {
      const layer = this.push(node, [a.layer], {
        refused: {
          en: 'adds something else than two results of the same shape: give both the same shape by a layer before',
          zh: '相加的不是两个相同形状的结果：请先用一层使两者形状相同'
        }
      })
      return { layer, layout: a.layout }
    }
    const alpha = number(settingsOf(node).alpha, 1)
    const factors = [a.scale ?? 1, (b.scale ?? 1) * alpha]
    const isPlain = factors.map((f, i) => f === 1 && from[i]!.learnt === undefined)
    if (!isPlain[0] && !isPlain[1]) this.refuseScale(node.name)
    // The first input of ours is the one that is multiplied.
    const inputs = isPlain[1] ? [a, b] : [b, a]
    const scale = factors[0]! * factors[1]!
    const { learnt } = inputs[0]!
    if (learnt !== undefined && scale !== 1) this.refuseScale(node.name)
    if (learnt !== undefined) this.useOnce(learnt, node.name)
    const own = learnt === undefined ? undefined : this.graph.weight(learnt)
    const part: Counterpart = own
      ? {
          kind: 'add',
          params: { scale: own.values[0]!, learnScale: true },
          weights: ([factor]) => ({ scale: { shape: [], values: factor!.values } })
        }
      : { kind: 'add', params: scale === 1 ? {} : { scale } }
    const layer = this.push(
      node,
      inputs.map((f) => f.layer),
      { parts: [part] },
      own && [own],
      own && this.momentsOf([learnt!])
    )
    return { layer, layout: a.layout, ...(a.order && { order: a.order }), ...(a.pooled && { pooled: true }) }
  }
  private multiply(node: TorchNode, from: Value[]): Omit<Value, 'shape'> {
    const [a] = from as [Value]
    const isDivided = node.op.includes('div')
    // What a number is divided by is no product with it.
    const behind = isDivided ? node.args.slice(1) : node.args
    const held = behind.flatMap(nodesIn).map((n) => this.factors.get(n))
    const factor = [...behind, ...held].find((v) => typeof v === 'number')
    const by = isDivided && factor !== undefined ? 1 / factor : factor
    if (from.length === 1 && by !== undefined && Number.isFinite(by)) return { ...a, scale: (a.scale ?? 1) * by }
    const learnt = held.find((v) => typeof v === 'string')
    if (from.length === 1 && learnt !== undefined && !isDivided && a.learnt === undefined) return { ...a, learnt }
    const layer = this.push(node, [a.layer], {
      refused: {
        en: 'multiplies two tensors, which has no counterpart here: add them, or watch the training with gradient_clinic.watch',
        zh: '两个张量相乘，这里没有对应项：请改为相加，或用 gradient_clinic.watch 记录训练'
      }
    })
    return { layer, layout: a.layout }
  }

  /** Another shape of the same values. */
  private shape(node: TorchNode, input: Value, shape: number[]): Omit<Value, 'shape'> {
    const [batch, ...to] = shape
    const from = input.shape.slice(1)
    const refused = (en: string, zh: string): Omit<Value, 'shape'> => {
      const layer = this.push(node, [input.layer], { refused: { en, zh } })
      return { layer, layout: to.length > 2 ? 'first' : 'same' }
    }
    if (batch !== input.shape[0])
      return refused(
        'moves values between the examples of a batch: keep the batch as the first axis',
        '在批次的样本之间移动数值：请保持批次为第一个轴'
      )
    const { layer, layout } = input
    if (to.join() === from.join()) return { ...input }
    // One number: its row of one stays as it is here.
    if (!to.length && from.length === 1) return { layer, layout: 'same' }
    // Of a picture that was pooled to one place, ours has its channels alone.
    if (input.pooled && to.length > 1 && to[0] === from[0] && sizeOf(to) === to[0]) return { ...input }
    if (to.length <= 1) {
      if (input.pooled || from.length <= 1) return { layer, layout: 'same' }
      const flat = this.push(node, [layer], { parts: [{ kind: 'flatten', params: {} }] })
      const turns = layout === 'first' && sizeOf(from.slice(1)) > 1 && from[0]! > 1
      return { layer: flat, layout: 'same', ...(turns && { order: from }) }
    }
    // Of one channel the values stand alike in both orders.
    const isPicture = layout === 'first' && from[0] !== 1
    if (input.order || isPicture || input.pooled)
      return refused(
        'gives a picture another shape: flatten it to [batch, features]',
        '改变图像的形状：请展平为 [批次, 特征]'
      )
    // One channel: behind the batch or at the end, the values stand alike.
    const first = to[0] === 1 && to.length > 1
    const ours = first ? [...to.slice(1), 1] : to
    if (to.length === 3 && !first)
      return refused(
        'makes several channels out of a row of numbers: give the data in the shape of pictures',
        '由一行数生成多个通道：请以图像的形状提供数据'
      )
    const made = this.push(node, [layer], { parts: [{ kind: 'reshape', params: { shape: ours.join(', ') } }] })
    return { layer: made, layout: first ? 'first' : 'same' }
  }
  /** Axes in another order: ours stay where they are. */
  private turn(node: TorchNode, input: Value, shape: number[]): Omit<Value, 'shape'> {
    const rank = shape.length
    const positive = (n: number): number => (n < 0 ? n + rank : n)
    const args = node.args
      .slice(1)
      .flat()
      .filter((n): n is number => typeof n === 'number')
    const axes = shape.map((_, i) => i)
    if (node.op === 'permute') args.forEach((n, i) => (axes[i] = positive(n)))
    else {
      const { dim0, dim1 } = settingsOf(node)
      const [a, b] = [positive(number(dim0, 0)), positive(number(dim1, 1))]
      axes[a] = b
      axes[b] = a
    }
    const toEnd = channelsLast(rank)
    const toFront = [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)]
    if (axes.every((a, i) => a === i)) return { ...input }
    if (axes.join() === toEnd.join() && input.layout === 'first' && !input.pooled) return { ...input, layout: 'same' }
    if (axes.join() === toFront.join() && input.layout === 'same' && !input.order) return { ...input, layout: 'first' }
    return refuse(
      `layer ${node.name}`,
      'puts the axes in an order that has no counterpart',
      '轴的顺序没有对应项',
      'give the data as [batch, …, features], and recurrent layers batch_first=True',
      '请以 [批次, …, 特征] 提供数据，循环层用 batch_first=True'
    )
  }
  /** A mean or a maximum over all positions. */
  private reduce(node: TorchNode, input: Value): Omit<Value, 'shape'> {
    const { dim, keepdim } = settingsOf(node)
    const rank = input.shape.length
    const over = (Array.isArray(dim) ? dim : [dim]).map((d) => (typeof d === 'number' ? (d < 0 ? d + rank : d) : -1))
    const channel = input.layout === 'first' ? 1 : rank - 1
    const wanted = input.shape.map((_, i) => i).filter((i) => i > 0 && i !== channel)
    const isAll = wanted.length > 0 && [...over].sort().join() === wanted.join() && !input.pooled && !input.order
    const kind = node.op === 'mean' ? 'globalAveragePool' : 'globalMaxPool'
    const layer = this.push(
      node,
      [input.layer],
      isAll
        ? { parts: [{ kind, params: {} }] }
        : {
            refused: {
              en: 'reduces other axes than all positions: pool over all positions: mean((2, 3)) of a picture, mean(1) of a sequence',
              zh: '归约的轴不是所有位置：请在所有位置上池化：图像用 mean((2, 3))，序列用 mean(1)'
            }
          }
    )
    return {
      layer,
      layout: keepdim === true ? 'first' : 'same',
      ...(keepdim === true && { pooled: true }),
      ...(node.op === 'max' && { pair: true })
    }
  }
  private softmax(node: TorchNode, input: Value, isEnd: boolean): Omit<Value, 'shape'> {
    const rank = input.shape.length
    const { dim } = settingsOf(node)
    const axis = typeof dim === 'number' ? (dim < 0 ? dim + rank : dim) : rank - 1
    const isOver = axis === rank - 1 && input.layout === 'same'
    if (isEnd && isOver) this.ending = /log/i.test(node.op) ? 'logSoftmax' : 'softmax'
    const layer = this.push(
      node,
      [input.layer],
      isEnd && isOver
        ? { parts: [] }
        : {
            refused: {
              en: 'applies softmax inside the network, which has no counterpart here: put a sigmoid in its place, or watch the training with gradient_clinic.watch',
              zh: '在网络内部使用 softmax，这里没有对应项：请用 sigmoid 代替，或用 gradient_clinic.watch 记录训练'
            }
          }
    )
    return { layer, layout: input.layout }
  }
}
/** Whether a recurrent layer of PyTorch is called. */
export const isRecurrent = ({ call, op }: TorchNode): boolean =>
  call === 'module' && ['LSTM', 'GRU', 'RNN'].includes(op)
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

/** Puts an activation into the layer with a kernel in front of it, where nothing else reads that layer. */
function fold(layers: ForeignLayer[]): ForeignLayer[] {
  const readers = new Map<string, number>()
  for (const l of layers) for (const i of l.inputs) readers.set(i, (readers.get(i) ?? 0) + 1)
  const byName = new Map(layers.map((l) => [l.name, l]))
  const gone = new Map<string, string>()
  const kept: ForeignLayer[] = []
  for (const l of layers) {
    const inputs = l.inputs.map((i) => gone.get(i) ?? i)
    const before = byName.get(l.inputs[0] ?? '')
    const [own, front] = [l, before].map((x) =>
      x && 'parts' in x.mapped && !x.mapped.differs && x.mapped.parts.length === 1 ? x.mapped.parts[0] : undefined
    )
    const takes =
      own?.kind === 'activation' &&
      !!front &&
      ['dense', 'conv1d', 'conv2d'].includes(front.kind) &&
      (front.params.activation as { id: string }).id === 'linear' &&
      readers.get(before!.name) === 1 &&
      !gone.has(l.inputs[0]!)
    if (!takes) {
      kept.push({ ...l, inputs })
      byName.set(l.name, kept.at(-1)!)
      continue
    }
    const [first, count] = [before!, before!.given().length]
    const weights = front.weights
    const slope = own.weights
    const at = kept.findIndex((k) => k.name === first.name)
    kept[at] = {
      ...kept[at]!,
      with: l.name,
      ...(kept[at]!.code && l.code && { code: { ...kept[at]!.code, activation: l.code } }),
      mapped: {
        parts: [
          {
            kind: front.kind,
            params: { ...front.params, activation: own.params.activation },
            ...(weights && {
              weights: (given, isMoment) => ({
                ...weights(given.slice(0, count), isMoment),
                ...slope?.(given.slice(count), isMoment)
              })
            })
          }
        ]
      },
      given: () => [...first.given(), ...l.given()],
      moments(slot) {
        const [mine, theirs] = [first.moments?.(slot), l.given().length ? l.moments?.(slot) : []]
        return mine && theirs && [...mine, ...theirs]
      }
    }
    gone.set(l.name, first.name)
  }
  return kept
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
  const { ending, always } = reading
  return { layers: fold(takePadding(reading.layers)), ...layouts, always, ...(ending && { ending }) }
}
/** A batch with its axes in our order. */
export const inOurOrder = (t: NamedTensor, layout: Layout): NamedTensor =>
  layout === 'first' && t.shape.length > 2 ? permute(t, channelsLast(t.shape.length)) : t
