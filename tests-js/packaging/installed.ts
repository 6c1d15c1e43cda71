// A folder in which a stranger has installed the packed package, and nothing else.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tarball = fileURLToPath(new URL('../../build/package/corsac.tgz', import.meta.url));

export class InstalledPackage {
  readonly folder = mkdtempSync(join(tmpdir(), 'corsac-installed-'));
  /** Where the package's own files are. */
  readonly files = join(this.folder, 'node_modules/corsac');

  constructor() {
    this.write('package.json', JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], {
      cwd: this.folder,
      stdio: 'pipe',
    });
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Runs an ES module in the folder with this Node; the text that it prints. */
  run(code: string): string {
    const path = this.write(`run-${performance.now()}.mjs`, code);
    return execFileSync(process.execPath, [path], { cwd: this.folder, encoding: 'utf8', timeout: 60_000 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
