import { capital, type Text } from '@shared/base/text'
import type { Finding, RunState, RunVerdict, VerdictState } from '@shared/run/types'
import type { Run } from '@/stores/runs'
import { divergedText, VERDICTS } from '@shared/clinic/verdict'
import { diagnosis } from './findings'

/** How a verdict is shown, beside its text. */
export interface VerdictLook {
  icon: string
  tone: string
  word: Text
}
const LOOK: Record<VerdictState, { icon: string; tone: string }> = {
  learned: { icon: 'ok', tone: 'is-ok' },
  learning: { icon: 'info', tone: 'is-acc' },
  notLearning: { icon: 'warn', tone: 'is-warn' },
  diverged: { icon: 'warn', tone: 'is-bad' },
  unclear: { icon: 'info', tone: 'sub' }
}
/** As a text of its own, like the words of the other states. */
const beginning = ({ en, zh }: Text): Text => ({ en: capital(en), zh })
/**
 * Green is only what has learnt while no fault is open.
 * @param finding the one that is shown of the run
 * @param steps planned steps
 */
export function verdictLook(verdict: RunVerdict, finding: Finding | undefined, steps: number): VerdictLook {
  const { icon, tone } = LOOK[verdict.state]
  const isFaulty = finding?.severity === 'bad' || finding?.severity === 'warn'
  return {
    icon: verdict.state === 'learned' && isFaulty ? 'info' : icon,
    tone: verdict.state === 'learned' && isFaulty ? 'is-acc' : tone,
    word: verdict.state === 'diverged' ? beginning(divergedText(verdict, steps)) : VERDICTS[verdict.state]
  }
}
/** That of a run; undefined before it was judged. */
export const lookOf = ({ verdict, findings, frames, experiment, progress }: Run): VerdictLook | undefined =>
  verdict && verdictLook(verdict, diagnosis(findings, frames?.lastStep, experiment.record.every), progress.steps)
/** Whether the verdict says more of a run in this state than the name of the state. */
export const isJudged = (state: RunState): boolean => state === 'finished' || state === 'diverged'
