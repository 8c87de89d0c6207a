import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { BROKERS, SECRET } from '../broker'

interface Shown {
  app: ElectronApplication
  page: Page
  shot: (name: string) => Promise<void>
}
const WAIT = 120_000

/** The page Cure in all that may become of a queue, from one that is wrong to one that goes away. */
export async function queueShots({ app, page, shot }: Shown): Promise<void> {
  const broker = BROKERS.find((b) => b.name === 'PostgreSQL' && b.isThere) ?? BROKERS.find((b) => b.isThere)
  if (!broker) return
  const folder = mkdtempSync(join(tmpdir(), 'clinic-shots-queue-'))
  const server = await broker.make(join(folder, 'broker'))
  await server.start()
  const sockets: Socket[] = []
  const silent = createServer((socket) => void sockets.push(socket.on('error', () => {})))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', () => resolve()))
  const crew: ChildProcess[] = []
  const hire = (): unknown =>
    crew.push(
      spawn(process.execPath, [join(ROOT, 'out/cli/clinic.cjs'), 'worker', '--queue', server.url, '--jobs', '1'])
    )
  const ask = async (url: string): Promise<void> => {
    await page.getByTestId('cure-queue').fill(url)
    await page.getByTestId('cure-queue').press('Tab')
    await page
      .getByTestId('cure-case')
      .locator('.upper')
      .evaluate((e) => e.scrollTo({ top: e.scrollHeight / 2 }))
  }
  const find = (): Promise<void> => page.getByTestId('cure-find').click()
  const stop = async (): Promise<void> => {
    await page.getByTestId('cure-stop').click()
    await page.getByTestId('cure-stop').waitFor({ state: 'detached' })
  }
  // In whatever language the last picture was.
  const notice = (): Promise<void> => page.getByTestId('cure-notice').waitFor({ timeout: WAIT })
  try {
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = (async () => ({ response: 0, checkboxChecked: false })) as typeof dialog.showMessageBox
    })
    await ask('mysql://host/jobs')
    await shot('cure-queue-wrong')
    await ask(server.url)
    await shot('cure-queue-idle')
    await ask(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`)
    await find()
    await page.getByTestId('cure-stop').waitFor()
    await shot('cure-queue-connecting')
    await stop()
    await ask(server.url.replace(SECRET, 'another'))
    await find()
    await page.getByTestId('cure-failure').waitFor({ timeout: WAIT })
    await shot('cure-queue-refused')
    await ask(server.url)
    await find()
    await notice()
    await shot('cure-queue-no-worker')
    hire()
    hire()
    await page.getByTestId('cure-workers').getByText('2').waitFor({ timeout: WAIT })
    await page.locator('[data-testid=cure-row] [data-mark=now]').first().waitFor({ timeout: WAIT })
    await shot('cure-queue-workers')
    crew[0]!.kill('SIGKILL')
    await notice()
    await shot('cure-queue-lost')
    await server.stop()
    await page.getByTestId('cure-workers').getByText('…').waitFor({ timeout: WAIT })
    await shot('cure-queue-away')
    await stop()
  } finally {
    crew.forEach((child) => child.kill('SIGKILL'))
    sockets.forEach((socket) => socket.destroy())
    silent.close()
    await server.stop().catch(() => {})
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
