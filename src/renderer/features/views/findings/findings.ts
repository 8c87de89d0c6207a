import type { Finding, Severity } from '@shared/run/types'

const WEIGHT: Record<Severity, number> = { bad: 3, warn: 2, info: 1, ok: 0 }
export const ICON: Record<Severity, string> = { bad: 'warn', warn: 'warn', info: 'info', ok: 'ok' }
export const TONE: Record<Severity, string> = { bad: 'is-bad', warn: 'is-warn', info: 'is-acc', ok: 'is-ok' }

/** Gravest first, newest first among equals. */
export const bySeverity = (a: Finding, b: Finding): number =>
  WEIGHT[b.severity] - WEIGHT[a.severity] || b.to - a.to || a.from - b.from

/**
 * The diagnosis to show: the gravest finding that still holds at the newest step; else the newest `healthy` one; else
 * the gravest that held. Causes go before consequences: a NaN that follows an explosion is the graver fact, so severity
 * and then time decide.
 */
export function diagnosis(
  findings: readonly Finding[],
  lastStep: number | undefined,
  interval = 1
): Finding | undefined {
  const holds = findings.filter((f) => lastStep === undefined || f.to >= lastStep - interval + 1)
  const open = holds.filter((f) => f.severity !== 'ok').sort(bySeverity)
  return open[0] ?? holds.find((f) => f.severity === 'ok') ?? [...findings].sort(bySeverity)[0]
}
/** What to say besides: a fault that has passed, when the run is healthy now. */
export function past(findings: readonly Finding[], shown: Finding | undefined): Finding | undefined {
  if (!shown || shown.severity !== 'ok') return undefined
  return findings.filter((f) => f !== shown && f.severity === 'bad' && f.to < shown.to).sort((a, b) => b.to - a.to)[0]
}
export const kindsOf = (findings: readonly Finding[]): string[] => [
  ...new Set([...findings].sort(bySeverity).map((f) => f.kind))
]
