/**
 * `npm run parity [-- IDS]`: takes a small network of every entry home, runs the projects' own checks in real PyTorch,
 * and writes docs/parity.md when all were run.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import * as prettier from 'prettier'
import { buildNode } from './lib/build.mjs'
import { inherit } from './lib/child.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT, testPython } from './setup/paths.mjs'

const PAGE = join(ROOT, 'docs/parity.md')
/** Figures of a project's check, or why it failed. */
const figures = ({ ok, text }) => {
  const all = [...text.matchAll(/by (\S+) at most/g)].map((m) => m[1])
  return ok ? all : ['failed', text.trim().split('\n').pop() ?? '']
}

/** @param rows of a case each @returns the page */
async function page(rows) {
  const versions = new Set(rows.flatMap((r) => /PyTorch (\S+)/.exec(r.text ?? '')?.[1] ?? []))
  const lines = rows.map(({ id, group, refused, ...check }) => {
    const cells = refused === undefined ? figures(check) : ['not written', refused]
    return `| ${group} | ${id.slice(group.length + 1)} | ${cells.join(' | ')} |`
  })
  const text = `# Parity

What \`npm run parity\` found with PyTorch ${[...versions].join(', ')}: for every entry a small network with it in it is
trained here, taken home and trained there. Shown is the largest difference of the first losses, and of the gradients of
the first step, as a share of what was recorded. A difference beyond 1e-4 fails.

| registry | entry | losses | gradients |
| --- | --- | --- | --- |
${lines.join('\n')}
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
    const code = await inherit(process.execPath, [join(ROOT, 'out/cli/parity.cjs'), dir, ...only])
    if (code) return code
    const cases = JSON.parse(readFileSync(join(dir, 'cases.json'), 'utf8'))
    const folders = cases.filter((c) => c.refused === undefined).map((c) => join(dir, c.id))
    const child = spawn(executable, [join(ROOT, 'scripts/lib/parity.py'), ...folders], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONPATH: packages.join(delimiter) }
    })
    const found = new Map()
    for await (const line of createInterface({ input: child.stdout })) {
      const check = JSON.parse(line)
      found.set(check.id, check)
      process.stdout.write(`${check.ok ? 'ok    ' : 'FAILED'} ${check.id}: ${figures(check).join(', ')}\n`)
    }
    const rows = cases.map((c) => ({
      ...c,
      ...(found.get(c.id) ?? { ok: c.refused !== undefined, text: 'was not run' })
    }))
    for (const c of cases) if (c.refused !== undefined) process.stdout.write(`none   ${c.id}: ${c.refused}\n`)
    if (!only.length) writeFileSync(PAGE, await page(rows))
    return rows.every((r) => r.ok) ? 0 : 1
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
