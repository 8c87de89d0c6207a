import type { Text } from '../../../base/text'

/** Every kind of remark on data. Codes are part of `run.json`: one that is released keeps its name and meaning. */
export const REMARK_CODES = [
  // Guesses, each of which a field can overrule.
  'encoding',
  'separator',
  'noHeader',
  'decimal',
  'quotes',
  'numberHeader',
  'headerGuessed',
  'rowNames',
  'secondHeader',
  'numbersDressed',
  'dates',
  'clocks',
  'durations',
  'booleans',
  'missingMarks',
  'targetGuessed',
  'seriesGuessed',
  'timeGuessed',
  'fileOrder',
  'pastMidnight',
  'timesBeginAgain',
  'timesSorted',
  'clocksChanged',
  'windowLength',
  'looksLikeSteps',
  'onItsSide',
  // What was skipped, dropped or filled in.
  'unpacked',
  'emptyLines',
  'comments',
  'titleLines',
  'repeatedHeader',
  'totalLines',
  'totalsKept',
  'trailingSeparators',
  'malformedRows',
  'rowsDropped',
  'valuesFilled',
  'sequencesDropped',
  'sequencesPadded',
  'sequencesCut',
  'examplesLimited',
  // What is odd about columns and classes.
  'columnUnnamed',
  'columnRenamed',
  'columnEmpty',
  'columnConstant',
  'columnNearlyConstant',
  'inputsConstant',
  'integersRounded',
  'numbersMerged',
  'valuesNarrow',
  'wordsWithNumbers',
  'listsAsWords',
  'datesAmongWords',
  'targetAsClasses',
  'classesRare',
  'codesAsNumbers',
  'rowIds',
  'splitColumn',
  'fewRows',
  'targetAmongInputs',
  'rowsRepeated',
  'targetsContradict',
  'sentinel',
  'valuesFar',
  'timeGaps',
  'levelShifts',
  'classesByCase',
  'blanksCutOff',
  'classesUnseen',
  'classApart',
  'noLabels'
] as const
export type RemarkCode = (typeof REMARK_CODES)[number]

/** What was guessed, changed or found odd while data was read, and keeps nobody from training. */
export interface Remark {
  code: RemarkCode
  /** Of the field it is about, or that would change it: `data.dataset.missing`. */
  path: string
  message: Text
  /** Name of the column it is about. */
  column?: string
  /** Line of the file, 1-based: where it is, or the first of several. */
  line?: number
  /** How many rows, cells, sequences or examples. */
  count?: number
}
/** A remark as `run.json` lists it. */
export type RecordedRemark = Pick<Remark, 'code' | 'column' | 'line' | 'count'> & { text: Text }

/** One remark. @param more where it belongs; the path is the table's file unless given */
export const remark = (
  code: RemarkCode,
  en: string,
  zh: string,
  { path = 'data.dataset.file', ...more }: Partial<Pick<Remark, 'path' | 'column' | 'line' | 'count'>> = {}
): Remark => ({ code, path, message: { en, zh }, ...more })

/** The remark in the form of `run.json`. */
export const recorded = ({ code, column, line, count, message }: Remark): RecordedRemark => ({
  code,
  ...(column !== undefined && { column }),
  ...(line !== undefined && { line }),
  ...(count !== undefined && { count }),
  text: message
})
