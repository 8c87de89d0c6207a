/**
 * What recording costs: the step with all statistics of every layer, at every step and at every tenth, as ratios to the
 * same step with none.
 *   npm run bench -- statistics [--electron] [--rounds N] [--case 30×64]
 */
import { CASES } from './parts/cases'
import { interleave, options, ratios, shown, stepsFor } from './parts/rounds'
import { isWorker, serve } from './parts/worker'
import { electronWorker, nodeWorker } from './parts/workers'

async function main(): Promise<void> {
  const { rounds, electron, only } = options()
  const own = electron ? await electronWorker() : nodeWorker()
  console.log(`In: ${own.name}. ${rounds} interleaved rounds; median (middle half).\n`)
  console.log(`${'case'.padEnd(24)}every step           every tenth step`)
  for (const c of CASES.filter((x) => !only || x.name.includes(only))) {
    const { times: t } = await interleave(
      c,
      [
        ['all', own],
        ['bare', own],
        ['tenth', own]
      ],
      rounds,
      Math.ceil(stepsFor(c) / 10) * 10
    )
    console.log(
      `${c.name.padEnd(24)}${shown(ratios(t.get('all')!, t.get('bare')!)).padEnd(21)}${shown(ratios(t.get('tenth')!, t.get('bare')!))}`
    )
  }
  own.end()
}
if (isWorker) serve()
else void main()
