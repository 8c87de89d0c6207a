import type { RunView } from '../types'

/**
 * Whether every training example has the same inputs: then units are on for all or for none, no update tells one
 * example from another, and no layer is at fault.
 */
export const areInputsAlike = ({ schema }: RunView): boolean => schema.data?.alike === true

/** Whether every training example has the same target: then a constant is all there is to learn. */
export const areTargetsAlike = ({ schema: { data, info } }: RunView): boolean =>
  !!data && info.task !== 'critic' && !data.classes && data.target.min === data.target.max
