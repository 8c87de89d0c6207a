import { onlyArgument, outArgument, parseArguments } from '../args'
import { readBudget, wholeNumber } from '../prescribe/args'

/** Options of `clinic sweep`. */
export interface SweepArguments {
  /** File of the plan. */
  plan: string
  out: string
  /** Milliseconds. */
  budget?: number
  /** Trainings at once. */
  jobs: number
  quiet: boolean
}

/** @param cores of the machine: as many trainings are made at once. @throws InputError */
export function parseSweepArguments(args: readonly string[], cores: number): SweepArguments {
  const { rest, given } = parseArguments(args, ['--out', '--budget', '--jobs'], ['--quiet'])
  const last = (name: string): string | undefined => given.get(name)?.slice(-1)[0]
  const plan = onlyArgument(rest, 'PLAN', {
    en: 'is missing: name a plan in JSON (clinic schema sweep)',
    zh: '缺少：请指定 JSON 计划文件（clinic schema sweep）'
  })
  const out = outArgument(given)
  const budget = last('--budget')
  return {
    plan,
    out,
    ...(budget !== undefined && { budget: readBudget(budget) }),
    jobs: wholeNumber('--jobs', last('--jobs') ?? String(Math.max(1, cores)), 1, 256),
    quiet: given.has('--quiet')
  }
}
