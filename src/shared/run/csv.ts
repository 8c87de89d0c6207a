import { csvCell } from './csvCell'
import { float32Text } from './float32Text'
import { FrameLines } from './frameLines'
import type { FrameReader } from './frameTable'
import type { Evaluation, RunEvent, RunSchema } from './types'

const line = (cells: (string | number)[]): string => cells.map(csvCell).join(',') + '\n'

/** Values of which one piece is made. */
const PIECE = 20_000

/**
 * `frames.csv` in pieces of some hundred frames: first its header, then the lines of `FrameLines`.
 * @param statistics only these, when given.
 */
export function* framesCsv(
  table: FrameReader,
  layers: RunSchema['layers'],
  statistics?: readonly string[]
): Generator<string> {
  const lines = new FrameLines(table.columns, layers, statistics)
  yield lines.header
  const { steps, values, width } = table
  const text = new TextDecoder()
  const perPiece = Math.max(1, Math.floor(PIECE / Math.max(1, width)))
  for (let from = 0; from < steps.length; from += perPiece) {
    const to = from + perPiece
    yield text.decode(lines.of({ steps: steps.subarray(from, to), values: values.subarray(from * width, to * width) }))
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
