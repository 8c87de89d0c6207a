import * as v from 'valibot'
import { crc32 } from '../../base/crc32'
import { thaws, type ForeignModel } from '../foreign'
import { AGAIN, refusal } from '../refusal'
import { numbersOf, readSafetensors, readMetadata, type NamedTensor } from '../safetensors'
import type { TorchNode } from './call'
import { isRecurrent } from './calls/items'
import { inOurOrder, readGraph } from './graph'
import { readState, readTraining, type Told } from './training'

const FORMAT = 'gradient-clinic/model'
const VERSION = 1
/** Nested arguments and settings, at most. */
const DEEPEST = 16

const anything = v.record(v.string(), v.unknown())
const told = v.looseObject({
  name: v.string(),
  settings: anything,
  alike: v.optional(v.boolean()),
  step: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 24))),
  uneven: v.optional(v.boolean()),
  parts: v.optional(v.array(v.looseObject({ name: v.string(), settings: anything })))
})
const size = v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9)))
const description = v.looseObject({
  format: v.literal(FORMAT),
  version: v.number(),
  framework: v.pipe(v.string(), v.maxLength(100)),
  name: v.pipe(v.string(), v.maxLength(200)),
  input: v.object({ shape: size, integer: v.boolean() }),
  nodes: v.pipe(
    v.array(
      v.looseObject({
        name: v.string(),
        call: v.picklist(['input', 'module', 'function', 'tensor']),
        op: v.string(),
        path: v.optional(v.string()),
        args: v.array(v.unknown()),
        kwargs: v.optional(anything),
        settings: v.optional(anything),
        shape: v.optional(size),
        code: v.optional(
          v.object({
            file: v.pipe(v.string(), v.maxLength(1000)),
            line: v.pipe(v.number(), v.integer(), v.minValue(1)),
            text: v.pipe(v.string(), v.maxLength(1000))
          })
        )
      })
    ),
    v.minLength(1)
  ),
  output: v.string(),
  tied: v.array(v.array(v.string())),
  frozen: v.optional(v.array(v.string())),
  remade: v.optional(v.array(v.string())),
  optimizer: v.optional(told),
  loss: v.optional(told),
  schedule: v.optional(told)
})

/** What to do where the description is not one that the exporter writes. */
const ANEW: [en: string, zh: string] = [
  'write it anew by gradient_clinic.export(model, sample, path)',
  '请用 gradient_clinic.export(model, sample, path) 重新写出'
]
function isDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth > DEEPEST || Object.values(value).some((x) => isDeep(x, depth + 1))
}

/** Whether a file begins as one of safetensors does: the length of a header, be it too large, and the header. */
export const isSafetensors = (bytes: Uint8Array): boolean =>
  bytes.length > 9 && bytes[8] === 0x7b && ((bytes[6] === 0 && bytes[7] === 0) || bytes[9] === 0x22)

/**
 * Reads what `gradient_clinic.export` wrote: a file of safetensors that describes its model in its header.
 * @param steps of the experiment that is made of it
 * @throws InputError for a damaged file, one that holds weights alone, and one of a later version
 */
export function readTorch(bytes: Uint8Array, steps: number): ForeignModel {
  const { gradient_clinic: text, crc32: sums } = readMetadata(bytes)
  if (text === undefined) throw refusal('model', 'holds weights alone', '只含权重', ...ANEW)
  // Files of earlier recorders have no checksums.
  if (sums !== undefined && sums !== [new TextEncoder().encode(text), numbersOf(bytes)].map(crc32).join(' '))
    throw refusal('model', 'is damaged: its checksum differs', '已损坏：校验和不符', ...AGAIN)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refusal('model', 'its description is no JSON', '其描述不是 JSON', ...ANEW)
  }
  if (isDeep(value)) throw refusal('model', `is nested more than ${DEEPEST} deep`, `嵌套超过 ${DEEPEST} 层`, ...ANEW)
  const parsed = v.safeParse(description, value)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const at = v.getDotPath(issue) ?? 'model'
    throw refusal('model', `its description is not sound at ${at}`, `其描述在 ${at} 处有误`, ...ANEW)
  }
  const { output } = parsed
  if (output.version > VERSION)
    throw refusal(
      'model',
      `was written by a newer gradient_clinic (its format is ${output.version}, and ${VERSION} is known here)`,
      `由更新版本的 gradient_clinic 写出（其格式为 ${output.version}，这里只认识 ${VERSION}）`,
      'write it with the recorder of this app, or update the app',
      '请用本应用附带的记录器写出，或更新本应用'
    )
  const [shared] = output.tied
  if (shared)
    throw refusal(
      'model',
      `has one parameter in two places (${shared.join(', ')}), and shared weights are not supported`,
      `同一参数用于两处（${shared.join('、')}），而不支持共享权重`,
      'give each place weights of its own, or watch the training with gradient_clinic.watch',
      '请为每处单独设权重，或用 gradient_clinic.watch 监视训练'
    )
  const tensors = readSafetensors(bytes)
  const weight = (name: string): NamedTensor | undefined => tensors.get(`weights/${name}`)
  const training = readTraining(output as { optimizer?: Told; loss?: Told; schedule?: Told }, steps)
  const { state, moment } =
    output.optimizer && training.optimizer ? readState(output.optimizer as Told, training.optimizer, tensors) : {}
  if (output.remade?.length)
    training.notes.push({
      en: `made anew for each call there (weight norm, spectral norm), but plain weights here: ${output.remade.slice(0, 5).join(', ')}`,
      zh: `原在每次调用时重新计算（权重归一化、谱归一化），这里是普通权重：${output.remade.slice(0, 5).join('、')}`
    })
  if (output.frozen?.length) training.notes.push(thaws(output.frozen))
  const nodes = output.nodes as unknown as TorchNode[]
  const { layers, ending, inputLayout, outputLayout, always } = readGraph({
    nodes,
    output: output.output,
    input: output.input,
    weight,
    ...(moment && { moment })
  })
  if (nodes.some((n) => isRecurrent(n) && n.settings?.['bias'] !== false))
    training.notes.push({
      en: 'a recurrent layer of PyTorch has two biases, which are added; here they are one, which moves half as far in a step as the two together',
      zh: 'PyTorch 的循环层有两个相加的偏置；这里合为一个，每步的变化是两者之和的一半'
    })
  const [x, y] = [tensors.get('sample/x'), tensors.get('sample/y')]
  const inner = inOurOrder({ shape: output.input.shape, values: x?.values ?? new Float32Array(0) }, inputLayout)
  return {
    program: output.framework,
    name: output.name,
    inputShape: inner.shape.slice(1),
    layers,
    ...(ending && { ending }),
    training,
    ...(state && { state }),
    faults: always.map((layer) => ({
      code: 'dropoutAlways' as const,
      layer,
      text: {
        en: `${layer} has no training=self.training: units are dropped when the model predicts, too. Here they are dropped in training alone`,
        zh: `${layer} 没有 training=self.training：预测时也会随机失活。这里只在训练时失活`
      }
    })),
    // What came out with values dropped is no measure.
    ...(x && y && !always.length && { sample: { x: inner, y: inOurOrder(y, outputLayout) } })
  }
}
