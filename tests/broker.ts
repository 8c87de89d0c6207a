import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'

/** The password of a broker, which is to stand nowhere. */
export const SECRET = 'a-word-that-nobody-may-read'

/** A message broker of a test's own. */
export interface Server {
  url: string
  start(): Promise<void>
  stop(): Promise<void>
}
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
/** A Redis whose password is `SECRET`. @param place folder that it keeps its jobs in, made here */
export async function redis(place: string): Promise<Server> {
  const port = await freePort()
  mkdirSync(place)
  let child: ChildProcess
  const log = (): string => readFileSync(join(place, 'log'), 'utf8')
  return {
    url: `redis://:${SECRET}@127.0.0.1:${port}`,
    async start() {
      writeFileSync(join(place, 'log'), '')
      const kept = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', place, '--logfile', join(place, 'log')]
      child = spawn('redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--requirepass', SECRET, ...kept])
      while (!log().includes('Ready to accept connections')) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    stop: () =>
      new Promise((resolve) => {
        child.on('exit', () => resolve())
        child.kill()
      })
  }
}
