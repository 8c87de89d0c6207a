/** Entry of the process that has the trainings of the window's search made by a queue: an Electron utility process. */
import { capital } from '../../shared/base/text'
import '../../shared/clinic/remedies'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../../shared/base/problems'
import { TextError } from '../../shared/ipc/errors'
import { queueContract } from '../../shared/ipc/queue'
import { serve } from '../../shared/ipc/rpc'
import { decodeProject } from '../../shared/project'
import { jobId, type JobContext } from '../jobs/address'
import { keptJob, PROJECT } from '../jobs/job'
import { connect, type Broker } from './broker'
import type { Post } from './post'
import { layOut } from './search'

/** The one thing of Electron that is known here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}
const { parentPort } = process as unknown as { parentPort: ParentPort }

/** Milliseconds that a broker has for the last words. */
const PATIENCE_MS = 1000

/** Milliseconds between two counts of the workers. */
const COUNT_MS = 1000

/** The search of this process. */
let search: { broker: Broker; post: Post; context: JobContext; dir: string } | undefined
/** Tells of workers that come and go, until the search is over. @param count as main knows it */
async function countWorkers(broker: Broker, count: number): Promise<void> {
  let told: number | undefined = count
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, COUNT_MS))
    if (search?.broker !== broker) return
    const now = await broker.orders.getWorkersCount().catch(() => undefined)
    // A broker that has been away may have fewer, or as many: either is worth telling.
    if (now !== undefined && now !== told) server.emit('workers', now)
    told = now
  }
}
function opened(): NonNullable<typeof search> {
  if (!search) throw new Error('no queue is open')
  return search
}
/** The words of what is wrong, without the option of a command line that they are about. */
function plain(error: unknown): Error {
  if (!(error instanceof InputError)) return error as Error
  const { en, zh } = error.problems[0]!.message
  return new TextError({ en: capital(en), zh })
}
async function close(): Promise<void> {
  const last = search
  search = undefined
  if (!last) return
  // The broker may be away: it is not waited for long.
  const left = last.post.clear().then(() => last.broker.close())
  await Promise.race([left, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]).catch(() => {})
  rmSync(last.dir, { recursive: true, force: true })
}

const server = serve(
  queueContract,
  {
    post: (message) => parentPort.postMessage(message),
    onMessage: (listener) => parentPort.on('message', (event) => listener(event.data)),
    // When the parent ends, Electron ends this process with it.
    onClose: () => undefined
  },
  {
    async open(url, { files, version, ...question }) {
      try {
        const broker = await connect(url, (problem) => void server.emit('away', problem))
        const dir = mkdtempSync(join(tmpdir(), 'gradient-clinic-search-'))
        const { post, context } = layOut(broker, dir, { ...question, apply: false, projects: true }, files, version)
        search = { broker, post, context, dir }
        const count = await broker.orders.getWorkersCount()
        void countWorkers(broker, count)
        return count
      } catch (error) {
        await close()
        throw plain(error)
      }
    },
    async make(name, job, untreatedBy) {
      const { post, context } = opened()
      const id = jobId(job, context)
      const hear = (isActive: boolean): void => void server.emit('active', { job: name, isActive })
      if (!(await post.make(id, job, untreatedBy, hear))) return null
      const kept = keptJob(job, context, untreatedBy)
      if (!kept) throw new Error(`what a worker made of ${id} lacks the untreated run beside it`)
      const [run] = decodeProject(readFileSync(join(context.runs, id, PROJECT))).runs
      if (!run) throw new Error(`what a worker made of ${id} has no run`)
      const { schema } = run
      const { versions, kind } = kept.machine
      return {
        result: kept.result,
        machine: kind,
        record: { ...run, ...(schema && { schema: { ...schema, versions: { ...schema.versions, ...versions } } }) }
      }
    },
    withdraw: (all) => opened().post.withdraw(all),
    close
  },
  { onMalformed: (why) => console.error(`queue: a message was refused: ${why}`) }
)
process.once('SIGTERM', () => void close().finally(() => process.exit(0)))
