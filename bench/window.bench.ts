/**
 * The real window, compared with an empty Electron window or with itself at rest in the same run: start, Train to first
 * picture, frames per second while it trains, a canvas of 200 layers, the save of a long run, memory.
 *   npm run bench -- window [--rounds N] [--part start|first|heatmap|canvas|save|memory] [--frames N]
 * `--frames` is for `memory`; an hour's worth is 216000.
 */
import { argument, options } from './parts/rounds'
import { clean, goals, load } from './parts/window/app'
import { canvas } from './parts/window/canvas'
import { first } from './parts/window/first'
import { heatmap } from './parts/window/heatmap'
import { memory } from './parts/window/memory'
import { save } from './parts/window/save'
import { start } from './parts/window/start'

/** What is measured, in this order. @param rounds of each that is timed round by round */
const PARTS: Record<string, (rounds: number) => Promise<void>> = { start, first, heatmap, canvas, save, memory }

async function main(): Promise<void> {
  const part = argument('--part')
  if (part !== undefined && !(part in PARTS))
    throw new Error(`--part ${part}: must be one of ${Object.keys(PARTS).join(', ')}`)
  const rounds = Math.min(options().rounds, 7)
  const { buildApp } = await load('scripts/lib/build.mjs')
  await buildApp!()
  const { ensureDisplay } = await load('scripts/lib/display.mjs')
  const release = (await ensureDisplay!()) as () => void
  try {
    for (const [name, measure] of Object.entries(PARTS)) if (!part || part === name) await measure(rounds)
    goals.end()
  } finally {
    release()
    clean()
  }
}
void main()
