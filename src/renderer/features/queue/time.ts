import type { Progress } from '@shared/run/types'

/** `1:02:03` or `2:03`. */
export function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
/** Whole seconds that a running run still takes at its present rate; undefined when that can't be told. */
export function secondsLeft(p: Progress | undefined): number | undefined {
  if (!p?.rate || p.state !== 'running') return undefined
  const s = Math.ceil((p.steps - p.step) / p.rate)
  return Number.isFinite(s) ? s : undefined
}
