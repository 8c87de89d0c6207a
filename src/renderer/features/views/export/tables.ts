import { statistics } from '@shared/catalog/statistics'
import type { Chain } from '@shared/run/chain'
import { eventsCsv, framesCsv, lossCsv } from '@shared/run/csv'
import { csvCell } from '@shared/run/csvCell'
import { float32Text } from '@shared/run/float32Text'
import { FRAMES_HEADER } from '@shared/run/frameLines'
import { BINS, type HistogramEntry } from '@shared/run/histogram'
import type { RunLayer } from '@shared/run/types'
import { type Rows, type Run, useRuns } from '@/stores/runs'

/** Joins pieces of text to UTF-8 bytes, letting the window breathe in between. */
async function encode(pieces: Iterable<string>): Promise<Uint8Array> {
  const encoder = new TextEncoder()
  const parts: Uint8Array[] = []
  let last = performance.now()
  for (const piece of pieces) {
    parts.push(encoder.encode(piece))
    if (performance.now() - last > 30) {
      await new Promise((next) => setTimeout(next))
      last = performance.now()
    }
  }
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    all.set(p, at)
    at += p.length
  }
  return all
}
/** Every recorded value of a run, or those of one statistic, in the format of `frames.csv`. */
export function framesBytes(run: Run, statistic?: string): Promise<Uint8Array> {
  if (!run.frames || !run.schema) return encode([FRAMES_HEADER])
  const derived =
    statistic !== undefined &&
    !run.frames.statistics.includes(statistic) &&
    statistics.find(statistic)?.derive !== undefined
  return encode(
    derived
      ? derivedCsv(run, statistic)
      : framesCsv(run.frames, run.schema.layers, statistic === undefined ? undefined : [statistic])
  )
}
function* derivedCsv(run: Run, statistic: string): Generator<string> {
  yield FRAMES_HEADER
  const runs = useRuns()
  const layers = runs.rowsFor(statistic, { mainOnly: false, run })
  for (let f = 0; f < run.frames!.length; f++)
    yield layers
      .map((l) => [l, runs.valueIn(run, f, l.index, statistic)] as const)
      .filter(([, v]) => v !== undefined)
      .map(
        ([l, v]) =>
          `${run.frames!.step(f)},${l.index},${csvCell(l.id)},${csvCell(l.kind)},${csvCell(statistic)},${float32Text(Math.fround(v!))}\n`
      )
      .join('')
}
export const lossBytes = (run: Run): Promise<Uint8Array> =>
  encode([run.frames ? lossCsv(run.frames, run.evaluations) : ''])

export const eventsBytes = (run: Run): Promise<Uint8Array> => encode([eventsCsv(run.events)])

/**
 * The profile as a table: one line per layer (or time step of one), one column per step shown, exact to the last bit;
 * the prediction with all of float64's digits.
 * @param rows of the picture, forward order.
 */
export function profileBytes(
  run: Run,
  statistic: string,
  { layers, times, columns }: Rows,
  steps: readonly number[],
  theory?: readonly (number | undefined)[]
): Promise<Uint8Array> {
  const runs = useRuns()
  const cell = (step: number, l: RunLayer, i: number): string => {
    const frame = run.frames!.frameAt(step)
    const v = times ? run.frames!.value(frame, columns[i]!) : runs.valueIn(run, frame, l.index, statistic)
    return v === undefined ? '' : float32Text(Math.fround(v))
  }
  const head = [
    'layer_index',
    'layer_id',
    'layer_kind',
    ...(times ? ['time'] : []),
    ...steps.map((s) => `${statistic}_step_${s}`),
    ...(theory ? ['theory'] : [])
  ]
  const lines = layers.map((l, i) => [
    l.index,
    csvCell(l.id),
    csvCell(l.kind),
    ...(times ? [times[i]!] : []),
    ...steps.map((s) => cell(s, l, i)),
    ...(theory ? [theory[i] === undefined ? '' : String(theory[i])] : [])
  ])
  return encode([head, ...lines].map((cells) => cells.join(',') + '\n'))
}

/** A recorded float32 with its own digits; what was computed from such with all of float64's. */
const recorded = (x: number | undefined): string => (x === undefined ? '' : float32Text(x))
const computedText = (x: number | undefined): string => (x === undefined ? '' : String(x))
/**
 * The chain as a table, one line per layer in forward order: the recorded gradient, exact to the last bit, and the
 * quotients of such as float64 gives them. The last line is the start of the chain.
 */
export function chainBytes(
  chain: Chain,
  step: number,
  gradient: (layer: RunLayer) => number | undefined
): Promise<Uint8Array> {
  const head = [
    'step',
    'layer_index',
    'layer_id',
    'layer_kind',
    'from_layer_id',
    'activation_gradient_rms',
    'factor',
    'theory_factor',
    'slope',
    'weights',
    'product',
    'theory_product'
  ]
  const lines = chain.links.map((l) => [
    step,
    l.layer.index,
    csvCell(l.layer.id),
    csvCell(l.layer.kind),
    csvCell(l.from.id),
    recorded(gradient(l.layer)),
    ...[l.factor, l.theory, l.slope, l.weights, l.product, l.theoryProduct].map(computedText)
  ])
  const { start } = chain
  if (start)
    lines.push([
      step,
      start.index,
      csvCell(start.id),
      csvCell(start.kind),
      '',
      recorded(gradient(start)),
      '',
      '',
      '',
      '',
      '1',
      '1'
    ])
  return encode([head, ...lines].map((cells) => cells.join(',') + '\n'))
}
/**
 * Distributions as a table, one line each: exact counts, the least and the largest finite value, and how many values
 * are in each of the equal bins between them.
 * @param step of the set they were counted at.
 */
export function distributionBytes(
  step: number,
  all: readonly { layer: RunLayer; h: HistogramEntry & { bins: ArrayLike<number> } }[]
): Promise<Uint8Array> {
  const head = [
    'step',
    'layer_index',
    'layer_id',
    'layer_kind',
    'source',
    'count',
    'nan',
    'infinite',
    'zero',
    'low',
    'high',
    'mean_slope',
    'saturated_below',
    'saturated_above',
    ...Array.from({ length: BINS }, (_, i) => `bin_${i + 1}`)
  ]
  const lines = all.map(({ layer, h }) => [
    step,
    layer.index,
    csvCell(layer.id),
    csvCell(layer.kind),
    h.source,
    h.count,
    h.nan,
    h.infinite,
    h.zero,
    recorded(h.low),
    recorded(h.high),
    ...[h.slope?.mean, h.slope?.below, h.slope?.above].map(computedText),
    ...Array.from(h.bins)
  ])
  return encode([head, ...lines].map((cells) => cells.join(',') + '\n'))
}
