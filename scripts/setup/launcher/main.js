'use strict'
// An Electron runtime without its default_app.asar starts resources/app. This one does what the default app does: it
// starts the app whose folder is the first argument that is no switch, so that both kinds of runtime are started in the
// same way.
const { app } = require('electron')
const fs = require('fs')
const Module = require('module')
const path = require('path')

function start() {
  const named = process.argv.slice(1).find((arg) => !arg.startsWith('-'))
  if (!named) throw new Error('usage: electron [switches] <app folder> [arguments]')
  const folder = path.resolve(named)
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  if (manifest.version) app.setVersion(manifest.version)
  app.name = manifest.productName || manifest.name
  app.setAppPath(folder)
  Module._load(path.join(folder, manifest.main || 'index.js'), null, true)
}

try {
  start()
} catch (error) {
  console.error(`The app could not be started: ${error.stack}`)
  app.exit(1)
}
