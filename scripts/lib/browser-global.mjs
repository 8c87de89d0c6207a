/** Global set-up of the browser tests: builds page and trainer once. */
import { buildApp } from './build.mjs'

export default async function setup() {
  await buildApp()
}
