/**
 * The heatmap's painter at 100 layers × 5,000 steps, as ratios to the plain method (a logarithm and a colour for every
 * cell) in the same run. Rounds are interleaved, and medians are compared. The window bench measures what a window adds
 * (axes, the image on screen).
 */
import { CellBuffer, gridOf } from '../src/renderer/charts/painter'
import { colourOf, lookUpTable, pixel, specialPixels } from '../src/renderer/charts/scales'

const LAYERS = 100
const STEPS = 5000
const STATISTICS = 18
const [WIDTH, HEIGHT] = [1600, 640]
const ROUNDS = 15

const values = new Float32Array(STEPS * LAYERS * STATISTICS)
for (let i = 0; i < values.length; i++) values[i] = 10 ** -(((i * 7919) % 1400) / 100)
const steps = Int32Array.from({ length: STEPS }, (_, i) => i)
const columns = Int32Array.from({ length: LAYERS }, (_, l) => l * STATISTICS)
const grid = (frames: number) =>
  gridOf(values.subarray(0, frames * LAYERS * STATISTICS), LAYERS * STATISTICS, columns, steps.subarray(0, frames))
const view = { from: 0, to: STEPS, bottom: 0, top: LAYERS }
const pixels = new Uint32Array(WIDTH * HEIGHT)
const special = specialPixels(false)
const table = lookUpTable('log', [-14, 0], false)

const buffer = new CellBuffer()
const draw = (frames: number, fresh: boolean): void => {
  const [first, last] = buffer.update(grid(frames), view, WIDTH, 1, false, fresh)
  buffer.paint(pixels, HEIGHT, first, last, table, special, 1, true)
}
const cases: Record<string, () => void> = {
  plain: () => {
    for (let f = 0; f < STEPS; f++)
      for (let l = 0; l < LAYERS; l++)
        pixels[(f * LAYERS + l) % pixels.length] = pixel(
          colourOf(values[f * LAYERS * STATISTICS + columns[l]!]!, 'log', [-14, 0])
        )
  },
  'full repaint': () => draw(STEPS, true),
  'ten new steps': () => draw(STEPS, false),
  'new colours': () => {
    buffer.paint(pixels, HEIGHT, 0, WIDTH, lookUpTable('log', [-14, 2], false), special, 1, true)
  }
}
const times: Record<string, number[]> = Object.fromEntries(Object.keys(cases).map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round++)
  for (const [name, work] of Object.entries(cases)) {
    if (name === 'ten new steps') draw(STEPS - 10, true)
    const from = performance.now()
    work()
    times[name]!.push(performance.now() - from)
  }
const median = (name: string): number => times[name]!.sort((a, b) => a - b)[ROUNDS >> 1]!
console.log(
  `heatmap, ${LAYERS} layers × ${STEPS} steps into ${WIDTH} × ${HEIGHT} pixels (plain: ${median('plain').toFixed(1)} ms)`
)
for (const name of Object.keys(cases).slice(1))
  console.log(
    `  ${name.padEnd(14)} ${(median(name) / median('plain')).toFixed(3)} × plain, ${median(name).toFixed(1)} ms`
  )
