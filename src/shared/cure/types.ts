import type { Text } from '../base/text'
import type { Change } from '../experiment/diff'
import type { RemedyChoice } from '../experiment/types'
import type { RunState, VerdictState } from '../run/types'

/** What is to get better, measured on the examples that a run is judged by. */
export interface Goal {
  /** Name of a metric of the task, or `loss`. */
  metric: string
  better: 'higher' | 'lower'
  /** What a repaired run has to reach, beside beating its baseline. Absent: beating the baseline is enough. */
  target?: number
}
/** Remedies that are tried together, on top of those that the experiment has. */
export interface Candidate {
  /** Short and readable; the same for the same remedies and settings. */
  id: string
  /** In the order in which they are switched on. */
  remedies: RemedyChoice[]
  /** Remedies that are on already and contradict these: they are switched off. */
  off: string[]
  /** Findings of the untreated runs advise it. */
  advised: boolean
}
/** One training of a candidate, or untreated, with one seed. */
export interface Trial {
  seed: number
  /** Steps that were planned for it: fewer than the experiment's in a race. */
  steps: number
  /** The goal's metric at its end. NaN counts as chance, which `value` then is. */
  value: number
  /** Reaches the goal with a healthy gradient. */
  repaired: boolean
  state: RunState
  verdict: VerdictState
  /** Decades between the largest and the smallest activation gradient of the layers with a kernel; Infinity: none. */
  span: number
  /** Kinds of findings that were bad over the last tenth of the run. */
  bad: string[]
  /** The same for runs whose losses and evaluations are the same bits. */
  fingerprint: string
  /** Milliseconds a step, without what comes before the first, where little else slows it down. */
  stepMs: number
  /** RMS of ∂loss/∂h at the first and at the last layer with a kernel: medians over the last tenth of the frames. */
  gradient?: { first: number; last: number; layers: number }
  /** Step of the first evaluation that reached the goal's target; absent without one. */
  toGoal?: number
  /** Name of the run's folder, or of the run. */
  run: string
}
/** How far a candidate has come. */
export type Stage = 'waiting' | 'racing' | 'training'
/**
 * Why a candidate was given up: no seed was better than untreated, nor its gradient more even; others did better in the
 * race; the budget ended; or only its cost was measured, as nothing is to be cured.
 */
export type Dropped = 'hopeless' | 'outraced' | 'budget' | 'cost'
export type Group = 'cures' | 'helps' | 'none' | 'backfires' | 'dropped'
/** What came of a candidate. */
export interface Outcome {
  id: string
  remedies: RemedyChoice[]
  off: string[]
  /** Exact differences from what runs untreated. */
  changes: Change[]
  group: Group
  advised: boolean
  seeds: Trial[]
  /** Of `value`, over all seeds; for one dropped early over those it had. */
  mean: number
  /** 95 %, Student's t. */
  interval: [number, number]
  /** Share of seeds repaired, and its 95 % interval by Wilson. */
  repaired: { share: number; interval: [number, number] }
  /** Time of a step over that of the untreated run. */
  stepCost: number
  /** Each seed computed the same bits as untreated. */
  identical: boolean
  /** Why it was not trained on all seeds; of those in the group `dropped`, which has no other members. */
  dropped?: Dropped
  /** Where it stands while the search is under way; absent when its seeds are done. */
  stage?: Stage
  /** From 1; of cures and what helps. */
  rank?: number
  /** Cheapest and smallest of the cures. */
  smallest?: true
}
export interface Blocked {
  remedy: string
  reason: Text
}
export type PrescriptionState = 'cured' | 'helped' | 'nothing' | 'healthy' | 'unfinished'
/** What a search has found. */
export interface Prescription {
  case: {
    name: string
    seeds: number[]
    steps: number
    untreated: { seeds: Trial[]; mean: number; interval: [number, number] }
    /** Kinds of what was found in the untreated runs, worst first. */
    findings: string[]
    baseline?: { name: Text; value: number }
  }
  goal: Goal
  candidates: Outcome[]
  blocked: Blocked[]
  verdict: { state: PrescriptionState; text: Text }
  /** Trainings made, those of races included. */
  trainings: number
}
/** What there is of a search before it has found anything. */
export type Foreseen = Pick<Prescription, 'case' | 'goal' | 'candidates' | 'blocked'>
