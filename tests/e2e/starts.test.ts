import { spawn } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, electronExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'
import { launchApp, temporary, until, type Launched } from './harness'
import { backedUp } from './pages/kept'
import { Workbench } from './pages/workbench'

const APP = process.env['GRADIENT_CLINIC_APP'] ?? ROOT
/** Edits something, and waits until it is kept. @returns the folder where it is */
async function edited({ app, page }: Launched): Promise<string> {
  const bench = await Workbench.of(page)
  await bench.rename('made all the same')
  const folder = await app.evaluate(({ app }) => app.getPath('userData'))
  await until(async () => (await backedUp(folder))?.experiments[0]!.name === 'made all the same', 'it is kept')
  return folder
}

describe('it starts, and keeps what is made', () => {
  it('when other things have the names of its folders, files and lock', async () => {
    const userData = temporary()
    writeFileSync(join(userData, 'logs'), 'x')
    symlinkSync('/nowhere/backup', join(userData, 'backup'))
    mkdirSync(join(userData, 'backup.bad'))
    symlinkSync('settings.json', join(userData, 'settings.json'))
    writeFileSync(join(userData, 'state.json'), '{"window":{"width":1e300,"height":0.5,"maximized":false},"recent":[]}')
    // That of a session on another machine, or on this one under another name.
    symlinkSync('another-machine-1234', join(userData, 'SingletonLock'))
    const launched = await launchApp({ userData })
    expect(await launched.page.evaluate(() => window.clinic.getSettings())).toMatchObject({ theme: 'system' })
    expect(await edited(launched)).toBe(userData)
    for (const name of ['logs.bad', 'backup.2.bad', 'settings.json.bad'])
      expect(lstatSync(join(userData, name), { throwIfNoEntry: false }), name).toBeTruthy()
  })
  it('without a folder for its own files, and says where it keeps them instead', async () => {
    // What is no folder, what can't be made, and no home at all.
    const file = join(temporary(), 'file')
    writeFileSync(file, 'x')
    for (const [env, why] of [
      [{ GRADIENT_CLINIC_USER_DATA: file }, 'a file has the name of the folder'],
      [{ GRADIENT_CLINIC_USER_DATA: '', XDG_CONFIG_HOME: '', HOME: '/proc/none' }, 'the folder does not exist']
    ] as const) {
      const launched = await launchApp({ env })
      const folder = await edited(launched)
      const log = readFileSync(join(folder, 'logs', 'main.log'), 'utf8')
      for (const part of ['cannot be kept in', why, folder]) expect(log).toContain(part)
      await launched.close()
      expect(basename(folder)).toMatch(/^gradient-clinic-\w+$/)
      rmSync(folder, { recursive: true, force: true })
    }
    expect(readFileSync(file, 'utf8')).toBe('x')
  })
  it.runIf(process.platform === 'linux')('on a profile whose disk is read-only', async () => {
    const userData = temporary()
    writeFileSync(join(userData, 'settings.json'), '{"theme":"dark"}')
    const executable = join(temporary(), 'read-only')
    const mount =
      'mount --bind "$GRADIENT_CLINIC_USER_DATA" "$GRADIENT_CLINIC_USER_DATA" && ' +
      'mount -o remount,bind,ro "$GRADIENT_CLINIC_USER_DATA" && exec "$0" --no-sandbox "$@"'
    writeFileSync(executable, `#!/bin/sh\nexec unshare -rm sh -c '${mount}' '${electronExecutable()}' "$@"\n`)
    chmodSync(executable, 0o755)
    const launched = await launchApp({ userData, executable })
    const folder = await edited(launched)
    expect(readFileSync(join(folder, 'logs', 'main.log'), 'utf8')).toMatch(
      new RegExp(`cannot be kept in ${userData}: the disk is read-only.*${folder}`)
    )
    await launched.close()
    rmSync(folder, { recursive: true, force: true })
    expect(readdirSync(userData)).toEqual(['settings.json'])
  })
})

/** Starts the app, which is to end by itself. */
function ended(env: Record<string, string>, ...args: string[]): Promise<{ code: number | null; said: string }> {
  const app = spawn(electronExecutable(), [...sandboxArgs(), APP, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe']
  })
  let said = ''
  app.stderr.on('data', (d) => (said += String(d)))
  return new Promise((resolve) => app.once('close', (code) => resolve({ code, said })))
}

it.runIf(process.platform === 'linux')('it says why it cannot start without temporary files, and ends', async () => {
  const none = { TMPDIR: '/proc/none' }
  for (const result of await Promise.all([
    ended({ ...none, GRADIENT_CLINIC_USER_DATA: temporary() }),
    ended({ ...none, GRADIENT_CLINIC_USER_DATA: '/proc/none', XDG_RUNTIME_DIR: '/proc/none', HOME: '/proc/none' }),
    ended({ ...none, GRADIENT_CLINIC_USER_DATA: '' }, '--report', temporary())
  ])) {
    expect(result.code).toBe(1)
    expect(result.said).toMatch(/cannot start: temporary files cannot be written in \/proc\/none: .*Set TMPDIR/)
  }
})

describe('a native library that is cut off', () => {
  it('is named with its file and the command that repairs it, and the rest of the app works', async () => {
    const app = temporary()
    const modules = join(app, 'node_modules')
    const library = join('@tensorflow', 'tfjs-node')
    const from = join(ROOT, 'node_modules')
    mkdirSync(join(modules, library, 'deps', 'lib'), { recursive: true })
    cpSync(join(APP, 'out'), join(app, 'out'), { recursive: true })
    cpSync(join(ROOT, 'package.json'), join(app, 'package.json'))
    for (const folder of ['.', '@tensorflow', library])
      for (const name of readdirSync(join(from, folder)))
        if (!existsSync(join(modules, folder, name)) && !['lib', 'dist', '.gradient-clinic'].includes(name))
          symlinkSync(join(from, folder, name), join(modules, folder, name))
    // Node looks for a package where its package.json really is.
    rmSync(join(modules, library, 'package.json'))
    cpSync(join(from, library, 'package.json'), join(modules, library, 'package.json'))
    // What loads the library lies where it looks for it; of the library itself there is the beginning.
    for (const part of ['dist', 'lib'])
      cpSync(realpathSync(join(from, library, part)), join(modules, library, part), { recursive: true })
    const [deps, binding] = ['deps', 'lib'].map((name) => realpathSync(join(from, library, name)))
    cpSync(join(deps!, 'manifest.json'), join(modules, library, 'deps', 'manifest.json'))
    cpSync(join(dirname(binding!), 'manifest.json'), join(modules, library, 'manifest.json'))
    const libraries = readdirSync(join(deps!, 'lib')).map((file) => join(deps!, 'lib', file))
    const isLink = (file: string): boolean => lstatSync(file).isSymbolicLink()
    const largest = libraries.filter((file) => !isLink(file)).sort((a, b) => statSync(b).size - statSync(a).size)[0]!
    const name = basename(largest)
    // Links lead to what lies beside them, so that the part is all there is.
    for (const file of libraries.filter((file) => file !== largest))
      symlinkSync(isLink(file) ? readlinkSync(file) : file, join(modules, library, 'deps', 'lib', basename(file)))
    const whole = openSync(largest, 'r')
    const start = Buffer.alloc(2 ** 20)
    readSync(whole, start)
    closeSync(whole)
    writeFileSync(join(modules, library, 'deps', 'lib', name), start)
    const notes = join(modules, '.gradient-clinic')
    mkdirSync(notes)

    const launched = await launchApp({ app })
    const banner = launched.page.getByTestId('native-problem')
    await banner.filter({ hasText: name }).waitFor()
    const said = await banner.innerText()
    expect(said).toContain('npm run setup -- --verify')
    expect(said).not.toMatch(/ended before it answered/)
    // The next set-up looks by itself.
    expect(existsSync(join(notes, 'verify'))).toBe(true)
    await edited(launched)
  })
})
