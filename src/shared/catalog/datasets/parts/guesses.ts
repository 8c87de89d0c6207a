import type { Params } from '../../../base/params'
import { datasets } from '..'
import type { DataContext } from '../types'
import type { Remark } from './remark'

/** What was guessed while data was read that makes no data set; nothing of a file that can't be read at all. */
export function guessesOf(id: string, params: Params, context: DataContext): Remark[] {
  try {
    return datasets.find(id)?.guesses?.(params, context) ?? []
  } catch {
    return []
  }
}
