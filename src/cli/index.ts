/** Entry of `npm run clinic`. */
import '../shared/clinic/remedies'
import { version } from '../../package.json'
import { main } from './main'

const write =
  (stream: NodeJS.WriteStream) =>
  (text: string): void =>
    void stream.write(text)
// A reader that has seen enough (`clinic list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
void main(process.argv.slice(2), version, { out: write(process.stdout), err: write(process.stderr) }).then(
  (code) => (process.exitCode = code)
)
