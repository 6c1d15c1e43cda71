import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InstalledPackage } from './installed.js';

describe('the packed package', () => {
  let installed: InstalledPackage;
  let manifest: Record<string, unknown>;

  beforeAll(() => {
    installed = new InstalledPackage();
    manifest = JSON.parse(readFileSync(join(installed.files, 'package.json'), 'utf8')) as Record<string, unknown>;
  });
  afterAll(() => installed.remove());

  const scripts = () =>
    readdirSync(join(installed.files, 'dist'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => ({ name, text: readFileSync(join(installed.files, 'dist', name), 'utf8') }));

  it('has every file that its exports name, types first', () => {
    for (const [subpath, target] of Object.entries(
      manifest['exports'] as Record<string, string | Record<string, string>>,
    )) {
      const files = typeof target === 'string' ? [target] : Object.values(target);
      for (const file of files) expect(existsSync(join(installed.files, file)), `${subpath} -> ${file}`).toBe(true);
      if (typeof target !== 'string') expect(Object.keys(target)[0]).toBe('types');
    }
  });

  it('needs nothing else and runs nothing at install', () => {
    expect(manifest['dependencies'] ?? {}).toEqual({});
    const named = Object.keys(manifest['scripts'] as Record<string, string>);
    expect(named.filter((name) => /install|prepare/.test(name))).toEqual([]);
    expect(readdirSync(join(installed.folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'corsac',
    ]);
  });

  it('carries its licence, the notices and the change log', () => {
    for (const file of ['LICENSE', 'THIRD_PARTY_NOTICES', 'CHANGELOG.md', 'README.md']) {
      expect(existsSync(join(installed.files, file)), file).toBe(true);
    }
  });

  it('makes no code from text', () => {
    for (const { name, text } of scripts()) expect(/\beval\(|new Function\b|\bFunction\(/.test(text), name).toBe(false);
  });

  it('imports nothing that only Node has, so that every bundler can follow it', () => {
    for (const { name, text } of scripts()) {
      expect(/(from|import\()\s*["'](node:|fs|path|module|worker_threads)/.test(text), name).toBe(false);
    }
  });

  it('holds its wasm as files, not as text', () => {
    for (const { name, text } of scripts()) expect(/AGFzbQ/.test(text), name).toBe(false);
    for (const variant of ['simd', 'relaxed', 'threads']) {
      const bytes = readFileSync(join(installed.files, `dist/core.${variant}.wasm`));
      expect([...bytes.subarray(0, 4)]).toEqual([0, 0x61, 0x73, 0x6d]);
    }
  });

  it('says the version that its manifest has', () => {
    const printed = installed.run(`import { VERSION } from 'corsac'; console.log(VERSION);`);
    expect(printed.trim()).toBe(manifest['version']);
  });
});
