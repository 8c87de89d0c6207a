import type { RunEventKind } from './types'

/** Events after which a run is no longer the one that its experiment says. */
const CHANGES: readonly string[] = [
  'learningRate',
  'remedyOn',
  'remedyOff',
  'remedyChanged',
  'continued'
] satisfies RunEventKind[]

/**
 * Whether a run was changed while it trained, or goes on from another: its experiment alone does not repeat it.
 * @param events of the run, also as a file has them
 */
export const wasChanged = (events: readonly { kind: string }[]): boolean => events.some((e) => CHANGES.includes(e.kind))
