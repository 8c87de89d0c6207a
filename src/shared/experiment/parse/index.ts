import { isObject, own, type Json } from '../../base/objects'
import { brief, parseField, parseSpec, type Spec } from '../../base/params'
import { InputError, problem, type Problem } from '../../base/problems'
import { datasets } from '../../catalog/datasets'
import { lookup } from '../lookup'
import { remedies } from '../remedies'
import {
  EXPERIMENT_VERSION,
  type DataSettings,
  type Experiment,
  type Network,
  type RecordSettings,
  type TrainingSettings
} from '../types'
import { entryVersions, upgradeEntries } from '../upgrade'
import { settingsFields } from './fields'
import { MAX_SPECS, object, text } from './json'
import { parseLayout, parseNodes } from './nodes'
import { PARTS, placeOf } from './places'

export { settingsFields } from './fields'
export { MAX_DEPTH } from './nodes'

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
  const part = (of: unknown, name: keyof typeof PARTS): Json =>
    object(of, PARTS[name], name, problems, (key) => placeOf(name, key, own(of as Json, key)))
  // Editors of JSON look for what checks a document under this name.
  const { $schema: _, ...rest } = isObject(value) ? value : {}
  const top = part(isObject(value) ? rest : value, '')
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

  const d = part(own(top, 'data'), 'data')
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
  const n = part(own(top, 'network'), 'network')
  const network: Network = {
    nodes: parseNodes(own(n, 'nodes') ?? [], 'network.nodes', '', 0, problems),
    ...(own(n, 'layout') !== undefined && { layout: parseLayout(own(n, 'layout'), problems) })
  }
  const t = part(own(top, 'training'), 'training')
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
  const r = part(own(top, 'record'), 'record')
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
