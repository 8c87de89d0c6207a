/** The frame of every script: checks the Node version and reports errors. */
import { createReporter } from './report.mjs'

/** @param {() => Promise<number | void>} main its number is the exit code */
export async function entry(main, out = process.stderr) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    out.write(`Node ${process.versions.node} is too old: 20.19 or later is needed.\n`)
    process.exitCode = 1
    return
  }
  try {
    process.exitCode = (await main()) ?? process.exitCode ?? 0
  } catch (error) {
    createReporter(out).fail(error)
    process.exitCode = 1
  }
}
