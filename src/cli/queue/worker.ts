import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { bad, parseArguments } from '../args'
import { readQuestion } from '../elsewhere/question'
import { Pool } from '../jobs/pool'
import type { Console } from '../run'
import { connect, type Broker, type Made, type Parcel } from './broker'
import { addressOf, packRuns, unpackFolder } from './parcels'

const ORDER_BYTES = 64e6

/** Fetches a search from the queue into a folder of this machine. @throws Error */
async function fetchSearch(broker: Broker, search: string, dir: string, version: string): Promise<string> {
  if (!/^[0-9a-f]{32}$/.test(search)) throw new Error('a job of the queue names a search that is none')
  const folder = join(dir, search)
  const posted = await broker.searches.getJob(search)
  if (!posted) throw new Error('the search of a job is not in the queue')
  if (addressOf(posted.data) !== search) throw new Error('the search of a job is not the one that its name says')
  unpackFolder(folder, posted.data)
  for (const name of ['jobs', 'runs']) mkdirSync(join(folder, name))
  // Says so when it is of another version.
  readQuestion(folder, version)
  return folder
}

/**
 * `clinic worker --queue URL`: makes the jobs of a queue until it is told to stop (Ctrl+C, SIGTERM); those under way
 * end. A job brings an experiment and tables, never code; nothing outside the folder of its search is read.
 * @returns the exit code. @throws InputError
 */
export async function serveQueue(
  args: readonly string[],
  cores: number,
  version: string,
  console: Console
): Promise<number> {
  const { rest, given } = parseArguments(args, ['--queue', '--jobs'], ['--quiet'])
  const url = given.get('--queue')?.slice(-1)[0]
  if (rest.length || url === undefined)
    throw bad('--queue', 'name the queue, as in redis://HOST:PORT', '请指定队列，例如 redis://主机:端口')
  const text = given.get('--jobs')?.slice(-1)[0] ?? String(cores)
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw bad('--jobs', `"${text}" must be a whole number from 1`, `“${text}” 应为正整数`)
  const jobs = Number(text)
  const say = (line: string): void => {
    if (!given.has('--quiet')) console.err(`${line}\n`)
  }
  const broker = await connect(url, ({ en }) => say(en))
  const dir = mkdtempSync(join(tmpdir(), 'gradient-clinic-worker-'))
  const folders = new Map<string, Promise<string>>()
  const pool = new Pool(process.argv[1]!, undefined, jobs)
  try {
    const worker = broker.work(async ({ id, data }): Promise<Made> => {
      const { search, order, untreatedBy }: Parcel = data
      if (order.length > ORDER_BYTES) throw new Error('a job of the queue is too large')
      // Jobs of one search share a folder; one that could not be fetched is fetched again by the next.
      if (!folders.has(search)) folders.set(search, fetchSearch(broker, search, dir, version))
      const folder = await folders.get(search)!.catch((error: unknown) => {
        folders.delete(search)
        throw error
      })
      const name = /([0-9a-f]{16})$/.exec(id ?? '')?.[1]
      if (!name) throw new Error('a job of the queue has a name that none has')
      const file = join(folder, 'jobs', `${name}.json`)
      writeFileSync(file, order)
      const { machine } = await pool.run({ order: file, ...(untreatedBy && { untreatedBy }) })
      say(`${name}: made`)
      // The untreated run beside it, where the machine that made the other one is of another kind.
      const beside = readdirSync(join(folder, 'runs')).filter((run) => run.endsWith(`-${machine.kind}`))
      return packRuns(join(folder, 'runs'), [name, ...(untreatedBy && untreatedBy !== machine.kind ? beside : [])])
    }, jobs)
    say(`${hostname()}: waits for jobs at ${broker.place}, ${jobs} at once`)
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    })
    await worker.close()
    return 0
  } finally {
    pool.close()
    await broker.close()
    rmSync(dir, { recursive: true, force: true })
  }
}
