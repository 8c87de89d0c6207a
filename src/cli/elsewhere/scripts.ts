import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../disk'
import { LIST } from './order'
import type { Kind } from './question'

/** Exit code of `clinic merge` while jobs are left to be made. */
export const MORE = 3

/** A word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
/** How this command was called, for machines on which it lies at the same place. */
const called = (): string => [process.execPath, process.argv[1]!].map(quoted).join(' ')
/** CLINIC names another command, such as that of a package. */
const command = (): string =>
  `if [ -n "\${CLINIC:-}" ]; then read -r -a clinic <<<"$CLINIC"; else clinic=(${called()}); fi`
const MERGE = `# Gathers what was made. ${MORE}: more jobs are to be made, and ${LIST} names them.
code=0
"\${clinic[@]}" merge . || code=$?
if [ "$code" -ne ${MORE} ]; then exit "$code"; fi`

const parallel = (): Record<string, string> => ({
  'search.sh': `#!/usr/bin/env bash
# The whole search by GNU parallel: on this machine, or on those that SERVERS names (host1,host2), which have this
# folder at the same place. JOBS: trainings at once on each (its cores).
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"
${command()}
servers=()
if [ -n "\${SERVERS:-}" ]; then servers=(--sshlogin "$SERVERS" --workdir "$PWD"); fi
while :; do
  code=0
  "\${clinic[@]}" merge . || code=$?
  if [ "$code" -ne ${MORE} ]; then exit "$code"; fi
  # A job that fails is tried once more.
  parallel --will-cite -q --retries 2 --jobs "\${JOBS:-100%}" "\${servers[@]}" "\${clinic[@]}" run-job {} :::: ${LIST}
done
`
})

const slurm = (): Record<string, string> => ({
  'rung.sbatch': `#!/usr/bin/env bash
#SBATCH --job-name=gradient-clinic
#SBATCH --cpus-per-task=1
#SBATCH --output=slurm-%A_%a.log
# One job of the array: the line of ${LIST} that its index names.
set -euo pipefail
${command()}
exec "\${clinic[@]}" run-job "$(sed -n "\${SLURM_ARRAY_TASK_ID}p" ${LIST})"
`,
  'search.sbatch': `#!/usr/bin/env bash
#SBATCH --job-name=gradient-clinic-merge
#SBATCH --cpus-per-task=1
#SBATCH --output=slurm-%j.log
# Gathers, sends an array of the next jobs, and itself after it. Start it in this folder: sbatch search.sbatch
set -euo pipefail
${command()}
${MERGE}
array=$(sbatch --parsable --array=1-"$(wc -l <${LIST})" rung.sbatch)
sbatch --dependency=afterany:"\${array%%;*}" search.sbatch
`
})

/** @param count jobs that can be made now @param version of the image */
const kubernetes = (count: number, version: string): Record<string, string> => ({
  'rung.yaml': `# One Kubernetes Job of the ${count} trainings that can be made now. The claim gradient-clinic holds this folder; the
# image has the command clinic. When it has ended, "clinic merge ." writes the next one, or the prescription.
apiVersion: batch/v1
kind: Job
metadata:
  generateName: gradient-clinic-
spec:
  completionMode: Indexed
  completions: ${count}
  parallelism: ${Math.min(count, 16)}
  backoffLimit: ${2 * count}
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: clinic
          image: gradient-clinic:${version}
          workingDir: /search
          command:
            - sh
            - -c
            - exec clinic run-job "$(sed -n "$((JOB_COMPLETION_INDEX + 1))p" ${LIST})"
          resources:
            requests: { cpu: "1", memory: 1Gi }
            limits: { cpu: "1" }
          volumeMounts:
            - { name: search, mountPath: /search }
      volumes:
        - name: search
          persistentVolumeClaim: { claimName: gradient-clinic }
`
})

/** How the next step is started, in words. */
export const START: Record<Kind, string> = {
  parallel: 'bash search.sh',
  slurm: 'sbatch search.sbatch',
  k8s: 'kubectl create -f rung.yaml'
}

/** Writes what has the jobs made elsewhere. @param count jobs that can be made now @param version of the product */
export function writeScripts(dir: string, kind: Kind, count: number, version: string): void {
  const files = { parallel, slurm, k8s: () => kubernetes(count, version) }[kind]()
  for (const [name, text] of Object.entries(files)) {
    writeWhole(dir, name, text)
    if (text.startsWith('#!')) chmodSync(join(dir, name), 0o755)
  }
}
