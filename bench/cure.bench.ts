/**
 * How well the search for the cure does, over nets of the labelled corpus that fail, and nets that nothing can help:
 * whether its first-ranked candidate cures what any candidate cures, what it costs beside the untreated trainings, and
 * whether its claims hold on seeds that took no part; against random search and against trying all without a race.
 *   npm run cure-bench [-- --nets N] [--seed S] [--seeds 5] [--fresh 20] [--minutes N] [--only KIND[,KIND…]]
 * Cost is counted in training steps, which other work on the machine does not change, and in time. --minutes: no new
 * net after so many; --only: these faults or bases. The report goes to out/cure: report.json and report.md.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRng, permutation } from '../src/shared/base/random/rng'
import { MANIFEST, type Manifest } from '../tests/corpus/manifest'
import { lineOf, score } from './parts/cure/score'
import { work, type Answer, type Ask } from './parts/cure/work'
import { isHand, pool, serveHand } from './parts/hands'
import { argument } from './parts/rounds'

const ROOT = process.cwd()
/** One net in so many is one that nothing can help. */
const HOPELESS = 6

function nets(count: number, seed: number): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, MANIFEST), 'utf8')) as Manifest
  const only = argument('--only')?.split(',')
  const ids = [...manifest.heldOut.failing, ...manifest.tuned.failing]
    .map((e) => e.id)
    .filter((id) => !only || id.split('/').some((part) => only.includes(part)))
  const order = Array.from(permutation(ids.length, makeRng(seed, 'cure-bench')), (i) => ids[i]!)
  const failing = order.slice(0, count - Math.floor(count / HOPELESS))
  const hopeless = Array.from({ length: Math.floor(count / HOPELESS) }, (_, i) => `nothing/${seed + i}`)
  return [...failing, ...hopeless]
}
async function main(): Promise<number> {
  const [count, seed, seeds, fresh] = (
    [
      ['--nets', 24],
      ['--seed', 1],
      ['--seeds', 5],
      ['--fresh', 20]
    ] as const
  ).map(([name, usual]) => Number(argument(name) ?? usual)) as [number, number, number, number]
  const start = performance.now()
  const ids = nets(count, seed)
  const answers = await pool<Ask, Answer>(
    __filename,
    // In any order, so that what is done by a time limit is a fair sample.
    Array.from(permutation(ids.length, makeRng(seed, 'order')), (i) => ({ id: ids[i]!, seeds, fresh })),
    (answer) => console.error(lineOf(answer)),
    Number(argument('--minutes') ?? Infinity)
  )
  const { figures, table } = score(answers, fresh)
  const folder = join(ROOT, 'out/cure')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.json'), JSON.stringify({ seed, seeds, fresh, ...figures, answers }, undefined, 1))
  writeFileSync(join(folder, 'report.md'), `${table}\n`)
  const minutes = ((performance.now() - start) / 60_000).toFixed(1)
  console.log(`${table}\n\n${answers.length} nets in ${minutes} min; out/cure has it all.`)
  return answers.some((a) => a.failure) ? 1 : 0
}

if (isHand) serveHand(work)
else void main().then((code) => (process.exitCode = code))
