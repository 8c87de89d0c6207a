/** Global set-up of the end-to-end tests: builds the app and provides a display once. */
import { buildApp, buildClinic } from './build.mjs'
import { ensureDisplay } from './display.mjs'

export default async function setup() {
  await buildApp()
  await buildClinic()
  return ensureDisplay()
}
