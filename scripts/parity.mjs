/**
 * `npm run parity [-- IDS]`: takes a small network of every entry home, runs the projects' own checks in real PyTorch
 * and real Keras, and writes docs/parity.md when all were run.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import * as prettier from 'prettier'
import { buildNode } from './lib/build.mjs'
import { inherit } from './lib/child.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT, testPython } from './setup/paths.mjs'

const LANGUAGES = ['pytorch', 'keras']
/** Models that go round: from their program to here and back. */
const NAMES = ['picture', 'recurrent', 'residual', 'text', 'padded'].map((name) => `keras/${name}.keras`)
const MODELS = [...NAMES, 'torch/net.safetensors', 'torch/resnet.safetensors'].map((name) =>
  join(ROOT, 'tests/fixtures', name)
)
const PAGE = join(ROOT, 'docs/parity.md')
/** Figures of a project's check, or why it failed. */
const figures = ({ ok, text }) => {
  const all = [...text.matchAll(/by (\S+) at most/g)].map((m) => m[1])
  return ok ? all : ['failed', text.trim().split('\n').pop() ?? '']
}

/** @param rows of a case each @param trips of a model each @returns the page */
async function page(rows, trips) {
  const said = rows.flatMap((r) => LANGUAGES.map((l) => r[l].text ?? '')).join('\n')
  const versions = [...new Set([...said.matchAll(/^reproduced with (.+)$/gm)].map((m) => m[1].trim()))].sort()
  const whys = []
  const cellsOf = ({ refused, ...check }) => {
    if (refused === undefined) return figures(check)
    if (!whys.includes(refused)) whys.push(refused)
    return [`not written (${whys.indexOf(refused) + 1})`, '']
  }
  const lines = rows.map(({ id, group, ...found }) => {
    const cells = LANGUAGES.flatMap((l) => cellsOf(found[l]))
    return `| ${group} | ${id.slice(group.length + 1)} | ${cells.join(' | ')} |`
  })
  const text = `# Parity

What \`npm run parity\` found with ${versions.join(' and ')}: for every entry a small network with it in it is
trained here, taken home and trained there. Shown is the largest difference of the first losses, and of the gradients of
the first step, as a share of what was recorded. A difference beyond 1e-4 fails.

| registry | entry | losses, PyTorch | gradients, PyTorch | losses, Keras | gradients, Keras |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

${whys.map((why, i) => `${i + 1}. ${why}`).join('\n')}

## Round trips

Models of another library, opened here and taken home to it: the largest difference of a weight, whatever the order of
their values, and of the first forward pass.

| library | model | weights | outputs |
| --- | --- | --- | --- |
${trips.map((t) => `| ${t.language} | ${t.id} | ${t.weights.toExponential(1)} | ${t.outputs.toExponential(1)} |`).join('\n')}
`
  return prettier.format(text, { ...(await prettier.resolveConfig(PAGE)), parser: 'markdown' })
}

await entry(async () => {
  const only = process.argv.slice(2)
  await ensure({ parts: ['npm', 'trainer', 'python'], out: process.stderr, quiet: true })
  const { executable, packages } = testPython()
  await buildNode('cli', { parity: 'src/cli/parity.ts' })
  const dir = mkdtempSync(join(tmpdir(), 'clinic-parity-'))
  try {
    const wanted = only.length ? only : MODELS
    const code = await inherit(process.execPath, [join(ROOT, 'out/cli/parity.cjs'), dir, ...wanted])
    if (code) return code
    const cases = JSON.parse(readFileSync(join(dir, 'cases.json'), 'utf8'))
    const rows = cases.map(({ id, group }) => ({ id, group }))
    for (const language of LANGUAGES) {
      const folders = cases.filter((c) => c.refused[language] === undefined).map((c) => join(dir, language, c.id))
      const child = spawn(executable, [join(ROOT, 'scripts/lib/parity.py'), ...folders], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, KERAS_BACKEND: 'torch', PYTHONPATH: packages.join(delimiter) }
      })
      const found = new Map()
      for await (const line of createInterface({ input: child.stdout })) {
        const check = JSON.parse(line)
        found.set(check.id, check)
        const word = check.ok ? 'ok    ' : 'FAILED'
        process.stdout.write(`${word} ${language} ${check.id}: ${figures(check).join(', ')}\n`)
      }
      cases.forEach((c, i) => {
        const refused = c.refused[language]
        rows[i][language] =
          refused === undefined ? (found.get(c.id) ?? { ok: false, text: 'was not run' }) : { refused }
        if (refused !== undefined) process.stdout.write(`none   ${language} ${c.id}: ${refused}\n`)
      })
    }
    const env = { ...process.env, KERAS_BACKEND: 'torch', PYTHONPATH: packages.join(delimiter) }
    const folders = only.length ? [] : readdirSync(join(dir, 'trips')).map((name) => join(dir, 'trips', name))
    const script = join(ROOT, 'scripts/lib/roundTrips.py')
    const said = spawnSync(executable, [script, ...folders], { encoding: 'utf8', env }).stdout.trim()
    const trips = said ? said.split('\n').map((line) => JSON.parse(line)) : []
    for (const t of trips) process.stdout.write(`round  ${t.language} ${t.id}: ${t.weights}, ${t.outputs}\n`)
    if (!only.length) writeFileSync(PAGE, await page(rows, trips))
    const isFine = ({ ok, refused }) => refused !== undefined || ok
    const isBack = trips.length === folders.length && trips.every((t) => t.weights < 1e-6 && t.outputs < 1e-5)
    return isBack && rows.every((r) => LANGUAGES.every((l) => isFine(r[l]))) ? 0 : 1
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
