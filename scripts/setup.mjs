/** `npm run setup`: brings in what is missing. `-- --retry` asks an unreachable upstream again. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PARTS, ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { stateDir } from './setup/paths.mjs'

const HELP = `npm run setup            bring in what is missing: npm packages, libtensorflow with its Node binding, Electron, system libraries
npm run setup -- --verify look at the content of every native file, and replace the damaged
npm run setup -- --package bring in what npm run package needs, too
npm run setup -- --retry ask upstreams again that could not be reached earlier today
npm run setup -- --help  this text

Environment variables, also honoured by npm start, npm test and the rest:
  GRADIENT_CLINIC_LIBTENSORFLOW  a libtensorflow of your own: folder with include/ and lib/, or an archive of it
  ELECTRON_OVERRIDE_DIST_PATH    an Electron of your own: folder with the executable
  GRADIENT_CLINIC_ELECTRON       current (package.json's; default of npm start) or floor (22.3, the oldest supported; what the tests use)
  GRADIENT_CLINIC_CACHE          where downloads are kept; default: $XDG_CACHE_HOME/gradient-clinic or ~/.cache/gradient-clinic
  GRADIENT_CLINIC_PIP            the pip command to use, e.g. "python3.11 -m pip"
  ELECTRON_MIRROR                base address of Electron's releases
  TFJS_NODE_CDN_STORAGE          base address of libtensorflow's downloads
  GRADIENT_CLINIC_CHROMIUM       tests only: a current Chromium or Chrome
  GRADIENT_CLINIC_NODE_NEWEST    tests only: a Node 24 or later
  GRADIENT_CLINIC_PYTHON         tests only: a Python that has torch, keras and pytest
  CXX                            the C++ compiler for the binding; default: g++, c++ or clang++`

if (process.argv.includes('--help')) console.log(HELP)
else
  await entry(async () => {
    await ensure({
      retryUpstream: process.argv.includes('--retry'),
      verify: process.argv.includes('--verify'),
      ...(process.argv.includes('--package') && { parts: [...PARTS, 'node', 'packer'] })
    })
    // bin/clinic runs with it, whatever the PATH is by then.
    await mkdir(stateDir(), { recursive: true })
    await writeFile(join(stateDir(), 'node'), process.execPath)
  })
