/** `npm run setup`: brings in what the product needs and is not there yet. `-- --retry` asks a blocked upstream again. */
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'

await entry(() => ensure({ retryUpstream: process.argv.includes('--retry') }))
