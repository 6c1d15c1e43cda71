import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { VectorStore } from 'corsac';

import { FailingHome } from '../support/failing-home.js';

/** From when it is armed, the core traps at its next allocation. */
function trap(): { arm(): void; disarm(): void } {
  let armed = false;
  const instantiate = WebAssembly.instantiate.bind(WebAssembly) as (
    module: WebAssembly.Module,
    imports: WebAssembly.Imports,
  ) => Promise<WebAssembly.Instance>;
  const spy = vi.spyOn(WebAssembly, 'instantiate').mockImplementation((async (
    module: WebAssembly.Module,
    imports: WebAssembly.Imports,
  ) => {
    const { exports } = await instantiate(module, imports);
    const wrapped = Object.entries(exports).map(([name, value]) => {
      if (typeof value !== 'function' || value.length !== 1) return [name, value];
      const traps = (...args: unknown[]) => {
        if (armed) throw new WebAssembly.RuntimeError('unreachable');
        return (value as (...args: unknown[]) => unknown)(...args);
      };
      return [name, traps];
    });
    return { exports: Object.fromEntries(wrapped) };
  }) as never);
  onTestFinished(() => spy.mockRestore());
  return { arm: () => (armed = true), disarm: () => (armed = false) };
}

describe('a core that traps', () => {
  test('ends every handle with crashed, and opening again recovers what was acknowledged', async () => {
    const bomb = trap();
    const home = new FailingHome();
    const store = await VectorStore.open('test', { storage: home });
    const [a, b] = [await store.createCollection('a'), await store.createCollection('b')];
    await a.insert({ id: 'kept', content: 'x' });
    bomb.arm();
    await expect(a.has('kept')).rejects.toMatchObject({ code: 'crashed', cause: expect.any(WebAssembly.RuntimeError) });
    bomb.disarm();
    for (const call of [
      () => a.count(),
      () => b.insert({ id: 'x' }),
      () => b.searchText('x'),
      () => store.collections(),
      () => store.createCollection('c'),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'crashed' });
    }
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    expect(await again.collections()).toEqual(['a', 'b']);
    expect((await (await again.getCollection('a')).get('kept'))!.content).toBe('x');
    await again.close();
  });

  test('rejects the writes that wait', async () => {
    const bomb = trap();
    const store = await VectorStore.open('test', { storage: 'memory' });
    const collection = await store.createCollection('c');
    bomb.arm();
    const waiting = Array.from({ length: 5 }, (_, i) => collection.insert({ id: String(i) }));
    await expect(collection.has('x')).rejects.toMatchObject({ code: 'crashed' });
    const outcomes = await Promise.allSettled(waiting);
    expect(
      outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code),
    ).toEqual(Array(5).fill('crashed'));
    await store.close();
  });
});
