/** Global set-up of the end-to-end tests: builds the app and provides displays once. */
import { buildApp, buildClinic } from './build.mjs'
import { ensureDisplays } from './display.mjs'

export default async function setup({ config }) {
  await buildApp()
  await buildClinic()
  return ensureDisplays(config.maxWorkers)
}
