import type { Finding } from './types'

/**
 * The faults that are open: those that held when the run was last judged. A run that goes on is ahead of what was
 * judged of it.
 */
export function openFaults(findings: readonly Finding[]): Finding[] {
  const judged = Math.max(...findings.map((f) => f.to))
  return findings.filter((f) => f.to === judged && (f.severity === 'bad' || f.severity === 'warn'))
}
