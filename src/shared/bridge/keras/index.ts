// Longer than 300 lines, because every fault has its sentence in two languages here.
import { InputError, problem, type Problem } from '../../base/problems'
import type { Params } from '../../base/params'
import type { Text } from '../../base/text'
import { activations } from '../../catalog/activations'
import type { Experiment, LayerNode } from '../../experiment'
import { readExperiment } from '../../experiment'
import type { NamedTensor, Tensors } from '../safetensors'
import { asObject, readGraph, type KerasLayer } from './graph'
import { isSoftmax, mapLayer, type Counterpart } from './layers'
import { readTraining, type KerasTraining } from './training'

/** What a file of Keras holds. */
export interface KerasModel {
  /** As `model.to_json()` gives it. */
  model: unknown
  /** As it was compiled. */
  compiled?: unknown
  /** A layer's weights, in Keras's order. Absent where the file has none. */
  weightsOf?: (layer: KerasLayer) => NamedTensor[]
}
/** A setting that keeps a training from working, without an error of Keras. */
export interface Fault {
  code: FaultCode
  /** The layer at fault. */
  layer: string
  text: Text
  /** Mended already, since the network of this program can't be built with it. */
  always?: boolean
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
/** What is taken in place of a layer that has no equal here. */
export interface Replacement {
  layer: string
  className: string
  /** Name of what stands there instead; absent: nothing does. */
  by?: string
  texts: Text[]
}
/** How a model is taken over. */
export interface KerasOptions {
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
  faults: Fault[]
  replaced: Replacement[]
  notes: Text[]
}

const STEPS = 500
/** An id of ours as close to a name as ids may be. */
function idOf(name: string, taken: Set<string>): string {
  const stem = name.replace(/[^\w-]+/g, '_').replace(/^[^A-Za-z]+/, '') || 'layer'
  let id = stem === 'input' ? 'input1' : stem
  for (let k = 2; taken.has(id); k++) id = `${stem}_${k}`
  taken.add(id)
  return id
}

/** A network under construction: our nodes, each with the Keras layer and the weights it comes from. */
interface Built {
  node: LayerNode
  layer: KerasLayer
  weights: Record<string, NamedTensor>
}

/** Which task and targets a loss with an output of this width speaks of. */
function dataOf(shape: number[], symbols: number, loss: string, outputs: number): Params {
  const kind =
    loss === 'softmaxCrossEntropy' ? 'classes' : loss === 'sigmoidCrossEntropy' && outputs === 1 ? 'yesNo' : 'numbers'
  return { id: 'randomData', count: 256, shape: shape.join(', '), symbols, targets: kind, outputs }
}

/** The part of a layer that ends a network: its activation, where it has one. */
const endOf = (b: Built): { id: string } | undefined => b.node.params.activation as { id: string } | undefined

class Importer {
  readonly built: Built[] = []
  readonly faults: Fault[] = []
  readonly replaced: Replacement[] = []
  readonly notes: Text[] = []
  private readonly problems: Problem[] = []
  private readonly taken = new Set<string>()

  constructor(
    private readonly source: KerasModel,
    private readonly options: KerasOptions
  ) {}

  read(): Imported {
    const graph = readGraph(this.source.model)
    if (!graph.inputShape)
      throw new InputError([
        problem(
          'model',
          'doesn’t say the shape of its input: build it (model.build, or a first call) before it is saved, with every axis but the batch given',
          '没有说明输入形状：保存前请先构建模型（model.build 或先调用一次），并给出除批次外的每个轴'
        )
      ])
    const training = readTraining(this.source.compiled, STEPS)
    this.notes.push(...training.notes)
    const end = graph.layers[graph.layers.length - 1]!
    const softmax = this.finalSoftmax(end)
    /** Names of our nodes that give a Keras layer's output. */
    const outputs = new Map([['', 'input']])
    for (const layer of graph.layers) {
      const inputs = layer.inputs.map((i) => outputs.get(i)!)
      if (layer === end && softmax === 'layer') {
        outputs.set(layer.name, inputs[0]!)
        continue
      }
      const isEnd = layer === end && softmax === 'activation'
      const config = isEnd ? { ...layer.config, activation: 'linear' } : layer.config
      outputs.set(layer.name, this.take({ ...layer, config }, inputs))
    }
    if (this.problems.length) throw new InputError(this.problems)
    if (!this.built.length)
      throw new InputError([problem('model', 'has no layer that is known here', '没有任何已知的层')])
    const loss = this.finish(training, !!softmax, end)
    this.lookForFaults()
    return this.result(graph, training, loss)
  }

  /** Whether the network ends with a softmax: as a layer of its own, or as its last layer's activation. */
  private finalSoftmax(end: KerasLayer): 'layer' | 'activation' | undefined {
    if (end.className === 'Softmax' || (end.className === 'Activation' && isSoftmax(end.config.activation)))
      return 'layer'
    return isSoftmax(end.config.activation) ? 'activation' : undefined
  }
  private may(layer: KerasLayer): boolean {
    const { replace = [] } = this.options
    return replace.some((r) => r === 'all' || r === layer.name || r === layer.className)
  }
  /** @returns the id of the node that gives the layer's output */
  private take(layer: KerasLayer, inputs: string[]): string {
    const mapped = mapLayer(layer)
    const path = `layer ${layer.name}`
    if ('refused' in mapped) {
      this.problems.push(problem(path, mapped.refused.en, mapped.refused.zh))
      return inputs[0] ?? 'input'
    }
    if (mapped.differs) {
      const list = mapped.differs
      const by = mapped.parts[0]?.kind
      this.replaced.push({
        layer: layer.name,
        className: layer.className,
        ...(by !== undefined && { by }),
        texts: list
      })
      if (!this.may(layer))
        this.problems.push(
          problem(
            path,
            `${list.map((t) => t.en).join('; ')}. Allow it by --replace ${layer.name} (or ${layer.className}, or all)`,
            `${list.map((t) => t.zh).join('；')}。用 --replace ${layer.name}（或 ${layer.className}、all）允许`
          )
        )
    }
    let from = inputs
    mapped.parts.forEach((part, i) => (from = [this.add(part, layer, from, i)]))
    return from[0] ?? 'input'
  }
  private add(part: Counterpart, layer: KerasLayer, inputs: string[], i: number): string {
    const id = idOf(i ? `${layer.name}_${part.kind}` : layer.name, this.taken)
    const given = part.weights && this.source.weightsOf ? this.source.weightsOf(layer) : []
    this.built.push({
      node: { id, kind: part.kind, name: layer.name, params: part.params, inputs },
      layer,
      weights: given.length && part.weights ? part.weights(given) : {}
    })
    return id
  }

  private mends(code: FaultCode): boolean {
    return (this.options.mend ?? []).some((m) => m === 'all' || m === code)
  }
  private fault(code: FaultCode, layer: string, en: string, zh: string, always = false): void {
    this.faults.push({ code, layer, text: { en, zh }, ...(always && { always }) })
  }
  /** Brings the network's end and the loss together. @returns the loss */
  private finish({ loss }: KerasTraining, hasSoftmax: boolean, end: KerasLayer): { id: string } {
    const last = this.built[this.built.length - 1]!
    const activation = endOf(last)
    const toLinear = (): void => void (last.node.params = { ...last.node.params, activation: { id: 'linear' } })
    const { squashes, from } = loss ?? {}
    if (hasSoftmax && squashes === 'softmax' && from === 'logits')
      this.fault(
        'softmaxTwice',
        end.name,
        'the network ends with softmax, and the loss with from_logits=True applies it again: it is taken away here',
        '网络以 softmax 结尾，而 from_logits=True 的损失又应用一次：这里去掉网络中的那次',
        true
      )
    if (loss && hasSoftmax && squashes !== 'softmax')
      this.note(
        'the softmax at the end is part of the loss here: softmax cross-entropy takes the place of the loss',
        '末尾的 softmax 在这里属于损失：以 softmax 交叉熵代替原损失'
      )
    if (squashes === 'softmax' && !hasSoftmax) {
      if (from === 'probabilities')
        this.fault(
          'logitsAsProbabilities',
          end.name,
          'the loss expects probabilities (from_logits=False), but the network ends without softmax: here the loss applies it',
          '损失期望概率（from_logits=False），但网络末尾没有 softmax：这里由损失应用它',
          true
        )
    }
    if (squashes === 'sigmoid') {
      if (activation?.id === 'sigmoid') {
        if (from === 'logits')
          this.fault(
            'sigmoidTwice',
            end.name,
            'the network ends with sigmoid, and the loss with from_logits=True applies it again: it is taken away here',
            '网络以 sigmoid 结尾，而 from_logits=True 的损失又应用一次：这里去掉网络中的那次',
            true
          )
        toLinear()
      } else if (from === 'probabilities')
        this.fault(
          'logitsAsProbabilities',
          end.name,
          'the loss expects probabilities (from_logits=False), but the network ends without sigmoid: here the loss applies it',
          '损失期望概率（from_logits=False），但网络末尾没有 sigmoid：这里由损失应用它',
          true
        )
    }
    if (hasSoftmax) return { id: 'softmaxCrossEntropy' }
    if (!loss && activation?.id === 'sigmoid') {
      this.note(
        'the model says no loss: as it ends with sigmoid, sigmoid cross-entropy is taken',
        '模型没有给出损失：因其以 sigmoid 结尾，采用 sigmoid 交叉熵'
      )
      toLinear()
      return { id: 'sigmoidCrossEntropy' }
    }
    if (loss?.spec.id === 'meanSquaredError' && activation?.id === 'sigmoid') {
      this.fault(
        'sigmoidWithMeanSquaredError',
        end.name,
        'sigmoid with mean squared error: where the output is wrong and certain, hardly any gradient passes. Sigmoid cross-entropy takes its place when mended',
        'sigmoid 与均方误差搭配：输出错而确信时几乎没有梯度。修复后以 sigmoid 交叉熵代替'
      )
      if (this.mends('sigmoidWithMeanSquaredError')) {
        toLinear()
        return { id: 'sigmoidCrossEntropy' }
      }
    }
    return loss?.spec ?? { id: 'meanSquaredError' }
  }
  private note(en: string, zh: string): void {
    this.notes.push({ en, zh })
  }
  private lookForFaults(): void {
    const byId = new Map(this.built.map((b) => [b.node.id, b]))
    const isNorm = (b: Built): boolean => b.node.kind === 'batchNorm'
    for (const b of this.built) {
      const { node } = b
      const start = asObject(node.params.initializer).id
      if (start === 'zeros' || start === 'constant' || start === 'ones') {
        this.fault(
          'zeroInitializer',
          node.id,
          `all weights of ${node.id} start alike (${start}): its units stay copies of each other. When mended they are drawn as its activation wants`,
          `${node.id} 的全部权重初值相同（${start}）：其单元始终彼此相同。修复后按激活函数重新初始化`
        )
        if (this.mends('zeroInitializer')) {
          const { id = 'linear', ...params } = endOf(b) ?? {}
          node.params = {
            ...node.params,
            initializer: activations.get(id).initializer?.(params) ?? { id: 'glorotUniform' }
          }
          delete b.weights.kernel
        }
      }
      if (!isNorm(b)) continue
      const before = byId.get(node.inputs[0]!)
      if (before?.node.kind === 'dropout') {
        this.fault(
          'normAfterDropout',
          node.id,
          `${node.id} stands behind ${before.node.id}: its running variance is that of values with dropout, which are other ones when it predicts (Li 2019). When mended they change places`,
          `${node.id} 位于 ${before.node.id} 之后：其滑动方差来自带随机失活的数值，与预测时不同（Li 2019）。修复后两者互换`
        )
        if (this.mends('normAfterDropout')) this.exchange(before, b)
      }
      const fed = byId.get(node.inputs[0]!)
      if (fed?.node.params.bias === false) continue
      if (fed && ['dense', 'conv1d', 'conv2d'].includes(fed.node.kind) && endOf(fed)?.id === 'linear') {
        this.fault(
          'biasBeforeNorm',
          fed.node.id,
          `the bias of ${fed.node.id} is taken out again by ${node.id} behind it. When mended it is left out`,
          `${fed.node.id} 的偏置会被其后的 ${node.id} 消去。修复后略去`
        )
        if (this.mends('biasBeforeNorm')) this.dropBias(fed, b)
      }
    }
  }
  private exchange(dropout: Built, norm: Built): void {
    const reads = (from: string, to: string): void => {
      for (const b of this.built)
        if (b !== dropout && b !== norm) b.node.inputs = b.node.inputs.map((i) => (i === from ? to : i))
    }
    norm.node.inputs = dropout.node.inputs
    dropout.node.inputs = [norm.node.id]
    reads(norm.node.id, dropout.node.id)
    this.built.splice(this.built.indexOf(norm), 1)
    this.built.splice(this.built.indexOf(dropout), 0, norm)
  }
  /** Leaves a bias out, and moves the running mean that held it. */
  private dropBias(fed: Built, norm: Built): void {
    const { bias, ...others } = fed.weights
    fed.node.params = { ...fed.node.params, bias: false }
    fed.weights = others
    const { mean } = norm.weights
    if (bias && mean) norm.weights.mean = { shape: mean.shape, values: mean.values.map((m, i) => m - bias.values[i]!) }
  }

  private result(graph: ReturnType<typeof readGraph>, training: KerasTraining, loss: { id: string }): Imported {
    const last = this.built[this.built.length - 1]!
    const outputs = (last.node.params.units ?? last.node.params.filters ?? 1) as number
    const embedding = this.built.find((b) => b.node.kind === 'embedding')
    const symbols = (embedding?.node.params.vocabulary as number | undefined) ?? 0
    const weights: Tensors = new Map()
    for (const { node, weights: own } of this.built)
      for (const [name, tensor] of Object.entries(own)) weights.set(`${node.id}/${name}`, tensor)
    const document = {
      format: 'gradient-clinic/experiment',
      version: 1,
      name: graph.name,
      data: { dataset: dataOf(graph.inputShape!, symbols, loss.id, outputs), validation: 0.2, standardize: false },
      network: { nodes: this.built.map((b) => b.node) },
      training: {
        steps: STEPS,
        batchSize: 32,
        loss,
        ...(training.optimizer && { optimizer: training.optimizer }),
        ...(training.schedule && { schedule: training.schedule }),
        hooks: training.hooks
      },
      ...(weights.size && this.options.weightsFile !== undefined && { weights: this.options.weightsFile })
    }
    const { experiment, problems } = readExperiment(document)
    if (problems.length) throw new InputError(problems)
    if (this.replaced.some((r) => r.className === 'Rescaling' || r.className === 'Normalization'))
      this.fault(
        'inputsNotScaled',
        'input',
        'the model scaled its inputs itself, and that is left out: give scaled data, or standardise them',
        '模型自行缩放输入，而这一步已略去：请提供缩放后的数据或进行标准化',
        true
      )
    return { experiment, weights, faults: this.faults, replaced: this.replaced, notes: this.notes }
  }
}

/**
 * Takes over a Keras model as an experiment.
 * @throws InputError naming each layer that can't be taken over, or is not the same here and may not be replaced
 */
export const importKeras = (source: KerasModel, options: KerasOptions = {}): Imported =>
  new Importer(source, options).read()
