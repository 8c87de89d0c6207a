import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { python } from './python'

interface Case {
  name: string
  /** What pytest said of a test that did not pass. */
  problem?: string
}
/** The cases of a JUnit report. */
function casesOf(xml: string): Case[] {
  return [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, file, name, inside = '']) => ({
      name: `${file!.split('.').pop()!} › ${name!}`,
      ...(/<(failure|error|skipped)/.test(inside) && { problem: inside })
    })
  )
}

/** Runs the recorder's own tests. @returns what each of them came to, and what pytest printed */
async function pytest(): Promise<{ cases: Case[]; text: string }> {
  const { executable, env } = python(join(ROOT, 'recorder'))
  const folder = mkdtempSync(join(tmpdir(), 'recorder-'))
  const report = join(folder, 'report.xml')
  try {
    const text = await new Promise<string>((resolve) => {
      execFile(
        executable,
        ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${report}`, join(ROOT, 'recorder/tests')],
        {
          cwd: folder,
          maxBuffer: 1e8,
          env
        },
        (_error, out, err) => resolve(out + err)
      )
    })
    return { cases: casesOf(readFileSync(report, 'utf8')), text }
  } catch (error) {
    throw new Error(`pytest left no report (${String(error)})`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { cases, text } = await pytest()
test('there are tests', () => expect(cases.length, text).toBeGreaterThan(20))
test.each(cases)('$name', ({ problem }) => expect(problem, text.slice(-5000)).toBeUndefined())
