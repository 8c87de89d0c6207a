/**
 * One training step with all statistics of every layer recorded, as ratios to PyTorch's bare step and to the usual tfjs
 * step. PyTorch is measured at its best setting for each case, which is printed.
 *   npm run bench -- step [--electron] [--rounds N] [--case 30×64] [--peer best|default]
 * With --electron the product's side runs in Electron's utility process, as in the product.
 */
import { CASES, mlp, type Variant } from './parts/cases'
import { findPeer } from './parts/peer'
import { machine } from './parts/quiet'
import { Goals, interleave, median, options, printColumns, ratios, shown, stepsFor, type Times } from './parts/rounds'
import { isWorker, serve } from './parts/worker'
import { electronWorker, nodeWorker, type Worker } from './parts/workers'

/** Limits for recording every step and every tenth, as ratios to the step without recording. */
const MOST = { all: 1.3, tenth: 1.05 }
/** Rounds for each round of the others, and steps in a round, when recording is timed. */
const SHORT = { rounds: 6, steps: 20 }
/**
 * Limit for a deep sigmoid net, whose gradients become denormal on their way to zero, as a ratio to the same net with
 * ReLU.
 */
const DENORMAL = { deep: mlp(100, 64, 'sigmoid'), same: mlp(100, 64, 'relu'), most: 1.3 }

async function main(): Promise<void> {
  const { rounds, electron, only, peer } = options()
  const own = electron ? await electronWorker() : nodeWorker()
  const torch = findPeer(peer)
  console.log(
    `${machine()}\nProduct in: ${own.name}. Peer: ${torch?.name ?? 'PyTorch is not installed (BENCH_PYTHON names a Python that has it)'}. ${rounds} interleaved rounds; median (middle half).\n`
  )
  const rows = [
    [
      'case',
      'all ÷ torch',
      'goal',
      'whole run ÷ torch',
      'bare ÷ torch',
      'all ÷ fused',
      `all ÷ bare ≤ ${MOST.all}`,
      `tenth ÷ bare ≤ ${MOST.tenth}`,
      'tfjs ÷ all',
      'torch with'
    ]
  ]
  const goals = new Goals()
  const judged = (v: Times, most: number): string => (median(v) <= most ? shown(v) : goals.miss(shown(v)))
  const cases = CASES.filter((x) => !only || x.name.includes(only))
  if (!cases.length)
    throw new Error(`--case ${only}: no case has that in its name. There are: ${CASES.map((c) => c.name).join('; ')}`)
  for (const c of cases) {
    const cells = c.kind === 'rnn' || c.kind === 'lstm'
    const who: [Variant, Worker][] = [
      ['all', own],
      ['bare', own]
    ]
    if (torch) who.unshift(['torch', torch])
    if (torch && cells) who.push(['fused', torch])
    if (c.kind === 'dense') who.push(['session', own])
    if (c.kind === 'dense' && !c.with && !c.optimizer) who.push(['tfjs', own])
    const { times: t, isQuiet } = await interleave(c, who, rounds, stepsFor(c))
    // These differ by a few per cent. Many short rounds spread the machine's own variation over both. Every tenth step
    // is a tenth of them.
    const { times: recorded } = await interleave(
      c,
      [
        ['all', own],
        ['bare', own],
        ['tenth', own]
      ],
      SHORT.rounds * rounds,
      SHORT.steps
    )
    const ratio = (a: Variant, b: Variant): string => (t.has(a) && t.has(b) ? shown(ratios(t.get(a)!, t.get(b)!)) : '–')
    // The peer's best is the fastest of its own two ways.
    const best = t.get('torch')?.map((ms, i) => Math.min(ms, t.get('fused')?.[i] ?? Infinity))
    const variant = t.has('fused') && median(t.get('fused')!) < median(t.get('torch')!) ? 'fused' : 'torch'
    rows.push([
      c.name,
      ratio('all', 'torch'),
      c.goal && best ? goals.judge(ratios(t.get('all')!, best), c.goal, isQuiet) : '–',
      ratio('session', 'torch'),
      ratio('bare', 'torch'),
      ratio('all', 'fused'),
      judged(ratios(recorded.get('all')!, recorded.get('bare')!), MOST.all),
      judged(ratios(recorded.get('tenth')!, recorded.get('bare')!), MOST.tenth),
      ratio('tfjs', 'all'),
      torch ? `${variant === 'fused' ? 'its own layer, ' : ''}${torch.chosen({ case: c, variant })}` : '–'
    ])
  }
  let tiny: string | undefined
  if (!only) {
    const { deep, same, most } = DENORMAL
    const of = new Map([deep, same].map((c) => [c.name, [] as Times]))
    for (let r = -1; r < rounds; r++)
      for (const c of [deep, same]) {
        const ms = await own.ask({ case: c, variant: 'all', steps: stepsFor(c) })
        if (r >= 0) of.get(c.name)!.push(ms)
      }
    tiny = `\nall statistics, ${deep.name} ÷ ${same.name}: ${judged(ratios(of.get(deep.name)!, of.get(same.name)!), most)} (≤ ${most}: denormals don't slow it down)`
  }
  own.end()
  torch?.end()
  printColumns(rows)
  if (tiny) console.log(tiny)
  goals.end()
}
if (isWorker) serve()
else void main()
