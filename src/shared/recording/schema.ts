import * as v from 'valibot'
import { LEVELS, tooDeepAt } from '../base/json'
import { activations } from '../catalog/activations'
import { statistics } from '../catalog/statistics'
import type { Statistic } from '../catalog/statistics/types'
import { nextTowardsLoss } from '../run/path'
import type { CodeLine } from '../base/python'
import type { Column, RecordedModule, RunLayer, RunSchema } from '../run/types'
import { unreadable } from './chunks'

/** Version of the format that is read. */
const FORMAT = 1
/** A model of more modules, or with more figures, is not watched by hand. */
const [MOST_MODULES, MOST_COLUMNS] = [20_000, 500_000]
const text = v.pipe(v.string(), v.maxLength(1000))
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
const line = v.object({
  file: text,
  line: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e7)),
  code: v.optional(v.pipe(v.string(), v.maxLength(10_000)), '')
})
/** How the parameters of a module are trained. */
const standing = {
  trainable: count,
  frozen: count,
  forgotten: count,
  held: count,
  idle: v.optional(count),
  still: v.optional(v.boolean())
}
const moduleSchema = v.object({
  name: text,
  kind: text,
  shape: v.pipe(v.array(count), v.maxLength(16)),
  parameters: count,
  kernel: v.boolean(),
  attention: v.optional(v.boolean(), false),
  ran: v.boolean(),
  ...standing,
  activation: v.optional(text),
  input: v.optional(count),
  tied: v.optional(text),
  file: v.optional(text),
  line: v.optional(line.entries.line),
  code: v.optional(line.entries.code)
})
const recordedSchema = v.object({
  format: v.literal(FORMAT),
  recorder: text,
  framework: v.object({ name: text, version: text }),
  script: v.pipe(v.string(), v.maxLength(10_000)),
  device: text,
  model: text,
  optimizer: text,
  parameters: count,
  batch: v.pipe(count, v.maxValue(2 ** 31)),
  every: v.pipe(count, v.minValue(1), v.maxValue(1e6)),
  lines: v.object({ backward: v.optional(line), step: v.optional(line) }),
  modules: v.pipe(v.array(moduleSchema), v.minLength(1), v.maxLength(MOST_MODULES)),
  columns: v.pipe(v.array(v.tuple([count, text])), v.maxLength(MOST_COLUMNS)),
  scalars: v.pipe(v.array(text), v.maxLength(100))
})
const standingsSchema = v.object({ step: count, modules: v.array(v.tuple([count, v.object(standing)])) })
/** How modules are trained from a step on: what they stand for in place of what the first chunk said. */
export type Standings = v.InferOutput<typeof standingsSchema>
type Standing = Standings['modules'][number][1]
/** What the first chunk of a recording says. */
export type Recorded = v.InferOutput<typeof recordedSchema>
type Module = Recorded['modules'][number]

/** Kinds of layers by what PyTorch and Keras call them. Any other keeps the name that it has there. */
const KINDS: Readonly<Record<string, string>> = {
  Linear: 'dense',
  Dense: 'dense',
  Conv1d: 'conv1d',
  Conv1D: 'conv1d',
  Conv2d: 'conv2d',
  Conv2D: 'conv2d',
  BatchNorm1d: 'batchNorm',
  BatchNorm2d: 'batchNorm',
  BatchNorm3d: 'batchNorm',
  SyncBatchNorm: 'batchNorm',
  BatchNormalization: 'batchNorm',
  LayerNorm: 'layerNorm',
  LayerNormalization: 'layerNorm',
  Embedding: 'embedding',
  LSTM: 'lstm',
  GRU: 'gru',
  RNN: 'simpleRnn',
  SimpleRNN: 'simpleRnn'
}
/** A model, or a class of it, that is trained against another one has a loss without a smallest value. */
const CRITIC = /critic|discriminator/i

/** Reads the JSON of the first chunk. @throws InputError naming what is wrong in it */
export function readRecorded(json: string): Recorded {
  if (tooDeepAt(json) !== undefined)
    throw unreadable(
      `has a description that is nested more than ${LEVELS} levels deep`,
      `其描述的嵌套超过 ${LEVELS} 层`
    )
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw unreadable('has a description that is not JSON', '其描述不是 JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable('has a description that is JSON, but not an object', '其描述不是 JSON 对象')
  const { format } = value as { format?: unknown }
  if (typeof format === 'number' && format > FORMAT)
    throw unreadable(
      `has format ${format}, of a newer recorder; this program reads ${FORMAT}`,
      `格式为 ${format}，来自更新的记录器；本程序只能读取 ${FORMAT}`
    )
  const read = v.safeParse(recordedSchema, value)
  if (!read.success) {
    const [issue] = read.issues
    const where = v.getDotPath(issue) ?? 'description'
    throw unreadable(`has a wrong description: ${where}: ${issue.message}`, `描述有误：${where}：${issue.message}`)
  }
  const { modules, columns } = read.output
  const stray = columns.find(([layer]) => layer >= modules.length)
  if (stray)
    throw unreadable(
      `speaks of module ${stray[0]} of ${modules.length}`,
      `提到第 ${stray[0]} 个模块，但只有 ${modules.length} 个`
    )
  return read.output
}

/** Reads how modules are trained from a step on. @throws InputError naming what is wrong in it */
export function readStandings(value: unknown, layers: number): Standings {
  const read = v.safeParse(standingsSchema, value)
  if (read.success && read.output.modules.every(([index]) => index < layers)) return read.output
  throw unreadable('says wrongly which parameters are trained', '对哪些参数在训练的描述有误')
}
/** What a layer of a run keeps of how its module is trained. */
export const standingOf = ({
  trainable,
  frozen,
  forgotten,
  held,
  idle,
  still
}: Standing): Omit<Standing, 'idle' | 'still'> & Pick<RecordedModule, 'idle' | 'still'> => ({
  trainable,
  frozen,
  forgotten,
  held,
  ...(idle !== undefined && { idle }),
  ...(still !== undefined && { still })
})

const codeOf = (m: Module): CodeLine | undefined =>
  m.file !== undefined && m.line !== undefined ? { file: m.file, line: m.line, text: m.code ?? '' } : undefined

function layersOf(recorded: Recorded): RunLayer[] {
  const { modules } = recorded
  const hasRun = modules.some((m) => m.ran)
  let previous: string | undefined
  const ids = new Set<string>()
  return modules.map((m, index) => {
    // Names of modules are unique; those of a file need not be.
    const id = ids.has(m.name) || !m.name ? `${m.name || recorded.model}#${index}` : m.name
    ids.add(id)
    // In a chain, in the order in which they ran: hooks know modules, not how they are wired.
    const inputs = previous === undefined ? [] : [previous]
    const isLink = m.ran || !hasRun
    if (isLink) previous = id
    const activation = m.activation !== undefined && activations.find(m.activation) ? m.activation : undefined
    const code = codeOf(m)
    return {
      index,
      id,
      node: id,
      kind: activation ? 'activation' : (KINDS[m.kind] ?? m.kind),
      name: m.name || recorded.model,
      outputShape: m.shape,
      paramCount: m.parameters,
      main: m.kernel && isLink,
      inputs,
      ...(activation && { activation }),
      recorded: {
        className: m.kind,
        ...standingOf(m),
        ...(m.tied !== undefined && { tied: m.tied }),
        ...(code && { code })
      }
    }
  })
}

/** A statistic that is derived from recorded ones: places in a frame of its own value, and of those it reads. */
export interface Derived {
  entry: Statistic
  own: ReadonlyMap<string, number>
  next: ReadonlyMap<string, number>
}
/** The schema of the run that a recording is, and what it derives: the last columns, in this order. */
export interface Mapped {
  schema: RunSchema
  derived: readonly Derived[]
}

/** The run's schema of a recording. Derived statistics come behind the recorded ones. */
export function mapRecorded(recorded: Recorded): Mapped {
  const layers = layersOf(recorded)
  const columns: Column[] = recorded.columns.map(([layer, statistic]) => ({ layer, statistic }))
  const places = layers.map(() => new Map<string, number>())
  columns.forEach((c, i) => places[c.layer]!.set(c.statistic, i))
  const derived: Derived[] = []
  const has = (l: RunLayer): boolean => places[l.index]!.has('activationGradientRms')
  for (const entry of statistics.all.filter((s) => s.derive))
    for (const layer of layers.filter((l) => has(l) && l.main)) {
      const next = nextTowardsLoss(layers, layer, has)
      if (!next) continue
      derived.push({ entry, own: places[layer.index]!, next: places[next.index]! })
      columns.push({ layer: layer.index, statistic: entry.id })
    }
  const { framework, lines } = recorded
  const at = (l?: { file: string; line: number; code: string }): CodeLine | undefined =>
    l && { file: l.file, line: l.line, text: l.code }
  const [step, backward] = [at(lines.step), at(lines.backward)]
  return {
    derived,
    schema: {
      layers,
      columns,
      scalars: recorded.scalars,
      info: {
        inputShape: [],
        targetShape: [],
        task: CRITIC.test(recorded.model) ? 'critic' : 'regression',
        count: recorded.batch
      },
      // What is known of the data is the size of a batch.
      trainCount: recorded.batch,
      validationCount: 0,
      paramCount: recorded.parameters,
      compiled: { en: 'trained in another program', zh: '由另一程序训练' },
      versions: { [framework.name]: framework.version, gradient_clinic: recorded.recorder },
      recording: {
        script: recorded.script,
        model: recorded.model,
        optimizer: recorded.optimizer,
        device: recorded.device,
        every: recorded.every,
        ...(step && { step }),
        ...(backward && { backward })
      }
    }
  }
}
