/** The gates of `npm run lint`: each an outside tool or a check of our own, all of them quick. */
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ROOT } from '../setup/paths.mjs'
import { collect } from './child.mjs'
import { toldCircles } from './circles.mjs'
import { brokenLinks } from './links.mjs'
import { tooLong, wideComments } from './prose.mjs'

/** @typedef {{ name: string, ok: boolean, text: string, ms: number }} Outcome */

const NOT_OURS = new Set(['.git', 'node_modules', 'out', 'dist', 'reports', 'coverage'])
/** As many gates at once as the smallest machine has cores. */
const AT_ONCE = 2

/** Paths of all files of the checkout, from its root, in the order of the alphabet. @returns {Promise<string[]>} */
export async function filesOf(root = ROOT, folder = root) {
  const entries = await readdir(folder, { withFileTypes: true })
  const below = await Promise.all(
    entries
      .filter((entry) => !NOT_OURS.has(entry.name))
      .map((entry) => {
        const path = join(folder, entry.name)
        return entry.isDirectory() ? filesOf(root, path) : entry.isFile() ? [relative(root, path)] : []
      })
  )
  return below.flat().sort()
}

/** Runs a tool of node_modules in a checkout. @returns {Promise<{ ok: boolean, text: string }>} */
async function tool(root, path, ...args) {
  const { code, text } = await collect(process.execPath, [join(ROOT, 'node_modules', path), ...args], { cwd: root })
  return { ok: code === 0, text }
}

/** Files that break a rule from before there was a gate for it. None may be added. */
const known = JSON.parse(await readFile(join(ROOT, 'scripts/lib/known.json'), 'utf8'))

/**
 * A check of ours: `find` lists the faults of one file. A listed file that has none fails too, so that the list only
 * shrinks.
 */
const ours = (name, wanted, find) => async (root, every) => {
  const faults = await Promise.all(
    every
      .filter((file) => wanted.test(file))
      .map(async (file) => {
        const found = find(file, await readFile(join(root, file), 'utf8'), root)
        if (!known[name]?.includes(file)) return found
        return found.length || root !== ROOT ? [] : [`${file}: holds now, take it off scripts/lib/known.json`]
      })
  )
  return { ok: !faults.flat().length, text: faults.flat().join('\n') }
}

/** ESLint's cache knows its configuration but not the text of our own rules. */
async function rulesHash() {
  const hash = createHash('sha256')
  for (const file of ['eslint.config.ts', 'scripts/lib/layers.mjs', 'scripts/lib/docstrings.mjs'])
    hash.update(await readFile(join(ROOT, file)).catch(() => ''))
  return hash.digest('hex').slice(0, 12)
}

/**
 * Each gate takes the root of a checkout and the files to look at, as paths from there; undefined stands for the whole
 * checkout, which is what knip always looks at. The slowest come first.
 * @type {Record<string, (root: string, files: string[] | undefined, all: string[]) => Promise<{ ok: boolean, text:
 *   string }>>}
 */
const GATES = {
  eslint: async (root, files) =>
    tool(
      root,
      'eslint/bin/eslint.js',
      '--max-warnings=0',
      '--no-warn-ignored',
      '--cache',
      '--cache-strategy=content',
      `--cache-location=node_modules/.cache/eslint-${await rulesHash()}`,
      ...(files?.filter((file) => /\.(ts|vue|mjs|cjs|js)$/.test(file)) ?? ['.'])
    ),
  prettier: (root, files) =>
    tool(
      root,
      'prettier/bin/prettier.cjs',
      '--check',
      '--log-level=warn',
      '--cache',
      '--cache-strategy=content',
      '--ignore-unknown',
      ...(files ?? ['.'])
    ),
  spelling: (root, files) =>
    tool(root, 'cspell/bin.mjs', 'lint', '--no-progress', '--no-summary', '--no-must-find-files', ...(files ?? [])),
  knip: (root) => tool(root, 'knip/bin/knip.js', '--no-progress', '--treat-config-hints-as-errors'),
  circles: async (root, files, all) => {
    const text = await toldCircles(root, all)
    return { ok: !text, text }
  },
  links: (root, files, all) => ours('links', /\.md$/, brokenLinks)(root, files ?? all),
  comments: (root, files, all) =>
    ours('comments', /\.(ts|vue|mjs|cjs|js|cc|py|css)$/, wideComments)(root, files ?? all),
  length: (root, files, all) =>
    ours(
      'length',
      /^(src|scripts|bench|native|recorder\/gradient_clinic)\/.*\.(ts|vue|mjs|cjs|js|cc|py)$/,
      tooLong
    )(root, files ?? all)
}

/** What to do about a gate that doesn't hold. */
const ADVICE = {
  eslint: 'mend it, or let `npm run lint -- --fix` do so',
  prettier: '`npm run format` writes the layout',
  spelling: 'mend the word, or add it to scripts/lib/words.txt in its place by the alphabet',
  knip: 'delete what nothing uses, un-export what only its own file uses, declare what is imported',
  circles: 'move what both need, often a type, into a file of its own that imports neither',
  links: 'a link names a file of the checkout, and an anchor one of its headings',
  comments: 'wrap comments at 120 columns, as code is',
  length: 'split the file, or give the reason in its first line'
}
export const GATE_NAMES = Object.keys(GATES)

/**
 * Runs gates side by side.
 * @param {{ names?: string[], files?: string[], root?: string }} [options] `files`: only these, where a gate can look
 * at single files; `root`: of the checkout
 * @returns {Promise<Outcome[]>}
 */
export async function runGates({ names = GATE_NAMES, files, root = ROOT } = {}) {
  const all = await filesOf(root)
  const waiting = [...names]
  const done = []
  const work = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      const started = Date.now()
      const { ok, text } = await GATES[name](root, files, all)
      const said = ok ? '' : `${name}: ${ADVICE[name]}\n${text.trim()}`
      done.push({ name, ok, text: said, ms: Date.now() - started })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return done.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
}
