/**
 * Installs each package into a bare Debian, uses it there as an ordinary user without a network, and removes it
 * (`inside.mjs`). The system is made once by debootstrap, kept in the cache, and never written to: an overlay is.
 */
// cspell:ignore rprivate lowerdir upperdir urandom devpts ptmxmode ptmx
import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { inherit } from '../lib/child.mjs'
import { exists } from '../setup/files.mjs'
import { ROOT, cacheDir, isRoot, newestNode } from '../setup/paths.mjs'
import { SetupError } from '../setup/report.mjs'
import { run } from '../setup/run.mjs'

/** A desktop as bare as the check allows: what opens files by their type, what shows windows, and what presses keys. */
const DESKTOP = [
  'apparmor',
  'desktop-file-utils',
  'fonts-dejavu-core',
  'iproute2',
  'libglib2.0-bin',
  'openbox',
  'rpm',
  'shared-mime-info',
  'x11-apps',
  'xdg-utils',
  'xdotool',
  'xvfb',
  'zstd'
]

/**
 * @param {Record<string, string>} packages kind → file name
 * @param {string} dist their folder
 * @param {string[]} kinds only these; all by default
 * @returns {Promise<number>} 1 if one failed
 */
export async function checkPackages(packages, dist, kinds) {
  if (!isRoot() || process.platform !== 'linux')
    throw new SetupError('check', 'only root may make the bare system of the check', 'run it as root on Linux')
  const base = await bareSystem(join(dist, packages.deb))
  let failed = 0
  for (const [kind, name] of Object.entries(packages)) {
    if (kinds.length && !kinds.includes(kind)) continue
    console.log(`\n${name}`)
    if (await checkOne(base, dist, kind, name)) failed++
  }
  console.log(failed ? `\n${failed} of the packages failed.` : '\nAll of it was seen.')
  return failed ? 1 : 0
}

/** A bare Debian with what the .deb depends on: that the names can be resolved is part of the check. */
async function bareSystem(deb) {
  const suite = /^VERSION_CODENAME=(\w+)/m.exec(await fs.readFile('/etc/os-release', 'utf8'))?.[1] ?? 'stable'
  const depends = (await run('dpkg-deb', ['-f', deb, 'Depends'])).trim()
  const key = createHash('sha256')
    .update(JSON.stringify([suite, DESKTOP, depends]))
    .digest('hex')
    .slice(0, 12)
  const base = join(cacheDir(), `check-${suite}-${key}`)
  if (await exists(join(base, 'etc/clinic-check'))) return base
  console.log(`making a bare Debian ${suite}, which takes some minutes`)
  await fs.rm(base, { recursive: true, force: true })
  await run('debootstrap', ['--variant=minbase', suite, base]).catch((error) => {
    throw new SetupError('check', error.message, 'apt-get install debootstrap; a Debian mirror must be reachable')
  })
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
  const inside = (...command) => run('chroot', [base, ...command], { env })
  await inside('apt-get', 'install', '-y', '--no-install-recommends', ...DESKTOP)
  await inside('apt-get', 'satisfy', '-y', '--no-install-recommends', depends)
  await inside('useradd', '--create-home', '--shell', '/bin/sh', 'tester')
  await fs.writeFile(join(base, 'etc/clinic-check'), '')
  return base
}

/**
 * With a root of its own by pivot_root: in a mere chroot the kernel allows no user namespaces, of which Chromium makes
 * its sandbox. The shell stays as the first process, which has to take leave of orphans.
 */
const ENTER = `
set -e
mount --make-rprivate /
cd "$1"
mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" root
cd root
mkdir -p proc dev tmp run check old
mount -t proc proc proc
mount -t tmpfs tmpfs dev
for name in null zero full random urandom tty; do touch "dev/$name"; mount --bind "/dev/$name" "dev/$name"; done
mkdir dev/shm dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs tmpfs run
mount --bind "$1/check" check
pivot_root . old
umount -l /old
rmdir /old
/check/node /check/inside.mjs "$3" "$4"
`

async function checkOne(base, dist, kind, name) {
  const work = await fs.mkdtemp(join(cacheDir(), 'check-run-'))
  try {
    for (const folder of ['upper', 'work', 'root', 'check']) await fs.mkdir(join(work, folder))
    const give = (from, as) => fs.copyFile(from, join(work, 'check', as))
    await give(join(dist, name), name)
    await give(newestNode(), 'node')
    await fs.chmod(join(work, 'check/node'), 0o755)
    for (const file of ['inside.mjs', 'window.mjs']) await give(join(ROOT, 'scripts/package', file), file)
    const args = ['--mount', '--pid', '--net', '--ipc', '--uts', '--fork', '--kill-child', 'sh', '-c', ENTER, 'sh']
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', HOME: '/root' }
    return await inherit('unshare', [...args, work, base, kind, name], { env, limitMs: 15 * 60_000 })
  } finally {
    const pictures = (await fs.readdir(join(work, 'check'))).filter((file) => /\.(png|xwd)$/.test(file))
    for (const file of pictures) await fs.copyFile(join(work, 'check', file), join(dist, `check-${kind}-${file}`))
    await fs.rm(work, { recursive: true, force: true })
  }
}
