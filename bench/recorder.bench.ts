/**
 * What a recording costs a training of PyTorch: the time of a step with every tenth step recorded, and with every one,
 * as ratios to the same training without a recording.
 *   npm run bench -- recorder [--rounds N] [--case critic]
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { machine } from './parts/quiet'
import { Goals, median, options, printColumns, quietRounds, ratios, type Times } from './parts/rounds'
import { torchEnvironment } from './parts/workers'

/** The most that a recording may cost, as a ratio. */
const GOAL = { tenth: 1.05, each: 1.4 }

/** Milliseconds of a step. */
type Measured = Record<'plain' | 'tenth' | 'each', number>

async function main(): Promise<void> {
  const { rounds, only } = options()
  const { python, env } = torchEnvironment('usual')
  if (spawnSync(python, ['-c', 'import torch'], { env }).status !== 0) {
    console.log('PyTorch is not installed (BENCH_PYTHON names a Python that has it).')
    return
  }
  const child = spawn(python, [join(process.cwd(), 'bench/parts/recorder.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env
  })
  const lines = createInterface(child.stdout)
  const answer = async <T>(): Promise<T> => JSON.parse(((await once(lines, 'line')) as [string])[0]) as T
  const { names, torch } = await answer<{ names: string[]; torch: string }>()
  console.log(`${machine()}\nPyTorch ${torch}; ratios to the same training without a recording.\n`)
  const goals = new Goals()
  const table = [['model', 'ms a step', 'every 10th recorded', 'every step']]
  for (const name of names.filter((n) => !only || n.startsWith(only))) {
    const times: Record<keyof Measured, Times> = { plain: [], tenth: [], each: [] }
    const isQuiet = await quietRounds(rounds, async () => {
      child.stdin.write(`${name}\n`)
      const made = await answer<Measured>()
      return () => {
        for (const way of Object.keys(times) as (keyof Measured)[]) times[way].push(made[way])
      }
    })
    const judged = (way: keyof typeof GOAL): string => goals.judge(ratios(times[way], times.plain), GOAL[way], isQuiet)
    table.push([name, median(times.plain).toFixed(2), judged('tenth'), judged('each')])
  }
  child.kill()
  printColumns(table)
  goals.end()
}
void main()
