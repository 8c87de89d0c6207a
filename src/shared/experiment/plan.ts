import { didYouMean } from '../base/nearest'
import { sizeOf } from '../base/sizeOf'
import { taskNames } from '../catalog/datasets/parts/tasks'
import type { DataInfo } from '../catalog/datasets/types'
import { layers } from '../catalog/layers'
import { ShapeError, type LayerKind, type Shape, type WeightSpec } from '../catalog/layers/types'
import { losses } from '../catalog/losses'
import type { Params, Spec } from '../base/params'
import { remedies } from './remedies'
import { problem, type Problem } from '../base/problems'
import type { Text } from '../base/text'
import { memoryProblem, recordProblem, USUAL_MEMORY } from './memory'
import { outputProblems } from './output'
import { INPUT, isBlock, type Experiment, type Network, type NetworkNode } from './types'

/** One layer instance with everything known before training. */
export interface PlanLayer {
  index: number
  /** Expanded id: `dense1`, or `hidden.3.dense` for the third copy of a block. */
  id: string
  /** Node path: `dense1`, `hidden/dense`. */
  node: string
  /** 0-based copy in its (innermost) block. */
  copy?: number
  name: string
  kind: LayerKind
  params: Params
  /** Ids of plan layers, or `input`. */
  inputs: string[]
  inputShapes: Shape[]
  outputShape: Shape
  weights: WeightSpec[]
  paramCount: number
  /** Has a kernel. */
  main: boolean
  activation?: Spec
}
export interface Plan {
  /** In an order in which each layer comes after its inputs. */
  layers: PlanLayer[]
  /** Id of the layer whose output the loss reads. */
  output?: string
  inputShape: Shape
  outputShape?: Shape
  paramCount: number
  problems: Problem[]
}
interface Flat {
  id: string
  node: string
  copy?: number
  name: string
  kind: string
  params: Params
  inputs: string[]
}
/** Beyond this a plan is refused: expanding must stay cheap whatever a file says. */
const MAX_LAYERS = 5000

/** Dotted path of a node in the document: `hidden/dense` → `network.nodes.hidden.body.dense`. */
const pathOf = (node: string): string => `network.nodes.${node.replace(/\//g, '.body.')}`
const shown = (s: Shape): string => `[${s.join(' × ')}]`

/** A shortest loop through a node, in the direction of the data; undefined when it is in none. */
function loopThrough(node: NetworkNode, byId: ReadonlyMap<string, NetworkNode>): string[] | undefined {
  // Backwards along inputs; `next` is what each was reached from.
  const next = new Map<string, string>()
  for (let open = [node.id]; open.length;) {
    const further: string[] = []
    for (const id of open)
      for (const i of byId.get(id)?.inputs ?? []) {
        if (i === node.id) {
          const ring = [node.id]
          for (let at = id; at !== node.id; at = next.get(at)!) ring.push(at)
          return ring
        }
        if (next.has(i)) continue
        next.set(i, id)
        further.push(i)
      }
    open = further
  }
  return undefined
}

/**
 * Orders nodes so that each comes after its inputs. Nodes in a cycle, or with unknown inputs, become problems; what is
 * behind them is left out.
 */
function order(nodes: NetworkNode[], prefix: string, problems: Problem[]): NetworkNode[] {
  const byId = new Map(nodes.map((n) => [n.id, n]))
  const done = new Set<string>([INPUT])
  const out: NetworkNode[] = []
  for (const n of nodes)
    for (const i of n.inputs)
      if (i !== INPUT && !byId.has(i)) {
        const meant = didYouMean(i, [INPUT, ...byId.keys()])
        problems.push(
          problem(
            `${pathOf(prefix + n.id)}.inputs`,
            `reads "${i}", which does not exist${meant.en || ': connect it to a layer'}`,
            `读取不存在的“${i}”${meant.zh || '：请连接到某一层'}`,
            { node: prefix + n.id }
          )
        )
      }
  const rest = nodes.filter((n) => n.inputs.every((i) => i === INPUT || byId.has(i)))
  for (let left = rest; left.length;) {
    // In the person's order, as far as that puts inputs first.
    const later = left.filter((n) => {
      if (!n.inputs.every((i) => done.has(i))) return true
      done.add(n.id)
      out.push(n)
      return false
    })
    if (later.length === left.length) {
      for (const n of left) {
        const ring = loopThrough(n, byId)
        if (!ring) continue
        const shownRing = [...ring, ring[0]!].join(' → ')
        problems.push(
          problem(
            `${pathOf(prefix + n.id)}.inputs`,
            `is part of the loop ${shownRing}: remove one of its connections`,
            `处于环路 ${shownRing} 中：请断开其中一条连接`,
            { node: prefix + n.id }
          )
        )
      }
      break
    }
    left = later
  }
  return out
}

/** Replaces blocks by their copies. Each node's output is the id its readers should use. */
function expand(network: Network, problems: Problem[]): { flat: Flat[]; output?: string } {
  const flat: Flat[] = []
  // Copies of empty blocks make no layers, but cost time.
  let copies = 0
  const full = (): boolean => flat.length > MAX_LAYERS || copies > 4 * MAX_LAYERS
  // One message per body, not one per copy.
  const told = new Set<string>()
  const walk = (
    nodes: NetworkNode[],
    prefix: string,
    nodePrefix: string,
    entering: string,
    copy: number | undefined
  ): string | undefined => {
    const heard = told.has(nodePrefix) ? [] : problems
    told.add(nodePrefix)
    const outputs = new Map<string, string>([[INPUT, entering]])
    for (const n of order(nodes, nodePrefix, heard)) {
      if (full()) return undefined
      const inputs = n.inputs.map((i) => outputs.get(i) ?? i)
      if (isBlock(n)) {
        let from = inputs[0] ?? entering
        if (inputs.length !== 1)
          heard.push(
            problem(`${pathOf(nodePrefix + n.id)}.inputs`, 'a block reads exactly one layer', '块只能读取一层', {
              node: nodePrefix + n.id
            })
          )
        for (let t = 0; t < n.times && !full(); t++, copies++)
          from = walk(n.body, `${prefix}${n.id}.${t + 1}.`, `${nodePrefix}${n.id}/`, from, t) ?? from
        outputs.set(n.id, from)
      } else {
        const id = prefix + n.id
        flat.push({
          id,
          node: nodePrefix + n.id,
          ...(copy !== undefined && { copy }),
          name: n.name ?? n.id,
          kind: n.kind,
          params: n.params,
          inputs
        })
        outputs.set(n.id, id)
      }
    }
    const last = copy === undefined ? sink(nodes, heard) : nodes[nodes.length - 1]
    if (copy !== undefined) {
      const read = new Set(nodes.flatMap((n) => n.inputs))
      for (const n of nodes)
        if (n !== last && !read.has(n.id))
          heard.push(
            problem(
              pathOf(nodePrefix + n.id),
              'leads nowhere: connect it, or delete it (the last layer of a block is its output)',
              '没有去处：请连接或删除它（块的最后一层是其输出）',
              { node: nodePrefix + n.id }
            )
          )
    }
    return last && outputs.get(last.id)
  }
  const output = walk(network.nodes, '', '', INPUT, undefined)
  if (full())
    problems.push(
      problem(
        'network.nodes',
        `has more than ${MAX_LAYERS} layers: use fewer copies`,
        `超过 ${MAX_LAYERS} 层：请减少重复次数`
      )
    )
  return { flat, ...(output !== undefined && { output }) }
}

/** The one node nobody reads: the network's output. */
function sink(nodes: NetworkNode[], problems: Problem[]): NetworkNode | undefined {
  const read = new Set(nodes.flatMap((n) => n.inputs))
  const ends = nodes.filter((n) => !read.has(n.id))
  if (ends.length > 1)
    for (const n of ends.slice(0, -1))
      problems.push(
        problem(
          `network.nodes.${n.id}`,
          'leads nowhere: connect it, or delete it (only one layer may be the output)',
          '没有去处：请连接或删除它（只能有一个输出层）',
          { node: n.id }
        )
      )
  return ends[ends.length - 1]
}

/** Shapes, weights and counts of every layer instance, and all that is wrong with the network. Never throws. */
export function planNetwork(network: Network, inputShape: Shape): Plan {
  const problems: Problem[] = []
  const plan: Plan = { layers: [], inputShape, paramCount: 0, problems }
  if (!network.nodes.length) {
    problems.push(problem('network.nodes', 'the network is empty: add a layer', '网络是空的：请添加一层'))
    return plan
  }
  const { flat, output } = expand(network, problems)
  if (problems.some((p) => p.path === 'network.nodes')) return plan
  const shapes = new Map<string, Shape>([[INPUT, inputShape]])
  const told = new Set<string>()
  for (const f of flat) {
    const kind = layers.get(f.kind)
    const path = pathOf(f.node)
    const tell = (where: string, en: string, zh: string): void => {
      // One message per node, not one per copy.
      if (!told.has(f.node)) problems.push(problem(where, en, zh, { node: f.node }))
      told.add(f.node)
    }
    if (f.inputs.length < kind.inputs.min || f.inputs.length > kind.inputs.max) {
      const want =
        kind.inputs.min === kind.inputs.max
          ? `${kind.inputs.min}`
          : kind.inputs.max === Infinity
            ? `≥ ${kind.inputs.min}`
            : `${kind.inputs.min}–${kind.inputs.max}`
      tell(
        `${path}.inputs`,
        `has ${f.inputs.length} inputs, needs ${want}: connect it`,
        `有 ${f.inputs.length} 个输入，需要 ${want} 个：请连接`
      )
      continue
    }
    const inputShapes = f.inputs.map((i) => shapes.get(i))
    if (inputShapes.some((s) => !s)) continue // The layer before it already has a message.
    try {
      const ins = inputShapes as Shape[]
      const outputShape = kind.infer(f.params, ins)
      const weights = kind.weights(f.params, ins)
      const paramCount = weights.filter((w) => w.trainable !== false).reduce((a, w) => a + sizeOf(w.shape), 0)
      const activation = kind.activation?.(f.params)
      shapes.set(f.id, outputShape)
      plan.layers.push({
        index: plan.layers.length,
        id: f.id,
        node: f.node,
        ...(f.copy !== undefined && { copy: f.copy }),
        name: f.name,
        kind,
        params: f.params,
        inputs: f.inputs,
        inputShapes: ins,
        outputShape,
        weights,
        paramCount,
        main: weights.some((w) => w.role === 'kernel'),
        ...(activation && { activation })
      })
      plan.paramCount += paramCount
    } catch (e) {
      if (!(e instanceof ShapeError)) throw e
      tell(path, e.text.en, e.text.zh)
    }
  }
  if (output !== undefined && shapes.has(output) && output !== INPUT) {
    plan.output = output
    plan.outputShape = shapes.get(output)!
  }
  return plan
}

/**
 * The plan of a whole experiment (remedies already applied): also checks that network, data and loss fit each other,
 * and the machine.
 * @param memory bytes that it has, for training and for what is recorded
 */
export function planExperiment(experiment: Experiment, info: DataInfo, memory = USUAL_MEMORY): Plan {
  const plan = planNetwork(experiment.network, info.inputShape)
  const { problems } = plan
  const outNode = plan.layers.find((l) => l.id === plan.output)?.node
  if (plan.outputShape && plan.outputShape.join() !== info.targetShape.join()) {
    const cure = mismatch(plan.outputShape, info)
    problems.push(
      problem(
        pathOf(outNode ?? ''),
        `the output has shape ${shown(plan.outputShape)}, the target ${shown(info.targetShape)}: ${cure.en}`,
        `输出形状为 ${shown(plan.outputShape)}，目标为 ${shown(info.targetShape)}：${cure.zh}`,
        { node: outNode }
      )
    )
  }
  // What is not complete has a message already.
  if (plan.output !== undefined && !plan.paramCount)
    problems.push(
      problem(
        'network.nodes',
        'has no weights, so there is nothing to train: add a layer that has some, such as Dense',
        '没有可训练的权重：请添加带权重的层，例如全连接层'
      )
    )
  const loss = losses.find(experiment.training.loss.id)
  if (loss && !loss.tasks.includes(info.task)) {
    const fit = losses.all.filter((l) => l.tasks.includes(info.task)).map((l) => l.name)
    const task = taskNames[info.task]
    problems.push(
      problem(
        'training.loss',
        `“${loss.name.en}” does not suit ${task.en}; use: ${fit.map((n) => n.en).join(', ')}`,
        `“${loss.name.zh}”不适合${task.zh}；请用：${fit.map((n) => n.zh).join('、')}`
      )
    )
  }
  const last = plan.layers.find((l) => l.id === plan.output)
  if (last?.activation && loss)
    problems.push(
      ...outputProblems(experiment, info, loss, { path: pathOf(last.node), node: last.node }, last.activation)
    )
  problems.push(...biasProblems(plan))
  if (experiment.training.classWeights && info.task !== 'binary' && info.task !== 'multiclass')
    problems.push(
      problem(
        'training.classWeights',
        `weigh classes, but the task is ${taskNames[info.task].en}: set it to none`,
        `用于类别，而任务是${taskNames[info.task].zh}：请设为“无”`
      )
    )
  // A hook may stand in the file itself, or be overtaken by a remedy behind it.
  experiment.training.hooks.forEach(({ id, ...params }, i) => {
    const message = remedies.find(id)?.blocked?.(experiment, params, info)
    if (message) problems.push({ path: `training.hooks.${i}`, message })
  })
  const train = trainCount(experiment, info)
  if (train < 1)
    problems.push(
      problem(
        'data.validation',
        `leaves no example of ${info.count} to train on: lower it`,
        `${info.count} 个样本全被留出：请调低`
      )
    )
  if (experiment.training.batchSize > train)
    problems.push(
      problem(
        'training.batchSize',
        `is ${experiment.training.batchSize}, but there are only ${train} training examples: lower it, or 0 for all`,
        `为 ${experiment.training.batchSize}，但训练样本只有 ${train} 个：请调低，或用 0 表示全部`
      )
    )
  problems.push(...symbolProblems(plan, experiment, info))
  // A critic sees as many generated examples beside.
  const examples = (experiment.training.batchSize || train) * (info.task === 'critic' ? 2 : 1)
  const blocked = new Set<string>()
  for (const l of plan.layers) {
    const message = l.kind.blocked?.(l.params, l.inputShapes, examples)
    if (message && !blocked.has(l.node)) problems.push({ path: pathOf(l.node), message, node: l.node })
    if (message) blocked.add(l.node)
  }
  const heavy = memoryProblem(plan, experiment, train, memory, info)
  if (heavy) problems.push(heavy)
  const long = recordProblem(plan, experiment, memory)
  if (long) problems.push(long)
  return plan
}

/**
 * Warns of a bias that a batch norm behind it takes away again: its gradient is rounding noise, which Adam scales up to
 * whole steps, and the norm's running mean follows behind.
 */
function biasProblems(plan: Plan): Problem[] {
  const told = new Set<string>()
  return plan.layers.flatMap((l) => {
    const readers = plan.layers.filter((r) => r.inputs.includes(l.id))
    const wasted =
      l.params['bias'] === true &&
      (l.activation === undefined || l.activation.id === 'linear') &&
      readers.length > 0 &&
      readers.every((r) => r.kind.id === 'batchNorm')
    if (!wasted || told.has(l.node)) return []
    told.add(l.node)
    return [
      problem(
        `${pathOf(l.node)}.params.bias`,
        'has a bias in front of a batch norm, which subtracts it again: switch the bias off',
        '在批归一化之前带有偏置，而批归一化会把它减去：请关闭偏置',
        { node: l.node, severity: 'warning' }
      )
    ]
  })
}

/** Why a layer that reads ids of symbols gets none: they must come from the data as they are, laid out anew at most. */
function symbolProblems(plan: Plan, experiment: Experiment, info: DataInfo): Problem[] {
  const raw = new Set<string>([INPUT])
  for (const l of plan.layers) {
    const direct = l.inputs.every((i) => raw.has(i))
    if (direct && (l.kind.id === 'reshape' || l.kind.id === 'flatten')) raw.add(l.id)
    const known = l.kind.symbols?.(l.params)
    if (known === undefined) continue
    const path = pathOf(l.node)
    if (!direct)
      return [
        problem(
          path,
          'reads ids of symbols, but the layer before it makes other numbers of them: put it right behind the input',
          '读取符号编号，但前面的层已把编号变成其他数：请把它直接放在输入之后',
          { node: l.node }
        )
      ]
    if (info.symbols === undefined)
      return [
        problem(
          path,
          'reads ids of symbols, but the data are measured numbers, not ids: take data of symbols (temporal order or copy memory with the coding “ids”, or a table of whole numbers), or a dense layer instead',
          '读取符号编号，但数据是测量值而不是编号：请使用符号数据（编码为“编号”的时间次序或复制记忆，或由整数组成的表格），或改用全连接层',
          { node: l.node }
        )
      ]
    // Ids that were standardised are no ids any more.
    if (experiment.data.standardize)
      return [
        problem(
          'data.standardize',
          'the embedding reads symbol ids, but the inputs are standardised, which makes other numbers of them: switch "standardise" off',
          '嵌入层读取符号编号，而输入经过标准化，已不再是编号：请关闭“标准化”',
          { node: l.node }
        )
      ]
    if (known < info.symbols)
      return [
        problem(
          `${path}.params.vocabulary`,
          `knows ${known} symbols, but the data have ${info.symbols}: raise it`,
          `只有 ${known} 个符号，但数据有 ${info.symbols} 个：请调高`,
          { node: l.node }
        )
      ]
  }
  return []
}

/** What makes the output as large as the target. */
function mismatch(output: Shape, info: DataInfo): Text {
  const units = info.targetShape[info.targetShape.length - 1]!
  if (output.length > info.targetShape.length)
    return info.timeAxis
      ? {
          en: 'let the last recurrent layer return its last state only, or put a Flatten or global pooling before the output',
          zh: '让最后的循环层只返回最后的状态，或在输出层之前放展平层或全局池化层'
        }
      : { en: 'put a Flatten or global pooling before the output', zh: '请在输出层之前放展平层或全局池化层' }
  if (output.length < info.targetShape.length)
    return {
      en: 'there is a target at each time step: let every recurrent layer return its sequence, and flatten nothing',
      zh: '每个时间步都有目标：请让每个循环层返回整个序列，且不要展平'
    }
  if (output.length > 1 && output[0] !== info.targetShape[0])
    return {
      en: 'keep one row for each time step: no pooling, and padding that keeps the length',
      zh: '请为每个时间步保留一行：不要池化，并用保持长度的填充'
    }
  const { classes } = info
  if (classes && classes.length > 2 && output[0] === 1) {
    const words = classes.slice(0, 2).map((c) => JSON.stringify(c))
    return {
      en: `the target was read as ${classes.length} classes such as ${words.join(' and ')}: set the last layer's units to ${units}, or, if they are meant as numbers, choose the task regression`,
      zh: `目标被读作 ${classes.length} 个类别，如 ${words.join(' 和 ')}：请把最后一层的单元数设为 ${units}；若为数字，请将任务设为回归`
    }
  }
  return { en: `set the last layer's units to ${units}`, zh: `请把最后一层的单元数设为 ${units}` }
}

/** Number of examples that are held out for validation. */
export const heldCount = ({ data }: Experiment, { count }: DataInfo): number => Math.round(count * data.validation)

/** Number of examples that are trained on: those that are not held out, or as many of them as were asked for. */
export function trainCount(experiment: Experiment, info: DataInfo): number {
  return Math.min(experiment.data.examples ?? Infinity, info.count - heldCount(experiment, info))
}
