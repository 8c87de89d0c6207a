import type { RunState } from './types'

const ENDED: readonly RunState[] = ['finished', 'diverged', 'stopped', 'failed']

/** Whether a run in this state has not come to its end. */
export const isLive = (state: RunState): boolean => !ENDED.includes(state)
