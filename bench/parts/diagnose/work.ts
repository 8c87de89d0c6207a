import { caseOf, type Case } from '../../../tests/corpus'
import { skillOf, train } from '../../../tests/corpus/run'
import { parseSpec } from '../../../src/shared/base/params'
import type { DataInfo } from '../../../src/shared/catalog/datasets/types'
import { effectiveExperiment, takeAdvice, type Experiment, type RemedyChoice } from '../../../src/shared/experiment'
import { lookup } from '../../../src/shared/experiment/lookup'
import type { Finding, Severity } from '../../../src/shared/run/types'
import { judgedAnew, keepRun, keepSkill, keptRun, keptSkill, type KeptRun } from './kept'
import { peersOn, type Peer, type Symptom } from './peers'

/**
 * What is asked of a worker: how far a case gets (with its twin), or all that is said of it; `again`: by the rules as
 * they are now of the run as it was trained before.
 */
export interface Ask {
  id: string
  what: 'measure' | 'judge' | 'again'
}
/** A finding in brief. */
export type Said = Pick<Finding, 'rule' | 'kind' | 'severity' | 'from' | 'layers' | 'advice'> & { text: string }
export interface Answer {
  id: string
  seconds: number
  skill: number
  /** Of the healthy twin, when measured. */
  twin?: number
  said?: Said[]
  peers?: Record<Peer, Symptom[]>
  /** The first advice, and how far the run gets with it. */
  repair?: { remedy: string; skill: number }
  failure?: string
}

const RANK: Severity[] = ['bad', 'warn']
/** Faults in the order in which they are told: bad ones first, then by their beginning. */
export const faultsOf = <T extends Pick<Finding, 'severity' | 'from'>>(found: readonly T[]): T[] =>
  found
    .filter((f) => RANK.includes(f.severity))
    .sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity) || a.from - b.from)

const whole = (choice: RemedyChoice): RemedyChoice => parseSpec('remedies', choice, 'remedies', [], lookup)
/** The first advice that can be taken here, as its finding has it: its remedies, and what they take the place of. */
function firstAdvice(
  found: readonly Finding[],
  experiment: Experiment,
  info: DataInfo
): { choices: RemedyChoice[]; off: string[] } | undefined {
  for (const f of found)
    for (const id of f.advice) {
      const { on = [], off = [] } = f.along?.[id] ?? {}
      const choices = [{ id, ...f.choices?.[id] }, ...on].map(whole)
      if (!effectiveExperiment(takeAdvice(experiment, choices, off), info).problems.length) return { choices, off }
    }
  return undefined
}
const skill = async (c: Case, experiment = c.experiment, files = c.files): Promise<number> =>
  skillOf(c.base, experiment, files, await train(experiment, files))

async function measure(c: Case): Promise<Pick<Answer, 'skill' | 'twin'>> {
  const own = await skill(c)
  return { skill: own, ...(c.twin && { twin: await skill(c, c.twin.experiment, c.twin.files) }) }
}
async function fresh(c: Case): Promise<KeptRun> {
  const log = await train(c.experiment, c.files)
  return keepRun(c.id, c.experiment, log, skillOf(c.base, c.experiment, c.files, log))
}
/** What the first advice makes of a failing case. @param again whether to believe a figure of before */
async function repairOf(c: Case, found: readonly Finding[], info: DataInfo, again: boolean): Promise<Answer['repair']> {
  const taken = firstAdvice(faultsOf(found), c.experiment, info)
  if (!taken) return undefined
  const named = taken.choices.map(({ id, ...params }) =>
    Object.keys(params).length ? `${id} ${JSON.stringify(params)}` : id
  )
  const remedy = [...named, ...taken.off.map((id) => `no ${id}`)].join(', ')
  const treated = takeAdvice(c.experiment, taken.choices, taken.off)
  const before = again ? keptSkill(c.id, remedy) : undefined
  const reached = before ?? (await skill(c, treated))
  if (before === undefined) keepSkill(c.id, remedy, reached)
  return { remedy, skill: reached }
}
async function judge(c: Case, again: boolean): Promise<Omit<Answer, 'id' | 'seconds'>> {
  const before = again ? keptRun(c.id) : undefined
  const run = before ?? (await fresh(c))
  const found = before ? judgedAnew(before) : run.findings
  const answer = {
    skill: run.skill,
    said: found.map(({ rule, kind, severity, from, layers, advice, text }) => ({
      ...{ rule, kind, severity, from, layers, advice },
      text: text.en
    })),
    peers: peersOn(run.schema, run.frames)
  }
  const repair = c.label && (await repairOf(c, found, run.schema.info, again))
  return repair ? { ...answer, repair } : answer
}
async function answered({ id, what }: Ask): Promise<Omit<Answer, 'id' | 'seconds'>> {
  const c = caseOf(id)
  return what === 'measure' ? measure(c) : judge(c, what === 'again')
}
/** Does what is asked, in this process. */
export async function work({ id, what }: Ask): Promise<Answer> {
  const start = performance.now()
  const answer = await answered({ id, what }).catch((error: unknown) => ({
    skill: NaN,
    failure: error instanceof Error ? (error.stack ?? error.message) : String(error)
  }))
  return { id, seconds: (performance.now() - start) / 1000, ...answer }
}
