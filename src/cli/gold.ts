/** Entry of `npm run gold`: reference numbers of gradient flow, theory against measurement, row by row. */
import { loadTensorFlow } from '../trainer/tensorflow'
import { anchors } from './goldAnchors'
import { criticGain, criticRows } from './goldCritic'
import { kindRows, theoryRows } from './goldRows'
import { checkRow, DEPTH, goldRows, measureRow, WIDTH, type GoldResult, type GoldRow } from './goldTable'

const out = (line: string): void => void process.stdout.write(`${line}\n`)
const cell = (v: number | undefined): string =>
  (v === undefined ? '–' : v < 1e-3 ? v.toExponential(2) : v.toFixed(4)).padStart(10)
const percent = (v: number): string => `${v >= 0 ? '+' : ''}${(100 * v).toFixed(2)} %`.padStart(10)

async function main(): Promise<number> {
  const { tf } = loadTensorFlow()
  let [passed, failed] = [0, 0]
  const count = (ok: boolean): string => {
    if (ok) passed++
    else failed++
    return ok ? 'ok' : 'OUT OF TOLERANCE'
  }
  out(
    `Gradient variance gain per layer at initialisation: ${WIDTH} wide, ${DEPTH} deep, N(0, 1) input, random output gradient\n`
  )
  out(
    `${'case'.padEnd(38)}${'theory'.padEnd(17)}${'computed'.padStart(10)}${'expected'.padStart(10)}${'measured'.padStart(10)}${'deviation'.padStart(10)}  tolerance`
  )
  for (const row of goldRows) {
    const r: GoldResult = checkRow(tf, row)
    out(
      `${row.name.padEnd(38)}${row.theory.padEnd(17)}${cell(r.predicted)}${cell(row.expected)}${cell(r.measured)}${percent(r.deviation)}  ±${100 * row.tolerance} %  ${count(r.ok)}`
    )
  }
  /** Theory by quadrature against measurement, row by row. */
  const compare = (
    title: string,
    rows: GoldRow[],
    measure: (row: GoldRow) => { measured: number; predicted?: number }
  ): void => {
    out(`\n${title}\n`)
    out(
      `${'case'.padEnd(42)}${'computed'.padStart(10)}${'measured'.padStart(10)}${'deviation'.padStart(10)}  tolerance`
    )
    for (const row of rows) {
      const { measured, predicted } = measure(row)
      const deviation = measured / (predicted ?? NaN) - 1
      out(
        `${row.name.padEnd(42)}${cell(predicted)}${cell(measured)}${percent(deviation)}  ±${100 * row.tolerance} %  ${count(Math.abs(deviation) <= row.tolerance)}`
      )
    }
  }
  compare(
    'Theory by quadrature against measurement, every activation × initializer × norm (finite width makes the difference)',
    theoryRows(),
    (row) => measureRow(tf, { ...row, depth: 9 })
  )
  compare('Theory of the other kinds of layer against measurement, per block', kindRows(), (row) =>
    measureRow(tf, row, 2)
  )
  out(`\nRecurrent nets, data sets and Glorot's five layers\n`)
  out(
    `${'case'.padEnd(38)}${'theory'.padEnd(17)}${'expected'.padStart(10)}${'measured'.padStart(10)}${'deviation'.padStart(10)}  tolerance`
  )
  for (const a of anchors) {
    const measured = await a.measure()
    const deviation = measured / a.expected - 1
    out(
      `${a.name.padEnd(38)}${a.theory.padEnd(17)}${cell(a.expected)}${cell(measured)}${percent(deviation)}  ±${100 * a.tolerance} %  ${count(Math.abs(deviation) <= a.tolerance)}`
    )
  }
  out(`\nGain of the gradient per hidden layer of a trained 12-layer critic on the Swiss roll\n`)
  out(`${'case'.padEnd(38)}${'from'.padStart(10)}${'to'.padStart(10)}${'measured'.padStart(10)}`)
  for (const row of criticRows) {
    const gain = await criticGain(row.held)
    out(
      `${row.name.padEnd(38)}${cell(row.from)}${cell(row.to)}${cell(gain)}  ${count(gain > row.from && gain < row.to)}`
    )
  }
  out(`\n${passed} passed, ${failed} failed`)
  return failed ? 1 : 0
}
main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`gold: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
)
