import { InputError } from '../base/problems'
import type { Spec } from '../base/params'
import { readExperiment } from '../experiment'
import type { ForeignModel } from './foreign'
import type { FaultCode, Imported, ImportOptions } from './imported'
import { Draft } from './importing/draft'
import { finish } from './importing/ending'
import { lookForFaults } from './importing/faults'
import { readLayers } from './importing/reading'
import { checkShapes, flatEnd } from './importing/shapes'
import { refusal } from './refusal'
import { writeSafetensors, type Tensors } from './safetensors'
import { STEPS_MADE, takeState } from './state'

/** Faults that are mended by another loss: its targets are yes or no. */
const MENDED_BY_LOSS: readonly FaultCode[] = ['sigmoidWithMeanSquaredError', 'softmaxOfOne']
/** Steps of an experiment that is made of a model: files say none. */
export const IMPORTED_STEPS = 500

/** Which task and targets a loss with an output of this shape, `[outputs]` or `[steps, outputs]`, speaks of. */
function dataOf(shape: number[], symbols: number, loss: string, output: number[]): Spec {
  const outputs = output.at(-1)!
  // Several columns of a sigmoid are each 0 or 1: of these data one is 1.
  const isProbable = loss === 'softmaxCrossEntropy' || loss === 'sigmoidCrossEntropy'
  const kind = !isProbable ? 'numbers' : outputs === 1 && loss === 'sigmoidCrossEntropy' ? 'yesNo' : 'classes'
  const steps = output.length > 1 ? output[0] : 0
  return { id: 'randomData', count: 256, shape: shape.join(', '), symbols, targets: kind, outputs, steps }
}

/** The experiment of a network that is whole, with its weights and all that is to be said of it. */
function result(draft: Draft, loss: { id: string }): Imported {
  const { source } = draft
  const { training } = source
  const inputShape = source.inputShape!
  const output = flatEnd(draft)
  const embedding = draft.built.find((b) => b.node.kind === 'embedding')
  const symbols = (embedding?.node.params.vocabulary as number | undefined) ?? 0
  const weights: Tensors = new Map()
  for (const { node, weights: own } of draft.built)
    for (const [name, tensor] of Object.entries(own)) weights.set(`${node.id}/${name}`, tensor)
  const isMended = draft.mends('zeroInitializer') && draft.faults.some((f) => f.code === 'zeroInitializer')
  const state = takeState(
    source,
    draft.built.map(({ node: { id }, ...b }) => ({ id, ...b })),
    draft.replaced.length > 0 || isMended
  )
  if (state.note) draft.notes.push(state.note)
  if (training.schedule && (training.moved || state.tensors.get(STEPS_MADE)?.values[0]))
    draft.note(
      'the learning rate’s schedule begins anew here, though steps have been made',
      '虽已训练过若干步，学习率调度在这里从头开始'
    )
  if (!training.optimizer)
    draft.note(
      'no optimizer is known: gradient descent at the usual rate is taken',
      '没有已知的优化器：采用默认学习率的梯度下降'
    )
  for (const fault of draft.faults)
    if (MENDED_BY_LOSS.includes(fault.code)) fault.data = dataOf(inputShape, symbols, 'sigmoidCrossEntropy', output)
  const document = {
    format: 'gradient-clinic/experiment',
    version: 1,
    name: source.name,
    data: {
      dataset: dataOf(inputShape, symbols, loss.id, output),
      validation: 0.2,
      standardize: false
    },
    network: { nodes: draft.built.map((b) => b.node) },
    training: {
      steps: IMPORTED_STEPS,
      batchSize: 32,
      loss,
      ...(training.optimizer && { optimizer: training.optimizer }),
      ...(training.schedule && { schedule: training.schedule }),
      hooks: training.hooks
    },
    ...(weights.size && draft.weightsFile !== undefined && { weights: draft.weightsFile })
  }
  const { experiment, problems } = readExperiment(document)
  if (problems.length) throw new InputError(problems)
  checkShapes(draft, experiment, weights)
  if (draft.replaced.some((r) => r.className === 'Rescaling' || r.className === 'Normalization'))
    draft.fault(
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
    faults: draft.faults,
    replaced: draft.replaced,
    notes: draft.notes,
    layers: draft.layers,
    program: source.program,
    ...(draft.ending && { ending: draft.ending }),
    ...(source.sample && { sample: source.sample })
  }
}

/** The file that the experiment starts from: weights, and what the optimizer has kept of them. */
export const startFile = ({ weights, state }: Pick<Imported, 'weights' | 'state'>): Uint8Array =>
  writeSafetensors(new Map([...weights, ...state]))

/**
 * Takes over a model of another program as an experiment.
 * @throws InputError naming each layer that can't be taken over, or is not the same here and may not be replaced
 */
export function importModel(source: ForeignModel, options: ImportOptions = {}): Imported {
  if (!source.inputShape)
    throw refusal(
      'model',
      'doesn’t say the shape of its input',
      '没有说明输入形状',
      'build it (model.build, or a first call) before it is saved, with every axis but the batch given',
      '保存前请先构建模型（model.build 或先调用一次），并给出除批次外的每个轴'
    )
  const draft = new Draft(source, options)
  draft.notes.push(...source.training.notes)
  for (const { code, layer, text } of source.faults ?? []) draft.faults.push({ code, layer, text, always: true })
  readLayers(draft)
  const loss = finish(draft)
  lookForFaults(draft)
  return result(draft, loss)
}
