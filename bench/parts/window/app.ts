import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import '../../../src/shared/clinic/remedies'
import { parseExperiment } from '../../../src/shared/experiment'
import { encodeProject, projectOf } from '../../../src/shared/project'
import { Goals, type Times } from '../rounds'

export const ROOT = process.cwd()
/** A module of scripts/, which the bundler must leave where it is. */
export const load = (path: string): Promise<Record<string, (...args: unknown[]) => unknown>> =>
  import(/* @vite-ignore */ pathToFileURL(join(ROOT, path)).href) as never
/** What the bench leaves on disk until it ends. */
export const scratch = mkdtempSync(join(tmpdir(), 'gradient-clinic-bench-'))
let count = 0
export const goals = new Goals()

export const dense = (id: string, units: number, activation: string, inputs?: string[]): object => ({
  id,
  kind: 'dense',
  params: { units, activation, initializer: 'heNormal' },
  ...(inputs && { inputs })
})
/** A project that the app opens: a stack of equal layers on random pairs. */
export function experiment(name: string, nodes: object[], steps: number, batch: number): string {
  const path = join(scratch, `${name}.gclinic`)
  writeFileSync(
    path,
    encodeProject(
      projectOf(
        parseExperiment({
          name,
          data: {
            dataset: { id: 'randomPairs', count: batch, inputs: 16, outputs: 4 },
            validation: 0,
            standardize: false
          },
          network: { nodes },
          training: { steps, batchSize: 0, loss: 'meanSquaredError', optimizer: { id: 'sgd', learningRate: 1e-3 } }
        })
      )
    )
  )
  return path
}
/** So many equal layers, and a last one. */
export const stack = (times: number, units: number): object[] => [
  { id: 'hidden', kind: 'repeat', times, body: [dense('dense', units, 'relu')] },
  dense('out', 4, 'linear')
]

/** Starts an app in a fresh profile. @param file that it opens */
export async function launch(
  app: string,
  file?: string
): Promise<{ app: ElectronApplication; page: Page; close(): Promise<void> }> {
  const { electronExecutable, sandboxArgs } = await load('scripts/setup/paths.mjs')
  const userData = join(scratch, `data-${count++}`)
  const started = await _electron.launch({
    executablePath: electronExecutable!('floor') as string,
    args: [...(sandboxArgs!() as string[]), `--user-data-dir=${userData}`, app, ...(file ? [file] : [])],
    env: { ...(process.env as Record<string, string>), GRADIENT_CLINIC_USER_DATA: userData }
  })
  const page = await started.firstWindow()
  // The window shows itself before it has read the file.
  if (file) await page.locator('.doc', { hasText: basename(file, '.gclinic') }).waitFor()
  return {
    app: started,
    page,
    async close() {
      await started.evaluate(({ dialog }) => {
        dialog.showMessageBox = (async () => ({ response: 1, checkboxChecked: false })) as typeof dialog.showMessageBox
      })
      await started.close()
    }
  }
}
/** Settles when the run on screen is finished. */
export const finished = (page: Page): Promise<unknown> =>
  page.locator('[data-testid="run-state"][data-state="finished"]').waitFor({ timeout: 600_000 })

/** Milliseconds between the frames that the page draws. */
export const intervals = (page: Page, ms: number): Promise<number[]> =>
  page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const out: number[] = []
        let last = performance.now()
        const end = last + ms
        const tick = (): void => {
          const now = performance.now()
          out.push(now - last)
          last = now
          if (now < end) requestAnimationFrame(tick)
          else resolve(out.slice(1))
        }
        requestAnimationFrame(tick)
      }),
    ms
  )
/** A quantile. */
export const at = (v: Times, q: number): number =>
  [...v].sort((a, b) => a - b)[Math.min(v.length - 1, Math.floor(q * v.length))]!
/** Frames per second. */
export const speed = (v: Times): number => 1000 / (v.reduce((a, b) => a + b, 0) / v.length)
/** Frames per second, in words. */
export const rate = (v: Times): string => `${speed(v).toFixed(0)} frames/s (slowest 5 %: ${at(v, 0.95).toFixed(0)} ms)`

/** Reports whether a goal is met. @param is the measured value; higher is better */
export function held(what: string, is: number, goal: number): string {
  // A screen of 60 Hz shows 59.9.
  return is >= goal * 0.98 ? what : goals.miss(what)
}

/** Removes what the bench left on disk. */
export function clean(): void {
  try {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  } catch {
    // A browser that is still running keeps writing.
  }
}
