/** Once before the tests in a browser: the page and the trainer are built. */
import { buildApp } from './build.mjs'

export default async function setup() {
  await buildApp()
}
