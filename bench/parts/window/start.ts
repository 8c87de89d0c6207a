import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { median, quietRounds, ratios, type Times } from '../rounds'
import { goals, launch, ROOT, scratch } from './app'

/** An app with an empty window. */
function emptyApp(): string {
  const dir = join(scratch, 'empty')
  const main = `const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => new BrowserWindow({ width: 1440, height: 900 }).loadURL('data:text/html,<button data-testid=train>Train</button>'))`
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'empty', version: '0.0.0', main: 'main.cjs' }))
  writeFileSync(join(dir, 'main.cjs'), main)
  return dir
}
/** Limit for the start, as a ratio to an empty window. */
const START = 1.5
/** Times the start to a usable window against that of an empty one. */
export async function start(rounds: number): Promise<void> {
  const empty = emptyApp()
  const times: Record<'own' | 'empty', Times> = { own: [], empty: [] }
  const isQuiet = await quietRounds(rounds, async () => {
    const made: Partial<Record<keyof typeof times, number>> = {}
    for (const [name, app] of [
      ['empty', empty],
      ['own', ROOT]
    ] as const) {
      const from = performance.now()
      const w = await launch(app)
      await w.page.getByTestId('train').waitFor()
      made[name] = performance.now() - from
      await w.close()
    }
    return () => {
      times.own.push(made.own!)
      times.empty.push(made.empty!)
    }
  })
  const ratio = ratios(times.own, times.empty)
  console.log(
    `start      to a usable window ÷ an empty Electron window: ${goals.judge(ratio, START, isQuiet)}; ${(median(times.own) - median(times.empty)).toFixed(0)} ms more`
  )
}
