import { didYouMean } from '../base/nearest'
import { datasets } from '../catalog/datasets'
import { layers } from '../catalog/layers'
import type { LayerCode } from '../base/python'
import { lookup } from './lookup'
import { entryVersions, upgradeEntries } from './upgrade'
import {
  brief,
  parseField,
  parseParams,
  parseSpec,
  type ChoiceField,
  type NumberField,
  type Spec
} from '../base/params'
import { remedies } from './remedies'
import { problem, InputError, type Problem } from '../base/problems'
import {
  EXPERIMENT_VERSION,
  INPUT,
  type DataSettings,
  type Experiment,
  type Network,
  type NetworkNode,
  type RecordSettings,
  type TrainingSettings
} from './types'

type Json = Record<string, unknown>
/** How deep blocks may be nested. */
export const MAX_DEPTH = 4
/** Most choices in one list: none may come twice. */
const MAX_SPECS = 100
/** Most nodes in one list; more layers than that are refused anyway. */
const MAX_NODES = 5000
/** Longest path of a file, and longest line of code, that a node keeps. */
const LONGEST_CODE = 1000
const ID = /^[A-Za-z][\w-]*$/
const num = (label: string, zh: string, f: Omit<NumberField, 'type' | 'label'>): NumberField => ({
  type: 'number',
  label: { en: label, zh },
  ...f
})

const choice = (f: Omit<ChoiceField, 'type'>): ChoiceField => ({ type: 'choice', ...f })

/** Fields of the settings that aren't registry entries: forms, JSON Schema and checks derive from them. */
export const settingsFields = {
  seed: num('Seed', '随机种子', {
    default: 42,
    integer: true,
    min: 0,
    max: 4294967295,
    help: {
      en: 'All randomness comes from it: weights, split, order of the batches, noise. The same seed gives the same run, bit for bit.',
      zh: '一切随机性由它而来：权重、划分、批的顺序、噪声。种子相同，运行逐位相同。'
    }
  }),
  validation: num('Validation share', '验证集占比', {
    default: 0.2,
    min: 0,
    max: 0.9,
    help: {
      en: 'Share of the examples held out; the network never trains on them.',
      zh: '留出的样本占比；网络不会用它们训练。'
    }
  }),
  standardize: {
    type: 'bool',
    default: true,
    label: { en: 'Standardise inputs', zh: '输入标准化' },
    help: {
      en: 'Each input to mean 0 and standard deviation 1, by the training part; the targets of a regression too. Errors are told in the target’s own unit all the same.',
      zh: '按训练集把每个输入变为均值 0、标准差 1；回归的目标也是如此。误差仍以目标自身的单位给出。'
    }
  },
  examples: num('Training examples', '训练样本数', {
    default: 0,
    integer: true,
    min: 0,
    max: 1000000000,
    advanced: true,
    zero: { en: 'all', zh: '全部' },
    help: {
      en: 'Trains on so many of the training examples, drawn by the seed, each class in turn. A network that can learn learns ten examples by heart.',
      zh: '只用这么多训练样本，由种子抽取，各类别轮流。能学习的网络可以把十个样本背下来。'
    }
  }),
  steps: num('Steps', '步数', {
    default: 400,
    integer: true,
    min: 1,
    max: 1000000,
    help: { en: 'Updates of the weights until the run ends.', zh: '运行结束前更新权重的次数。' }
  }),
  batchSize: num('Batch size', '批大小', {
    default: 64,
    integer: true,
    min: 0,
    max: 1000000,
    zero: { en: 'all', zh: '全部' },
    help: { en: 'Examples per step; 0 takes all of them.', zh: '每步的样本数；0 表示全部。' }
  }),
  classWeights: choice({
    default: 'none',
    label: { en: 'Class weights', zh: '类别权重' },
    help: {
      en: 'Balanced: an example counts in the gradient the more, the rarer its class is among the training examples. The loss that is shown stays unweighted, so that runs can be compared.',
      zh: '均衡：训练样本中越少见的类别，其样本在梯度中的权重越大。显示的损失不加权，以便比较各次运行。'
    },
    options: [
      { id: 'none', label: { en: 'None', zh: '无' } },
      { id: 'balanced', label: { en: 'Balanced', zh: '均衡' } }
    ]
  }),
  every: num('Record every', '记录间隔', {
    default: 1,
    integer: true,
    min: 1,
    max: 100000,
    unit: 'steps',
    help: {
      en: 'Statistics of every layer are kept at each n-th step. Fewer make long runs faster and files smaller.',
      zh: '每 n 步保存一次各层的统计量。记录得少，长时间的运行更快，文件更小。'
    }
  }),
  evaluateEvery: num('Validate every', '验证间隔', {
    default: 20,
    integer: true,
    min: 1,
    max: 1000000,
    unit: 'steps',
    help: {
      en: 'Loss and metrics of the examples held out are computed every n steps, and at the end.',
      zh: '每 n 步及结束时，在留出的样本上计算损失与指标。'
    }
  }),
  keepEvery: num('Keep every', '保存间隔', {
    default: 100,
    integer: true,
    min: 0,
    max: 1000000,
    unit: 'steps',
    help: {
      en: 'Weights and optimizer state are kept every n steps, so that a new run can continue from there; of many, every second one goes. 0 keeps only the end.',
      zh: '每 n 步保留权重与优化器状态，以便新的运行由此继续；过多时每隔一个舍去。0 只保留结束时的状态。'
    }
  }),
  times: num('Copies', '重复次数', {
    default: 2,
    integer: true,
    min: 1,
    max: 1000,
    help: {
      en: 'How often the block is repeated, each copy with weights of its own.',
      zh: '块重复的次数，每份有自己的权重。'
    }
  })
} as const

const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v)
const own = (o: Json, k: string): unknown => (Object.prototype.hasOwnProperty.call(o, k) ? o[k] : undefined)

/** An object at `path`, with unknown keys reported. */
function object(value: unknown, keys: string[], path: string, problems: Problem[]): Json {
  if (value === undefined) return {}
  if (!isObject(value)) {
    problems.push(problem(path, 'must be an object', '必须是对象'))
    return {}
  }
  let unknown = 0
  for (const k of Object.keys(value))
    if (!keys.includes(k)) {
      // Of very many the last ones are told by their number alone.
      const meant = unknown++ < MAX_SPECS ? didYouMean(k, keys) : { en: '', zh: '' }
      problems.push(
        problem(
          path ? `${path}.${k}` : k,
          `is not known here${meant.en}; known: ${keys.join(', ')}`,
          `此处未知${meant.zh}；已知：${keys.join(', ')}`
        )
      )
    }
  return value
}
function text(value: unknown, fallback: string, path: string, problems: Problem[]): string {
  if (value === undefined) return fallback
  if (typeof value === 'string' && value.length <= 200) return value
  problems.push(problem(path, 'must be a text of at most 200 characters', '必须是不超过 200 个字符的文本'))
  return fallback
}

/** A line of a person's code. */
function parseCode(value: unknown, path: string, problems: Problem[], isInner = false): LayerCode | undefined {
  if (value === undefined) return undefined
  const keys = ['file', 'line', 'text', ...(isInner ? [] : ['activation'])]
  const { file, line, text, activation: inner } = object(value, keys, path, problems)
  const isText = (v: unknown): v is string => typeof v === 'string' && v.length <= LONGEST_CODE
  if (isText(file) && isText(text) && Number.isInteger(line) && (line as number) > 0) {
    const activation = isInner ? undefined : parseCode(inner, `${path}.activation`, problems, true)
    return { file, line: line as number, text, ...(activation && { activation }) }
  }
  problems.push(
    problem(
      path,
      `must name a file, a line from 1, and its text, of at most ${LONGEST_CODE} characters each`,
      `必须给出文件、行号（从 1 起）及该行文本，各不超过 ${LONGEST_CODE} 个字符`
    )
  )
  return undefined
}

function parseNodes(value: unknown, path: string, prefix: string, depth: number, problems: Problem[]): NetworkNode[] {
  if (!Array.isArray(value)) {
    problems.push(problem(path, 'must be a list of layers', '必须是层的列表'))
    return []
  }
  if (depth > MAX_DEPTH) {
    problems.push(problem(path, `blocks are nested more than ${MAX_DEPTH} deep`, `块的嵌套超过 ${MAX_DEPTH} 层`))
    return []
  }
  if (value.length > MAX_NODES) {
    problems.push(
      problem(
        path,
        `has ${value.length} entries, more than ${MAX_NODES}: use repeat blocks`,
        `有 ${value.length} 项，超过 ${MAX_NODES}：请使用重复块`
      )
    )
    return []
  }
  const out: NetworkNode[] = []
  const seen = new Set<string>([INPUT])
  value.forEach((raw: unknown, i) => {
    const id = isObject(raw) && typeof own(raw, 'id') === 'string' ? (own(raw, 'id') as string) : undefined
    const at = `${path}.${id ?? i}`
    const node = prefix + (id ?? i)
    if (!isObject(raw)) return void problems.push(problem(at, 'must be an object', '必须是对象'))
    const kind = own(raw, 'kind')
    const block = kind === 'repeat'
    object(
      raw,
      block ? ['id', 'kind', 'name', 'times', 'inputs', 'body'] : ['id', 'kind', 'name', 'params', 'inputs', 'code'],
      at,
      problems
    )
    if (!id) problems.push(problem(`${at}.id`, 'is missing: give the layer an id', '缺少：请为该层指定 id', { node }))
    else if (!ID.test(id))
      problems.push(
        problem(
          `${at}.id`,
          'must start with a letter and hold only letters, digits, _ and -',
          '必须以字母开头，且只含字母、数字、_ 和 -',
          { node }
        )
      )
    else if (seen.has(id))
      problems.push(
        id === INPUT
          ? problem(`${at}.id`, `"${id}" is reserved: give the layer another id`, `“${id}” 为保留字：请换一个 id`, {
              node
            })
          : problem(
              `${at}.id`,
              `"${id}" is used twice here: give each layer its own id`,
              `“${id}” 在此重复：每层须有自己的 id`,
              {
                node
              }
            )
      )
    // The default chain: without `inputs`, a layer reads the one before it.
    const previous = out.length ? out[out.length - 1]!.id : INPUT
    const given = own(raw, 'inputs')
    let inputs = [previous]
    if (given !== undefined) {
      if (Array.isArray(given) && given.every((x) => typeof x === 'string')) inputs = [...(given as string[])]
      else problems.push(problem(`${at}.inputs`, 'must be a list of layer ids', '必须是层 id 的列表', { node }))
    }
    if (id) seen.add(id)
    const safeId = id ?? `layer${i}`
    const name = own(raw, 'name') === undefined ? {} : { name: text(own(raw, 'name'), safeId, `${at}.name`, problems) }
    if (block) {
      const times = parseField(settingsFields.times, own(raw, 'times'), `${at}.times`, problems, lookup) as number
      const given = own(raw, 'body')
      const body = parseNodes(given, `${at}.body`, `${node}/`, depth + 1, problems)
      if (Array.isArray(given) && !given.length)
        problems.push(
          problem(`${at}.body`, 'the block is empty: put a layer into it', '块是空的：请放入一层', { node })
        )
      out.push({ id: safeId, kind: 'repeat', ...name, times, inputs, body })
      return
    }
    const entry = typeof kind === 'string' ? layers.find(kind) : undefined
    if (!entry) {
      const known = [...layers.ids(), 'repeat']
      const meant = didYouMean(typeof kind === 'string' ? kind : '', known)
      problems.push(
        problem(
          `${at}.kind`,
          kind === undefined
            ? `is missing; known: ${known.join(', ')}`
            : `${brief(kind)} is not a layer kind${meant.en}; known: ${known.join(', ')}`,
          kind === undefined
            ? `缺少；已知：${known.join(', ')}`
            : `${brief(kind)} 不是层的种类${meant.zh}；已知：${known.join(', ')}`,
          { node }
        )
      )
      return
    }
    const before = problems.length
    const params = parseParams(entry.fields, own(raw, 'params'), `${at}.params`, problems, lookup)
    for (const p of problems.slice(before)) p.node = node
    const code = parseCode(own(raw, 'code'), `${at}.code`, problems)
    out.push({ id: safeId, kind: entry.id, ...name, params, inputs, ...(code && { code }) })
  })
  return out
}

function parseLayout(value: unknown, problems: Problem[]): Network['layout'] {
  if (!isObject(value)) {
    problems.push(problem('network.layout', 'must be an object', '必须是对象'))
    return undefined
  }
  const out: NonNullable<Network['layout']> = {}
  for (const [k, v] of Object.entries(value)) {
    if (k === '__proto__') continue
    if (isObject(v) && Number.isFinite(v.x) && Number.isFinite(v.y)) out[k] = { x: v.x as number, y: v.y as number }
    else problems.push(problem(`network.layout.${k}`, 'must be { x, y } in numbers', '必须是数字 { x, y }'))
  }
  return out
}

function specs(value: unknown, path: string, problems: Problem[]): Spec[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    problems.push(problem(path, 'must be a list', '必须是列表'))
    return []
  }
  if (value.length > MAX_SPECS) {
    problems.push(
      problem(path, `has ${value.length} entries, more than ${MAX_SPECS}`, `有 ${value.length} 项，超过 ${MAX_SPECS}`)
    )
    return []
  }
  const list = value.map((v: unknown, i) => parseSpec('remedies', v, `${path}.${i}`, problems, lookup))
  list.forEach((s, i) => {
    if (list.findIndex((o) => o.id === s.id) !== i)
      problems.push(problem(`${path}.${i}`, `"${s.id}" is listed twice`, `“${s.id}” 重复出现`))
  })
  return list
}

/**
 * Reads an experiment out of untrusted JSON: migrates what earlier versions of entries have written, checks, and fills
 * in every default.
 * @returns the experiment and all problems; with problems it is a best effort that must not be trained.
 */
export function readExperiment(document: unknown): { experiment: Experiment; problems: Problem[] } {
  const { document: value, problems } = upgradeEntries(document)
  if (!isObject(value)) problems.push(problem('', 'an experiment must be a JSON object', '实验必须是 JSON 对象'))
  const top = object(
    value,
    ['format', 'version', 'name', 'seed', 'data', 'network', 'training', 'record', 'remedies', 'weights', 'entries'],
    '',
    problems
  )
  const field = (f: Parameters<typeof parseField>[0], o: Json, k: string, path: string): unknown =>
    parseField(f, own(o, k), path, problems, lookup)
  const format = own(top, 'format')
  if (format !== undefined && format !== 'gradient-clinic/experiment')
    problems.push(problem('format', 'must be "gradient-clinic/experiment"', '必须是 "gradient-clinic/experiment"'))
  const version = own(top, 'version') ?? EXPERIMENT_VERSION
  if (version !== EXPERIMENT_VERSION)
    problems.push(
      problem(
        'version',
        `is ${brief(version)}; this program reads version ${EXPERIMENT_VERSION}`,
        `为 ${brief(version)}；本程序读取版本 ${EXPERIMENT_VERSION}`
      )
    )

  const d = object(own(top, 'data'), ['dataset', 'validation', 'standardize', 'examples'], 'data', problems)
  const dataset = parseSpec('datasets', own(d, 'dataset') ?? 'randomPairs', 'data.dataset', problems, lookup)
  const examples = field(settingsFields.examples, d, 'examples', 'data.examples') as number
  const standardizeDefault = datasets.find(dataset.id)?.standardize ?? true
  const data: DataSettings = {
    dataset,
    validation: field(
      own(d, 'validation') === undefined && dataset.id === 'randomPairs'
        ? { ...settingsFields.validation, default: 0 }
        : settingsFields.validation,
      d,
      'validation',
      'data.validation'
    ) as number,
    standardize: field(
      { ...settingsFields.standardize, default: standardizeDefault },
      d,
      'standardize',
      'data.standardize'
    ) as boolean,
    ...(examples && { examples })
  }
  const n = object(own(top, 'network'), ['nodes', 'layout'], 'network', problems)
  const network: Network = {
    nodes: parseNodes(own(n, 'nodes') ?? [], 'network.nodes', '', 0, problems),
    ...(own(n, 'layout') !== undefined && { layout: parseLayout(own(n, 'layout'), problems) })
  }
  const t = object(
    own(top, 'training'),
    ['steps', 'batchSize', 'loss', 'optimizer', 'schedule', 'hooks', 'classWeights'],
    'training',
    problems
  )
  const training: TrainingSettings = {
    steps: field(settingsFields.steps, t, 'steps', 'training.steps') as number,
    batchSize: field(settingsFields.batchSize, t, 'batchSize', 'training.batchSize') as number,
    loss: parseSpec('losses', own(t, 'loss') ?? 'meanSquaredError', 'training.loss', problems, lookup),
    optimizer: parseSpec('optimizers', own(t, 'optimizer') ?? 'sgd', 'training.optimizer', problems, lookup),
    schedule: parseSpec('schedules', own(t, 'schedule') ?? 'constant', 'training.schedule', problems, lookup),
    hooks: specs(own(t, 'hooks'), 'training.hooks', problems),
    ...(field(settingsFields.classWeights, t, 'classWeights', 'training.classWeights') === 'balanced' && {
      classWeights: 'balanced' as const
    })
  }
  training.hooks.forEach((h, i) => {
    const entry = remedies.find(h.id)
    if (entry && !entry.hook)
      problems.push(
        problem(
          `training.hooks.${i}`,
          `"${h.id}" has no part in the step; list it under remedies`,
          `“${h.id}” 不作用于训练步；请放到 remedies 中`
        )
      )
  })
  const r = object(own(top, 'record'), ['every', 'evaluateEvery', 'keepEvery'], 'record', problems)
  const record: RecordSettings = {
    every: field(settingsFields.every, r, 'every', 'record.every') as number,
    evaluateEvery: field(settingsFields.evaluateEvery, r, 'evaluateEvery', 'record.evaluateEvery') as number,
    keepEvery: field(settingsFields.keepEvery, r, 'keepEvery', 'record.keepEvery') as number
  }
  const versions = entryVersions()
  return {
    experiment: {
      format: 'gradient-clinic/experiment',
      version: EXPERIMENT_VERSION,
      name: text(own(top, 'name'), 'Untitled', 'name', problems),
      seed: field(settingsFields.seed, top, 'seed', 'seed') as number,
      data,
      network,
      training,
      record,
      remedies: specs(own(top, 'remedies'), 'remedies', problems),
      ...(own(top, 'weights') !== undefined && { weights: text(own(top, 'weights'), '', 'weights', problems) }),
      ...(Object.keys(versions).length && { entries: versions })
    },
    problems
  }
}

/** The same, for callers that need a sound experiment. @throws InputError with every problem. */
export function parseExperiment(value: unknown): Experiment {
  const { experiment, problems } = readExperiment(value)
  if (problems.length) throw new InputError(problems)
  return experiment
}
