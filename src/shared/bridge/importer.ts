// Longer than 300 lines, because every fault has its sentence in two languages here.
import { InputError, problem, type Problem } from '../base/problems'
import type { Spec } from '../base/params'
import { sizeOf } from '../base/sizeOf'
import type { Text } from '../base/text'
import { activations } from '../catalog/activations'
import type { Experiment, LayerNode } from '../experiment'
import { planNetwork, readExperiment } from '../experiment'
import type { Ending, ForeignLayer, ForeignModel, ForeignTraining, Counterpart, Sample } from './foreign'
import { refusal } from './refusal'
import { writeSafetensors, type NamedTensor, type Tensors } from './safetensors'
import { STEPS_MADE, takeState } from './state'
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
/** Faults that are mended by another loss: its targets are yes or no. */
const MENDED_BY_LOSS: readonly FaultCode[] = ['sigmoidWithMeanSquaredError', 'softmaxOfOne']
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

/** Steps of an experiment that is made of a model: files say none. */
export const IMPORTED_STEPS = 500
/** An id of ours as close to a name as ids may be. */
function idOf(name: string, kind: string, taken: Set<string>): string {
  const stem = name.replace(/[^\w-]+/g, '_').replace(/^[^A-Za-z]+/, '') || kind
  let id = stem === 'input' ? 'input1' : stem
  for (let k = 2; taken.has(id); k++) id = `${stem}_${k}`
  taken.add(id)
  return id
}

/** A network under construction: our nodes, each with the layer and the weights it comes from. */
interface Built {
  node: LayerNode
  layer: ForeignLayer
  weights: Record<string, NamedTensor>
  part: Counterpart
}

/** Which task and targets a loss with an output of this shape, `[outputs]` or `[steps, outputs]`, speaks of. */
function dataOf(shape: number[], symbols: number, loss: string, output: number[]): Spec {
  const outputs = output.at(-1)!
  // Several columns of a sigmoid are each 0 or 1: of these data one is 1.
  const isProbable = loss === 'softmaxCrossEntropy' || loss === 'sigmoidCrossEntropy'
  const kind = !isProbable ? 'numbers' : outputs === 1 && loss === 'sigmoidCrossEntropy' ? 'yesNo' : 'classes'
  const steps = output.length > 1 ? output[0] : 0
  return { id: 'randomData', count: 256, shape: shape.join(', '), symbols, targets: kind, outputs, steps }
}

/** The activation of a layer, where it has one. */
const activationOf = (b: Built): { id: string } | undefined => b.node.params.activation as { id: string } | undefined

class Importer {
  readonly built: Built[] = []
  readonly faults: Fault[] = []
  readonly replaced: Replacement[] = []
  readonly notes: Text[] = []
  private readonly layers: ImportedLayer[] = []
  private readonly problems: Problem[] = []
  private ending: Ending | undefined
  private readonly taken = new Set<string>()

  constructor(
    private readonly source: ForeignModel,
    private readonly options: ImportOptions
  ) {}

  read(): Imported {
    const { source } = this
    if (!source.inputShape)
      throw refusal(
        'model',
        'doesn’t say the shape of its input',
        '没有说明输入形状',
        'build it (model.build, or a first call) before it is saved, with every axis but the batch given',
        '保存前请先构建模型（model.build 或先调用一次），并给出除批次外的每个轴'
      )
    this.notes.push(...source.training.notes)
    for (const { code, layer, text } of source.faults ?? []) this.faults.push({ code, layer, text, always: true })
    const end = source.layers[source.layers.length - 1]!
    /** Names of our nodes that give a layer's output. */
    const outputs = new Map([['', 'input']])
    for (const layer of source.layers)
      outputs.set(
        layer.name,
        this.take(
          layer,
          layer.inputs.map((i) => outputs.get(i)!)
        )
      )
    if (this.problems.length) throw new InputError(this.problems)
    if (!this.built.length)
      throw refusal(
        'model',
        'has no layer that is known here',
        '没有任何已知的层',
        'open one with layers such as Dense or Conv2D, or watch the training with the recorder',
        '请打开含 Dense、Conv2D 等层的模型，或用记录器监视训练'
      )
    const loss = this.finish(source.training, end)
    this.lookForFaults()
    return this.result(source.training, loss)
  }

  private may(layer: ForeignLayer): boolean {
    const { replace = [] } = this.options
    return replace.some((r) => r === 'all' || r === layer.name || r === layer.className)
  }
  /** @returns the id of the node that gives the layer's output */
  private take(layer: ForeignLayer, inputs: string[]): string {
    const { mapped } = layer
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
    const nodes: string[] = []
    for (const part of mapped.parts)
      nodes.push(this.add(part, layer, nodes.length ? [nodes.at(-1)!] : inputs, nodes.length))
    this.layers.push({
      layer: layer.name,
      className: layer.className,
      ...(layer.with !== undefined && { with: layer.with }),
      nodes,
      state: mapped.differs ? 'replaced' : 'exact',
      texts: mapped.differs ?? []
    })
    return nodes.at(-1) ?? inputs[0] ?? 'input'
  }
  private add(part: Counterpart, layer: ForeignLayer, inputs: string[], i: number): string {
    const id = idOf(i ? `${layer.name}_${part.kind}` : layer.name, part.kind, this.taken)
    const given = part.weights ? layer.given() : []
    this.built.push({
      node: {
        id,
        kind: part.kind,
        name: layer.name,
        params: part.params,
        inputs,
        ...(layer.code && { code: layer.code })
      },
      layer,
      part,
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
  private finish({ loss }: ForeignTraining, end: ForeignLayer): { id: string } {
    const activation = activationOf(this.end())
    const { ending } = this.source
    const { squashes } = loss ?? {}
    if (ending) return this.finishSoftmax(loss, ending, end)
    if (squashes === 'softmax') {
      if (loss!.from !== 'logits') this.expectsProbabilities(end, 'softmax')
    } else if (squashes === 'sigmoid') {
      if (activation?.id !== 'sigmoid') {
        if (loss!.from === 'probabilities') this.expectsProbabilities(end, 'sigmoid')
      } else {
        if (loss!.from === 'logits')
          this.fault(
            'sigmoidTwice',
            end.name,
            'the network ends with sigmoid, and the loss, which expects logits, applies it again: it is taken away here',
            '网络以 sigmoid 结尾，而期望 logits 的损失又应用一次：这里去掉网络中的那次',
            true
          )
        this.endLinear(end)
      }
    } else if (activation?.id === 'sigmoid') {
      // Of several columns there is no such loss here.
      if (!loss && this.outputShape().at(-1) === 1) {
        this.note(
          'no loss is known: as the model ends with sigmoid, sigmoid cross-entropy is taken',
          '没有已知的损失：因模型以 sigmoid 结尾，采用 sigmoid 交叉熵'
        )
        this.endLinear(end)
        return { id: 'sigmoidCrossEntropy' }
      }
      if (loss?.spec.id === 'meanSquaredError') {
        this.fault(
          'sigmoidWithMeanSquaredError',
          end.name,
          'sigmoid with mean squared error: where the output is wrong and certain, hardly any gradient passes. Sigmoid cross-entropy takes its place when mended',
          'sigmoid 与均方误差搭配：输出错而确信时几乎没有梯度。修复后以 sigmoid 交叉熵代替'
        )
        if (this.mends('sigmoidWithMeanSquaredError')) {
          this.endLinear(end)
          return { id: 'sigmoidCrossEntropy' }
        }
      }
    }
    if (squashes) this.lookAtEnd(squashes, end)
    if (!loss) this.note('no loss is known: mean squared error is taken', '没有已知的损失：采用均方误差')
    return loss?.spec ?? { id: 'meanSquaredError' }
  }
  /** An activation in front of the softmax or sigmoid of a loss. */
  private lookAtEnd(squashes: 'softmax' | 'sigmoid', end: ForeignLayer): void {
    const { node } = this.end()
    const { id = 'linear' } = activationOf(this.end()) ?? {}
    if (id === 'linear') return
    this.fault(
      'activationAtTheEnd',
      end.name,
      `the network ends with ${id}, and the loss applies ${squashes} to it: it can’t give every probability. When mended it ends without ${id}`,
      `网络以 ${id} 结尾，而损失再对其应用 ${squashes}：无法给出所有概率。修复后去掉末尾的 ${id}`
    )
    if (this.mends('activationAtTheEnd')) node.params = { ...node.params, activation: { id: 'linear' } }
  }
  /** The softmax at the end becomes part of the loss. */
  private finishSoftmax(
    loss: ForeignTraining['loss'],
    ending: 'softmax' | 'logSoftmax',
    end: ForeignLayer
  ): { id: string } {
    this.moved(end, ending)
    if (this.outputShape().at(-1) === 1) {
      this.fault(
        'softmaxOfOne',
        end.name,
        'softmax over a single unit is always 1: nothing learns. When mended the loss is sigmoid cross-entropy',
        '单个单元的 softmax 恒为 1：什么也学不到。修复后损失为 sigmoid 交叉熵'
      )
      if (this.mends('softmaxOfOne')) return { id: 'sigmoidCrossEntropy' }
    }
    if (!loss)
      this.note(
        'no loss is known: as the model ends with softmax, softmax cross-entropy is taken',
        '没有已知的损失：因模型以 softmax 结尾，采用 softmax 交叉熵'
      )
    else if (loss.squashes !== 'softmax')
      this.note(
        'the softmax at the end is part of the loss here: softmax cross-entropy takes the place of the loss',
        '末尾的 softmax 在这里属于损失：以 softmax 交叉熵代替原损失'
      )
    // The softmax of a log-softmax is that softmax.
    if (loss?.from === 'logits' && loss.squashes === 'softmax' && ending === 'softmax')
      this.fault(
        'softmaxTwice',
        end.name,
        'the network ends with softmax, and the loss, which expects logits, applies it again: it is taken away here',
        '网络以 softmax 结尾，而期望 logits 的损失又应用一次：这里去掉网络中的那次',
        true
      )
    if (loss?.from === 'logProbabilities' && ending === 'softmax')
      this.fault(
        'probabilitiesAsLogs',
        end.name,
        'the loss expects logarithms of probabilities, but gets probabilities: it falls without a bound below, and its gradient stays near −1. Here the loss is the cross-entropy',
        '损失期望对数概率，却得到概率：梯度几乎恒为 −1。这里损失为交叉熵',
        true
      )
    if (loss?.from === 'probabilities' && ending === 'logSoftmax') this.expectsProbabilities(end, 'softmax')
    return { id: 'softmaxCrossEntropy' }
  }
  private expectsProbabilities(end: ForeignLayer, what: 'softmax' | 'sigmoid'): void {
    this.fault(
      'logitsAsProbabilities',
      end.name,
      `the loss expects probabilities, but the network ends without ${what}: here the loss applies it`,
      `损失期望概率，但网络末尾没有 ${what}：这里由损失应用它`,
      true
    )
  }
  /** Takes the last layer's sigmoid away: the loss applies it. */
  private endLinear(end: ForeignLayer): void {
    const { node } = this.end()
    node.params = { ...node.params, activation: { id: 'linear' } }
    this.moved(end, 'sigmoid')
  }
  /** The last layer that computes: those behind it only put its values into another shape. */
  private end(): Built {
    let at = this.built[this.built.length - 1]!
    while (at.node.kind === 'reshape' || at.node.kind === 'flatten') {
      const [from] = at.node.inputs
      const before = this.built.find((b) => b.node.id === from)
      const readers = this.built.filter((b) => b.node.inputs.includes(from!))
      if (!before || readers.length > 1) break
      at = before
    }
    return at
  }
  private moved(end: ForeignLayer, ending: Ending): void {
    this.ending = ending
    this.remark(
      (l) => l.layer === end.name,
      ending === 'sigmoid'
        ? { en: 'sigmoid moves into the loss', zh: 'sigmoid 移入损失函数' }
        : { en: 'softmax moves into the loss', zh: 'softmax 移入损失函数' }
    )
  }
  private note(en: string, zh: string): void {
    this.notes.push({ en, zh })
  }
  private lookForFaults(): void {
    const byId = new Map(this.built.map((b) => [b.node.id, b]))
    const isNorm = (b: Built): boolean => b.node.kind === 'batchNorm'
    for (const b of this.built) {
      const { node } = b
      const start = (node.params.initializer as Spec | undefined)?.id
      if (start === 'zeros' || start === 'constant' || start === 'ones') {
        this.fault(
          'zeroInitializer',
          node.id,
          `all weights of ${node.id} start alike (${start}): its units stay copies of each other. When mended they are drawn as its activation wants`,
          `${node.id} 的全部权重初值相同（${start}）：其单元始终彼此相同。修复后按激活函数重新初始化`
        )
        if (this.mends('zeroInitializer')) {
          const { id = 'linear', ...params } = activationOf(b) ?? {}
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
      if (fed && ['dense', 'conv1d', 'conv2d'].includes(fed.node.kind) && activationOf(fed)?.id === 'linear') {
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

  /** Shape of what the network gives for one example; a single number where it can't be told. */
  private outputShape(): number[] {
    const { experiment, problems } = readExperiment({ network: { nodes: this.built.map((b) => b.node) } })
    if (problems.length) throw new InputError(problems)
    return planNetwork(experiment.network, this.source.inputShape!).outputShape ?? [1]
  }
  /** Targets are rows of numbers here: a picture at the end becomes one. @returns the shape of the output */
  private flatEnd(): number[] {
    const shape = this.outputShape()
    if (shape.length < 3) return shape
    const last = this.built[this.built.length - 1]!
    const id = idOf('flatten', 'flatten', this.taken)
    this.built.push({
      node: { id, kind: 'flatten', params: {}, inputs: [last.node.id] },
      layer: last.layer,
      part: { kind: 'flatten', params: {} },
      weights: {}
    })
    this.note(
      `targets are rows of numbers here: the picture of ${shape.join(' × ')} at the end is flattened, channels last`,
      `这里的目标是一行数：末尾 ${shape.join(' × ')} 的图像被展平，通道在最后`
    )
    return [sizeOf(shape)]
  }
  /**
   * Weights of another shape than the network gives them would be drawn anew without a word. Behind a layer that is
   * another one here they have to be; else the file is wrong. @throws InputError
   */
  private checkShapes({ network }: Experiment, weights: Tensors): void {
    const shown = (shape: readonly number[]): string => shape.join(' × ')
    const input = shown(this.source.inputShape!)
    const problems: Problem[] = []
    for (const layer of planNetwork(network, this.source.inputShape!).layers)
      for (const { name, shape } of layer.weights) {
        const given = weights.get(`${layer.id}/${name}`)
        if (!given || shown(given.shape) === shown(shape)) continue
        const [is, was] = [shown(shape), shown(given.shape)]
        if (this.replaced.length) {
          weights.delete(`${layer.id}/${name}`)
          this.remark((l) => l.nodes.includes(layer.id), {
            en: `its ${name} is drawn anew: of ${was} there, it is ${is} behind what is another layer here`,
            zh: `其 ${name} 重新初始化：原为 ${was}，在被替换的层之后为 ${is}`
          })
        } else
          problems.push(
            problem(
              `layer ${layer.name}`,
              `holds a ${name} of ${was}, but a model that reads ${input} has one of ${is} there: the file contradicts itself. Save the model anew`,
              `其 ${name} 的形状为 ${was}，而输入为 ${input} 的模型在此处应为 ${is}：文件自相矛盾。请重新保存模型`
            )
          )
      }
    if (problems.length) throw new InputError(problems)
  }
  /** Says of a layer that was read what is not the same here. */
  private remark(isOf: (layer: ImportedLayer) => boolean, text: Text): void {
    const read = this.layers.find(isOf)
    if (!read) return
    if (read.state === 'exact') read.state = 'note'
    read.texts = [...read.texts, text]
  }
  private result(training: ForeignTraining, loss: { id: string }): Imported {
    const output = this.flatEnd()
    const embedding = this.built.find((b) => b.node.kind === 'embedding')
    const symbols = (embedding?.node.params.vocabulary as number | undefined) ?? 0
    const weights: Tensors = new Map()
    for (const { node, weights: own } of this.built)
      for (const [name, tensor] of Object.entries(own)) weights.set(`${node.id}/${name}`, tensor)
    const isMended = this.mends('zeroInitializer') && this.faults.some((f) => f.code === 'zeroInitializer')
    const state = takeState(
      this.source,
      this.built.map(({ node: { id }, ...b }) => ({ id, ...b })),
      this.replaced.length > 0 || isMended
    )
    if (state.note) this.notes.push(state.note)
    if (training.schedule && (training.moved || state.tensors.get(STEPS_MADE)?.values[0]))
      this.note(
        'the learning rate’s schedule begins anew here, though steps have been made',
        '虽已训练过若干步，学习率调度在这里从头开始'
      )
    if (!training.optimizer)
      this.note(
        'no optimizer is known: gradient descent at the usual rate is taken',
        '没有已知的优化器：采用默认学习率的梯度下降'
      )
    for (const fault of this.faults)
      if (MENDED_BY_LOSS.includes(fault.code))
        fault.data = dataOf(this.source.inputShape!, symbols, 'sigmoidCrossEntropy', output)
    const document = {
      format: 'gradient-clinic/experiment',
      version: 1,
      name: this.source.name,
      data: {
        dataset: dataOf(this.source.inputShape!, symbols, loss.id, output),
        validation: 0.2,
        standardize: false
      },
      network: { nodes: this.built.map((b) => b.node) },
      training: {
        steps: IMPORTED_STEPS,
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
    this.checkShapes(experiment, weights)
    if (this.replaced.some((r) => r.className === 'Rescaling' || r.className === 'Normalization'))
      this.fault(
        'inputsNotScaled',
        'input',
        'the model scaled its inputs itself, and that is left out: give scaled data, or standardise them',
        '模型自行缩放输入，而这一步已略去：请提供缩放后的数据或进行标准化',
        true
      )
    return {
      experiment,
      weights,
      state: state.tensors,
      faults: this.faults,
      replaced: this.replaced,
      notes: this.notes,
      layers: this.layers,
      program: this.source.program,
      ...(this.ending && { ending: this.ending }),
      ...(this.source.sample && { sample: this.source.sample })
    }
  }
}

/** The file that the experiment starts from: weights, and what the optimizer has kept of them. */
export const startFile = ({ weights, state }: Pick<Imported, 'weights' | 'state'>): Uint8Array =>
  writeSafetensors(new Map([...weights, ...state]))

/**
 * Takes over a model of another program as an experiment.
 * @throws InputError naming each layer that can't be taken over, or is not the same here and may not be replaced
 */
export const importModel = (source: ForeignModel, options: ImportOptions = {}): Imported =>
  new Importer(source, options).read()
