import { readdirSync, readFileSync } from 'node:fs'
import type { ElectronApplication, Page } from 'playwright'
import { argument, median } from '../rounds'
import { dense, experiment, launch, load, ROOT, scratch } from './app'

/** Trainings of a round. After it, a new project lets go of all of them. */
const TRAININGS = 4
const STEPS = 300
/** Share by which RSS may grow, because allocators keep and release pages, and descriptors, as caches have some. */
const SLACK = { rss: 0.1, descriptors: 4 }
/** Rounds that fill caches. */
const WARM = 3

/** What the app takes at the end of a round. */
interface Mark {
  /** Open descriptors of main. */
  descriptors: number
  /** Of the app, main included. */
  processes: number
  /** Megabytes. */
  main: number
  page: number
}

/** Main and all that descend from it. */
function family(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((n) => /^\d+$/.test(n)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It has ended.
    }
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}
async function until(check: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; !(await check());) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise((r) => setTimeout(r, 50))
  }
}
async function look(app: ElectronApplication, page: Page): Promise<Mark> {
  const utilities = (): Promise<string[]> =>
    app.evaluate(({ app }) =>
      app
        .getAppMetrics()
        .filter((m) => m.type === 'Utility')
        .map((m) => m.name ?? m.serviceName ?? '')
        .filter((name) => name.startsWith('Gradient Clinic'))
    )
  await until(async () => (await utilities()).length === 1, 'only the trainer in waiting is left')
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.detach()
  const { page: memory, main } = await app.evaluate(({ app }) => {
    const { require } = process.mainModule!
    ;(require('v8') as typeof import('node:v8')).setFlagsFromString('--expose-gc')
    ;((require('vm') as typeof import('node:vm')).runInNewContext('gc') as () => void)()
    const of = (type: string): number =>
      app.getAppMetrics().reduce((sum, m) => sum + (m.type === type ? m.memory.workingSetSize : 0), 0) / 1024
    return { page: of('Tab'), main: of('Browser') }
  })
  const pid = app.process().pid!
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    processes: family(pid).length,
    main: Math.round(main),
    page: Math.round(memory)
  }
}

/**
 * The app under use for so many minutes: trainings, saves, a file that is opened, a new project, over and over,
 * with reloads in the first rounds.
 * @returns whether main's descriptors, the app's processes and the memory of main and page stay as they were
 */
export async function soakWindow(): Promise<boolean> {
  if (process.platform !== 'linux') throw new Error('--window needs the /proc of Linux')
  const minutes = Number(argument('--minutes') ?? 30)
  const { buildApp } = await load('scripts/lib/build.mjs')
  await buildApp!()
  const { ensureDisplay } = await load('scripts/lib/display.mjs')
  const release = (await ensureDisplay!()) as () => void
  const nodes = [dense('a', 32, 'relu'), dense('b', 32, 'relu'), dense('out', 4, 'linear')]
  const first = experiment('first', nodes, STEPS, 16)
  const w = await launch(ROOT, first)
  try {
    const { app, page } = w
    const dirty = page.locator('[data-testid="app"][data-dirty="true"]')
    // A file of its own for each round: a save over the runs of another asks.
    await app.evaluate(
      ({ dialog }, [first, scratch]) => {
        let round = 0
        const given = () => ({ canceled: false, filePath: `${scratch}/soak-${++round}.gclinic`, filePaths: [first] })
        Object.assign(dialog, { showSaveDialog: async () => given(), showOpenDialog: async () => given() })
        Object.assign(dialog, { showMessageBox: async () => ({ response: 0, checkboxChecked: false }) })
      },
      [first, scratch] as const
    )
    const state = (): Promise<string | null> => page.getByTestId('status-line').getAttribute('data-state')
    const runs = (): Promise<number> => page.evaluate(async () => (await window.clinic.listRuns()).length)
    const marks: Mark[] = []
    const end = Date.now() + minutes * 60_000
    while (Date.now() < end || marks.length < 2 * WARM) {
      for (let n = 1; n <= TRAININGS; n++) {
        await page.getByTestId('train').click()
        await until(async () => (await runs()) === n && (await state()) === 'finished', `training ${n} has finished`)
        await page.keyboard.press(n === 1 ? 'Control+Shift+s' : 'Control+s')
        await dirty.waitFor({ state: 'detached' })
      }
      // Chromium keeps the fonts of a page that was reloaded, 2 MB each; one that crashed has a process of its own.
      if (marks.length < WARM) await page.reload()
      await until(async () => (await state()) === 'finished', 'the page shows its run')
      await page.keyboard.press('Control+n')
      await until(async () => (await runs()) === 0, 'main has let go of all runs')
      await page.keyboard.press('Control+o')
      await page.getByTestId('experiment-name').filter({ hasText: 'first' }).waitFor()
      marks.push(await look(app, page))
      const { descriptors, processes, main, page: memory } = marks[marks.length - 1]!
      console.log(
        `round ${marks.length}: ${descriptors} descriptors of main, ${processes} processes, RSS of main ${main} MB, of the page ${memory} MB`
      )
    }
    const rest = marks.slice(WARM)
    const part = Math.max(1, rest.length >> 2)
    const [before, after] = [rest.slice(0, part), rest.slice(-part)]
    const of = (all: readonly Mark[], what: keyof Mark): number => median(all.map((m) => m[what]))
    const grown = (what: 'main' | 'page'): number => of(after, what) / of(before, what)
    const isFlat =
      of(after, 'descriptors') <= of(before, 'descriptors') + SLACK.descriptors &&
      of(after, 'processes') <= of(before, 'processes') &&
      Math.max(grown('main'), grown('page')) <= 1 + SLACK.rss
    console.log(
      `the window under use, ${minutes} min, ${marks.length * TRAININGS} trainings: descriptors ${of(before, 'descriptors')} → ${of(after, 'descriptors')}, processes ${of(before, 'processes')} → ${of(after, 'processes')}, RSS of main × ${grown('main').toFixed(3)}, of the page × ${grown('page').toFixed(3)}: ${isFlat ? 'flat' : 'GROWS'}`
    )
    return isFlat
  } finally {
    await w.close()
    release()
  }
}
