import { betterOf } from '../../shared/cure/trial'
import type { Goal } from '../../shared/cure/types'
import { bad, NO_FILE, oneOf, onlyArgument, outArgument, parseArguments } from '../args'
import { KINDS, type Kind } from '../elsewhere/question'

/** Options of `clinic prescribe`. */
export interface PrescribeArguments {
  file: string
  out: string
  steps?: string
  set: string[]
  /** Metric and perhaps a target: `accuracy`, `accuracy>=0.9`, `loss<=0.1`. */
  goal?: Goal
  seeds: number
  /** Milliseconds. */
  budget?: number
  /** At most; those of an earlier call count as well. */
  trainings?: number
  /** Trainings at once. */
  jobs: number
  consider?: string[]
  pairs: number
  /** Writes the cured experiment. */
  apply: boolean
  quiet: boolean
  /** Trains nothing, but writes what has the jobs made by another program. */
  emit?: Kind
  /** A broker whose workers train. */
  queue?: string
}

const UNITS: Record<string, number> = { s: 1e3, m: 6e4, min: 6e4, h: 3.6e6 }
/** @throws InputError unless it is a whole number from `least` to `most` */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const n = Number(text)
  if (!/^\d+$/.test(text) || n < least || n > most)
    throw bad(
      name,
      `"${text}" must be a whole number from ${least} to ${most}`,
      `“${text}” 应为 ${least} 到 ${most} 的整数`
    )
  return n
}
/** A metric, perhaps with a target: `accuracy`, `accuracy>=0.9`. @throws InputError */
export function readGoal(text: string, where = '--goal'): Goal {
  // Of several targets each has a metric of its own, `r2 price`.
  const match = /^([A-Za-z][^<>=]*?)\s*(?:(>=|<=)\s*([-+]?[\d.]+(?:e[-+]?\d+)?))?$/.exec(text.trim())
  if (!match || (match[3] !== undefined && !Number.isFinite(Number(match[3]))))
    throw bad(
      where,
      `"${text}" must be a metric, perhaps with a target, as in accuracy, accuracy>=0.9 or loss<=0.1`,
      `“${text}” 应为指标，可带目标值，例如 accuracy、accuracy>=0.9 或 loss<=0.1`
    )
  const [, metric, sign, target] = match
  return {
    metric: metric!,
    better: sign ? (sign === '<=' ? 'lower' : 'higher') : betterOf(metric!),
    ...(target !== undefined && { target: Number(target) })
  }
}
/** A time, as in `90s`, `5m` or `1h`. @returns milliseconds. @throws InputError */
export function readBudget(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|min|h)$/.exec(text.trim())
  if (!match || !(Number(match[1]) > 0))
    throw bad('--budget', `"${text}" must be a time, as in 90s, 5m or 1h`, `“${text}” 应为时长，例如 90s、5m 或 1h`)
  return Number(match[1]) * UNITS[match[2]!]!
}

/** Remedies by id, each once. @throws InputError where none is named */
function named(text: string): string[] {
  const ids = [...new Set(text.split(',').map((id) => id.trim()))].filter(Boolean)
  if (!ids.length) throw bad('--consider', 'names no remedy: leave it out to try all', '没有指定对策：不写即尝试全部')
  return ids
}
/** @param cores of the machine: as many trainings are made at once. @throws InputError */
export function parsePrescribeArguments(args: readonly string[], cores: number): PrescribeArguments {
  const { rest, given } = parseArguments(
    args,
    [
      '--out',
      '--steps',
      '--set',
      '--goal',
      '--seeds',
      '--budget',
      '--trainings',
      '--jobs',
      '--consider',
      '--pairs',
      '--emit',
      '--queue'
    ],
    ['--apply', '--quiet']
  )
  const last = (name: string): string | undefined => given.get(name)?.slice(-1)[0]
  const file = onlyArgument(rest, 'FILE', NO_FILE)
  const out = outArgument(given)
  const [goal, budget, consider, steps] = [last('--goal'), last('--budget'), last('--consider'), last('--steps')]
  const [emit, queue, trainings] = [last('--emit'), last('--queue'), last('--trainings')]
  if (emit !== undefined && queue !== undefined)
    throw bad('--queue', 'or --emit: one of them trains', '与 --emit 只能选一个')
  if ((emit ?? queue) !== undefined && (budget ?? trainings) !== undefined)
    throw bad(
      budget === undefined ? '--trainings' : '--budget',
      'is for a search in one process: limit the time of the jobs where they are made',
      '仅用于单进程搜索：请在执行任务处限制时间'
    )
  return {
    file,
    out,
    ...(steps !== undefined && { steps }),
    set: given.get('--set') ?? [],
    ...(goal !== undefined && { goal: readGoal(goal) }),
    seeds: wholeNumber('--seeds', last('--seeds') ?? '5', 1, 100),
    ...(budget !== undefined && { budget: readBudget(budget) }),
    ...(trainings !== undefined && { trainings: wholeNumber('--trainings', trainings, 1, 100_000) }),
    jobs: wholeNumber('--jobs', last('--jobs') ?? String(Math.max(1, cores)), 1, 256),
    ...(consider !== undefined && { consider: named(consider) }),
    pairs: wholeNumber('--pairs', last('--pairs') ?? '2', 0, 100),
    apply: given.has('--apply'),
    ...(emit !== undefined && { emit: oneOf('--emit', emit, KINDS) }),
    ...(queue !== undefined && { queue }),
    quiet: given.has('--quiet')
  }
}
