import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { tempDir } from './fixtures'

/** A checkout that holds the command alone, and a script in place of the command line that says what it is run with. */
async function checkout(): Promise<{ dir: string; command: string }> {
  const dir = await tempDir()
  for (const folder of ['bin', 'scripts', 'node_modules/.gradient-clinic', 'path'])
    await fs.mkdir(join(dir, folder), { recursive: true })
  await fs.copyFile(join(ROOT, 'bin/clinic'), join(dir, 'bin/clinic'))
  await fs.writeFile(
    join(dir, 'scripts/clinic.mjs'),
    'console.log(JSON.stringify([process.env.WITH, process.argv.slice(2), process.cwd()]))'
  )
  const command = join(dir, 'path/clinic')
  await fs.symlink(join(dir, 'bin/clinic'), command)
  return { dir, command }
}
/** A Node that tells its name. */
async function fakeNode(path: string, name: string): Promise<void> {
  await fs.writeFile(path, `#!/bin/sh\nWITH=${name} exec '${process.execPath}' "$@"\n`, { mode: 0o755 })
}

it('clinic is a command of the package that may be run', async () => {
  const { bin } = JSON.parse(await fs.readFile(join(ROOT, 'package.json'), 'utf8'))
  expect(bin).toEqual({ clinic: 'bin/clinic' })
  expect((await fs.stat(join(ROOT, 'bin/clinic'))).mode & 0o111).toBe(0o111)
})
it.skipIf(process.platform === 'win32')(
  'clinic runs through a link, in the folder that it is called in, with the Node of the set-up, without npm',
  async () => {
    const { dir, command } = await checkout()
    const called = await fs.realpath(await tempDir())
    const env = { PATH: `${join(dir, 'path')}:/usr/bin:/bin` }
    const run = (): unknown =>
      JSON.parse(execFileSync(command, ['run', 'a file.json', '--out', ''], { cwd: called, env, encoding: 'utf8' }))
    const args = ['run', 'a file.json', '--out', '']
    await fakeNode(join(dir, 'path/node'), 'path')
    await fakeNode(join(dir, 'noted'), 'noted')
    expect(run()).toEqual(['path', args, called])
    await fs.writeFile(join(dir, 'node_modules/.gradient-clinic/node'), join(dir, 'noted'))
    expect(run()).toEqual(['noted', args, called])
    // That Node is gone.
    await fs.rm(join(dir, 'noted'))
    expect(run()).toEqual(['path', args, called])
  }
)
