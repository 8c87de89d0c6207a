/** Once before the end-to-end tests: the app is built and there is a display. */
import { buildApp, buildClinic } from './build.mjs'
import { ensureDisplay } from './display.mjs'

export default async function setup() {
  await buildApp()
  await buildClinic()
  return ensureDisplay()
}
