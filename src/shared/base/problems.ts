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

/** Problems that are told one by one; how many more there are is told as well. */
const MOST = 50
const bounded = (problems: Problem[]): Problem[] =>
  problems.length <= MOST + 1
    ? problems
    : [
        ...problems.slice(0, MOST),
        problem('', `and ${problems.length - MOST} more problems`, `另有 ${problems.length - MOST} 个问题`)
      ]

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
