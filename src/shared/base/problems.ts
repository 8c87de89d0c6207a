import type { Text } from './text'

/** What kind of thing is wrong, for logic to ask. Messages are for people alone. */
export type ProblemCode = 'fileNotFound' | 'notWhole'

/** Something wrong with what a person made: where it is, what it is, what to do. */
export interface Problem {
  /** Dotted path into the document, e.g. `network.nodes.hidden.params.units`. */
  path: string
  message: Text
  /** There where logic tells this kind of problem from others. */
  code?: ProblemCode
  /** Id of the network node the problem belongs to, when there is one. */
  node?: string
  severity?: 'error' | 'warning'
}

/** One problem. @param more what there is besides path and message; undefined values are left out */
export function problem(
  path: string,
  en: string,
  zh: string,
  { code, node, severity }: { code?: ProblemCode; node?: string | undefined; severity?: Problem['severity'] } = {}
): Problem {
  return { path, message: { en, zh }, ...(code && { code }), ...(node && { node }), ...(severity && { severity }) }
}

/** Places that are named beside the first one. */
const PLACES = 8
/** Steps of a path that are in no other one: `h2` of `network.nodes.h2.params.units`. */
const apart = (path: string, others: readonly string[]): string =>
  path
    .split('.')
    .filter((step, i) => others.some((other) => other.split('.')[i] !== step))
    .join('.')
/**
 * The same problems, each told once: what is wrong in many layers alike becomes one problem, at the first of its
 * places, that counts and names the others.
 */
export function together<P extends Problem>(problems: readonly P[]): P[] {
  const groups = new Map<string, P[]>()
  for (const p of problems) {
    const steps = p.path.split('.')
    const key = JSON.stringify([p.message.en, p.severity, steps.length, steps[0], steps.at(-1)])
    groups.set(key, [...(groups.get(key) ?? []), p])
  }
  return [...groups.values()].map((all) => {
    const first = all[0]!
    const paths = [...new Set(all.map((p) => p.path))]
    if (paths.length < 2) return first
    const named = paths.slice(1, 1 + PLACES).map((path) => apart(path, paths))
    const more = paths.length - 1
    const rest = more > PLACES ? ' …' : ''
    return {
      ...first,
      message: {
        en: `${first.message.en}; likewise in ${more} more ${more === 1 ? 'place' : 'places'}: ${named.join(', ')}${rest}`,
        zh: `${first.message.zh}；另有 ${more} 处相同：${named.join('、')}${rest}`
      }
    }
  })
}

/** Problems that are told one by one; beyond them the same ones are told together, and how many more there are. */
const MOST = 50
function bounded(all: Problem[]): Problem[] {
  if (all.length <= MOST + 1) return all
  const problems = together(all)
  return problems.length <= MOST + 1
    ? problems
    : [
        ...problems.slice(0, MOST),
        problem('', `and ${problems.length - MOST} more problems`, `另有 ${problems.length - MOST} 个问题`)
      ]
}

/** Raised for bad input; carries the problems found, not just the first, as far as a person can read them. */
export class InputError extends Error {
  readonly problems: Problem[]
  constructor(problems: Problem[]) {
    const told = bounded(problems)
    super(told.map((p) => `${p.path}: ${p.message.en}`).join('\n'))
    this.name = 'InputError'
    this.problems = told
  }
}
