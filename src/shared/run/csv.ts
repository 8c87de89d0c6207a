import type { Evaluation, RunEvent, RunSchema } from './types'
import type { FrameReader } from './frameTable'

/**
 * Shortest decimal that reads back as exactly this float32 (as float64 first, then rounded). `NaN`, `Infinity` and
 * `-Infinity` are spelled.
 */
export function float32Text(x: number): string {
  if (!Number.isFinite(x) || (Number.isInteger(x) && Math.abs(x) < 1e7)) return Object.is(x, -0) ? '-0' : String(x)
  // More digits never read back worse, so search from the likely middle.
  const reads = (digits: number): boolean => Math.fround(Number(x.toPrecision(digits))) === x
  let digits = 7
  if (reads(digits)) while (digits > 1 && reads(digits - 1)) digits--
  else while (digits < 17 && !reads(digits)) digits++
  return String(Number(x.toPrecision(digits)))
}

/** One CSV cell: quoted where needed; text that a spreadsheet would take for a formula is guarded by an apostrophe. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const guarded = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded
}
const line = (cells: (string | number)[]): string => cells.map(csvCell).join(',') + '\n'

const FRAMES_COLUMNS = 'step,layer_index,layer_id,layer_kind,statistic,value'
/** First line of `frames.csv` of a run without recurrent layers. */
export const FRAMES_HEADER = `${FRAMES_COLUMNS}\n`

/**
 * `frames.csv` in pieces of some hundred frames: one line per recorded value, in recorded order, exact to the last bit;
 * empty where nothing was measured. With recurrent layers in the run there is a last column `time`, from 1; it is empty
 * for what has one value per layer.
 * @param statistics only these, when given.
 */
export function* framesCsv(
  table: FrameReader,
  layers: RunSchema['layers'],
  statistics?: readonly string[]
): Generator<string> {
  const timed = table.columns.some((c) => c.time !== undefined)
  yield timed ? `${FRAMES_COLUMNS},time\n` : FRAMES_HEADER
  const byIndex = new Map(layers.map((l) => [l.index, l]))
  const heads = table.columns.map((c) => {
    const l = byIndex.get(c.layer)
    return !statistics || statistics.includes(c.statistic)
      ? `,${c.layer},${csvCell(l?.id ?? '')},${csvCell(l?.kind ?? '')},${csvCell(c.statistic)},`
      : ''
  })
  const ends = table.columns.map((c) => (timed ? `,${c.time ?? ''}\n` : '\n'))
  const { steps, width } = table
  const cell = (v: number | undefined): string => (v === undefined ? '' : float32Text(v))
  const perPiece = Math.max(1, Math.floor(20_000 / Math.max(1, width)))
  for (let from = 0; from < steps.length; from += perPiece) {
    const out: string[] = []
    for (let f = from; f < Math.min(steps.length, from + perPiece); f++)
      for (let c = 0; c < width; c++)
        if (heads[c]) out.push(String(steps[f]), heads[c]!, cell(table.value(f, c)), ends[c]!)
    yield out.join('')
  }
}

/** `loss.csv`: step and every recorded scalar; evaluations as `validation_…` columns at the steps they were made. */
export function lossCsv(table: FrameReader, evaluations: readonly Evaluation[]): string {
  const names = [...new Set(evaluations.flatMap((e) => Object.keys(e.metrics)))]
  const at = new Map(evaluations.map((e) => [e.step, e.metrics]))
  const { steps, scalars, scalarWidth, scalarNames } = table
  // An evaluation may fall on a step that wasn't recorded: it gets a line of its own.
  const all = [...new Set([...steps, ...at.keys()])].sort((a, b) => a - b)
  let out = line(['step', ...scalarNames, ...names.map((n) => `validation_${n}`)])
  for (const step of all) {
    const f = table.frameOf(step)
    const cells = scalarNames.map((_, k) => (f < 0 ? '' : float32Text(scalars[f * scalarWidth + k]!)))
    const metrics = at.get(step)
    out += [step, ...cells, ...names.map((n) => (metrics && n in metrics ? String(metrics[n]) : ''))].join(',') + '\n'
  }
  return out
}

/** `events.csv`: what happened at which step. Values are numbers, or a remedy's settings as JSON. */
export function eventsCsv(events: readonly RunEvent[]): string {
  const value = (v: RunEvent['before']): string | number =>
    v === undefined ? '' : typeof v === 'number' ? v : JSON.stringify(v)
  return [
    ['step', 'kind', 'remedy', 'before', 'after', 'text'],
    ...events.map((e) => [e.step, e.kind, e.remedy ?? '', value(e.before), value(e.after), e.text.en])
  ]
    .map(line)
    .join('')
}
