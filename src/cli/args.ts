import { didYouMean } from '../shared/base/nearest'
import type { Text } from '../shared/base/text'
import { InputError } from '../shared/base/problems'

/** Options of `clinic run`. */
export interface RunArguments {
  file: string
  out: string
  steps?: string
  seed?: string
  /** Of TensorFlow. Default: one for each core. */
  threads?: number
  set: string[]
  snapshot: number[]
  /** Changes while it runs: `STEP:WHAT=VALUE`. */
  at: string[]
  /** Snapshot to go on from. */
  from?: string
  quiet: boolean
}
export const bad = (path: string, en: string, zh: string): InputError => new InputError([{ path, message: { en, zh } }])

/** One of some words. @param name of the option or the argument that takes it. @throws InputError naming them all */
export function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((k) => k === text)
  if (found !== undefined) return found
  const meant = didYouMean(text, known)
  throw bad(
    name,
    `"${text}" must be one of: ${known.join(', ')}${meant.en}`,
    `“${text}” 应为其中之一：${known.join('、')}${meant.zh}`
  )
}

/**
 * Reads options written `--name value`, `--name=value` or `--flag`, in any order. A value that begins with `--` is only
 * taken behind `=`: more likely, the value was forgotten.
 * @param values options that take a value, @param flags those that don't
 * @throws InputError naming the argument
 */
export function parseArguments(
  args: readonly string[],
  values: readonly string[],
  flags: readonly string[]
): { rest: string[]; given: Map<string, string[]> } {
  const rest: string[] = []
  const given = new Map<string, string[]>()
  const add = (name: string, value: string): void => void given.set(name, [...(given.get(name) ?? []), value])
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (!/^-./.test(arg)) {
      rest.push(arg)
      continue
    }
    const eq = arg.indexOf('=')
    const name = eq < 0 ? arg : arg.slice(0, eq)
    if (flags.includes(name) && eq < 0) add(name, '')
    else if (values.includes(name)) {
      const value = eq < 0 ? args[++i] : arg.slice(eq + 1)
      if (value === undefined || (eq < 0 && value.startsWith('--'))) throw bad(name, 'needs a value', '需要一个值')
      add(name, value)
    } else {
      const known = [...values, ...flags]
      const meant = didYouMean(name, known)
      throw bad(
        name,
        `is not known${meant.en}; known: ${known.join(', ') || 'none'}`,
        `未知${meant.zh}；已知：${known.join(', ') || '无'}`
      )
    }
  }
  return { rest, given }
}

/** The one argument that a command takes. @param missing what is said where there is none. @throws InputError */
export function onlyArgument(rest: readonly string[], name: string, missing: Text): string {
  const [first] = rest
  if (first === undefined) throw bad(name, missing.en, missing.zh)
  if (rest.length > 1)
    throw bad(
      name,
      `one at a time, not ${rest.length}: ${rest.join(', ')}`,
      `一次只能一个，而不是 ${rest.length} 个：${rest.join(', ')}`
    )
  return first
}
/** What is said where a command is about an experiment, and none is named. */
export const NO_FILE: Text = {
  en: 'is missing: name a saved project or an experiment in JSON',
  zh: '缺少：请指定已保存的项目或 JSON 实验文件'
}
/** The folder that a command writes to. @throws InputError where none is named */
export function outArgument(given: Map<string, string[]>): string {
  const out = given.get('--out')?.slice(-1)[0]
  if (!out) throw bad('--out', 'is missing: name the folder to write to', '缺少：请指定输出文件夹')
  return out
}

/** @throws InputError */
export function parseRunArguments(args: readonly string[]): RunArguments {
  const { rest, given } = parseArguments(
    args,
    ['--out', '--steps', '--seed', '--threads', '--set', '--snapshot', '--at', '--from'],
    ['--quiet']
  )
  const last = (name: string): string | undefined => given.get(name)?.slice(-1)[0]
  const file = onlyArgument(rest, 'FILE', NO_FILE)
  const out = outArgument(given)
  const snapshot = (given.get('--snapshot') ?? []).flatMap((text) =>
    text.split(',').map((part) => {
      if (!/^\d{1,9}$/.test(part.trim()))
        throw bad(
          '--snapshot',
          `"${part}" is not a step: use a whole number from 0`,
          `“${part}” 不是步号：请用不小于 0 的整数`
        )
      return Number(part)
    })
  )
  const [steps, seed, from, threads] = [last('--steps'), last('--seed'), last('--from'), last('--threads')]
  if (threads !== undefined && !/^[1-9]\d{0,3}$/.test(threads))
    throw bad(
      '--threads',
      `"${threads}" is not a number of threads: use a whole number from 1`,
      `“${threads}” 不是线程数：请用不小于 1 的整数`
    )
  return {
    file,
    out,
    ...(steps !== undefined && { steps }),
    ...(seed !== undefined && { seed }),
    ...(threads !== undefined && { threads: Number(threads) }),
    set: given.get('--set') ?? [],
    snapshot,
    at: given.get('--at') ?? [],
    ...(from !== undefined && { from }),
    quiet: given.has('--quiet')
  }
}
