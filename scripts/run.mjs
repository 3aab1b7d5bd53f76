// Runs one of our TypeScript files on the pinned Node, after installing what package-lock.json asks for.
// It uses nothing but Node itself: on a fresh clone there is nothing else yet.
//
//   node scripts/run.mjs local/start.ts --port 3001
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** npm keeps a copy of the lock file of what it has installed; the two agree where nothing is to be done. */
const isInstalled = () => {
  const installedLock = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const versions = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = versions(installedLock);
  return Object.entries(versions(join(root, 'package-lock.json'))).every(
    // Optional packages are those of other platforms: absent here, and rightly so.
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
};

if (!isInstalled()) {
  console.log('Installing dependencies (npm ci), once: about a minute…');
  const npm = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  // What a start and a test run both need: part of the installation, so that the first start is as quick as the next.
  spawnSync(node, [join(root, 'local/assembly.ts')], { stdio: 'inherit' });
}

const [file, ...args] = process.argv.slice(2);
const child = spawn(node, [join(root, file), ...args], { stdio: 'inherit' });
// The terminal sends Ctrl-C to both; a supervisor's SIGTERM comes to us alone.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
