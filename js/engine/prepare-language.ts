// Which parts of the core does a collection's language need beside the core itself?
import type { CoreModule } from '../core/module.js';

/** Loads the stemmers when the options (JSON) name a language other than English. */
export async function prepareLanguage(core: CoreModule, options: string): Promise<void> {
  if (core.stemmers || !/"language":"(?!en"|none")/.test(options)) return;
  const { loadStemmers } = await import('../core/stemmers.js');
  await loadStemmers(core);
}
