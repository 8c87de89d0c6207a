import { paramsOf, parseSpec, type Params } from '../base/params'
import type { Text } from '../base/text'
import type { DataInfo } from '../catalog/datasets/types'
import { contradict, effectiveExperiment, remedyBlocked } from '../experiment/effective'
import { lookup } from '../experiment/lookup'
import { planExperiment } from '../experiment/plan'
import { remedies } from '../experiment/remedies'
import { takeAdvice } from '../experiment/take'
import type { Experiment, RemedyChoice } from '../experiment/types'
import type { Finding } from '../run/types'
import type { Blocked, Candidate } from './types'

/** What a search knows of the untreated runs. */
export interface Measured {
  info: DataInfo
  /** Of every untreated run. */
  findings: readonly Finding[]
  norms: { half: number; tenth: number } | undefined
}

/** The parameters of a remedy that are not its defaults, as texts; of another entry its id. */
export function settingsOf(choice: RemedyChoice): [name: string, value: string][] {
  const plain = parseSpec('remedies', { id: choice.id }, '', [], lookup)
  return Object.entries(paramsOf(choice))
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(plain[name]))
    .map(([name, value]) => {
      const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined
      return [name, typeof id === 'string' ? id : String(value)]
    })
}
/** `clipByGlobalNorm(maxNorm 0.5)`: a remedy with its settings. */
function nameOf(choice: RemedyChoice): string {
  const said = settingsOf(choice).map((pair) => pair.join(' '))
  return said.length ? `${choice.id}(${said.join(', ')})` : choice.id
}
/** The id of a candidate: its remedies and those of their settings that are not the defaults. */
export const idOf = (choices: readonly RemedyChoice[]): string => choices.map(nameOf).join(' + ')

/** A choice of a remedy with every parameter. */
const full = (id: string, params: Params = {}): RemedyChoice => parseSpec('remedies', { id, ...params }, '', [], lookup)

/** Remedies and hooks that are on and contradict these. */
function contradicted({ remedies: on, training }: Experiment, choices: readonly RemedyChoice[]): string[] {
  const ids = [...on, ...training.hooks].map((r) => r.id)
  return ids.filter((id) => choices.some((c) => c.id === id || contradict(c.id, id)))
}

/** The experiment as a candidate trains it. */
export const treated = (
  experiment: Experiment,
  { remedies: choices, off }: Pick<Candidate, 'remedies' | 'off'>
): Experiment => takeAdvice(experiment, choices, off)

const trains = ({ network, training, data }: Experiment): string => JSON.stringify([network.nodes, training, data])

/** Why remedies can't be tried on an experiment, together; undefined when they can. */
function refusal(experiment: Experiment, choices: RemedyChoice[], off: string[], info: DataInfo): Text | undefined {
  const rest = takeAdvice(experiment, [], off)
  for (const choice of choices) {
    const why = remedyBlocked(rest, choice, info)
    if (why) return why
  }
  const { experiment: after, problems } = effectiveExperiment(treated(experiment, { remedies: choices, off }), info)
  const all = [...problems, ...planExperiment(after, info).problems].filter((p) => p.severity !== 'warning')
  if (all.length) return all[0]!.message
  if (trains(after) === trains(effectiveExperiment(experiment, info).experiment))
    return { en: 'It changes nothing here.', zh: '它在此没有任何改变。' }
  return undefined
}

/** A candidate of these remedies, or the reason why there is none. */
function candidateOf(
  experiment: Experiment,
  choices: RemedyChoice[],
  info: DataInfo,
  advised = false
): Candidate | Text {
  const off = contradicted(experiment, choices)
  const why = refusal(experiment, choices, off, info)
  return why ?? { id: idOf(choices), remedies: choices, off, advised }
}
/** Whether `candidateOf` gave a candidate, and not a reason. */
const isCandidate = (made: Candidate | Text): made is Candidate => 'id' in made

/** The advice of findings, best first, each remedy with the settings and the companions that they advise. */
function advice(findings: readonly Finding[]): RemedyChoice[][] {
  const bad = [...findings].sort((a, b) => Number(b.severity === 'bad') - Number(a.severity === 'bad'))
  const most = Math.max(0, ...bad.map((f) => f.advice.length))
  const chosen: RemedyChoice[][] = []
  // The first of each finding, then the second of each.
  for (let i = 0; i < most; i++)
    for (const f of bad) {
      const id = f.advice[i]
      if (id === undefined || !remedies.find(id)) continue
      const beside = (f.along?.[id]?.on ?? []).map(({ id: other, ...params }) => full(other, params))
      chosen.push([full(id, f.choices?.[id]), ...beside])
    }
  return chosen
}

/**
 * Every candidate of one remedy: what the findings advise first, then each remedy with its defaults and with the
 * settings that make sense here.
 * @param consider ids of the only remedies to try; absent: all
 */
export function candidatesFor(
  experiment: Experiment,
  { info, findings, norms }: Measured,
  consider?: readonly string[]
): { candidates: Candidate[]; blocked: Blocked[] } {
  const candidates = new Map<string, Candidate>()
  const blocked: Blocked[] = []
  const add = (choices: RemedyChoice[], advised: boolean): Text | undefined => {
    if (consider && !choices.every((c) => consider.includes(c.id))) return undefined
    if (candidates.has(idOf(choices))) return undefined
    const made = candidateOf(experiment, choices, info, advised)
    if (!isCandidate(made)) return made
    candidates.set(made.id, made)
    return undefined
  }
  for (const choices of advice(findings)) add(choices, true)
  for (const remedy of remedies.all) {
    const settings = [{}, ...(remedy.settings?.(norms, experiment) ?? [])]
    const reasons = settings.map((params) => add([full(remedy.id, params)], false))
    const [reason] = reasons
    if (reason && reasons.every(Boolean)) blocked.push({ remedy: remedy.id, reason })
  }
  return { candidates: [...candidates.values()], blocked }
}

/** Two candidates tried together; undefined where they can't be. */
export function pairOf(experiment: Experiment, a: Candidate, b: Candidate, info: DataInfo): Candidate | undefined {
  // What contradicts each other is refused with the candidate; the same remedy twice would be none of the two.
  if (a.remedies.some((r) => b.remedies.some((s) => s.id === r.id))) return undefined
  const made = candidateOf(experiment, [...a.remedies, ...b.remedies], info)
  return isCandidate(made) ? made : undefined
}
