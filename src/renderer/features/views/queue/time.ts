import type { Progress } from '@shared/run/types'
import { short } from '@/charts/format'

/** `1:02:03` or `2:03`. */
export function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
/** What of a run is done, 0 … 1. */
export const shareOf = (p: Progress): number => (p.steps ? Math.min(1, p.step / p.steps) : 0)
/** Whole seconds that a running run still takes at its present rate; undefined when that can't be told. */
export function secondsLeft(p: Progress | undefined): number | undefined {
  if (!p?.rate || p.state !== 'running') return undefined
  const s = Math.ceil((p.steps - p.step) / p.rate)
  return Number.isFinite(s) ? s : undefined
}
/**
 * How fast a run goes on, and how long still; undefined when it doesn't, or that isn't known. @param say a message of
 * `toolbar`
 */
export function paceOf(p: Progress, say: (key: string, named: Record<string, unknown>) => string): string | undefined {
  if (p.state !== 'running' || !p.rate) return undefined
  const left = secondsLeft(p)
  return [
    say('toolbar.rate', { n: short(p.rate) }),
    ...(left === undefined ? [] : [say('toolbar.left', { time: clock(left) })])
  ].join(' · ')
}
