// Electron's main process for a bench. It forks the worker as a utility process and forwards lines: standard input to
// the worker, and the worker's answers to standard output.
const { app, utilityProcess } = require('electron')
app.whenReady().then(() => {
  const child = utilityProcess.fork(process.env.BENCH_WORKER, JSON.parse(process.env.BENCH_ARGS), { stdio: 'inherit' })
  child.on('message', (answer) => process.stdout.write(`answer ${JSON.stringify(answer)}\n`))
  child.on('exit', (code) => app.exit(code))
  // A worker that gets no requests runs to its end.
  if (!require('node:fs').fstatSync(0).isCharacterDevice())
    require('node:readline')
      .createInterface({ input: process.stdin })
      .on('line', (line) => child.postMessage(JSON.parse(line)))
      .on('close', () => app.exit(0))
})
