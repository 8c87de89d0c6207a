/**
 * Times steps on request, in a plain Node child or in Electron's utility process. It talks over its parent's channel.
 */
import { planNetwork } from '../../src/shared/experiment'
import { makeRng } from '../../src/shared/base/random/rng'
import { GraphEngine, type Batch } from '../../src/trainer/engine'
import { Model } from '../../src/trainer/model'
import { RunLog } from '../../src/shared/run/runLog'
import { TrainerSession } from '../../src/trainer/session/session'
import { loadTensorFlow } from '../../src/trainer/tensorflow'
import type { Ask, Case } from './cases'
import { experimentOf, LEARNING_RATE } from './experiments'

const normal = (n: number, stream: string, scale = 1): Float32Array => {
  const rng = makeRng(1, stream)
  return Float32Array.from({ length: n }, () => scale * rng.normal())
}
const batchOf = (c: Case): Batch => ({
  x: normal(c.batch * c.shape.reduce((a, b) => a * b, 1), 'x'),
  y: normal(c.batch * c.outputs, 'y'),
  count: c.batch
})

/** One step of a case. Steps are cached, because graphs take a while to build. */
type Stepper = (record: boolean) => void
const steppers = new Map<string, Stepper>()

function product(c: Case): Stepper {
  const experiment = experimentOf(c)
  const tensorflow = loadTensorFlow()
  const model = new Model(experiment, planNetwork(experiment.network, c.shape))
  model.prepare(tensorflow.tf)
  const batch = batchOf(c)
  const engine = new GraphEngine(tensorflow, model, batch, 0)
  let t = 0
  return (record) => void engine.step(batch, ++t, record)
}

/** The step of the tfjs guide: variables, an optimizer, and the loss read at each step. */
function ordinary(c: Case): Stepper {
  const { tf } = loadTensorFlow()
  const { x, y } = batchOf(c)
  const widths = [c.shape[0]!, ...Array<number>(c.depth).fill(c.width), c.outputs]
  const variables = widths
    .slice(1)
    .map(
      (n, i) =>
        [
          tf.variable(tf.tensor2d(normal(widths[i]! * n, `w${i}`, Math.sqrt(2 / widths[i]!)), [widths[i]!, n])),
          tf.variable(tf.zeros([n]))
        ] as const
    )
  const [xs, ys] = [tf.tensor2d(x, [c.batch, c.shape[0]!]), tf.tensor2d(y, [c.batch, c.outputs])]
  const optimizer = tf.train.sgd(LEARNING_RATE)
  return () => {
    const loss = optimizer.minimize(() => {
      let h: ReturnType<typeof tf.tensor2d> = xs
      variables.forEach(([w, b], i) => {
        const z = tf.add(tf.matMul(h, w as never), b) as typeof h
        h = i < c.depth ? (c.activation === 'relu' ? tf.relu(z) : tf.sigmoid(z)) : z
      })
      return tf.losses.meanSquaredError(ys, h) as never
    }, true)!
    loss.dataSync()
    loss.dispose()
  }
}

/** Times a run from its first step to its last. Preparation does not count. */
async function wholeRun(c: Case, steps: number): Promise<number> {
  const experiment = experimentOf(c, steps)
  // Frames are dropped: what is timed is the session alone.
  const log = new RunLog({ id: 'bench', name: c.name, experiment, createdAt: '' })
  const session: TrainerSession = new TrainerSession(experiment, {}, (update) => {
    if (update.kind === 'frames') session.ack(1)
    else log.apply(update)
  })
  session.getReady()
  const start = performance.now()
  await session.run()
  const { failure } = log.progress
  if (failure) throw new Error(failure.message.en)
  return (performance.now() - start) / steps
}

async function answer({ case: c, variant, steps }: Ask): Promise<number> {
  if (variant === 'session') return wholeRun(c, steps)
  const kind = variant === 'tfjs' ? 'tfjs' : 'product'
  const key = `${kind} ${c.name}`
  let step = steppers.get(key)
  if (!step) {
    steppers.set(key, (step = kind === 'tfjs' ? ordinary(c) : product(c)))
    // The first call of each kind builds its part of the session.
    for (const record of [true, false, true, false]) step(record)
  }
  const start = performance.now()
  for (let i = 0; i < steps; i++) step(variant === 'all' || (variant === 'tenth' && i % 10 === 0))
  return (performance.now() - start) / steps
}

/** Whether `workers.ts` started this process. */
export const isWorker = Boolean(process.env['BENCH_WORKER'])

/** Answers requests until the parent disconnects. */
export function serve(): void {
  const parent = (
    process as unknown as {
      parentPort?: { on(e: 'message', f: (m: { data: Ask }) => void): void; postMessage(m: unknown): void }
    }
  ).parentPort
  const end = (why: unknown): never => {
    console.error(why)
    process.exit(1)
  }
  if (parent) parent.on('message', ({ data }) => void answer(data).then((ms) => parent.postMessage(ms), end))
  else process.on('message', (ask: Ask) => void answer(ask).then((ms) => process.send!(ms), end))
}
