import { toJsonSchema } from '@valibot/to-json-schema'
import { basename, dirname, resolve } from 'node:path'
import * as v from 'valibot'
import { issuesToProblems } from '../../shared/base/issues'
import { parseJsonText } from '../../shared/base/json'
import { didYouMean } from '../../shared/base/nearest'
import { parseSpec } from '../../shared/base/params'
import { InputError, type Problem } from '../../shared/base/problems'
import { lookup } from '../../shared/experiment/lookup'
import type { RemedyChoice } from '../../shared/experiment/types'
import { bad } from '../args'
import { readBytes } from '../input'

/** Trainings of one sweep, unless the plan allows for more. */
const TRAININGS = 200
const BYTES = 64e6

const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4294967295))
const choice = v.union([v.string(), v.looseObject({ id: v.string() })])
const entries = {
  format: v.optional(v.literal('gradient-clinic/sweep-plan')),
  version: v.optional(v.literal(1)),
  experiment: v.pipe(
    v.union([v.string(), v.looseObject({})]),
    v.description('An experiment, or the name of its file (JSON or a project), looked for next to the plan.')
  ),
  settings: v.pipe(
    v.optional(v.record(v.string(), v.pipe(v.array(v.any()), v.minLength(1))), {}),
    v.description(
      'Values by dotted path, layers by id: { "training.optimizer.learningRate": [0.01, 0.1] }. Every combination is trained.'
    )
  ),
  remedies: v.pipe(
    v.optional(v.array(v.union([choice, v.array(choice)])), []),
    v.description(
      'Each member is a remedy, or a list of remedies that are switched on together; [] is none. Every combination of settings is trained with each.'
    )
  ),
  seeds: v.pipe(
    v.optional(
      v.union([
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
        v.pipe(v.array(seed), v.minLength(1), v.maxLength(1000))
      ]),
      5
    ),
    v.description('How many, counted from the seed of the experiment; or a list. All points have the same.')
  ),
  goal: v.pipe(
    v.optional(v.string()),
    v.description('The metric that is compared, perhaps with a target: accuracy, accuracy>=0.9, loss<=0.1.')
  ),
  trainings: v.pipe(
    v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100000)), TRAININGS),
    v.description('The most trainings that it may come to: a plan of more is refused.')
  )
}
const schema = v.strictObject(entries)

/** JSON Schema of the plan of a sweep. */
export const sweepSchema = (): unknown => ({
  title: 'Gradient Clinic plan of a sweep',
  ...toJsonSchema(schema, { target: 'draft-2020-12', typeMode: 'input' })
})

/** A plan that was read. */
export interface SweepPlan {
  /** As it was written, or the file that it is in. */
  experiment: string | object
  settings: Record<string, unknown[]>
  remedies: RemedyChoice[][]
  seeds: number | number[]
  goal?: string
  trainings: number
}

/** Keys that are not known, with what is likely meant: valibot would list all keys and suggest none. */
function unknownKeys(value: object): Problem[] {
  const known = Object.keys(entries)
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = didYouMean(key, known)
      return {
        path: key,
        message: {
          en: `is not known in a plan${meant.en}; known: ${known.join(', ')}`,
          zh: `计划中没有此项${meant.zh}；已知：${known.join(', ')}`
        }
      }
    })
}

/**
 * Reads the plan of a sweep. @throws InputError with the path of all that is wrong in it
 */
export function readPlan(file: string): SweepPlan {
  const text = readBytes(file, basename(file), BYTES).toString('utf8')
  const value = parseJsonText(text, basename(file), true)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(basename(file), 'is not a plan, which must be a JSON object { … }', '不是计划：计划是 JSON 对象 { … }')
  const unknown = unknownKeys(value)
  if (unknown.length) throw new InputError(unknown)
  const read = v.safeParse(schema, value)
  if (!read.success) throw new InputError(issuesToProblems(read.issues, ''))
  const problems: Problem[] = []
  const remedies = read.output.remedies.map((member, i) =>
    (Array.isArray(member) ? member : [member]).map((choice) =>
      parseSpec('remedies', choice, `remedies.${i}`, problems, lookup)
    )
  )
  if (problems.length) throw new InputError(problems)
  const { experiment, settings, seeds, goal, trainings } = read.output
  if (Array.isArray(seeds) && new Set(seeds).size < seeds.length)
    throw bad('seeds', 'has a seed twice: name each once', '种子重复：每个只写一次')
  return { experiment, settings, remedies, seeds, trainings, ...(goal !== undefined && { goal }) }
}

/** The file that holds the experiment of a plan, and next to which its tables are. */
export const experimentFile = (plan: SweepPlan, file: string): string =>
  typeof plan.experiment === 'string' ? resolve(dirname(file), plan.experiment) : file
