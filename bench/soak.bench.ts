/**
 * A long run with all statistics recorded at every step: tensors and memory after the first thousand steps, and at the
 * end.
 *   npm run bench -- soak [--electron] [--steps 100000]
 *   npm run bench -- soak --window [--minutes 30]
 * With --electron it runs in Electron's utility process, as the product does, with that process's allocator. With
 * --window it is the whole app under use instead: descriptors, processes, and the memory of main and the page.
 * Exits with 1 when any has grown by more than rounding: a leak of one small tensor per step would show as 100,000.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parseExperiment, type Experiment } from '../src/shared/experiment'
import { RunLog } from '../src/shared/run/runLog'
import { TrainerSession } from '../src/trainer/session/session'
import { loadTensorFlow } from '../src/trainer/tensorflow'
import { argument } from './parts/rounds'
import { clean } from './parts/window/app'
import { soakWindow } from './parts/window/soak'
import { isWorker } from './parts/worker'
import { insideElectron } from './parts/workers'

const args = process.argv.slice(2)
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const steps = Number(argument('--steps') ?? 100_000)
/** Share by which RSS may differ, because the allocator keeps and releases pages. */
const SLACK = 0.05

interface Mark {
  step: number
  /** tfjs's count, the binding's count. */
  tensors: [number, number]
  rss: number
  heap: number
}

const dense = (id: string, units: number, activation: string): object => ({
  id,
  kind: 'dense',
  params: { units, activation }
})
const nets: Record<string, { share: number; experiment: (n: number) => Experiment }> = {
  'dense 4×16, Adam, batch norm, clipping': {
    share: 1,
    experiment: (n) =>
      parseExperiment({
        data: { dataset: { id: 'moons', count: 200 } },
        network: {
          nodes: [
            {
              id: 'hidden',
              kind: 'repeat',
              times: 4,
              body: [dense('dense', 16, 'tanh'), { id: 'bn', kind: 'batchNorm' }]
            },
            dense('out', 1, 'linear')
          ]
        },
        training: {
          steps: n,
          batchSize: 32,
          loss: 'sigmoidCrossEntropy',
          optimizer: { id: 'adam', learningRate: 1e-3 },
          hooks: [{ id: 'clipByGlobalNorm', maxNorm: 1 }]
        }
      })
  },
  'LSTM, 16 units, T = 12': {
    share: 0.2,
    experiment: (n) =>
      parseExperiment({
        data: { dataset: { id: 'addingProblem', count: 200, length: 12 } },
        network: { nodes: [{ id: 'cell', kind: 'lstm', params: { units: 16 } }, dense('out', 1, 'linear')] },
        training: { steps: n, batchSize: 32, loss: 'meanSquaredError', optimizer: { id: 'sgd', learningRate: 0.01 } }
      })
  }
}

async function soak(name: string, experiment: Experiment): Promise<boolean> {
  const { tf, backend } = loadTensorFlow()
  const seen: Mark[] = []
  const look = (step: number): void => {
    collect()
    const { rss, heapUsed, external } = process.memoryUsage()
    // Only the binding knows the tensors of the recorded step.
    seen.push({
      step,
      tensors: [tf.memory().numTensors, backend.binding.getNumOfTensors()],
      rss,
      heap: heapUsed + external
    })
  }
  const marks = [1000, Math.round(experiment.training.steps / 2), experiment.training.steps - 1]
  // Frames and checkpoints are dropped: a log of them would grow.
  const log = new RunLog({ id: 'soak', name, experiment, createdAt: '' })
  const session: TrainerSession = new TrainerSession(experiment, {}, (update) => {
    if (update.kind === 'checkpoint') return
    if (update.kind !== 'frames') return void log.apply(update)
    const { steps: at } = update.frames
    // Measured between two batches, when no step is running.
    while (marks.length && at[at.length - 1]! >= marks[0]!) look(marks.shift()!)
    session.ack(1)
  })
  await session.run()
  const { failure } = log.progress
  if (failure) throw new Error(failure.message.en)
  const [first, last] = [seen[0], seen[2]]
  if (!first || !last || last.step !== experiment.training.steps - 1)
    throw new Error(
      `${name}: ended at step ${last?.step ?? seen[seen.length - 1]?.step ?? 0} of ${experiment.training.steps}`
    )
  const mb = (n: number): string => `${(n / 2 ** 20).toFixed(0)} MB`
  const flat = last.tensors.every((n, i) => n <= first.tensors[i]!) && last.rss <= first.rss * (1 + SLACK)
  console.log(
    `${name}, ${experiment.training.steps} steps: ${seen.map((s) => `step ${s.step}: ${s.tensors.join(' + ')} tensors of tfjs + native, ${mb(s.rss)}, of that ${mb(s.heap)} JavaScript`).join('; ')}; RSS × ${(last.rss / first.rss).toFixed(3)}: ${flat ? 'flat' : 'GROWS'}`
  )
  return flat
}
async function main(): Promise<void> {
  let flat = true
  if (args.includes('--window')) {
    flat = await soakWindow()
    clean()
    process.exit(flat ? 0 : 1)
  }
  for (const [name, net] of Object.entries(nets))
    flat = (await soak(name, net.experiment(Math.max(3000, Math.round(steps * net.share))))) && flat
  process.exit(flat ? 0 : 1)
}
if (args.includes('--electron') && !isWorker) void insideElectron(args).then((code) => process.exit(code))
else
  main().catch((why: unknown) => {
    console.error(why)
    process.exit(1)
  })
