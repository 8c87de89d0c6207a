import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { BrowserContext } from 'playwright'
import { appContract } from '@shared/ipc/app'
import type { Settings } from '@shared/project/types'
import type { Handlers } from '@shared/ipc/contract'
import { errorToData } from '@shared/ipc/errors'
import { connect, type Port } from '@shared/ipc/rpc'
import { trainerContract } from '@shared/ipc/trainer'
import { decodeProject, encodeProject } from '@shared/project'
import type { RunRecord } from '@shared/run/types'
import { CureHost } from '../../src/main/cure/host'
import type { Child } from '../../src/main/trainer/child'
import { RunHost } from '../../src/main/trainer/host'
import { ROOT } from '../../scripts/setup/paths.mjs'

/** Where the page is served from; no request for it ever leaves the browser. */
const ORIGIN = 'https://clinic.test'
/** Milliseconds that anything may take: many times what it takes where nothing else computes. */
const PATIENCE = 120_000
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.json': 'application/json'
}

/** The trainer in a plain Node child, in place of Electron's utility process. */
function forkPlain(): Child {
  const child = fork(join(ROOT, 'out/main/trainer.js'), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  })
  let tail = ''
  child.stderr!.on('data', (d: Buffer) => (tail = (tail + d.toString()).slice(-4000)))
  const port: Port = {
    post(message) {
      if (!child.connected) throw new Error('the training process has ended')
      child.send(message as object)
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void child.once('exit', listener)
  }
  return {
    api: connect(trainerContract, port, { name: 'main' }).api,
    get pid() {
      return child.pid
    },
    get gone() {
      return child.exitCode !== null || child.signalCode !== null
    },
    get tail() {
      return tail
    },
    onExit: (listener) => void child.once('exit', (code, signal) => listener(code ?? 1, signal ?? undefined)),
    kill: () => void child.kill('SIGKILL')
  }
}

/** Electron's side played in this process: no dialogs and no files, but the real queue of runs and real trainers. */
export class FakeBridge {
  readonly settings: Settings = { theme: 'light', language: 'en', layout: {} }
  /** What was saved last, as the bytes of a project file. */
  saved: Uint8Array | undefined
  readonly exported = new Map<string, Uint8Array>()
  readonly logged: string[] = []
  private readonly listeners = new Set<(event: string, payload: unknown) => void>()
  private readonly host = new RunHost({
    fork: forkPlain,
    slots: 1,
    emit: (message) => this.emit('runUpdate', message)
  })
  private readonly cure = new CureHost({
    host: this.host,
    emit: (update) => this.emit('cureUpdate', update),
    version: 'browser',
    language: () => 'en',
    atOnce: 1
  })
  private readonly handlers: Handlers<typeof appContract> = {
    info: () => ({
      versions: {},
      platform: 'browser',
      cpu: '',
      threads: 2,
      memory: 8e9,
      locale: 'en',
      native: { ok: true },
      recorder: '/app/recorder'
    }),
    getSettings: () => this.settings,
    setSettings: (change) => Object.assign(this.settings, change),
    projectChanged: () => [],
    onScreen: () => null,
    openProject: () =>
      this.saved
        ? { ok: true, path: '/saved.gradclinic', value: decodeProject(this.saved) }
        : { ok: false, canceled: true },
    saveProject: (project) => {
      const whole = project.runs.filter((r): r is RunRecord => 'frames' in r)
      if (whole.length < project.runs.length) return { ok: false, canceled: true, wantsWhole: true }
      this.saved = encodeProject({ ...project, runs: whole })
      return { ok: true, path: '/saved.gradclinic' }
    },
    recentFiles: () => [],
    closeWindow: () => undefined,
    recovered: () => [],
    takeRecovered: () => ({ ok: false, canceled: true }),
    declineRecovered: () => undefined,
    deleteRecovered: () => undefined,
    openCsv: () => ({ ok: false, canceled: true }),
    openIdx: () => ({ ok: false, canceled: true }),
    fileDropped: () => undefined,
    openRecording: () => ({ ok: false, canceled: true }),
    watchFolder: () => ({ ok: false, canceled: true }),
    openModel: () => ({ ok: false, canceled: true }),
    exportFile: (name, bytes) => {
      this.exported.set(name, bytes)
      return { ok: true, path: `/${name}` }
    },
    exportPdf: (name, html) => {
      this.exported.set(name, new TextEncoder().encode(html))
      return { ok: true, path: `/${name}` }
    },
    windowWhole: () => undefined,
    copy: () => undefined,
    setZoom: () => undefined,
    startRun: (id, experiment, files, options) => this.host.start(id, experiment, files, options),
    setSlots: (count) => this.host.setSlots(count),
    orderRuns: (ids) => this.host.order(ids),
    renameRun: (id, name) => this.host.rename(id, name),
    checkpointRun: (id) => this.host.checkpoint(id),
    changeRun: (id, change) => this.host.change(id, change),
    pauseRun: (id) => this.host.pause(id),
    resumeRun: (id) => this.host.resume(id),
    stepRun: (id) => this.host.step(id),
    stopRun: (id) => this.host.stop(id),
    inspectRun: (id) => this.host.inspect(id),
    getRun: (id) => this.host.record(id),
    listRuns: () => this.host.list(),
    dropRun: (id) => this.host.drop(id),
    ackFrames: (id, n) => this.host.ack(id, n),
    startCure: (id, order, files, past, queue) => this.cure.start(id, order, files, past, queue ?? undefined),
    stopCure: () => this.cure.stop(),
    forgetCure: () => this.cure.forget(),
    cureState: () => this.cure.state,
    takeHome: () => Promise.reject(new Error('there is no process of the app')),
    leaveHome: () => undefined,
    stopHome: () => undefined,
    checkHome: () => ({ state: 'missing', modules: [] }),
    saveHome: () => ({ ok: false, canceled: true }),
    choosePython: () => null,
    log: (level, text) => void this.logged.push(`${level}: ${text}`),
    reportDone: () => undefined
  }

  emit(event: string, payload: unknown): void {
    for (const l of this.listeners) l(event, payload)
  }
  close(): void {
    this.host.close()
  }

  /**
   * Serves the built page to a browser, with this bridge as its `window.clinic`.
   * @param built the folder it was built into.
   */
  async attach(context: BrowserContext, built = join(ROOT, 'out/renderer')): Promise<void> {
    context.setDefaultTimeout(PATIENCE)
    await context.route(`${ORIGIN}/**`, async (route) => {
      const path = new URL(route.request().url()).pathname
      const file = path === '/' ? 'index.html' : path.slice(1)
      const body = await readFile(join(built, file)).catch(() => null)
      await route.fulfill(
        body ? { body, contentType: TYPES[extname(file)] ?? 'application/octet-stream' } : { status: 404, body: '' }
      )
    })
    await context.exposeBinding('clinicCall', async (_source, name: string, args: unknown[]) => {
      try {
        return {
          value: await (this.handlers as unknown as Record<string, (...a: unknown[]) => unknown>)[name]!(...args)
        }
      } catch (error) {
        const { message, problems } = errorToData(error)
        return {
          error: { name: problems.length ? 'InputError' : 'Error', message: message.en, text: message, problems }
        }
      }
    })
    await context.addInitScript((names: string[]) => {
      const told = new Map<string, Set<(p: unknown) => void>>()
      const w = window as unknown as Record<string, unknown>
      const call = w['clinicCall'] as (name: string, args: unknown[]) => Promise<{ value?: unknown; error?: unknown }>
      const api: Record<string, unknown> = {
        on: (event: string, f: (p: unknown) => void) => {
          if (!told.has(event)) told.set(event, new Set())
          told.get(event)!.add(f)
          return () => told.get(event)!.delete(f)
        }
      }
      for (const name of names)
        api[name] = async (...args: unknown[]) => {
          const answer = await call(name, args)
          if (answer.error) throw answer.error
          return answer.value
        }
      w['clinic'] = api
      w['clinicTell'] = (event: string, payload: unknown) => told.get(event)?.forEach((f) => f(payload))
    }, Object.keys(appContract.calls))
    const page = await context.newPage()
    // In order: one event after the other.
    let last: Promise<unknown> = Promise.resolve()
    this.listeners.add((event, payload) => {
      last = last
        .then(() =>
          page.evaluate(
            ([e, p]) => (window as unknown as { clinicTell: (e: unknown, p: unknown) => void }).clinicTell(e, p),
            [event, payload] as const
          )
        )
        .catch(() => undefined)
    })
    await page.goto(ORIGIN)
  }
}
